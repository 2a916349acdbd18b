import { answerSearch } from "#lib/server/http/answer-search.ts";

export const dynamic = "force-dynamic";

export async function GET(
  request: Request,
  { params }: RouteContext<"/api/v1/clusters/[id]/search">,
): Promise<Response> {
  return answerSearch(request, (await params).id);
}
