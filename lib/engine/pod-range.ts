import type { Node } from "#lib/model/objects.ts";
import { type Cidr, contains, parseAddress, parseCidr } from "./cidr.ts";
import { listedUpTo } from "./object-words.ts";

/** The IPv4 addresses that a cluster gives to pods, as far as its nodes' `podCIDRs` let one tell. */
export interface PodRange {
  /** "10.244.0.0/24, 10.244.1.0/24". */
  readonly words: string;
  holds(address: string): boolean;
}

/**
 * The cluster's range itself stands in no object. It is what the nodes' ranges have in common, and at least 256 ranges
 * of a node's size (a /16 for /24 nodes), which is how kubeadm, k3s and kind cut it by default. Where machines have
 * their addresses in there as well, only the nodes' own ranges are sure. Undefined where nodes have no range, as with
 * network plugins that keep their own pools.
 */
export function podRange(nodes: readonly Node[] | undefined): PodRange | undefined {
  const blocks = (nodes ?? []).flatMap((node) => node.podCIDRs).flatMap((text) => blockOf(text) ?? []);
  const [first] = blocks;
  if (first === undefined) return undefined;
  let length = Math.max(8, Math.min(...blocks.map((block) => block.length)) - 8);
  while (length > 0 && blocks.some((block) => prefix(block.start, length) !== prefix(first.start, length)))
    length--;
  // Nodes of several unrelated ranges: their common prefix would take in half the internet.
  if (length < 8) return undefined;
  const words = listedUpTo([...new Set(blocks.map(({ text }) => text))].sort(), 3);
  const isNear = ({ start }: Cidr) => prefix(start, length) === prefix(first.start, length);
  const machines = (nodes ?? []).flatMap((node) =>
    node.addresses.flatMap(({ address }) => ipv4(address) ?? []),
  );
  const areApart = !machines.some(isNear);
  return {
    words,
    holds(text) {
      const address = ipv4(text);
      if (address === undefined) return false;
      return areApart ? isNear(address) : blocks.some((block) => contains(block, address));
    },
  };
}

function blockOf(text: string): (Cidr & { readonly length: number }) | undefined {
  const block = parseCidr(text);
  return block?.family === 4 ? { ...block, length: Number(text.split("/")[1]) } : undefined;
}

function ipv4(text: string): Cidr | undefined {
  const address = parseAddress(text);
  return address?.family === 4 ? address : undefined;
}

function prefix(address: bigint, length: number): bigint {
  return address >> BigInt(32 - length);
}
