import type { ClusterList } from "#lib/protocol/cluster.ts";
import { clustersFor } from "../auth/clusters-for.ts";
import { clusterView } from "./cluster-status.ts";
import { bugResponse } from "./with-answers.ts";

/** The clusters that there are; none is read for it. */
export function listClusters(request: Request): Response {
  try {
    const list: ClusterList = { clusters: clustersFor(request.headers).list().map(clusterView) };
    return Response.json(list, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    return bugResponse(error, new URL(request.url).pathname);
  }
}
