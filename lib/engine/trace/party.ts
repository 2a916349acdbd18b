import type { Node, Pod } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import { type Cidr, familyOf, parseAddress } from "../cidr.ts";
import { listedUpTo } from "../object-words.ts";
import type { PacketEnd } from "../policy/packet.ts";

/** Ends of packets that nothing in the question tells apart: one verdict goes for all of them. */
export type Party =
  /** `family`: of the address by which someone asked for them, where it was by one. */
  | { readonly kind: "pods"; readonly pods: readonly [Pod, ...Pod[]]; readonly family?: Family | undefined }
  | { readonly kind: "node"; readonly node: Node; readonly family?: Family | undefined }
  /** `blocks`: all of its addresses; `sample`: one of them. */
  | {
      readonly kind: "outside";
      readonly blocks: readonly string[];
      readonly sample: Cidr | undefined;
      readonly hostname?: string | undefined;
      /** In place of blocks that are too many to tell. */
      readonly label?: string | undefined;
      /** What a rule would name for all of them. */
      readonly rule?: string | undefined;
    }
  /** Something that sends and was not found: a load balancer's own machines, a proxy that runs elsewhere. */
  | { readonly kind: "unseen"; readonly words: string; readonly doubt: Doubt };

export type Family = 4 | 6;

/** The families in which a party has addresses; a template's pods, and what is not known, have any. */
export function familiesOf(party: Party): readonly Family[] | "any" {
  switch (party.kind) {
    case "pods":
      return party.family === undefined ? familiesOrAny(party.pods[0].ips) : [party.family];
    case "node":
      return party.family === undefined
        ? familiesOrAny(party.node.addresses.map(({ address }) => address))
        : [party.family];
    case "outside":
      return party.sample === undefined ? "any" : [party.sample.family];
    case "unseen":
      return "any";
  }
}

function familiesOrAny(addresses: readonly string[]): readonly Family[] | "any" {
  return familiesAmong(addresses) ?? "any";
}

/** The families of what is an address among these; undefined where nothing is. */
export function familiesAmong(addresses: readonly string[]): readonly Family[] | undefined {
  const families = new Set(addresses.flatMap((address) => familyOf(address) ?? []));
  return families.size === 0 ? undefined : [...families].sort();
}

export function speaks(party: Party, family: Family): boolean {
  const families = familiesOf(party);
  return families === "any" || families.includes(family);
}

/** The families that both ends speak; `any` where neither says. Empty: they have none in common. */
export function commonFamilies(a: Party, b: Party): readonly (Family | undefined)[] {
  return commonOf(familiesOf(a), familiesOf(b));
}

export function commonOf(
  left: readonly Family[] | "any",
  right: readonly Family[] | "any",
): readonly (Family | undefined)[] {
  if (left === "any") return right === "any" ? [undefined] : right;
  return right === "any" ? left : left.filter((family) => right.includes(family));
}

/** The party as policies see it in packets of a family. */
export function packetEnd(party: Party, family: Family | undefined): PacketEnd {
  switch (party.kind) {
    case "pods": {
      const [pod] = party.pods;
      return { kind: "pod", pod, address: addressOf(pod.ips, family) };
    }
    case "node": {
      const { node } = party;
      return { kind: "node", name: node.name, node, address: nodeAddress(node, family) };
    }
    case "outside":
      return { kind: "outside", address: party.sample, hostname: party.hostname, block: party.rule };
    case "unseen":
      return { kind: "unseen", doubt: party.doubt };
  }
}

function addressOf(addresses: readonly string[], family: Family | undefined): Cidr | undefined {
  for (const text of addresses) {
    const address = parseAddress(text);
    if (address !== undefined && (family === undefined || address.family === family)) return address;
  }
  return undefined;
}

/** Nodes talk to pods from their internal address. */
export function nodeAddress(node: Node, family: Family | undefined): Cidr | undefined {
  const internal = node.addresses.filter(({ type }) => type === "InternalIP").map(({ address }) => address);
  return (
    addressOf(internal, family) ??
    addressOf(
      node.addresses.map(({ address }) => address),
      family,
    )
  );
}

/** "frontend-x24t5", "3 pods of frontend", "node-1", "10.0.0.0/9". */
export function partyWords(party: Party): string {
  switch (party.kind) {
    case "pods": {
      const [pod, ...more] = party.pods;
      if (more.length === 0 && pod.template === undefined) return pod.name;
      return pod.template === undefined
        ? listedUpTo(
            party.pods.map(({ name }) => name),
            2,
          )
        : pod.name;
    }
    case "node":
      return party.node.name;
    case "outside":
      return party.hostname ?? party.label ?? listedUpTo(party.blocks, 2);
    case "unseen":
      return party.words;
  }
}

/** Groups pods by a key; groups come in the order of their first pod. */
export function partiesOf(pods: readonly Pod[], keyOf: (pod: Pod) => string): readonly Party[] {
  const groups = new Map<string, [Pod, ...Pod[]]>();
  for (const pod of pods) {
    const key = keyOf(pod);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pod]);
    else group.push(pod);
  }
  return [...groups.values()].map((group) => ({ kind: "pods", pods: group }));
}
