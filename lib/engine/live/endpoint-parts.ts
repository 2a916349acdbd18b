import type { ObjectId } from "#lib/model/ids.ts";
import type { EndpointSlice, Service } from "#lib/model/objects.ts";
import type { Endpoint, ListedEndpoints } from "../endpoints.ts";
import { keyOfEndpoint, type Listing, type SlicedEndpoint, withListing } from "../slice-endpoints.ts";
import { type Changed, namespaceIn, noReads, type Reads, roams } from "./reads.ts";
import { sameJson } from "./same-json.ts";

interface Part {
  /** In the order of the slices; an endpoint that moves between two stands in both. */
  readonly listings: readonly Listing[];
  readonly made: Made | undefined;
}

interface Made {
  readonly from: SlicedEndpoint;
  readonly endpoint: Endpoint;
  /** What was looked at for it, but for the pod that it goes by. */
  readonly looked: readonly string[];
  /** Among all of them. */
  at: number;
}

const nothing: readonly never[] = [];

/**
 * What the slices of one Service list, each endpoint by itself with what was looked at for it. Of thousands of endpoints
 * a few change at a time, and nothing is asked of the others: the work follows the changes. What comes out as before
 * stays the same object.
 */
export class EndpointParts implements ListedEndpoints {
  readonly service: Service;
  readonly #parts = new Map<string, Part>();
  /** By what was looked at, the keys of those that did. */
  readonly #lookers = new Map<string, Set<string>>();
  /** Keys of those that looked into other namespaces. */
  readonly #roaming = new Set<string>();
  #slices: ReadonlySet<EndpointSlice> = new Set();
  #endpoints: readonly Endpoint[] = nothing;

  constructor(service: Service) {
    this.service = service;
  }

  get endpoints(): readonly Endpoint[] {
    return this.#endpoints;
  }

  lists(pod: ObjectId): boolean {
    return this.#parts.has(pod);
  }

  areStale({ keys }: Changed): boolean {
    for (const key of keys) if (this.#parts.has(key) || this.#lookers.has(key)) return true;
    return false;
  }

  /** Whether this was looked at for any. */
  looksAt(key: string): boolean {
    return this.#lookers.has(key);
  }

  /** Whether any looked into another namespace. */
  get roam(): boolean {
    return this.#roaming.size > 0;
  }

  /** Makes what these slices list otherwise than those before, and what is stale by `changed`. */
  follow(
    slices: readonly EndpointSlice[],
    changed: Changed | undefined,
    make: (endpoint: SlicedEndpoint, reads: Reads) => Endpoint,
  ): void {
    const stale = new Set<string>(changed === undefined ? nothing : this.#staleIn(changed));
    const touched = new Set([...stale, ...this.#relist(slices)]);
    const placed = [...this.#endpoints];
    let isOther = false;
    for (const key of touched) {
      const { listings, made: before } = this.#parts.get(key) ?? { listings: nothing };
      let from: SlicedEndpoint | undefined;
      for (const listing of listings) from = withListing(from, key, listing);
      if (from === undefined) {
        this.#forget(key, before);
        this.#parts.delete(key);
        isOther = true;
        continue;
      }
      if (before !== undefined && !stale.has(key) && sameJson(before.from, from)) continue;
      const made = this.#make(key, from, before, make);
      this.#parts.set(key, { listings, made });
      if (before === undefined) isOther = true;
      else placed[made.at] = made.endpoint;
    }
    if (isOther) this.#endpoints = this.#inOrder();
    else if (touched.size > 0) this.#endpoints = placed;
  }

  *#staleIn({ keys }: Changed): Iterable<string> {
    for (const key of keys) {
      if (this.#parts.has(key)) yield key;
      yield* this.#lookers.get(key) ?? nothing;
    }
  }

  /** Takes over what came and went of slices; gives the keys that they list or listed. */
  #relist(slices: readonly EndpointSlice[]): ReadonlySet<string> {
    const before = this.#slices;
    const now = new Set(slices);
    const touched = new Set<string>();
    const change = (
      slice: EndpointSlice,
      act: (own: readonly Listing[], listing: Listing) => readonly Listing[],
    ) => {
      for (const endpoint of slice.endpoints) {
        const key = keyOfEndpoint(endpoint);
        if (key === undefined) continue;
        const part = this.#parts.get(key);
        const listings = act(part?.listings ?? nothing, { slice, endpoint });
        this.#parts.set(key, { listings, made: part?.made });
        touched.add(key);
      }
    };
    for (const slice of before)
      if (!now.has(slice)) change(slice, (own) => own.filter((listing) => listing.slice !== slice));
    for (const slice of now)
      if (!before.has(slice)) change(slice, (own, listing) => [...own, listing].sort(bySlice));
    this.#slices = now;
    return touched;
  }

  #make(
    key: string,
    from: SlicedEndpoint,
    before: Made | undefined,
    make: (endpoint: SlicedEndpoint, reads: Reads) => Endpoint,
  ): Made {
    const reads = noReads();
    const { fact, pod } = make(from, reads);
    this.#forget(key, before);
    const looked = [...reads.ids, ...reads.cells].filter((each) => each !== key);
    for (const each of looked) {
      const lookers = this.#lookers.get(each) ?? new Set<string>();
      lookers.add(key);
      this.#lookers.set(each, lookers);
    }
    if (roams(reads, namespaceIn(this.service.id) ?? "")) this.#roaming.add(key);
    const known = before?.endpoint.fact;
    const endpoint = { fact: known !== undefined && sameJson(known, fact) ? known : fact, pod };
    return { from, endpoint, looked: looked.length === 0 ? nothing : looked, at: before?.at ?? -1 };
  }

  #forget(key: string, made: Made | undefined): void {
    for (const each of made?.looked ?? nothing) {
      const lookers = this.#lookers.get(each);
      lookers?.delete(key);
      if (lookers?.size === 0) this.#lookers.delete(each);
    }
    this.#roaming.delete(key);
  }

  #inOrder(): readonly Endpoint[] {
    const all = [...this.#parts.values()].flatMap(({ made }) => made ?? nothing);
    all.sort((a, b) => (a.from.key < b.from.key ? -1 : a.from.key > b.from.key ? 1 : 0));
    for (const [at, made] of all.entries()) made.at = at;
    return all.map(({ endpoint }) => endpoint);
  }
}

function bySlice(a: Listing, b: Listing): number {
  return a.slice.id < b.slice.id ? -1 : a.slice.id > b.slice.id ? 1 : 0;
}
