import type { Facts } from "#lib/engine/facts.ts";
import { inOneGo } from "#lib/engine/in-one-go.ts";
import type { Graph, Health } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { weightOf } from "./health.ts";
import { searchColumns } from "./search-columns.ts";
import { type Places, placesIn, type SearchEntry, type SearchHit, searchEntries } from "./search-entries.ts";
import { noScore, textMatcher } from "./search-text.ts";

/**
 * Finds what carries all words of a query; best first, at most `limit`. An empty query finds nothing. `kinds`: only
 * these, where some are given. `places` are of the same answers as the search, or of newer ones: what is gone in them is
 * not found, and what is found is told as it is in them.
 */
export type Search = (
  query: string,
  limit: number,
  places: Places,
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
  const columns = searchColumns(entries);
  yield;
  const judging = judgingOf(entries);
  return (query, limit, places, kinds) => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean).slice(0, mostWords);
    if (words.length === 0 || limit < 1) return [];
    const totals = totalsOf(words.map(columns.scores));
    if (kinds !== undefined)
      entries.forEach(({ kind }, at) => {
        if (!kinds.has(kind)) totals[at] = noScore;
      });
    // Some of what is found may be gone by now.
    const worst = worstWanted(totals, 2 * limit);
    const matchers = words.map(textMatcher);
    return best({ entries, totals, worst }, limit, judging(places)).map((hit) =>
      toHit(hit, places, matchers),
    );
  };
}

/** All words must match; the score is their sum. */
function totalsOf(words: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array(), ...rest] = words;
  for (const scores of rest)
    first.forEach((total, at) => {
      const score = scores[at] ?? noScore;
      first[at] = total === noScore || score === noScore ? noScore : total + score;
    });
  return first;
}

/** The worst score that can be among the best; -1 where nothing was found. */
function worstWanted(totals: Uint8Array, limit: number): number {
  const counts = new Uint32Array(noScore);
  for (const score of totals) if (score !== noScore) counts[score] = (counts[score] ?? 0) + 1;
  let room = limit;
  let worst = -1;
  for (const [score, count] of counts.entries()) {
    if (count === 0) continue;
    worst = score;
    room -= count;
    if (room <= 0) break;
  }
  return worst;
}

/** The same in one go, for these answers alone. */
export function buildSearch(
  facts: Facts,
  graph: Graph,
): (query: string, limit: number, kinds?: ReadonlySet<string>) => readonly SearchHit[] {
  const places = placesIn(facts, graph);
  const search = inOneGo(searchSteps(facts, graph));
  return (query, limit, kinds) => search(query, limit, places, kinds);
}

interface Judged {
  readonly entry: SearchEntry;
  readonly score: number;
  readonly health: Health;
}

interface Found {
  readonly entries: readonly SearchEntry[];
  /** Of each entry; `noScore` where it was not found. */
  readonly totals: Uint8Array;
  /** What is worse than this is not among the best. */
  readonly worst: number;
}

/** How an entry is, by its place; undefined where it is gone. */
type Judging = (at: number) => Health | undefined;

/** Of one set of answers each entry is looked up once: key by key much the same is found. */
function judgingOf(entries: readonly SearchEntry[]): (places: Places) => Judging {
  // Not held: an index outlives the answers that it is asked about.
  let last: WeakRef<Places["of"]> | undefined;
  let known: (Health | "gone" | undefined)[] = [];
  return (places) => {
    if (last?.deref() !== places.of) {
      last = new WeakRef(places.of);
      known = [];
    }
    const healths = known;
    return (at) => {
      const entry = entries[at];
      const health = healths[at] ?? (entry === undefined ? undefined : places.healthOf(entry)) ?? "gone";
      healths[at] = health;
      return health === "gone" ? undefined : health;
    };
  };
}

/**
 * Sorting a hundred thousand hits for the sake of fifty is most of the time of a query: only what is better than the
 * worst of the best so far takes a place.
 */
function best({ entries, totals, worst }: Found, limit: number, healthOf: Judging): readonly Judged[] {
  const first: Judged[] = [];
  for (const [at, entry] of entries.entries()) {
    const score = totals[at] ?? noScore;
    const last = first[limit - 1];
    // Most would not be among the first however bad they were: how they are need not be looked up.
    if (score > worst || (last !== undefined && !mayComeBefore(entry, score, last))) continue;
    const health = healthOf(at);
    if (health === undefined) continue;
    const judged = { entry, score, health };
    if (last !== undefined && compareFound(judged, last) >= 0) continue;
    const place = first.findIndex((other) => compareFound(judged, other) < 0);
    first.splice(place === -1 ? first.length : place, 0, judged);
    if (first.length > limit) first.pop();
  }
  return first;
}

function compareFound(a: Judged, b: Judged): number {
  return a.score - b.score || weightOf(a.health) - weightOf(b.health) || compareEntries(a.entry, b.entry);
}

/** Whether an entry does that is as bad as can be. */
function mayComeBefore(entry: SearchEntry, score: number, other: Judged): boolean {
  if (score !== other.score) return score < other.score;
  return weightOf("broken") < weightOf(other.health) || compareEntries(entry, other.entry) < 0;
}

function compareEntries(a: SearchEntry, b: SearchEntry): number {
  return a.rank - b.rank || a.name.length - b.name.length || compareText(a.id, b.id);
}

/** Why: that of the best word that is not merely the name. */
function toHit(
  { entry, health }: Judged,
  places: Places,
  matchers: readonly ReturnType<typeof textMatcher>[],
): SearchHit {
  const { id, kind, namespace, name } = entry;
  const reasons = matchers.map((matcher) => matcher(entry)?.why ?? "name");
  const why = reasons.find((reason) => reason !== "name") ?? "name";
  return { id, node: places.nodeOf(entry), kind, namespace, name, why, health };
}
