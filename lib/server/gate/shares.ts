/** Who asks for how much at a time, and whether that is still their share of it. Knows no clock and no connection. */
import type { RequestLimits } from "./request-limits.ts";

export type ShareKind = "stream" | "question" | "upload" | "login";

export type Share =
  /** `release` once it is over; the second call does nothing. */
  | { readonly kind: "taken"; readonly release: () => void }
  | {
      readonly kind: "refused";
      readonly title: string;
      readonly detail: string;
      readonly remedy: string;
      readonly retryAfterSeconds: number;
    };

interface Own {
  readonly open: Record<ShareKind, number>;
  /** Requests that may still be made at once, as of `atMs`; they come back with time. */
  tokens: number;
  loginTokens: number;
  atMs: number;
}

/** Logins under way for one address: they wait for an identity provider, and guesses for their answer. */
const mostLogins = 8;
/** Whoever has asked for nothing for so long starts anew. */
const forgottenMs = 60_000;

export class Shares {
  readonly #limits: RequestLimits;
  readonly #own = new Map<string, Own>();
  #uploads = 0;
  #sweptMs = 0;

  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  /** Of how many something is known; for tests. */
  get known(): number {
    return this.#own.size;
  }

  take(kind: ShareKind, who: string, nowMs: number): Share {
    this.#sweep(nowMs);
    const own = this.#of(who, nowMs);
    const most = this.#most(kind);
    if (own.open[kind] >= most) return refusedAtOnce(kind, most);
    if (kind === "upload" && this.#uploads >= this.#limits.uploads) return refusedForAll(this.#uploads);
    const bucket = kind === "login" ? "loginTokens" : "tokens";
    if (own[bucket] < 1) return this.#refusedForNow(kind, own[bucket]);
    own[bucket]--;
    own.open[kind]++;
    if (kind === "upload") this.#uploads++;
    let isOver = false;
    return {
      kind: "taken",
      release: () => {
        if (isOver) return;
        isOver = true;
        own.open[kind]--;
        if (kind === "upload") this.#uploads--;
      },
    };
  }

  #most(kind: ShareKind): number {
    const { streams, questions, uploads } = this.#limits;
    switch (kind) {
      case "stream":
        return streams;
      case "question":
        return questions;
      case "upload":
        return Math.ceil(uploads / 2);
      case "login":
        return mostLogins;
    }
  }

  #of(who: string, nowMs: number): Own {
    const known = this.#own.get(who) ?? {
      open: { stream: 0, question: 0, upload: 0, login: 0 },
      tokens: Number.POSITIVE_INFINITY,
      loginTokens: Number.POSITIVE_INFINITY,
      atMs: nowMs,
    };
    this.#own.set(who, known);
    const minutes = Math.max(0, nowMs - known.atMs) / 60_000;
    const [questions, logins] = [this.#rate("question"), this.#rate("login")];
    known.tokens = Math.min(burst(questions), known.tokens + minutes * questions);
    known.loginTokens = Math.min(burst(logins), known.loginTokens + minutes * logins);
    known.atMs = nowMs;
    return known;
  }

  /** A minute. */
  #rate(kind: ShareKind): number {
    const { perMinute } = this.#limits;
    return kind === "login" ? Math.max(1, perMinute / 10) : perMinute;
  }

  #refusedForNow(kind: ShareKind, tokens: number): Share {
    const rate = this.#rate(kind);
    const seconds = Math.max(1, Math.ceil(((1 - tokens) * 60) / rate));
    return {
      kind: "refused",
      title: kind === "login" ? "Too many logins in a short time" : "Too many requests in a short time",
      detail: `At most ${Math.floor(rate)} a minute are taken from one ${kind === "login" ? "address" : "person or address"}, ${burst(rate)} of them at once.`,
      remedy: `${askAgain(seconds)} THROUGHLINE_LIMIT_PER_MINUTE sets how many are taken.`,
      retryAfterSeconds: seconds,
    };
  }

  /** Forgets who has nothing open and has been away. */
  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptMs < forgottenMs) return;
    this.#sweptMs = nowMs;
    for (const [who, { open, atMs }] of this.#own)
      if (nowMs - atMs >= forgottenMs && Object.values(open).every((each) => each === 0))
        this.#own.delete(who);
  }
}

/** So many of a minute's may come at once. */
function burst(perMinute: number): number {
  return Math.max(1, Math.floor(perMinute / 4));
}

function refusedAtOnce(kind: ShareKind, most: number): Share {
  const { title, what, setting } = words[kind];
  return {
    kind: "refused",
    title,
    detail: `At most ${most} ${what} at the same time are taken from one person or address, and there are ${most}.`,
    remedy: [askAgain(1), setting].filter((part) => part !== undefined).join(" "),
    retryAfterSeconds: 1,
  };
}

function refusedForAll(uploads: number): Share {
  return {
    kind: "refused",
    title: "Others are sending files at the moment",
    detail: `${uploads} are on their way, and no more are taken at the same time.`,
    remedy: `${askAgain(5)} ${words.upload.setting}`,
    retryAfterSeconds: 5,
  };
}

const words: Readonly<
  Record<ShareKind, { readonly title: string; readonly what: string; readonly setting?: string }>
> = {
  stream: {
    title: "Too many pages follow at once",
    what: "streams",
    setting: "Closing a page frees one. THROUGHLINE_LIMIT_STREAMS sets how many are taken.",
  },
  question: {
    title: "Too many questions at once",
    what: "questions",
    setting: "THROUGHLINE_LIMIT_QUESTIONS sets how many are taken.",
  },
  upload: {
    title: "Too many files are sent at once",
    what: "files",
    setting: "THROUGHLINE_LIMIT_UPLOADS sets how many are taken.",
  },
  login: { title: "Too many logins at once", what: "logins" },
};

function askAgain(seconds: number): string {
  return `Ask again in ${seconds === 1 ? "a second" : `${seconds} seconds`}; pages do so by themselves.`;
}
