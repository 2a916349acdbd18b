import type { SearchEntry } from "./search-entries.ts";
import {
  type AskedWord,
  askedWord,
  type Match,
  matchId,
  matchKind,
  matchName,
  matchNamespace,
  matchPort,
  matchText,
  mayBeAddress,
  noText,
  type SearchText,
} from "./search-text.ts";

/** The score of what does not match; above any sum of scores. */
export const noMatch = 255;

/**
 * The texts of all entries by what they are, so that a word is looked for in one long string of names, in each text that
 * entries share once, and in each namespace once: visiting two hundred thousand entries one by one, wherever they lie in
 * memory, takes a tenth of a second, this a fraction of that. The scores are those of `textMatcher`.
 */
export interface SearchColumns {
  /** By the place of each entry, how well it matches one word. */
  scores(word: string): Uint8Array;
}

export function searchColumns(entries: readonly SearchEntry[]): SearchColumns {
  const names = joined(entries.map((entry, at) => [at, entry.lowerName]));
  const shared = numbered(entries, (entry) => entry.shared);
  const labels = joined(shared.values.map(({ labels }, at) => [at, labels.join("\n")]));
  const namespaces = numbered(entries, (entry) => entry.namespace);
  const kinds = numbered(entries, (entry) => entry.kind);
  const others: number[] = [];
  const withAddresses: [number, string][] = [];
  entries.forEach(({ own }, at) => {
    if (own === noText) return;
    if (!isAddresses(own)) others.push(at);
    else withAddresses.push([at, own.ips.join("\n")]);
  });
  const addresses = joined(withAddresses);

  function nameScores(word: AskedWord, scores: Uint8Array): void {
    names.find(word.text, (at) => put(scores, at, matchName(entries[at]?.lowerName ?? "", word.text)));
  }

  function ownScores(word: AskedWord, scores: Uint8Array): void {
    const look = (at: number) => put(scores, at, matchText(entries[at]?.own ?? noText, word));
    for (const at of others) look(at);
    if (word.mayBeAddress) addresses.find(word.text, look);
  }

  /** Only what has the word in its labels is looked at, or all where it may be a port. */
  function sharedScores(word: AskedWord, scores: Uint8Array): void {
    const ofValue = new Uint8Array(shared.values.length).fill(noMatch);
    labels.find(word.text, (at) => put(ofValue, at, matchText(shared.values[at] ?? noText, word)));
    if (word.port !== undefined)
      for (const [at, one] of shared.values.entries()) put(ofValue, at, matchPort(one, word));
    spread(shared, ofValue, scores);
  }

  return {
    scores(text) {
      const word = askedWord(text);
      const scores = new Uint8Array(entries.length).fill(noMatch);
      if (word.isPort) {
        spread(
          shared,
          scoresOf(shared.values, (one) => matchPort(one, word)),
          scores,
        );
        for (const at of others) put(scores, at, matchPort(entries[at]?.own ?? noText, word));
        return scores;
      }
      nameScores(word, scores);
      ownScores(word, scores);
      sharedScores(word, scores);
      spread(
        namespaces,
        scoresOf(namespaces.values, (one) => matchNamespace(one, word)),
        scores,
      );
      spread(
        kinds,
        scoresOf(kinds.values, (one) => matchKind(one, word)),
        scores,
      );
      if (word.isPath)
        entries.forEach(({ id }, at) => {
          put(scores, at, matchId(id, word));
        });
      return scores;
    },
  };
}

/** An EndpointSlice may have names for addresses. */
function isAddresses({ ips, hosts, labels, ports }: SearchText): boolean {
  return hosts.length + labels.length + ports.length === 0 && ips.every(mayBeAddress);
}

function put(scores: Uint8Array, at: number, match: Match | undefined): void {
  if (match !== undefined && match.score < (scores[at] ?? 0)) scores[at] = match.score;
}

/** What entries have in common: each value once, and which one each entry has. */
interface Numbered<T> {
  readonly values: readonly T[];
  readonly of: Int32Array;
}

function numbered<T>(entries: readonly SearchEntry[], pick: (entry: SearchEntry) => T): Numbered<T> {
  const numbers = new Map<T, number>();
  const of = Int32Array.from(entries, (entry) => {
    const value = pick(entry);
    const known = numbers.get(value) ?? numbers.size;
    if (known === numbers.size) numbers.set(value, known);
    return known;
  });
  return { values: [...numbers.keys()], of };
}

function scoresOf<T>(values: readonly T[], match: (value: T) => Match | undefined): Uint8Array {
  return Uint8Array.from(values, (value) => match(value)?.score ?? noMatch);
}

function spread<T>({ of }: Numbered<T>, ofValue: Uint8Array, scores: Uint8Array): void {
  if (ofValue.every((score) => score === noMatch)) return;
  for (let at = 0; at < of.length; at++) {
    const score = ofValue[of[at] ?? 0] ?? noMatch;
    if (score < (scores[at] ?? 0)) scores[at] = score;
  }
}

/** Many texts as one string; `find` tells whose text has a word, which has no white space. */
function joined(texts: readonly (readonly [owner: number, text: string])[]): {
  find(word: string, found: (owner: number) => void): void;
} {
  const all = texts.map(([, text]) => text).join("\n");
  const ends = new Uint32Array(texts.length);
  let end = 0;
  texts.forEach(([, text], at) => {
    end += text.length + 1;
    ends[at] = end;
  });
  const owners = Uint32Array.from(texts, ([owner]) => owner);
  return {
    find(word, found) {
      let at = 0;
      for (let hit = all.indexOf(word); hit !== -1; hit = all.indexOf(word, ends[at])) {
        while ((ends[at] ?? Number.POSITIVE_INFINITY) <= hit) at += 1;
        found(owners[at] ?? 0);
      }
    },
  };
}
