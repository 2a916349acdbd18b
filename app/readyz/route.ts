import { answerReady } from "#lib/server/http/answer-ready.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return answerReady(request);
}
