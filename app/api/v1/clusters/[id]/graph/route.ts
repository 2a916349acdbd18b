import { answerGraph } from "#lib/server/http/answer-graph.ts";

export const dynamic = "force-dynamic";

export async function GET(
  request: Request,
  { params }: RouteContext<"/api/v1/clusters/[id]/graph">,
): Promise<Response> {
  return answerGraph(request, (await params).id);
}
