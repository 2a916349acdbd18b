import type { Facts } from "#lib/engine/facts.ts";
import type { Graph } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { weightOf } from "./health.ts";
import { type SearchEntry, type SearchHit, searchEntries } from "./search-entries.ts";
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
 * Builds the search over everything that has a name. Texts that many objects share are kept and matched once: the
 * labels of ten thousand pods are those of their few hundred workloads.
 */
export function buildSearch(facts: Facts, graph: Graph): Search {
  const entries = searchEntries(facts, graph);
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
    return best(found, limit).map(toHit);
  };
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

function best(found: Found[], limit: number): readonly Found[] {
  // Sorting a hundred thousand hits for the sake of fifty is most of the time of a query; those that cannot be
  // among them are sifted out by score first.
  const sifted = found.length > limit * 4 ? siftByScore(found, limit) : found;
  return sifted.sort(compareFound).slice(0, limit);
}

function siftByScore(found: readonly Found[], limit: number): Found[] {
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

function compareFound(a: Found, b: Found): number {
  return (
    a.match.score - b.match.score ||
    weightOf(a.entry.health) - weightOf(b.entry.health) ||
    a.entry.rank - b.entry.rank ||
    a.entry.name.length - b.entry.name.length ||
    compareText(a.entry.id, b.entry.id)
  );
}

function toHit({ entry, match }: Found): SearchHit {
  const { id, node, kind, namespace, name, health } = entry;
  return { id, node, kind, namespace, name, why: match.why, health };
}
