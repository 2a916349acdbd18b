import type { Pod } from "#lib/model/objects.ts";
import type { Cidr } from "../cidr.ts";
import { type LabelIndex, labelIndex } from "../label-index.ts";
import type { CompiledRule, CompiledTieredRule } from "../policy/compile-rules.ts";
import type { Match } from "../policy/match.ts";
import {
  type CompiledPeer,
  type CompiledTieredPeer,
  matchPeer,
  matchTieredPeer,
} from "../policy/match-peer.ts";
import type { PacketEnd } from "../policy/packet.ts";
import type { Sight } from "../policy/sight.ts";
import { add, addAll, type BitSet, difference, emptySet, fullSet, isEmpty } from "./bit-set.ts";

/** Which of some numbered pods a rule's peers match for sure, and which perhaps. */
export interface PeerSets {
  readonly sure: BitSet;
  readonly perhaps: BitSet;
}

/** Works out once for each rule whom its peers match, without looking at those that its labels leave out. */
export interface PeerIndex {
  ofRule(rule: CompiledRule, namespace: string): PeerSets;
  ofTieredRule(rule: CompiledTieredRule): PeerSets;
}

/** `pods` by their numbers; `endOf`: one of them as policies see it. */
export function peerIndex(
  pods: readonly Pod[],
  endOf: (number: number) => PacketEnd,
  sight: Sight,
): PeerIndex {
  const size = pods.length;
  const everyone: PeerSets = { sure: fullSet(size), perhaps: emptySet(size) };
  const numberOf = new Map(pods.map((pod, i) => [pod, i]));
  const byNamespace = groupedByNamespace(pods);
  const labelIndexes = new Map<string, LabelIndex<Pod>>();
  const known = new Map<string, PeerSets>();

  function inNamespace(namespace: string): LabelIndex<Pod> {
    const found =
      labelIndexes.get(namespace) ?? labelIndex(byNamespace.get(namespace) ?? [], ({ labels }) => labels);
    labelIndexes.set(namespace, found);
    return found;
  }

  let byAddress: AddressIndex | undefined;
  function addresses(): AddressIndex {
    byAddress ??= addressIndex(pods, endOf);
    return byAddress;
  }

  function remembered(key: string, make: () => PeerSets): PeerSets {
    const sets = known.get(key) ?? make();
    known.set(key, sets);
    return sets;
  }

  function* candidates(peer: CompiledPeer | CompiledTieredPeer, own: string | undefined): Iterable<Pod> {
    if (peer.kind === "ip-block" || peer.kind === "networks") {
      for (const block of peer.kind === "ip-block" ? [peer.block] : peer.blocks)
        yield* addresses().inside(block);
      yield* addresses().without;
      return;
    }
    if (peer.kind !== "pods") {
      yield* pods;
      return;
    }
    const { namespaceSelector, podSelector } = peer;
    for (const [namespace, members] of byNamespace) {
      const isThere =
        namespaceSelector === undefined
          ? namespace === own
          : sight.namespaceMatches(namespaceSelector, namespace).is !== "no";
      if (isThere) yield* podSelector === undefined ? members : inNamespace(namespace).matching(podSelector);
    }
  }

  function matched(some: Iterable<Pod>, match: (end: PacketEnd) => Match): PeerSets {
    const sets = { sure: emptySet(size), perhaps: emptySet(size) };
    for (const pod of some) {
      const number = numberOf.get(pod);
      if (number === undefined) continue;
      const { is } = match(endOf(number));
      if (is === "yes") add(sets.sure, number);
      if (is === "maybe") add(sets.perhaps, number);
    }
    return sets;
  }

  function anyOf(all: readonly PeerSets[]): PeerSets {
    const sure = emptySet(size);
    const perhaps = emptySet(size);
    for (const sets of all) {
      addAll(sure, sets.sure);
      addAll(perhaps, sets.perhaps);
    }
    return { sure, perhaps: isEmpty(perhaps) ? perhaps : difference(perhaps, sure) };
  }

  return {
    ofRule({ peers }, namespace) {
      if (peers.length === 0) return everyone;
      const isLocal = peers.some((peer) => peer.kind === "pods" && peer.namespaceSelector === undefined);
      return remembered(`${isLocal ? namespace : ""} ${keyOf(peers)}`, () =>
        anyOf(
          peers.map((peer) =>
            matched(candidates(peer, namespace), (end) => matchPeer(peer, namespace, end, sight)),
          ),
        ),
      );
    },
    ofTieredRule({ peers, failsClosed, action }) {
      if (failsClosed) return action === "Accept" ? anyOf([]) : everyone;
      return remembered(`tier ${keyOf(peers)}`, () =>
        anyOf(
          peers.map((peer) =>
            matched(candidates(peer, undefined), (end) => matchTieredPeer(peer, end, sight)),
          ),
        ),
      );
    },
  };
}

/** Pods by their addresses, so that a policy with a thousand blocks does not look at every pod for each. */
interface AddressIndex {
  inside(block: Cidr): Iterable<Pod>;
  /** Those that have none. */
  readonly without: readonly Pod[];
}

function addressIndex(pods: readonly Pod[], endOf: (number: number) => PacketEnd): AddressIndex {
  const addressed: { readonly address: Cidr; readonly pod: Pod }[] = [];
  const without: Pod[] = [];
  for (const [number, pod] of pods.entries()) {
    const end = endOf(number);
    const address = end.kind === "pod" ? end.address : undefined;
    if (address === undefined) without.push(pod);
    else addressed.push({ address, pod });
  }
  addressed.sort((a, b) =>
    a.address.start < b.address.start ? -1 : a.address.start > b.address.start ? 1 : 0,
  );
  return {
    *inside(block) {
      let low = 0;
      let high = addressed.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((addressed[middle]?.address.start ?? 0n) < block.start) low = middle + 1;
        else high = middle;
      }
      for (let at = low; at < addressed.length; at++) {
        const found = addressed[at];
        if (found === undefined || found.address.start > block.end) return;
        yield found.pod;
      }
    },
    without,
  };
}

function groupedByNamespace(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const group = groups.get(pod.namespace);
    if (group === undefined) groups.set(pod.namespace, [pod]);
    else group.push(pod);
  }
  return groups;
}

function keyOf(peers: readonly unknown[]): string {
  return JSON.stringify(peers, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}
