import type { Service } from "#lib/model/objects.ts";
import { type Cidr, parseAddress, parseCidr } from "./cidr.ts";

/** The addresses that a cluster gives to Services, as far as those given out tell. */
export interface ServiceRange {
  /** In the order of their values. */
  readonly given: readonly { readonly address: Cidr; readonly service: Service }[];
  /**
   * The smallest block that holds them all; the cluster's range is at least that. Undefined where it is larger than any
   * range that the API server takes: then there are several ranges, and what lies between them is not known.
   */
  readonly atLeast: Cidr | undefined;
}

/** The API server takes ranges of at most 20 bits (`--service-cluster-ip-range`). */
const mostBits = 20;

export function serviceRange(services: readonly Service[], family: 4 | 6): ServiceRange {
  const given = services
    .flatMap((service) =>
      service.clusterIPs.flatMap((text) => {
        const address = parseAddress(text);
        return address?.family === family ? [{ address, service }] : [];
      }),
    )
    .sort((a, b) =>
      a.address.start === b.address.start
        ? a.service.id < b.service.id
          ? -1
          : 1
        : a.address.start < b.address.start
          ? -1
          : 1,
    );
  return { given, atLeast: smallestAround(given[0]?.address, given.at(-1)?.address) };
}

function smallestAround(first: Cidr | undefined, last: Cidr | undefined): Cidr | undefined {
  if (first === undefined || last === undefined) return undefined;
  let bits = 0;
  while (first.start >> BigInt(bits) !== last.start >> BigInt(bits)) bits++;
  if (bits > mostBits) return undefined;
  const length = (first.family === 4 ? 32 : 128) - bits;
  return parseCidr(`${startText(first, bits)}/${length}`);
}

/** The first address of the block, as text; IPv6 stays as it was written, since bits behind the prefix are ignored. */
function startText({ text, family, start }: Cidr, bits: number): string {
  if (family === 6) return text;
  const block = (start >> BigInt(bits)) << BigInt(bits);
  return [24n, 16n, 8n, 0n].map((shift) => (block >> shift) & 255n).join(".");
}

/** The first of the addresses given out that lies in a block. */
export function firstGivenIn({ given }: ServiceRange, block: Cidr): Service | undefined {
  let [low, high] = [0, given.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((given[middle]?.address.start ?? 0n) < block.start) low = middle + 1;
    else high = middle;
  }
  const found = given[low];
  return found !== undefined && found.address.start <= block.end ? found.service : undefined;
}
