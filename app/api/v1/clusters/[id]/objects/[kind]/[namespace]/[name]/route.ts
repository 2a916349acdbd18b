import { answerObject } from "#lib/server/http/answer-object.ts";

export const dynamic = "force-dynamic";

type Context = RouteContext<"/api/v1/clusters/[id]/objects/[kind]/[namespace]/[name]">;

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { id, kind, namespace, name } = await params;
  return answerObject(request, id, kind, namespace, name);
}
