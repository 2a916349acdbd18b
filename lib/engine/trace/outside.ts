import type { Node, Pod } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import { type Cidr, contains, parseAddress, parseCidr, regionsOf, without } from "../cidr.ts";
import type { Facts } from "../facts.ts";
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

/** All public addresses, the same way; what no cut names has no words but these. */
export function internetParties(cuts: readonly Cidr[]): readonly OutsideParty[] {
  const parties = outsideParties(internetBlocks(), cuts);
  return parties.map((party) => {
    const { sample } = party;
    if (sample === undefined || cuts.some((cut) => contains(cut, sample) && cut.start !== 0n)) return party;
    const alone = parties.filter((other) => other.sample?.family === sample.family).length === 1;
    const over = sample.family === 6 ? " over IPv6" : "";
    return {
      ...party,
      rule: sample.family === 6 ? "::/0" : "0.0.0.0/0",
      label: alone ? `the internet${over}` : `the rest of the internet${over}`,
    };
  });
}

type OutsideParty = Extract<Party, { kind: "outside" }>;

/** What of the cluster has an address inside a block. */
export function insiders(
  { snapshot, index }: Facts,
  block: Cidr,
): { readonly pods: readonly Pod[]; readonly nodes: readonly Node[] } {
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
  const pods: Pod[] = [];
  for (const list of index.podsByNamespace.values()) {
    for (const pod of list) if (!pod.hostNetwork && !isFinished(pod) && pod.ips.some(inside)) pods.push(pod);
  }
  return { pods, nodes };
}
