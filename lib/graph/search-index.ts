import type { Facts } from "#lib/engine/facts.ts";
import type { Graph, Health } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { weightOf } from "./health.ts";
import { type Places, placesIn, type SearchEntry, type SearchHit, searchEntries } from "./search-entries.ts";
import { type Match, textMatcher } from "./search-text.ts";

/**
 * Finds what carries all words of a query; best first, at most `limit`. An empty query finds nothing. `kinds`: only
 * these, where some are given.
 */
export type Search = (
  query: string,
  limit: number,
  kinds?: ReadonlySet<string> | undefined,
) => readonly SearchHit[];

/** More words than this are not a search but a paste; the rest is not looked at. */
const mostWords = 8;

/**
 * Builds the search over everything that has a name, with pauses in between. Texts that many objects share are kept and
 * matched once: the labels of ten thousand pods are those of their few hundred workloads.
 */
export function* searchSteps(facts: Facts, graph: Graph): Generator<undefined, Search> {
  const entries = yield* searchEntries(facts, graph);
  const places = placesIn(facts, graph);
  return (query, limit, kinds) => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean).slice(0, mostWords);
    if (words.length === 0 || limit < 1) return [];
    const matchers = words.map(textMatcher);
    const found: Found[] = [];
    for (const entry of entries) {
      if (kinds !== undefined && !kinds.has(entry.kind)) continue;
      const match = matchAll(entry, matchers);
      if (match !== undefined) found.push({ entry, match });
    }
    return best(found, limit, places);
  };
}

/** The same in one go. */
export function buildSearch(facts: Facts, graph: Graph): Search {
  const steps = searchSteps(facts, graph);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

interface Found {
  readonly entry: SearchEntry;
  readonly match: Match;
}

/** All words must match; the score is their sum, and the reason that of the best word that is not merely the name. */
function matchAll(
  entry: SearchEntry,
  matchers: readonly ReturnType<typeof textMatcher>[],
): Match | undefined {
  let score = 0;
  let why = "name";
  for (const matcher of matchers) {
    const match = matcher(entry);
    if (match === undefined) return undefined;
    score += match.score;
    if (why === "name") why = match.why;
  }
  return { score, why };
}

interface Placed extends Found {
  readonly node: string;
  readonly health: Health;
}

/**
 * Sorting a hundred thousand hits for the sake of fifty is most of the time of a query. Those that cannot be among them
 * are sifted out by score first; of the rest, only what is better than the worst of the best so far takes a place.
 */
function best(found: readonly Found[], limit: number, places: Places): readonly SearchHit[] {
  const sifted = found.length > limit * 4 ? siftByScore(found, limit) : found;
  const first: Placed[] = [];
  for (const one of sifted) {
    const placed = { ...one, ...places(one.entry) };
    const last = first[limit - 1];
    if (last !== undefined && compareFound(placed, last) >= 0) continue;
    const at = first.findIndex((other) => compareFound(placed, other) < 0);
    first.splice(at === -1 ? first.length : at, 0, placed);
    if (first.length > limit) first.pop();
  }
  return first.map(toHit);
}

function siftByScore(found: readonly Found[], limit: number): readonly Found[] {
  const counts = new Map<number, number>();
  for (const { match } of found) counts.set(match.score, (counts.get(match.score) ?? 0) + 1);
  let room = limit;
  let worst = Number.POSITIVE_INFINITY;
  for (const [score, count] of [...counts].sort(([a], [b]) => a - b)) {
    worst = score;
    room -= count;
    if (room <= 0) break;
  }
  return found.filter(({ match }) => match.score <= worst);
}

function compareFound(a: Placed, b: Placed): number {
  return (
    a.match.score - b.match.score ||
    weightOf(a.health) - weightOf(b.health) ||
    a.entry.rank - b.entry.rank ||
    a.entry.name.length - b.entry.name.length ||
    compareText(a.entry.id, b.entry.id)
  );
}

function toHit({ entry, match, node, health }: Placed): SearchHit {
  const { id, kind, namespace, name } = entry;
  return { id, node, kind, namespace, name, why: match.why, health };
}
