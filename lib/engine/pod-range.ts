import type { Node } from "#lib/model/objects.ts";
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
  const cidrs = (nodes ?? [])
    .flatMap((node) => node.podCIDRs)
    .filter((cidr) => parseCidr(cidr) !== undefined);
  const blocks = cidrs.flatMap((cidr) => parseCidr(cidr) ?? []);
  const [first] = blocks;
  if (first === undefined) return undefined;
  let length = Math.max(8, Math.min(...blocks.map((block) => block.length)) - 8);
  while (
    length > 0 &&
    blocks.some((block) => prefix(block.address, length) !== prefix(first.address, length))
  )
    length--;
  // Nodes of several unrelated ranges: their common prefix would take in half the internet.
  if (length < 8) return undefined;
  const words = listedUpTo([...new Set(cidrs)].sort(), 3);
  const isNear = (address: number) => prefix(address, length) === prefix(first.address, length);
  const machines = (nodes ?? []).flatMap((node) =>
    node.addresses.flatMap(({ address }) => parseAddress(address) ?? []),
  );
  const areApart = !machines.some(isNear);
  return {
    words,
    holds(text) {
      const address = parseAddress(text);
      if (address === undefined) return false;
      return areApart ? isNear(address) : blocks.some((block) => isIn(block, address));
    },
  };
}

function parseCidr(text: string): { readonly address: number; readonly length: number } | undefined {
  const [addressText, lengthText] = text.split("/");
  const address = parseAddress(addressText ?? "");
  const length = Number(lengthText);
  return address !== undefined && Number.isInteger(length) && length >= 0 && length <= 32
    ? { address, length }
    : undefined;
}

function isIn(block: { readonly address: number; readonly length: number }, address: number): boolean {
  return prefix(address, block.length) === prefix(block.address, block.length);
}

function parseAddress(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

function prefix(address: number, length: number): number {
  return Math.floor(address / 2 ** (32 - length));
}
