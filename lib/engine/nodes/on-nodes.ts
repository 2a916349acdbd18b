import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { Node, Pod } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import type { Facts } from "../facts.ts";
import { inOneGo } from "../in-one-go.ts";
import { isFinished, isTerminating } from "../pod-readiness.ts";

/** A node's pods that are meant to stay: neither finished nor leaving. Each list sorted by id. */
export interface NodePods {
  /** With an address of their own: they need the pod network. */
  readonly own: readonly Pod[];
  /** On the node's network. */
  readonly host: readonly Pod[];
}

const none: NodePods = { own: [], host: [] };
const known = new WeakMap<Facts, ReadonlyMap<string, NodePods>>();

export function podsOn(facts: Facts, node: string): NodePods {
  inOneGo(placePods(facts));
  return known.get(facts)?.get(node) ?? none;
}

/** Makes ready what `podsOn` answers from, with pauses in which others may run. */
export function* placePods(facts: Facts): Generator<undefined, void> {
  if (!known.has(facts)) known.set(facts, yield* podsByNode(seen(facts.snapshot, "pods")));
}

function* podsByNode(pods: readonly Pod[]): Generator<undefined, ReadonlyMap<string, NodePods>> {
  const byNode = new Map<string, { readonly own: Pod[]; readonly host: Pod[] }>();
  for (const [at, pod] of pods.entries()) {
    if (at % 500 === 0) yield;
    if (pod.nodeName === undefined || isFinished(pod) || isTerminating(pod)) continue;
    let there = byNode.get(pod.nodeName);
    if (there === undefined) {
      there = { own: [], host: [] };
      byNode.set(pod.nodeName, there);
    }
    (pod.hostNetwork ? there.host : there.own).push(pod);
  }
  for (const { own, host } of byNode.values()) {
    own.sort(byId);
    host.sort(byId);
    yield;
  }
  return byNode;
}

/** A Service with endpoints on a node. `alone`: it has none anywhere else. */
export interface ServiceOnNode {
  readonly id: ObjectId;
  readonly alone: boolean;
}

/**
 * The Services with endpoints on each of these nodes, sorted by id; endpoints that are leaving count for nothing. With
 * `pods: "own"` those whose pods there are on the node's network are left out. One walk over all endpoints: ask once for
 * all nodes in question.
 */
export function servicesOnNodes(
  { services, index }: Facts,
  names: ReadonlySet<string>,
  pods: "all" | "own",
): ReadonlyMap<string, readonly ServiceOnNode[]> {
  const byNode = new Map<string, ServiceOnNode[]>();
  if (names.size === 0) return byNode;
  for (const [id, { endpoints }] of services) {
    const staying = endpoints.filter(({ terminating }) => !terminating);
    const nodes = new Set<string>();
    for (const { node, pod } of staying) {
      if (node === undefined || !names.has(node) || nodes.has(node)) continue;
      const object = pods === "all" || pod === undefined ? undefined : index.byId.get(pod);
      if (object?.kind !== "pod" || !object.hostNetwork) nodes.add(node);
    }
    for (const node of nodes) {
      const alone = staying.every((endpoint) => endpoint.node === node);
      const there = byNode.get(node);
      if (there === undefined) byNode.set(node, [{ id, alone }]);
      else there.push({ id, alone });
    }
  }
  for (const there of byNode.values()) there.sort(byId);
  return byNode;
}

function byId(a: { readonly id: ObjectId }, b: { readonly id: ObjectId }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

export function nodeNamed({ index }: Facts, name: string | undefined): Node | undefined {
  const object = name === undefined ? undefined : index.byId.get(objectId("node", undefined, name));
  return object?.kind === "node" ? object : undefined;
}
