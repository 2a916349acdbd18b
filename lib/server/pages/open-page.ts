import type { Cluster } from "#lib/protocol/cluster.ts";
import { clustersFor } from "../auth/clusters-for.ts";
import { clusterView } from "../http/cluster-status.ts";
import { type Asked, askedOf } from "../http/with-answers.ts";
import type { Opened } from "./opened.ts";
import type { PageName, Pages } from "./page-schemas.ts";

/** Longer than this, and the page shows the progress instead of nothing. */
const firstWaitMs = 1_500;

/** What a page of this cluster shows first (undefined: of the default one). */
export async function openPage<Name extends PageName>(
  request: Request,
  wanted: string | null,
  pageOf: (asked: Asked) => Pages[Name] | Promise<Pages[Name]>,
): Promise<Response> {
  return Response.json(await opened(request, wanted, pageOf));
}

async function opened<Name extends PageName>(
  { headers }: Request,
  wanted: string | null,
  pageOf: (asked: Asked) => Pages[Name] | Promise<Pages[Name]>,
): Promise<Opened<Name>> {
  const registry = clustersFor(headers);
  const id = wanted ?? registry.defaultId;
  const session = registry.get(id);
  const list = (): Cluster[] => registry.list().map(clusterView);
  if (session === undefined) return { kind: "unknown", id, clusters: list() };
  const { state, answers } = await session.answers(firstWaitMs);
  const cluster = registry.list().find((summary) => summary.id === id);
  if (cluster === undefined) return { kind: "unknown", id, clusters: list() };
  if (answers === undefined) {
    if (state.kind !== "failed") return { kind: "syncing", cluster: clusterView(cluster) };
    const others = list().filter((other) => other.id !== id);
    return { kind: "failed", id, name: cluster.name, failure: state.failure, others };
  }
  const page = await pageOf(askedOf(registry, session, cluster, answers));
  return { kind: "open", clusters: list(), page };
}
