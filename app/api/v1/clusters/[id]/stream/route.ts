import { streamAnswers } from "#lib/server/stream/stream-answers.ts";

export const dynamic = "force-dynamic";

export async function GET(
  request: Request,
  { params }: RouteContext<"/api/v1/clusters/[id]/stream">,
): Promise<Response> {
  return streamAnswers(request, (await params).id);
}
