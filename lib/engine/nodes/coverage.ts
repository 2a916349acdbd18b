import type { Node, Pod } from "#lib/model/objects.ts";
import type { Facts } from "../facts.ts";
import { nodeKind } from "../node-kind.ts";
import { isJoining, isRecent, nodeState } from "../node-state.ts";
import { isReady, isTerminating } from "../pod-readiness.ts";
import { podsOn } from "./on-nodes.ts";
import type { NodeProgram } from "./programs.ts";

/** Where a program that is meant to run on every node does not. Nodes are in the order of their names. */
export interface Gaps {
  /** A pod of it is there, has had the time to start, and is not ready. */
  readonly failing: readonly { readonly node: Node; readonly pod: Pod; readonly program: NodeProgram }[];
  /** No pod of it is there. */
  readonly missing: readonly Node[];
  /** On how many nodes it was looked for. */
  readonly nodes: number;
  /** On how many ordinary nodes a pod of it is there. */
  readonly present: number;
}

/**
 * Looks for programs of one kind, which stand in for each other: a DaemonSet for each architecture is one program.
 * Nodes of which nothing is known (their kubelet stopped reporting) and those that have just joined are left out. None
 * is missing where DaemonSets do not go: virtual and Windows nodes, those that the provider manages, and nodes without
 * a pod that has an address of its own, as control planes often are.
 */
export function gapsOf(facts: Facts, programs: readonly NodeProgram[]): Gaps {
  const { takenAt } = facts.snapshot;
  const failing: { node: Node; pod: Pod; program: NodeProgram }[] = [];
  const missing: Node[] = [];
  let nodes = 0;
  let present = 0;
  for (const node of byName(facts.snapshot.objects.nodes ?? [])) {
    const { own } = podsOn(facts, node.name);
    if (nodeState(node) === "silent" || isJoining(node, own, takenAt)) continue;
    const there = programs.flatMap((program) =>
      (program.byNode.get(node.name) ?? []).map((pod) => ({ node, pod, program })),
    );
    if (there.length === 0) {
      if (nodeKind(node) !== "ordinary" || own.length === 0) continue;
      nodes++;
      missing.push(node);
      continue;
    }
    nodes++;
    if (nodeKind(node) === "ordinary") present++;
    // During a rollout the old pod leaves before the new one is ready; what it set up stays.
    const replaced = there.some(({ pod }) => isTerminating(pod) || isRecent(pod.createdAt, takenAt, startMs));
    const [first] = there;
    if (first !== undefined && !replaced && !there.some(({ pod }) => isReady(pod))) failing.push(first);
  }
  return { failing, missing, nodes, present };
}

/** What an agent of the network may take from being created to being ready. */
const startMs = 2 * 60_000;

function byName(nodes: readonly Node[]): readonly Node[] {
  return [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
}
