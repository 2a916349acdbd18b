import type { Node, Pod } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import { type Cidr, contains, parseAddress, parseCidr, regionsOf, without } from "../cidr.ts";
import type { Facts } from "../facts.ts";
import { keptFor } from "../kept-for.ts";
import { isFinished } from "../pod-readiness.ts";
import type { Party } from "./party.ts";

/**
 * Blocks that are not part of the public internet (IANA's special-purpose registries). Those for documentation stand
 * for public addresses wherever they are written (RFC 5737, RFC 3849), so they are left in.
 */
const special = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** IPv6 has one block of public addresses. */
const globalIpv6 = "2000::/3";

let internet: readonly string[] | undefined;

export function internetBlocks(): readonly string[] {
  internet ??= [...without(["0.0.0.0/0"], special), globalIpv6];
  return internet;
}

const specialBlocks = special.map(blockOf);
const globalBlock = blockOf(globalIpv6);

/** Whether an address is one that the internet routes. */
export function isPublic(address: Cidr): boolean {
  return address.family === 4
    ? !specialBlocks.some((block) => contains(block, address))
    : contains(globalBlock, address);
}

/** Whether it has a public address, from which the cluster's own addresses cannot be reached. */
export function isOfInternet(party: Party): boolean {
  return party.kind === "outside" && party.sample !== undefined && isPublic(party.sample);
}

/** Addresses by which everybody means themselves. */
export function isLoopback(block: Cidr): boolean {
  return loopbackBlocks.some((loopback) => contains(loopback, block));
}

const loopbackBlocks = ["127.0.0.0/8", "::1/128"].map(blockOf);

export function isPublicText(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && isPublic(address);
}

export function hasPublicAddress({ addresses }: Node): boolean {
  return addresses.some(
    ({ type, address }) => (type === "ExternalIP" || type === "InternalIP") && isPublicText(address),
  );
}

function blockOf(text: string): Cidr {
  const block = parseCidr(text) ?? parseAddress(text);
  if (block === undefined) throw new Error(`not a block of addresses: ${text}`);
  return block;
}

/** Addresses outside the cluster, in parts that none of `cuts` tells apart within. */
export function outsideParties(blocks: readonly string[], cuts: readonly Cidr[]): readonly OutsideParty[] {
  return regionsOf(blocks.map(blockOf), cuts).map((region) => ({
    kind: "outside",
    blocks: region.blocks,
    sample: parseAddress(region.sample),
    rule: region.blocks.length === 1 ? region.blocks[0] : undefined,
  }));
}

/**
 * All public addresses, the same way; what no cut names has no words but these. IPv6 is left out where nothing of the
 * cluster has to do with it.
 */
export function internetParties(facts: Facts, cuts: readonly Cidr[]): readonly OutsideParty[] {
  const both = knowsIpv6(facts);
  const blocks = both ? internetBlocks() : internetBlocks().filter((block) => block !== globalIpv6);
  const parties = outsideParties(blocks, cuts);
  return parties.map((party) => {
    const { sample } = party;
    if (sample === undefined || cuts.some((cut) => contains(cut, sample) && cut.start !== 0n)) return party;
    const alone = parties.filter((other) => other.sample?.family === sample.family).length === 1;
    return {
      ...party,
      rule: sample.family === 6 ? "::/0" : "0.0.0.0/0",
      label: `${alone ? "the" : "the rest of the"} internet${both ? ` over IPv${sample.family}` : ""}`,
    };
  });
}

const ipv6Cache = new WeakMap<Facts, boolean>();

function knowsIpv6(facts: Facts): boolean {
  const known = ipv6Cache.get(facts) ?? hasIpv6(facts);
  ipv6Cache.set(facts, known);
  return known;
}

function hasIpv6({ snapshot, index }: Facts): boolean {
  return (
    [...index.podsByNamespace.values()].some(haveIpv6) ||
    seen(snapshot, "nodes").some(({ addresses }) => addresses.some(({ address }) => isIpv6(address))) ||
    seen(snapshot, "services").some(
      ({ clusterIPs, ipFamilies }) => clusterIPs.some(isIpv6) || ipFamilies.includes("IPv6"),
    ) ||
    seen(snapshot, "networkPolicies").some(({ ingress, egress }) =>
      [...ingress, ...egress].some(({ peers }) =>
        peers.some((peer) => peer.kind === "ip-block" && isIpv6(peer.cidr)),
      ),
    )
  );
}

function isIpv6(text: string): boolean {
  return text.includes(":");
}

/** Of a namespace's pods: in most namespaces they are the same list from one state of the cluster to the next. */
const haveIpv6 = keptFor((pods: readonly Pod[]) => pods.some(({ ips }) => ips.some(isIpv6)));

type OutsideParty = Extract<Party, { kind: "outside" }>;

/** What of the cluster has an address inside a block. */
export function insiders(
  facts: Facts,
  block: Cidr,
): { readonly pods: readonly Pod[]; readonly nodes: readonly Node[] } {
  const { snapshot, index } = facts;
  const inside = (text: string) => {
    const address = parseAddress(text);
    return address !== undefined && contains(block, address);
  };
  const nodes = seen(snapshot, "nodes").filter((node) =>
    node.addresses.some(({ address }) => inside(address)),
  );
  if (block.start === block.end) {
    const pod = index.podByIp.get(block.text.split("/")[0] ?? "");
    return { pods: pod === undefined ? [] : [pod], nodes };
  }
  const pods = addressedPods(facts).flatMap(({ pod, addresses }) =>
    addresses.some((address) => contains(block, address)) ? [pod] : [],
  );
  return { pods, nodes };
}

interface AddressedPod {
  readonly pod: Pod;
  readonly addresses: readonly Cidr[];
}

const addressedCache = new WeakMap<Facts, readonly AddressedPod[]>();

/** Live pods with addresses of their own, read once. */
function addressedPods(facts: Facts): readonly AddressedPod[] {
  const known = addressedCache.get(facts);
  if (known !== undefined) return known;
  const found = [...facts.index.podsByNamespace.values()]
    .flat()
    .flatMap((pod): AddressedPod[] =>
      pod.hostNetwork || isFinished(pod)
        ? []
        : [{ pod, addresses: pod.ips.flatMap((ip) => parseAddress(ip) ?? []) }],
    );
  addressedCache.set(facts, found);
  return found;
}
