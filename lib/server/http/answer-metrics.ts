import { metrics } from "../metrics/metrics.ts";
import { askClusters } from "../thread/ask-clusters.ts";

/** The metrics, in Prometheus' format: the clusters' own, and those of the process and its web server. */
export async function answerMetrics(request: Request): Promise<Response> {
  const ofClusters = await askClusters("metrics", request);
  if (!ofClusters.ok) return ofClusters;
  const own = await metrics().registry.metrics();
  return new Response(`${await ofClusters.text()}\n${own}`, { headers: ofClusters.headers });
}
