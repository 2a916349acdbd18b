import { answerService } from "#lib/server/http/answer-object.ts";

export const dynamic = "force-dynamic";

type Context = RouteContext<"/api/v1/clusters/[id]/services/[namespace]/[name]">;

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { id, namespace, name } = await params;
  return answerService(request, id, { kind: "service", namespace, name });
}
