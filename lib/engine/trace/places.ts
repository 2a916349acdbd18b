/** Where senders, and what they send to, run: a node and its own pods are not kept apart (docs/spec/policy.md, 4 and 6.5). */
import type { Node, Pod } from "#lib/model/objects.ts";
import type { Party } from "./party.ts";

/** Tells pods that are sent to apart by where they run, as far as it counts for one sender. */
export interface Place {
  of(pod: Pod): string;
  /** Of pods alike, where their names would tell of one of many senders only: "to pods on their own node". */
  words(pod: Pod): string | undefined;
}

/** Undefined for senders that are on no node. */
export function placeFor(sender: Party): Place | undefined {
  switch (sender.kind) {
    case "node":
      return {
        of: (pod) => (pod.hostNetwork ? "" : relative(pod, sender.node.name)),
        words: () => undefined,
      };
    case "pods": {
      const [{ hostNetwork, nodeName }] = sender.pods;
      const isSpread = sender.pods.some((pod) => pod.nodeName !== nodeName);
      const of = (pod: Pod) => (pod.hostNetwork === hostNetwork ? "" : relative(pod, nodeName));
      return { of, words: (pod) => (isSpread ? spreadWords[of(pod)] : undefined) };
    }
    default:
      return undefined;
  }
}

const spreadWords: Readonly<Record<string, string>> = {
  here: "to pods on their own node",
  there: "to pods on other nodes",
};

function relative({ nodeName }: Pod, node: string | undefined): string {
  if (nodeName === undefined || node === undefined) return "unplaced";
  return nodeName === node ? "here" : "there";
}

/** The nodes of what is sent to: senders on all others are alike. */
export interface Places {
  readonly nodes: ReadonlySet<string>;
  /** Some of it is a node, or on its node's network. */
  readonly onNodes: boolean;
}

export function placesOf(pods: readonly Pod[], nodes: readonly Node[] = []): Places {
  return {
    nodes: new Set([...pods.flatMap(({ nodeName }) => nodeName ?? []), ...nodes.map(({ name }) => name)]),
    onNodes: nodes.length > 0 || pods.some(({ hostNetwork }) => hostNetwork),
  };
}

/** More nodes than these are not told one by one: what goes for one that has some of it goes for all. */
const mostNodes = 24;

/** The same for a sender. `places` undefined: where it sends to is not known beforehand. */
export function senderPlace({ hostNetwork, nodeName }: Pod, places: Places | undefined): string {
  if (!hostNetwork && places?.onNodes !== true) return "";
  if (nodeName === undefined) return "unplaced";
  if (places !== undefined && !places.nodes.has(nodeName)) return "elsewhere";
  return places !== undefined && places.nodes.size > mostNodes ? "among them" : nodeName;
}
