import { refOf } from "#lib/model/ids.ts";
import { allKinds, kinds } from "#lib/model/kinds.ts";
import { isRead, type Snapshot } from "#lib/model/snapshot.ts";
import type { Clusters } from "../clusters.ts";
import { kindInWords } from "../kind-names.ts";
import type { Answers } from "../session/answers.ts";
import type { SessionState } from "../session/state.ts";
import type { SyncByKind } from "../sources/source.ts";
import type { ClusterMetrics } from "./metrics.ts";

const states = [
  "idle",
  "connecting",
  "syncing",
  "live",
  "stale",
  "failed",
] as const satisfies readonly SessionState["kind"][];

/**
 * Sets what is known of each cluster at this moment; series of what is no longer so are gone. Reads nothing: clusters
 * that nobody has opened are told as idle.
 */
export function tellClusters(clusters: Clusters, metrics: ClusterMetrics): void {
  const { state, checkedAt, problems, findings, ignored, undecided, kinds: kindStates, objects } = metrics;
  for (const gauge of [state, checkedAt, problems, findings, ignored, undecided, kindStates, objects])
    gauge.reset();
  for (const { id: cluster, state: now } of clusters.list()) {
    for (const each of states) state.set({ cluster, state: each }, now.kind === each ? 1 : 0);
    if (now.kind === "idle") continue;
    if (now.kind === "live" || now.kind === "stale")
      checkedAt.set({ cluster }, Date.parse(now.checkedAt) / 1000);
    const session = clusters.get(cluster);
    const answers = session?.current().answers;
    if (answers !== undefined) tellAnswers(cluster, answers, metrics);
    tellKinds(cluster, answers?.snapshot, session?.kinds(), metrics);
  }
}

function tellAnswers(cluster: string, answers: Answers, metrics: ClusterMetrics): void {
  // Zero as well, so that an alert can tell nothing found from nothing read.
  for (const severity of ["error", "warning", "info"] as const)
    metrics.problems.set(
      { cluster, severity },
      answers.problems.filter((problem) => problem.severity === severity).length,
    );
  for (const { code, severity, subject } of answers.findings) {
    const { kind, namespace = "", name } = refOf(subject);
    metrics.findings.inc({ cluster, code, severity, namespace: kind === "namespace" ? name : namespace });
  }
  metrics.ignored.set({ cluster }, answers.ignored.length);
  for (const { code } of answers.cannotTell) metrics.undecided.set({ cluster, code }, 1);
}

/** Where a cluster is watched, how each kind stands there; else how far it was read. */
function tellKinds(
  cluster: string,
  snapshot: Snapshot | undefined,
  sync: SyncByKind | undefined,
  metrics: ClusterMetrics,
): void {
  for (const each of allKinds) {
    const { plural } = kinds[each];
    const kind = kindInWords(each);
    const state = sync?.[plural].kind ?? (snapshot === undefined ? undefined : stateOf(snapshot, plural));
    if (state !== undefined) metrics.kinds.set({ cluster, kind, state }, 1);
    const read = snapshot?.objects[plural];
    if (read !== undefined) metrics.objects.set({ cluster, kind }, read.length);
  }
}

function stateOf(snapshot: Snapshot, plural: keyof Snapshot["objects"]): string {
  const why = snapshot.unread[plural];
  if (why === undefined) return "read";
  return isRead(snapshot, plural) ? "partial" : why.reason;
}
