import { byParts } from "#lib/engine/live/by-parts.ts";
import { countPods } from "#lib/engine/pod-readiness.ts";
import { assertNever } from "#lib/model/assert-never.ts";
import { allKinds, kinds } from "#lib/model/kinds.ts";
import type { Pod } from "#lib/model/objects.ts";
import { foreignPlurals, type PluralKind, seen } from "#lib/model/snapshot.ts";
import type { Cluster, ClusterStatus, KindSyncView } from "#lib/protocol/cluster.ts";
import type { ClusterSummary } from "../clusters.ts";
import { kindInWords } from "../kind-names.ts";
import type { Answers } from "../session/answers.ts";
import type { SessionState } from "../session/state.ts";
import type { SyncByKind } from "../sources/source.ts";

/** Enough to read; the count beside it is of all. */
const mostProblems = 200;

export function clusterView({ id, name, kind, isDefault, state, kinds: syncs }: ClusterSummary): Cluster {
  const told = syncs === undefined ? undefined : kindsView(syncs);
  return {
    id,
    name,
    kind,
    isDefault,
    state: stateView(state),
    ...(told === undefined ? {} : { kinds: told }),
  };
}

/** These are listed again now and then on purpose, and are as good as live. */
const listedOnly: ReadonlySet<string> = new Set<PluralKind>(["configMaps", "secrets"]);

/** What is as it should be is not told, nor what is waited for behind what is being read. */
function kindsView(syncs: SyncByKind): KindSyncView[] {
  return Object.entries(syncs).flatMap(([plural, sync]): readonly KindSyncView[] => {
    const kind = apiName(plural);
    switch (sync.kind) {
      case "waiting":
      case "not-served":
      case "switched-off":
        return [];
      case "live":
        return sync.by === "watch" || listedOnly.has(plural) ? [] : [{ kind, state: "live", by: sync.by }];
      case "syncing":
        return [{ kind, state: "syncing", read: sync.read, of: sync.of }];
      case "stale":
        return [{ kind, state: "stale", since: sync.since, why: sync.why, read: sync.read, of: sync.of }];
      case "forbidden":
      case "failed":
        return [{ kind, state: sync.kind, why: sync.why }];
      default:
        return assertNever(sync);
    }
  });
}

function stateView(state: SessionState): Cluster["state"] {
  if (state.kind !== "syncing") return state;
  const { done, of, objects, reading } = state;
  return {
    kind: "syncing",
    done,
    of,
    objects,
    reading: reading === undefined ? undefined : apiName(reading),
  };
}

/** What every answer about a cluster carries: its state, what was not read, its health in numbers, all of it small. */
export function clusterStatus(summary: ClusterSummary, answers: Answers): ClusterStatus {
  const told = known.get(answers) ?? statusOf(answers);
  known.set(answers, told);
  return { ...clusterView(summary), ...told };
}

/** Every answer carries it, and it changes with the answers only. */
const known = new WeakMap<Answers, Omit<ClusterStatus, keyof Cluster>>();

function statusOf(answers: Answers): Omit<ClusterStatus, keyof Cluster> {
  const { snapshot, facts, problems, cannotTell } = answers;
  return {
    takenAt: snapshot.takenAt,
    origin: snapshot.origin,
    version: snapshot.version,
    answers: answers.version,
    // A kind that is not served has no objects: nothing is lost, so nothing is said.
    unread: Object.entries(snapshot.unread).flatMap(([plural, why]) =>
      why.reason === "not-served"
        ? []
        : [{ kind: apiName(plural), reason: why.reason, message: why.message, remedy: why.remedy }],
    ),
    problems: snapshot.problems.slice(0, mostProblems).map((problem) => ({ ...problem })),
    problemCount: snapshot.problems.length,
    counts: {
      broken: problems.filter(({ severity }) => severity === "error").length,
      atRisk: problems.filter(({ severity }) => severity === "warning").length,
      // What nobody asked to be read is no gap.
      unknown: cannotTell.filter(
        ({ missing, error }) =>
          error !== undefined || missing.some(({ kind }) => snapshot.unread[kind]?.reason !== "switched-off"),
      ).length,
      pods: podsIn(facts),
      workloads: facts.workloads.size,
      services: facts.services.size,
      policies: foreignPlurals.reduce(
        (sum, plural) => sum + seen(snapshot, plural).length,
        facts.policies.size,
      ),
      namespaces: facts.index.namespaceNames.length,
    },
  };
}

/** In manifests a template stands for its pods. A hundred thousand others need not be looked at one by one, nor listed. */
function podsIn({ snapshot, index }: Answers["facts"]): number {
  const counted = snapshot.origin === "manifests" ? meantOfParts : lengthOfParts;
  return sum(counted(index.podsByNamespace));
}

const meantOfParts = byParts((lists: readonly (readonly Pod[])[]) => sum(lists.map(countPods)));
const lengthOfParts = byParts((lists: readonly (readonly Pod[])[]) => sum(lists.map(({ length }) => length)));

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function apiName(plural: string): string {
  const kind = allKinds.find((k) => kinds[k].plural === plural);
  return kind === undefined ? plural : kindInWords(kind);
}
