import { askClusters } from "#lib/server/thread/ask-clusters.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return askClusters("incident", request);
}

export function POST(request: Request): Promise<Response> {
  return askClusters("change-incident", request);
}
