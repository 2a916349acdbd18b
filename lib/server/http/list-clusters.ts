import type { ClusterList } from "#lib/protocol/cluster.ts";
import { clustersFor } from "../auth/clusters-for.ts";
import { clusterView } from "./cluster-status.ts";

/** The clusters that there are; none is read for it. */
export function listClusters(request: Request): Response {
  const list: ClusterList = { clusters: clustersFor(request.headers).list().map(clusterView) };
  return Response.json(list, { headers: { "cache-control": "no-store" } });
}
