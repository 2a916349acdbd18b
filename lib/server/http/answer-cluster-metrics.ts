import { clusters } from "../clusters.ts";
import { clusterMetrics } from "../metrics/metrics.ts";
import { tellClusters } from "../metrics/tell-clusters.ts";

/**
 * What is told of clusters, in Prometheus' format. Being scraped counts as someone looking at the default cluster: it is
 * watched, or read where its answers are old, no more often than for a page, and the scrape does not wait for it. No
 * other cluster is read.
 */
export async function answerClusterMetrics(): Promise<Response> {
  const registry = clusters();
  await registry.get(registry.defaultId)?.answers(0);
  const told = clusterMetrics();
  tellClusters(registry, told);
  return new Response(await told.registry.metrics(), {
    headers: { "content-type": told.registry.contentType, "cache-control": "no-store" },
  });
}
