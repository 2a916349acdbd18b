import { askClusters } from "#lib/server/thread/ask-clusters.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return askClusters("clusters", request);
}

export function POST(request: Request): Promise<Response> {
  return askClusters("upload", request);
}
