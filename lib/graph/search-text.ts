import { kindFromWord } from "#lib/model/kinds.ts";

/** Texts that an object can be found by; all in lower case, numbers as they are. */
export interface SearchText {
  /** Full address first where there is one: `10.244.1.2`. */
  readonly ips: readonly string[];
  /** Hosts and DNS names. */
  readonly hosts: readonly string[];
  /** `key=value`. */
  readonly labels: readonly string[];
  readonly ports: readonly number[];
}

export const noText: SearchText = { ips: [], hosts: [], labels: [], ports: [] };

export interface Match {
  /** 0 is the best. */
  readonly score: number;
  readonly why: string;
}

interface Searched {
  readonly id: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly lowerName: string;
  readonly own: SearchText;
  readonly shared: SearchText;
}

/** Better matches have lower scores; the steps are those that people feel: the name before anything else. */
const scores = {
  exactName: 0,
  nameStarts: 1,
  exactOther: 2,
  nameWordStarts: 3,
  nameContains: 4,
  otherStarts: 5,
  kind: 5,
  otherContains: 6,
} as const;

/** The score of what does not match; above any sum of scores. */
export const noScore = 255;

/** One word of a query, in lower case. */
export interface AskedWord {
  readonly text: string;
  /** `:7070` asks for a port only; `7070` for one too. */
  readonly port: number | undefined;
  readonly isPort: boolean;
  readonly kind: string | undefined;
  readonly isPath: boolean;
  readonly mayBeAddress: boolean;
}

/** Whether it has no letter that addresses have not. */
export function mayBeAddress(text: string): boolean {
  return /^[\d.a-f:]+$/.test(text);
}

export function askedWord(text: string): AskedWord {
  const portText = text.startsWith(":") ? text.slice(1) : text;
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : undefined;
  return {
    text,
    port,
    isPort: text.startsWith(":") && port !== undefined,
    kind: kindFromWord(text),
    isPath: text.includes("/"),
    mayBeAddress: mayBeAddress(text),
  };
}

/**
 * Compiles one word of a query, in lower case. `:7070` asks for a port only, `app=cart` for a label, `shop/cart` for
 * an id; any other word is looked for everywhere, and may name a kind (`svc`, `deployment`).
 */
export function textMatcher(text: string): (searched: Searched) => Match | undefined {
  const word = askedWord(text);
  if (word.isPort) return ({ own, shared }) => matchPort(own, word) ?? matchPort(shared, word);
  return ({ id, kind, namespace, lowerName, own, shared }) => {
    let best = matchName(lowerName, text);
    best = better(best, matchText(own, word));
    best = better(best, matchText(shared, word));
    best = better(best, matchNamespace(namespace, word));
    best = better(best, matchKind(kind, word));
    return better(best, matchId(id, word));
  };
}

/** A namespace by its whole name says as much as a label's whole value: `shop cart` is how people ask. */
export function matchNamespace(namespace: string | undefined, { text }: AskedWord): Match | undefined {
  if (namespace?.startsWith(text) !== true) return undefined;
  const score = namespace === text ? scores.exactOther : scores.otherStarts;
  return { score, why: `namespace ${namespace}` };
}

export function matchKind(kind: string, word: AskedWord): Match | undefined {
  if (word.kind === undefined || kind !== word.kind) return undefined;
  return { score: scores.kind, why: `kind ${word.text}` };
}

export function matchId(id: string, { isPath, text }: AskedWord): Match | undefined {
  return isPath && id.includes(text) ? { score: scores.exactOther, why: "id" } : undefined;
}

function better(a: Match | undefined, b: Match | undefined): Match | undefined {
  if (a === undefined) return b;
  return b === undefined || a.score <= b.score ? a : b;
}

const nameMatches = {
  exact: { score: scores.exactName, why: "name" },
  starts: { score: scores.nameStarts, why: "name" },
  wordStarts: { score: scores.nameWordStarts, why: "name" },
  contains: { score: scores.nameContains, why: "name" },
} as const;

export function matchName(name: string, word: string): Match | undefined {
  const at = name.indexOf(word);
  if (at === -1) return undefined;
  if (at === 0) return name.length === word.length ? nameMatches.exact : nameMatches.starts;
  return startsWord(name, word, at) ? nameMatches.wordStarts : nameMatches.contains;
}

/** Whether the word stands at the start of a part of the name: `web` in `shop-web-1`, not in `cobweb`. */
function startsWord(name: string, word: string, from: number): boolean {
  for (let at = from; at !== -1; at = name.indexOf(word, at + 1)) {
    if ("-._".includes(name.charAt(at - 1))) return true;
  }
  return false;
}

export function matchPort({ ports }: SearchText, { port }: AskedWord): Match | undefined {
  if (port === undefined || !ports.includes(port)) return undefined;
  return { score: scores.exactOther, why: `port ${port}` };
}

/** The score of `matchText` alone, for many texts; `noScore` where nothing matches. */
export function scoreText({ ips, hosts, labels, ports }: SearchText, word: AskedWord): number {
  let best = word.port !== undefined && ports.includes(word.port) ? scores.exactOther : noScore;
  for (const ip of ips) best = Math.min(best, scoreWhole(ip, word.text));
  for (const host of hosts) best = Math.min(best, scoreWhole(host, word.text));
  for (const label of labels) best = Math.min(best, scoreLabel(label, word.text));
  return best;
}

export function matchText(text: SearchText, word: AskedWord): Match | undefined {
  let best = matchPort(text, word);
  for (const ip of text.ips) best = better(best, matchWhole("address", ip, word.text));
  for (const host of text.hosts) best = better(best, matchWhole("host", host, word.text));
  for (const label of text.labels) best = better(best, matchLabel(label, word.text));
  return best;
}

function matchWhole(what: string, text: string, word: string): Match | undefined {
  const score = scoreWhole(text, word);
  return score === noScore ? undefined : { score, why: `${what} ${text}` };
}

function scoreWhole(text: string, word: string): number {
  const at = text.indexOf(word);
  return at === -1 ? noScore : scoreHit(at, text.length, word.length);
}

/** The score of an address or a host in which a word first stands at `at`. */
export function scoreHit(at: number, length: number, wordLength: number): number {
  if (at > 0) return scores.otherContains;
  return length === wordLength ? scores.exactOther : scores.otherStarts;
}

function matchLabel(label: string, word: string): Match | undefined {
  const score = scoreLabel(label, word);
  return score === noScore ? undefined : { score, why: `label ${label}` };
}

function scoreLabel(label: string, word: string): number {
  const at = label.indexOf(word);
  return at === -1 ? noScore : scoreLabelHit(at, label.length, valueStart(label), word.length);
}

/** Where the value of a label begins. */
export function valueStart(label: string): number {
  return label.indexOf("=") + 1;
}

/** The score of a label in which a word first stands at `at`, and whose value begins at `value`. */
export function scoreLabelHit(at: number, length: number, value: number, wordLength: number): number {
  if (length === wordLength || (at === value && length - value === wordLength)) return scores.exactOther;
  return at === 0 || at === value ? scores.otherStarts : scores.otherContains;
}
