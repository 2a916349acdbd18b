import { askClusters } from "#lib/server/thread/ask-clusters.ts";

export const dynamic = "force-dynamic";

export async function GET(
  request: Request,
  { params }: RouteContext<"/api/v1/clusters/[id]/search">,
): Promise<Response> {
  return askClusters("search", request, await params);
}
