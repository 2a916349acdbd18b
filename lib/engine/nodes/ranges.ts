import type { Node } from "#lib/model/objects.ts";
import { type Cidr, parseCidr } from "../cidr.ts";

/** One of a node's `podCIDRs`. */
export interface NodeRange {
  readonly node: Node;
  readonly cidr: Cidr;
}

export interface NodeRanges {
  readonly all: readonly NodeRange[];
  /** The smallest range that holds an address; of several alike, that of the first node by name. */
  readonly holding: (address: Cidr) => NodeRange | undefined;
  /** For each range that overlaps another node's, the range of the first of those nodes by name. */
  readonly overlaps: () => ReadonlyMap<NodeRange, NodeRange>;
}

/**
 * The nodes' `podCIDRs`, looked up by block: a cluster has thousands of ranges and few sizes of them, and blocks nest or
 * are apart. What is no block of addresses is left out.
 */
export function nodeRanges(nodes: readonly Node[]): NodeRanges {
  const all = nodes.flatMap((node) =>
    node.podCIDRs.flatMap((text): readonly NodeRange[] => {
      const cidr = parseCidr(text);
      return cidr === undefined ? [] : [{ node, cidr }];
    }),
  );
  const byBlock = new Map<string, FirstTwo>();
  for (const range of all) add(byBlock, keyOf(range.cidr, sizeOf(range.cidr)), range);
  const sizes: Readonly<Record<4 | 6, readonly bigint[]>> = { 4: sizesOf(all, 4), 6: sizesOf(all, 6) };

  /** The blocks of each size that hold another, the smallest first. */
  function* around({ family, start }: Cidr): Generator<string> {
    for (const size of sizes[family]) yield keyOf({ family, start: start - (start % size) }, size);
  }

  return {
    all,
    holding: (address) => {
      for (const key of around(address)) {
        const found = byBlock.get(key);
        if (found !== undefined) return found.first;
      }
      return undefined;
    },
    overlaps: () => {
      const within = new Map<string, FirstTwo>();
      for (const range of all) for (const key of around(range.cidr)) add(within, key, range);
      const found = new Map<NodeRange, NodeRange>();
      for (const range of all) {
        const own = keyOf(range.cidr, sizeOf(range.cidr));
        const outer = [...around(range.cidr)].flatMap((key) => byBlock.get(key) ?? []);
        const other = [...outer, within.get(own)]
          .flatMap((both) => (both === undefined ? [] : [both.first, both.second]))
          .filter((each) => each !== undefined && each.node !== range.node)
          .reduce<NodeRange | undefined>((least, each) => smaller(least, each), undefined);
        if (other !== undefined) found.set(range, other);
      }
      return found;
    },
  };
}

/** Two of different nodes, so that there is another one for each of them. */
interface FirstTwo {
  first: NodeRange;
  second: NodeRange | undefined;
}

function add(map: Map<string, FirstTwo>, key: string, range: NodeRange): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, { first: range, second: undefined });
  else if (range.node.name < there.first.node.name) {
    there.second = there.first;
    there.first = range;
  } else if (range.node !== there.first.node) there.second = smaller(there.second, range);
}

function smaller(a: NodeRange | undefined, b: NodeRange | undefined): NodeRange | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.node.name < a.node.name ? b : a;
}

function sizeOf({ start, end }: Cidr): bigint {
  return end - start + 1n;
}

function sizesOf(ranges: readonly NodeRange[], family: 4 | 6): readonly bigint[] {
  const sizes = ranges.flatMap(({ cidr }) => (cidr.family === family ? [sizeOf(cidr)] : []));
  return [...new Set(sizes)].sort((a, b) => (a < b ? -1 : 1));
}

function keyOf({ family, start }: Pick<Cidr, "family" | "start">, size: bigint): string {
  return `${family} ${size} ${start}`;
}
