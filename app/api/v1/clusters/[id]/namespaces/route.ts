import { askClusters } from "#lib/server/thread/ask-clusters.ts";

export const dynamic = "force-dynamic";

export async function GET(
  request: Request,
  { params }: RouteContext<"/api/v1/clusters/[id]/namespaces">,
): Promise<Response> {
  return askClusters("namespaces", request, await params);
}
