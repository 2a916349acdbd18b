import { askClusters } from "#lib/server/thread/ask-clusters.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return askClusters("ready", request);
}
