import type { Facts } from "#lib/engine/facts.ts";
import { LayeredMap } from "#lib/engine/live/layered-map.ts";
import { serviceOfSlice } from "#lib/engine/slice-endpoints.ts";
import type { Finding } from "#lib/model/finding.ts";
import type { GraphNode, NodeId } from "#lib/model/graph.ts";
import type { ObjectId } from "#lib/model/ids.ts";

type FindingCounts = GraphNode["findings"];

export interface FindingTally {
  of(id: NodeId): FindingCounts;
  /** Whether any pod of a workload carries one. */
  amongPodsOf(workload: NodeId): boolean;
  /** All that objects of a namespace carry, as text: what to hold against another time's. By namespace, where there is any. */
  readonly marks: ReadonlyMap<string, string>;
}

/** One object, by which it is known. */
export const noFindings: FindingCounts = { error: 0, warning: 0, info: 0 };

/**
 * How many findings each object carries, as subject or touched. What is rolled up hands its findings on: a pod to its
 * workload, an EndpointSlice to its Service, so that a mark does not vanish with the pod's card. A finding counts
 * once for each object, however often it names it.
 */
export function* tallyFindings(
  facts: Facts,
  findings: readonly Finding[],
): Generator<undefined, FindingTally> {
  const before = kept.get(findings);
  if (before !== undefined && standAlike(before, facts)) {
    kept.set(findings, { ...before, ownerOf: facts.index.ownerOf });
    return before.tally;
  }
  const slices = new Map<ObjectId, ObjectId | undefined>();
  const withPods = new Set<NodeId>();
  const counts = new Map<NodeId, { error: number; warning: number; info: number }>();
  for (const finding of findings) {
    const carriers = new Set<NodeId>();
    for (const id of [finding.subject, ...finding.touches]) {
      carriers.add(id);
      const stand = standIn(facts, id);
      // Also one that is not there: it may come back.
      if (id.startsWith("endpoint-slice/")) slices.set(id, stand);
      if (stand === undefined) continue;
      carriers.add(stand);
      withPods.add(stand);
    }
    for (const id of carriers) {
      const count = counts.get(id) ?? { error: 0, warning: 0, info: 0 };
      count[finding.severity] += 1;
      counts.set(id, count);
    }
    yield;
  }
  const marks = new Map<string, string>();
  for (const [id, { error, warning, info }] of counts) {
    const namespace = id.split("/")[1] ?? "";
    marks.set(namespace, `${marks.get(namespace) ?? ""}${id} ${error} ${warning} ${info}\n`);
  }
  const tally: FindingTally = {
    of: (id) => counts.get(id) ?? noFindings,
    amongPodsOf: (workload) => withPods.has(workload),
    marks,
  };
  kept.set(findings, { ownerOf: facts.index.ownerOf, slices, isNamed: (id) => counts.has(id), tally });
  return tally;
}

interface Kept {
  readonly ownerOf: OwnerOf;
  /** The Services of slices that findings name. */
  readonly slices: ReadonlyMap<ObjectId, ObjectId | undefined>;
  /** Whether a finding names this, or something that it stands for. */
  readonly isNamed: (id: ObjectId) => boolean;
  readonly tally: FindingTally;
}

type OwnerOf = Facts["index"]["ownerOf"];

/** Findings stay the same ones for longer than facts do. */
const kept = new WeakMap<readonly Finding[], Kept>();

function standAlike({ ownerOf, slices, isNamed }: Kept, facts: Facts): boolean {
  return (
    ownedAlike(ownerOf, facts.index.ownerOf, isNamed) &&
    [...slices].every(([id, service]) => standIn(facts, id) === service)
  );
}

/** Pods come and go all the time, and findings name few of them. */
function ownedAlike(was: OwnerOf, is: OwnerOf, isNamed: (id: ObjectId) => boolean): boolean {
  if (was === is) return true;
  const touched = was instanceof LayeredMap && is instanceof LayeredMap ? is.touchedSince(was) : undefined;
  if (touched === undefined) return false;
  for (const id of touched) if (isNamed(id) && was.get(id) !== is.get(id)) return false;
  return true;
}

function standIn(facts: Facts, id: ObjectId): ObjectId | undefined {
  const owner = facts.index.ownerOf.get(id);
  if (owner !== undefined) return owner;
  const object = facts.index.byId.get(id);
  return object?.kind === "endpoint-slice" ? serviceOfSlice(object) : undefined;
}
