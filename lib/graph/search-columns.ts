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
  mayBeAddress,
  noScore,
  noText,
  type SearchText,
  scoreHit,
  scoreLabelHit,
  scoreText,
  valueStart,
} from "./search-text.ts";

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
  const sharedLabels = shared.values.flatMap(({ labels }, at) => labels.map((label) => [at, label] as const));
  const labels = joined(sharedLabels);
  const values = Uint32Array.from(sharedLabels, ([, label]) => valueStart(label));
  const namespaces = numbered(entries, (entry) => entry.namespace);
  const kinds = numbered(entries, (entry) => entry.kind);
  const others: number[] = [];
  const withAddresses: [number, string][] = [];
  entries.forEach(({ own }, at) => {
    if (own === noText) return;
    if (!isAddresses(own)) others.push(at);
    else for (const ip of own.ips) withAddresses.push([at, ip]);
  });
  const addresses = joined(withAddresses);

  function nameScores(word: AskedWord, scores: Uint8Array): void {
    names.find(word.text, (at) => put(scores, at, matchName(entries[at]?.lowerName ?? "", word.text)));
  }

  function ownScores(word: AskedWord, scores: Uint8Array): void {
    for (const at of others) putScore(scores, at, scoreText(entries[at]?.own ?? noText, word));
    if (!word.mayBeAddress) return;
    addresses.find(word.text, (at, hit, length) =>
      putScore(scores, at, scoreHit(hit, length, word.text.length)),
    );
  }

  /** Only what has the word in its labels is looked at, or all where it may be a port. */
  function sharedScores(word: AskedWord, scores: Uint8Array): void {
    const ofValue = new Uint8Array(shared.values.length).fill(noScore);
    labels.find(word.text, (at, hit, length, place) =>
      putScore(ofValue, at, scoreLabelHit(hit, length, values[place] ?? 0, word.text.length)),
    );
    if (word.port !== undefined)
      for (const [at, one] of shared.values.entries()) put(ofValue, at, matchPort(one, word));
    spread(shared, ofValue, scores);
  }

  return {
    scores(text) {
      const word = askedWord(text);
      const scores = new Uint8Array(entries.length).fill(noScore);
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
  if (match !== undefined) putScore(scores, at, match.score);
}

function putScore(scores: Uint8Array, at: number, score: number): void {
  if (score < (scores[at] ?? 0)) scores[at] = score;
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
  return Uint8Array.from(values, (value) => match(value)?.score ?? noScore);
}

function spread<T>({ of }: Numbered<T>, ofValue: Uint8Array, scores: Uint8Array): void {
  if (ofValue.every((score) => score === noScore)) return;
  for (let at = 0; at < of.length; at++) {
    const score = ofValue[of[at] ?? 0] ?? noScore;
    if (score < (scores[at] ?? 0)) scores[at] = score;
  }
}

/**
 * Many texts as one string; `find` tells whose text has a word, which has no white space, where it stands there first, and
 * how long the text is: to look at each owner, wherever it lies in memory, would take longer than to find them all.
 */
function joined(texts: readonly (readonly [owner: number, text: string])[]): {
  /** `place`: that of the text among all. */
  find(word: string, found: (owner: number, at: number, length: number, place: number) => void): void;
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
        const start = at === 0 ? 0 : (ends[at - 1] ?? 0);
        found(owners[at] ?? 0, hit - start, (ends[at] ?? 0) - 1 - start, at);
      }
    },
  };
}
