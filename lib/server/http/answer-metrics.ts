import { metrics } from "../metrics/metrics.ts";
import { askClusters } from "../thread/ask-clusters.ts";
import { bugResponse } from "./with-answers.ts";

/** The metrics, in Prometheus' format: the clusters' own, and those of the process and its web server. */
export async function answerMetrics(request: Request): Promise<Response> {
  const ofClusters = await askClusters("metrics", request);
  if (!ofClusters.ok) return ofClusters;
  try {
    const own = await metrics().registry.metrics();
    return new Response(`${await ofClusters.text()}\n${own}`, { headers: ofClusters.headers });
  } catch (error) {
    return bugResponse(error, "/metrics");
  }
}
