import type { Facts } from "#lib/engine/facts.ts";
import type { Graph, Health, NodeId } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { weightOf } from "./health.ts";
import { searchEntries } from "./search-entries.ts";
import { type Match, type SearchText, textMatcher } from "./search-text.ts";

interface SearchHit {
  /** The object's id; a node's where it is no object (`external/db.example.com`). */
  readonly id: string;
  /** The node to fly to: a pod flies to its workload, a policy to the first workload that it selects. */
  readonly node: NodeId;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  /** What matched, beyond the name: "label app=cart", "port 7070"; "name" when that was it. */
  readonly why: string;
  readonly health: Health;
}

/** Finds what carries all words of a query; best first, at most `limit`. An empty query finds nothing. */
export type Search = (query: string, limit: number) => readonly SearchHit[];

/** One object as the search sees it. */
export interface SearchEntry extends Omit<SearchHit, "why"> {
  /** Place of its kind in results that are otherwise equal; 0 first. */
  readonly rank: number;
  readonly lowerName: string;
  /** Texts of its own, and those that it shares with its like (pods of a workload carry the same labels). */
  readonly own: SearchText;
  readonly shared: SearchText;
}

/** More words than this are not a search but a paste; the rest is not looked at. */
const mostWords = 8;

/**
 * Builds the search over everything that has a name. Texts that many objects share are kept and matched once: the
 * labels of ten thousand pods are those of their few hundred workloads.
 */
export function buildSearch(facts: Facts, graph: Graph): Search {
  const entries = searchEntries(facts, graph);
  return (query, limit) => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean).slice(0, mostWords);
    if (words.length === 0 || limit < 1) return [];
    const matchers = words.map(textMatcher);
    const found: Found[] = [];
    for (const entry of entries) {
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
