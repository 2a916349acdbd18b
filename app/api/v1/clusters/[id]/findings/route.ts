import { answerFindings } from "#lib/server/http/answer-findings.ts";

export const dynamic = "force-dynamic";

export async function GET(
  request: Request,
  { params }: RouteContext<"/api/v1/clusters/[id]/findings">,
): Promise<Response> {
  return answerFindings(request, (await params).id);
}
