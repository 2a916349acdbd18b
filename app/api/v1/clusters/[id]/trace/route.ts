import { answerTrace } from "#lib/server/http/answer-trace.ts";

export const dynamic = "force-dynamic";

export async function GET(
  request: Request,
  { params }: RouteContext<"/api/v1/clusters/[id]/trace">,
): Promise<Response> {
  return answerTrace(request, (await params).id);
}
