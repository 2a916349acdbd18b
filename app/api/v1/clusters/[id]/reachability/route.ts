import { answerReachability } from "#lib/server/http/answer-reachability.ts";

export const dynamic = "force-dynamic";

export async function GET(
  request: Request,
  { params }: RouteContext<"/api/v1/clusters/[id]/reachability">,
): Promise<Response> {
  return answerReachability(request, (await params).id);
}
