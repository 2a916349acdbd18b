import type { DialectSettings } from "#lib/engine/trace/world.ts";
import { type ClustersView, clustersFor, type SessionView } from "../auth/clusters-for.ts";
import type { ClusterSummary } from "../clusters.ts";
import { inRequest } from "../gate/in-request.ts";
import { BeforeGate } from "../gate/passed.ts";
import { createLog, faultOf } from "../log.ts";
import { routeName } from "../metrics/route-names.ts";
import type { Answers } from "../session/answers.ts";
import { failureResponse, problemResponse } from "./problem-response.ts";
import type { Lineage } from "./recent-search.ts";

export interface Asked {
  readonly cluster: ClusterSummary;
  readonly answers: Answers;
  /** What this process was told about the network plugin. */
  readonly dialect: DialectSettings;
  /** The moment that ages count to: the dump's own, else when the cluster was checked. ISO 8601. */
  readonly asOf: string;
  /** The same for all answers that follow one another. */
  readonly lineage: Lineage;
}

/**
 * Finds a cluster's answers and answers with `respond`; where there are none, with the problem document that says why
 * (404 no such cluster, 502 it could not be read, 503 it is being read). A bug answers 500 and is logged, and takes
 * nothing down.
 */
export async function withAnswers(
  request: Request,
  id: string,
  respond: (asked: Asked) => Response | Promise<Response>,
): Promise<Response> {
  const instance = new URL(request.url).pathname;
  try {
    const registry = clustersFor(request.headers);
    const session = registry.get(id);
    if (session === undefined) return noSuchCluster(registry, id, instance);
    const { state, answers } = await session.answers();
    if (answers === undefined) {
      if (state.kind === "failed") return failureResponse(state.failure, instance);
      return problemResponse(
        {
          type: "cluster-syncing",
          title: "The cluster is still being read",
          status: 503,
          detail:
            state.kind === "syncing"
              ? `${state.done} of ${state.of} kinds are read.`
              : "It has not answered yet.",
          remedy: "Ask again in a moment.",
          instance,
        },
        { "retry-after": "1" },
      );
    }
    const cluster = registry.list().find((summary) => summary.id === id);
    // Taken out of the kubeconfig, or pushed out by other files, in the meantime.
    if (cluster === undefined) return noSuchCluster(registry, id, instance);
    return await respond(askedOf(registry, session, cluster, answers));
  } catch (error) {
    return bugResponse(error, instance);
  }
}

/** What is asked about, once it is known that there is something. */
export function askedOf(
  { dialect }: Pick<ClustersView, "dialect">,
  session: Pick<SessionView, "source" | "viewKey">,
  cluster: ClusterSummary,
  answers: Answers,
): Asked {
  const lineage = { source: session.source, view: session.viewKey() };
  return { cluster, answers, dialect, asOf: asOfMoment(answers, cluster), lineage };
}

/** There is no such cluster here; the nearest ones are named. */
export function noSuchCluster(
  registry: Pick<ClustersView, "nearest">,
  id: string,
  instance: string,
): Response {
  return problemResponse({
    type: "cluster-not-found",
    title: `No cluster here is called ${id.slice(0, 100)}`,
    status: 404,
    detail: "It is no context of this server's kubeconfig, and no file that is open.",
    nearest: [...registry.nearest(id)],
    instance,
  });
}

/** The moment that ages count to, ISO 8601. */
export function asOfMoment(
  { snapshot }: { readonly snapshot: Pick<Answers["snapshot"], "takenAt"> },
  { kind, state }: ClusterSummary,
): string {
  const checkedAt = state.kind === "live" || state.kind === "stale" ? state.checkedAt : undefined;
  return (kind === "kube" ? checkedAt : snapshot.takenAt) ?? checkedAt ?? new Date().toISOString();
}

/** A fault of ours: logged with its stack, answered without it. */
export function bugResponse(error: unknown, instance: string): Response {
  if (error instanceof BeforeGate)
    return problemResponse(
      {
        type: "starting",
        title: "This server is still starting",
        status: 503,
        detail: "The request came before it could tell who asks.",
        remedy: "Ask again in a moment.",
        instance,
      },
      { "retry-after": "1" },
    );
  const request = inRequest()?.id;
  createLog()("error", "a bug stopped a request", {
    request,
    route: routeName(instance),
    ...faultOf(error),
  });
  return problemResponse({
    type: "internal-error",
    title: "Throughline failed while it answered",
    status: 500,
    detail: `This is a bug in Throughline; its log on stderr says where${request === undefined ? "" : `, under ${request}`}.`,
    instance,
  });
}
