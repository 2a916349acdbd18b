import { excludeCidr, mergeCidr, parseCidr as parse } from "cidr-tools";

/** A block of addresses of one family; both ends belong to it. A single address is a block of one. */
export interface Cidr {
  /** As it was written. */
  readonly text: string;
  readonly family: 4 | 6;
  readonly start: bigint;
  readonly end: bigint;
}

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** The family of an IP address as text; undefined when it is none (RFC 5952 spellings and longer ones, no zone). */
export function familyOf(address: string): 4 | 6 | undefined {
  if (ipv4.test(address)) return 4;
  return /^[\da-f:.]+$/i.test(address) && address.includes(":") && URL.canParse(`http://[${address}]/`)
    ? 6
    : undefined;
}

/** A single address as a block of one; undefined when the text is none. */
export function parseAddress(text: string): Cidr | undefined {
  return familyOf(text) === undefined ? undefined : blockOf(text);
}

/**
 * An address, or a block of them, in the one spelling that the API server and Linux give it (RFC 5952); the text itself
 * where it is neither. An IPv4 address in IPv6 clothes is sent to as IPv4.
 */
export function canonicalAddress(text: string): string {
  const [address = "", length] = text.split("/");
  if (familyOf(address) !== 6) return text;
  const { start } = blockOf(address);
  const mapped = start >> 32n === 0xffffn;
  if (mapped && length === undefined)
    return [24n, 16n, 8n, 0n].map((bits) => (start >> bits) & 0xffn).join(".");
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  return length === undefined ? short : `${short}/${length}`;
}

/** An address with the length of its prefix, `10.0.0.0/8`; undefined when the text is none. Bits behind the prefix are ignored, as the API does. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", length = "", ...more] = text.split("/");
  const family = familyOf(address);
  if (family === undefined || more.length > 0 || !/^\d{1,3}$/.test(length)) return undefined;
  return Number(length) <= (family === 4 ? 32 : 128) ? blockOf(text) : undefined;
}

function blockOf(text: string): Cidr {
  const { version, start, end } = parse(text);
  // The library counts an IPv4 address in IPv6 clothes as IPv4; Kubernetes' policies do not.
  return { text, family: version === 4 && !text.includes(":") ? 4 : 6, start, end };
}

export function contains(block: Cidr, other: Cidr): boolean {
  return block.family === other.family && block.start <= other.start && other.end <= block.end;
}

/** Addresses that no given block tells apart. */
export interface Region {
  /** What it is made of, the fewest blocks, sorted. */
  readonly blocks: readonly string[];
  /** One of its addresses, to ask about all of them. */
  readonly sample: string;
}

/**
 * Cuts blocks into regions that lie wholly in or wholly out of each of `cuts`. Blocks nest or are apart, never half in
 * each other, so a block without the blocks inside it is told apart by no cut; those that the same cuts hold are one.
 */
export function regionsOf(blocks: readonly Cidr[], cuts: readonly Cidr[]): readonly Region[] {
  const all = new Map<string, Cidr>();
  for (const block of blocks) all.set(keyOf(block), block);
  for (const cut of cuts) if (blocks.some((block) => contains(block, cut))) all.set(keyOf(cut), cut);
  const sorted = [...all.values()].sort(outermostFirst);
  const inner = new Map<Cidr, Cidr[]>(sorted.map((block) => [block, []]));
  const open: Cidr[] = [];
  for (const block of sorted) {
    for (let outer = open.at(-1); outer !== undefined && !contains(outer, block); outer = open.at(-1))
      open.pop();
    const outer = open.at(-1);
    if (outer !== undefined) inner.get(outer)?.push(block);
    open.push(block);
  }
  const regions = new Map<string, { readonly blocks: string[]; readonly sample: string }>();
  for (const block of sorted) {
    const left = excludeCidr(
      block.text,
      (inner.get(block) ?? []).map(({ text }) => text),
    );
    const [first] = left;
    if (first === undefined) continue;
    const sample = blockOf(first);
    const holding = cuts.flatMap((cut, i) => (contains(cut, { ...sample, end: sample.start }) ? [i] : []));
    const key = `${block.family} ${holding.join()}`;
    const region = regions.get(key);
    if (region === undefined) regions.set(key, { blocks: [...left], sample: parse(first).ip });
    else region.blocks.push(...left);
  }
  return [...regions.values()].map(({ blocks: of, sample }) => ({ blocks: merged(of), sample }));
}

function keyOf({ family, start, end }: Cidr): string {
  return `${family} ${start} ${end}`;
}

function outermostFirst(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.start !== b.start) return a.start < b.start ? -1 : 1;
  return a.end === b.end ? 0 : a.end > b.end ? -1 : 1;
}

/** The fewest blocks that hold the same addresses, sorted. */
export function merged(blocks: readonly string[]): readonly string[] {
  return blocks.length < 2 ? blocks : mergeCidr([...blocks]);
}

/** The fewest blocks that hold what is in `blocks` and not in `others`, sorted. */
export function without(blocks: readonly string[], others: readonly string[]): readonly string[] {
  return others.length === 0 ? merged(blocks) : excludeCidr([...blocks], [...others]);
}
