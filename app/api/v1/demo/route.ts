import { answerIncident, changeIncident } from "#lib/server/http/answer-incident.ts";

export const dynamic = "force-dynamic";

export function GET(): Promise<Response> {
  return answerIncident();
}

export function POST(request: Request): Promise<Response> {
  return changeIncident(request);
}
