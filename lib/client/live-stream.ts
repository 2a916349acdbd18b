/** The one connection on which this page follows its answers: who shows an answer names it, and is told when it changes. */
import type { Problem } from "#lib/protocol/problem.ts";
import {
  answerEventSchema,
  changeEventSchema,
  heartbeatMs,
  noMark,
  withDelta,
} from "#lib/protocol/stream.ts";

/** What of the browser it uses; an `EventSource` is one. */
export interface Channel {
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
  /** 2: given up, as `EventSource` has it. */
  readonly readyState: number;
}

export interface StreamDeps {
  readonly connect: (address: string) => Channel;
  /** Why the server takes no connection there, in its words, and when it is worth trying again; a channel does not say. */
  readonly whyRefused: (
    address: string,
  ) => Promise<{ readonly problem: Problem; readonly againAfterMs: number | undefined } | undefined>;
  /** Calls back after `ms`, unless the function that it gives is called. */
  readonly later: (ms: number, run: () => void) => () => void;
}

export type Connection =
  /** Nothing is followed. */
  | "off"
  | "connecting"
  | "open"
  /** It broke; it is tried again by itself. */
  | "lost";

export interface StreamState {
  readonly connection: Connection;
  /** The view is held: what arrives is kept for later. */
  readonly paused: boolean;
  /** Changes that arrived since it is held. */
  readonly missed: number;
  /** Why the connection is lost, where the server said so. */
  readonly refused: Problem | undefined;
}

export interface Follower {
  /** A new answer, JSON as a GET would have given it. */
  readonly answer: (answer: unknown) => void;
  /** The answer is a problem now; a GET says which. */
  readonly problem: () => void;
}

interface Followed {
  readonly followers: Set<Follower>;
  mark: string;
  answer: unknown;
  /** Arrived while the view is held. */
  news: "none" | "answer" | "problem";
}

/** Pages name what they show within one commit; the connection waits for the last of them. */
const settleMs = 30;
/** After a refusal (the browser comes back by itself only after a broken line). */
const againMs = 4_000;
/** Two heartbeats did not come: nobody is at the other end, whatever the line looks like. */
const silenceMs = 2.5 * heartbeatMs;

export class LiveStream {
  readonly #deps: StreamDeps;
  readonly #followed = new Map<string, Followed>();
  readonly #watchers = new Set<() => void>();
  #state: StreamState = { connection: "off", paused: false, missed: 0, refused: undefined };
  #channel: Channel | undefined;
  /** What the channel that is open follows, in its order. */
  #topics: readonly string[] = [];
  #cancel: () => void = () => {};
  #unwatch: () => void = () => {};

  constructor(deps: StreamDeps) {
    this.#deps = deps;
  }

  /** Follows the answer at an address of a cluster (`/api/v1/clusters/prod/graph?ns=shop`) until the function given is called. */
  follow(address: string, follower: Follower): () => void {
    const followed = this.#followed.get(address) ?? {
      followers: new Set<Follower>(),
      mark: noMark,
      answer: undefined,
      news: "none",
    };
    followed.followers.add(follower);
    this.#followed.set(address, followed);
    this.#settle();
    return () => {
      followed.followers.delete(follower);
      if (followed.followers.size === 0) this.#followed.delete(address);
      this.#settle();
    };
  }

  readonly state = (): StreamState => this.#state;

  /** Calls `changed` whenever `state()` is another. */
  readonly watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  };

  /** Holds the view, or lets it follow again, with all that arrived meanwhile at once. */
  pause(paused: boolean): void {
    this.#set({ paused, missed: 0 });
    if (!paused) for (const followed of this.#followed.values()) deliver(followed);
  }

  /** Nobody looks: the connection is given up, and taken again where it was once somebody does. */
  sleep(): void {
    this.#drop();
    this.#set({ connection: "off" });
  }

  /** The machine has no network: the line may look open for minutes. */
  lose(): void {
    if (this.#state.connection === "off") return;
    this.#drop();
    this.#set({ connection: "lost" });
  }

  wake(): void {
    if (this.#channel === undefined) this.#settle();
  }

  #settle(): void {
    this.#cancel();
    this.#cancel = this.#deps.later(settleMs, () => this.#connect());
  }

  #connect(): void {
    const wanted = [...this.#followed.keys()];
    const isSame =
      this.#channel !== undefined &&
      wanted.length === this.#topics.length &&
      wanted.every((topic, i) => topic === this.#topics[i]);
    if (isSame) return;
    this.#drop();
    const base = baseOf(wanted[0]);
    if (base === undefined) {
      this.#set({ connection: "off" });
      return;
    }
    // A page shows one cluster; what is left of another is about to go.
    const topics = wanted.filter((address) => baseOf(address) === base);
    const query = new URLSearchParams(topics.map((address) => ["watch", address.slice(base.length)]));
    query.set("at", topics.map((address) => this.#followed.get(address)?.mark ?? noMark).join("."));
    const address = `${base}/stream?${query}`;
    const channel = this.#deps.connect(address);
    this.#channel = channel;
    this.#topics = topics;
    // One that is lost stays so until it is open again.
    if (this.#state.connection === "off") this.#set({ connection: "connecting" });
    this.#heard();
    const own = (run: (data: unknown) => void) => (event: { readonly data?: unknown }) => {
      if (this.#channel !== channel) return;
      this.#heard();
      run(event.data);
    };
    channel.addEventListener(
      "alive",
      own(() => {}),
    );
    channel.addEventListener(
      "open",
      own(() => this.#set({ connection: "open", refused: undefined })),
    );
    channel.addEventListener(
      "answer",
      own((data) => this.#onAnswer(topics, data)),
    );
    channel.addEventListener(
      "change",
      own((data) => this.#onChange(topics, data)),
    );
    channel.addEventListener(
      "told",
      own(() => {
        if (this.#state.paused) this.#set({ missed: this.#state.missed + 1 });
      }),
    );
    channel.addEventListener(
      "error",
      own(() => {
        this.#set({ connection: "lost" });
        if (channel.readyState !== 2) return;
        this.#drop();
        this.#again(againMs);
        void this.#deps.whyRefused(address).then((refusal) => {
          // In the meantime it may be open again, or nobody looks.
          if (this.#channel !== undefined || this.#state.connection !== "lost") return;
          this.#set({ refused: refusal?.problem });
          if (refusal?.againAfterMs !== undefined) this.#again(refusal.againAfterMs);
        });
      }),
    );
  }

  /** Something came. Where nothing more comes, the line is dead without a word: it is lost, and made anew. */
  #heard(): void {
    this.#unwatch();
    this.#unwatch = this.#deps.later(silenceMs, () => {
      this.#drop();
      this.#set({ connection: "lost" });
      this.#connect();
    });
  }

  #again(ms: number): void {
    this.#cancel();
    this.#cancel = this.#deps.later(ms, () => this.#connect());
  }

  #onAnswer(topics: readonly string[], data: unknown): void {
    const event = answerEventSchema.safeParse(parsed(data));
    if (!event.success) {
      this.#startAgain();
      return;
    }
    const { topic, status, to, answer } = event.data;
    this.#take(topics[topic], status === 200 ? "answer" : "problem", to, answer);
  }

  #onChange(topics: readonly string[], data: unknown): void {
    const event = changeEventSchema.safeParse(parsed(data));
    const address = event.success ? topics[event.data.topic] : undefined;
    const followed = address === undefined ? undefined : this.#followed.get(address);
    if (!event.success) {
      this.#startAgain();
      return;
    }
    if (followed === undefined) return;
    const { from, to, delta } = event.data;
    // Whatever the reason: only what was made for what is here may be put on it.
    if (followed.mark !== from) {
      this.#startAgain();
      return;
    }
    this.#take(address, "answer", to, withDelta(followed.answer, delta));
  }

  #take(address: string | undefined, news: "answer" | "problem", mark: string, answer: unknown): void {
    const followed = address === undefined ? undefined : this.#followed.get(address);
    if (followed === undefined) return;
    followed.mark = mark;
    followed.answer = answer;
    followed.news = news;
    if (!this.#state.paused) deliver(followed);
  }

  /** Something did not fit: forgets what is here, and has all of it told again. */
  #startAgain(): void {
    for (const followed of this.#followed.values()) followed.mark = noMark;
    this.#drop();
    this.#settle();
  }

  #drop(): void {
    this.#unwatch();
    this.#channel?.close();
    this.#channel = undefined;
    this.#topics = [];
  }

  #set(change: Partial<StreamState>): void {
    const next = { ...this.#state, ...change };
    const { connection, paused, missed, refused } = this.#state;
    const isSame =
      next.connection === connection &&
      next.paused === paused &&
      next.missed === missed &&
      next.refused === refused;
    if (isSame) return;
    this.#state = next;
    for (const changed of [...this.#watchers]) changed();
  }
}

function deliver(followed: Followed): void {
  const { news, answer, followers } = followed;
  followed.news = "none";
  if (news === "none") return;
  for (const follower of [...followers]) {
    if (news === "answer") follower.answer(answer);
    else follower.problem();
  }
}

function baseOf(address: string | undefined): string | undefined {
  return /^\/api\/v1\/clusters\/[^/]+(?=\/)/.exec(address ?? "")?.[0];
}

function parsed(data: unknown): unknown {
  try {
    return typeof data === "string" ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}
