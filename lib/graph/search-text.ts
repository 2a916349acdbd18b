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
  /** Of one that many objects share: its number among those, from 0, and its labels in one string, a line each. */
  readonly shared?: { readonly number: number; readonly lines: string } | undefined;
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

/**
 * Compiles one word of a query, in lower case. `:7070` asks for a port only, `app=cart` for a label, `shop/cart` for
 * an id; any other word is looked for everywhere, and may name a kind (`svc`, `deployment`).
 */
export function textMatcher(word: string): (searched: Searched) => Match | undefined {
  const portText = word.startsWith(":") ? word.slice(1) : word;
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : undefined;
  if (word.startsWith(":") && port !== undefined) return (searched) => matchPort(searched, port);
  const kind = kindFromWord(word);
  const isPath = word.includes("/");
  const mayBeAddress = addressPart.test(word);
  const inShared = sharedMatcher(word, port, (text) => matchText(text, word, port));
  return (searched) => {
    let best = matchName(searched.lowerName, word);
    if (best !== undefined && best.score <= scores.nameStarts) return best;
    const { own } = searched;
    // Most objects are pods, whose own text is their address.
    if (own !== noText && (mayBeAddress || own.hosts.length > 0))
      best = better(best, matchText(own, word, port));
    if (searched.shared !== noText) best = better(best, inShared(searched.shared));
    if (searched.namespace?.startsWith(word) === true) {
      // A namespace by its whole name says as much as a label's whole value: `shop cart` is how people ask.
      const score = searched.namespace === word ? scores.exactOther : scores.otherStarts;
      best = better(best, { score, why: `namespace ${searched.namespace}` });
    }
    if (kind !== undefined && kind === searched.kind)
      best = better(best, { score: scores.kind, why: `kind ${word}` });
    if (isPath && searched.id.includes(word)) best = better(best, { score: scores.exactOther, why: "id" });
    return best;
  };
}

const addressPart = /^[\d.a-f:]+$/;

/** Remembers the answer for each text that is shared, for as long as one query runs. */
function sharedMatcher(
  word: string,
  port: number | undefined,
  match: (text: SearchText) => Match | undefined,
): (text: SearchText) => Match | undefined {
  const known: (Match | "none")[] = [];
  return (text) => {
    if (text.shared === undefined) return match(text);
    const { number, lines } = text.shared;
    const before = known[number];
    if (before !== undefined) return before === "none" ? undefined : before;
    // Most texts are not what is sought, which one look tells.
    const found = port === undefined && !lines.includes(word) ? undefined : match(text);
    known[number] = found ?? "none";
    return found;
  };
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

function matchName(name: string, word: string): Match | undefined {
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

function matchPort({ own, shared }: Searched, port: number): Match | undefined {
  const has = own.ports.includes(port) || shared.ports.includes(port);
  return has ? { score: scores.exactOther, why: `port ${port}` } : undefined;
}

function matchText(text: SearchText, word: string, port: number | undefined): Match | undefined {
  let best: Match | undefined;
  if (port !== undefined && text.ports.includes(port))
    best = { score: scores.exactOther, why: `port ${port}` };
  for (const ip of text.ips) best = better(best, matchWhole("address", ip, word));
  for (const host of text.hosts) best = better(best, matchWhole("host", host, word));
  for (const label of text.labels) best = better(best, matchLabel(label, word));
  return best;
}

function matchWhole(what: string, text: string, word: string): Match | undefined {
  const at = text.indexOf(word);
  if (at === -1) return undefined;
  const score =
    at > 0 ? scores.otherContains : text.length === word.length ? scores.exactOther : scores.otherStarts;
  return { score, why: `${what} ${text}` };
}

function matchLabel(label: string, word: string): Match | undefined {
  const at = label.indexOf(word);
  if (at === -1) return undefined;
  const value = label.indexOf("=") + 1;
  const whole = label.length === word.length || (at === value && label.length - value === word.length);
  const score = whole
    ? scores.exactOther
    : at === 0 || at === value
      ? scores.otherStarts
      : scores.otherContains;
  return { score, why: `label ${label}` };
}
