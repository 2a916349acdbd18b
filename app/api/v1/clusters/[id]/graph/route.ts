import { askClusters } from "#lib/server/thread/ask-clusters.ts";

export const dynamic = "force-dynamic";

export async function GET(
  request: Request,
  { params }: RouteContext<"/api/v1/clusters/[id]/graph">,
): Promise<Response> {
  return askClusters("graph", request, await params);
}
