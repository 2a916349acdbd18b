import type { ClusterList } from "#lib/protocol/cluster.ts";
import { clustersFor } from "#lib/server/auth/clusters-for.ts";
import { clusterView } from "#lib/server/http/cluster-status.ts";
import { takeUpload } from "#lib/server/http/take-upload.ts";
import { bugResponse } from "#lib/server/http/with-answers.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Response {
  try {
    const list: ClusterList = { clusters: clustersFor(request.headers).list().map(clusterView) };
    return Response.json(list, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    return bugResponse(error, new URL(request.url).pathname);
  }
}

export function POST(request: Request): Promise<Response> {
  return takeUpload(request);
}
