import { objectId } from "#lib/model/ids.ts";
import type { PolicyPeer, TieredPeer } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import { type Cidr, contains, parseCidr } from "../cidr.ts";
import { isFinished } from "../pod-readiness.ts";
import { selectorMatches } from "../selector.ts";
import { both, type Match, matchIf, maybe, no, yes } from "./match.ts";
import type { PacketEnd } from "./packet.ts";
import type { Sight } from "./sight.ts";

/** A NetworkPolicy's peer with what its matching needs worked out once. */
export type CompiledPeer =
  | Extract<PolicyPeer, { kind: "pods" }>
  | { readonly kind: "ip-block"; readonly block: Cidr; readonly except: readonly Cidr[] };

export type CompiledTieredPeer =
  | Exclude<TieredPeer, { kind: "networks" }>
  | { readonly kind: "networks"; readonly blocks: readonly Cidr[] };

type SeenEnd = Exclude<PacketEnd, { kind: "unseen" }>;

/** A block that was checked when the policy was read. */
function blockOf(text: string): Cidr {
  const block = parseCidr(text);
  if (block === undefined) throw new Error(`not a block of addresses: ${text}`);
  return block;
}

export function compilePeer(peer: PolicyPeer): CompiledPeer {
  return peer.kind === "pods"
    ? peer
    : { kind: "ip-block", block: blockOf(peer.cidr), except: peer.except.map(blockOf) };
}

export function compileTieredPeer(peer: TieredPeer): CompiledTieredPeer {
  return peer.kind === "networks" ? { kind: "networks", blocks: peer.cidrs.map(blockOf) } : peer;
}

/**
 * Whether a peer clause of a NetworkPolicy's rule matches this end of the packet.
 *
 * A clause with only `podSelector` stays in the policy's own namespace; that is the API's rule, and the one most often
 * got wrong (networking.k8s.io/v1, NetworkPolicyPeer; docs/spec/policy.md, 2). Pods on their node's network come here
 * as the kind of end that the dialect makes of them.
 */
export function matchPeer(peer: CompiledPeer, namespace: string, end: PacketEnd, sight: Sight): Match {
  if (end.kind === "unseen") return maybe(end.doubt);
  if (peer.kind === "ip-block") return matchBlock(peer.block, peer.except, end, sight);
  if (end.kind !== "pod" || isFinished(end.pod)) return no;
  const { pod } = end;
  if (peer.podSelector !== undefined && !selectorMatches(peer.podSelector, pod.labels)) return no;
  if (peer.namespaceSelector === undefined) return matchIf(pod.namespace === namespace);
  return sight.namespaceMatches(peer.namespaceSelector, pod.namespace);
}

function matchBlock(block: Cidr, except: readonly Cidr[], end: SeenEnd, { dialect }: Sight): Match {
  const inside = isInside(block, except, end);
  switch (end.kind) {
    case "outside":
      return inside;
    case "pod":
      return both(inside, byDialect(dialect.ipBlockMatchesPods, podsDoubt(block, end.pod)));
    case "node":
      return both(inside, byDialect(dialect.ipBlockMatchesNodes, nodesDoubt(block, end.name)));
  }
}

function byDialect(setting: "yes" | "no" | "undefined", doubt: Doubt): Match {
  return setting === "undefined" ? maybe(doubt) : matchIf(setting === "yes");
}

function podsDoubt(
  { text }: Cidr,
  { id, name }: { readonly id: Doubt["objects"][number]; readonly name: string },
): Doubt {
  return {
    code: "ip-block-on-pods",
    sentence: `whether the ipBlock ${text} means pods such as ${name} is left to the network plugin`,
    objects: [id],
  };
}

function nodesDoubt({ text }: Cidr, name: string): Doubt {
  return {
    code: "ip-block-on-nodes",
    sentence: `whether the ipBlock ${text} means nodes such as ${name} differs between network plugins`,
    objects: [objectId("node", undefined, name)],
  };
}

/** Without an address only a block of every address of a family can be told to hold it. */
function isInside(block: Cidr, except: readonly Cidr[], end: SeenEnd): Match {
  if (end.address === undefined) {
    if (block.start === 0n && isWhole(block) && block.family === 4 && except.length === 0) return yes;
    return maybe({
      code: "address-not-given",
      sentence: `the address of ${nameOf(end)} is not given, and a policy decides by addresses (${block.text})`,
      objects: [],
    });
  }
  const { address } = end;
  return matchIf(contains(block, address) && !except.some((part) => contains(part, address)));
}

function isWhole({ family, start, end }: Cidr): boolean {
  return end - start === (1n << (family === 4 ? 32n : 128n)) - 1n;
}

function nameOf(end: SeenEnd): string {
  switch (end.kind) {
    case "pod":
      return end.pod.name;
    case "node":
      return end.name;
    case "outside":
      return end.hostname ?? "the other end";
  }
}

/**
 * Whether a peer of a tiered policy matches (policy.networking.k8s.io; docs/spec/policy.md, 5). Peers that select pods
 * leave out those on their node's network; `networks` matches pods and nodes by their addresses as well.
 */
export function matchTieredPeer(peer: CompiledTieredPeer, end: PacketEnd, sight: Sight): Match {
  if (end.kind === "unseen") return peer.kind === "empty" ? no : maybe(end.doubt);
  switch (peer.kind) {
    case "pods": {
      if (end.kind !== "pod" || end.pod.hostNetwork || isFinished(end.pod)) return no;
      const { pod } = end;
      if (peer.podSelector !== undefined && !selectorMatches(peer.podSelector, pod.labels)) return no;
      return sight.namespaceMatches(peer.namespaceSelector, pod.namespace);
    }
    case "nodes": {
      // By the nodes' addresses, which pods on their network have as well.
      if (end.kind === "node") return sight.nodeMatches(peer.selector, end.name);
      return end.kind === "pod" && end.pod.hostNetwork
        ? sight.nodeMatches(peer.selector, end.pod.nodeName ?? "")
        : no;
    }
    case "networks":
      return peer.blocks
        .map((block) => isInside(block, [], end))
        .reduce<Match>((found, match) => either(found, match), no);
    case "domain-names":
      return matchName(peer.names, end);
    // Whoever asks knows what an empty peer means for its rule's action.
    case "empty":
      return no;
  }
}

export function either(a: Match, b: Match): Match {
  if (a.is === "yes" || b.is === "yes") return yes;
  if (a.is === "no") return b;
  return b.is === "no" ? a : maybe(...a.doubts, ...b.doubts);
}

/** A wildcard stands for one or more labels in front (DomainName). What is in the cluster has addresses, not names. */
function matchName(names: readonly string[], end: PacketEnd): Match {
  if (end.kind !== "outside") return no;
  const { hostname } = end;
  if (hostname === undefined) {
    return maybe({
      code: "name-not-resolved",
      sentence: `which of ${names.join(", ")} an address belongs to is known to DNS only, and a policy decides by names`,
      objects: [],
    });
  }
  const asked = normal(hostname);
  return matchIf(
    names.some((name) => {
      const wanted = normal(name);
      return wanted.startsWith("*.") ? asked.endsWith(wanted.slice(1)) : asked === wanted;
    }),
  );
}

function normal(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
