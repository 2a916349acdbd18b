import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { sharingParts } from "#lib/protocol/share-parts.ts";
import { deltaOf, withDelta } from "#lib/protocol/stream.ts";

/** One answer as clients have it. Two with the same mark have the same content and are the same object. */
export interface Version {
  readonly mark: string;
  readonly status: number;
  /** JSON, taken apart: deltas are made of it. It shares what did not change with the version before it. */
  readonly answer: unknown;
}

interface Topic {
  /** What the session stood at when the newest was asked for. */
  standing: string;
  newest: Promise<Version>;
  /** Newest last; those who come back with one of these get what changed since. */
  readonly recent: Version[];
}

const keptTopics = 512;
const keptVersions = 4;

/**
 * What all clients that follow the same are told: each answer is worked out once for a standing of the session, and
 * what changed from one to the next once for all who have the one and lack the other.
 */
export class SharedAnswers {
  readonly #topics = new Map<string, Topic>();
  readonly #deltas = new WeakMap<Version, WeakMap<Version, { readonly delta: unknown }>>();

  /** The answer to `key` while the session stands at `standing`, asked for by `ask` where nobody has. */
  newest(key: string, standing: string, ask: () => Promise<Response>): Promise<Version> {
    const known = this.#topics.get(key);
    if (known?.standing === standing) return known.newest;
    const topic: Topic = known ?? { standing, newest: Promise.reject(new Error("set below")), recent: [] };
    topic.newest.catch(() => {});
    topic.standing = standing;
    topic.newest = this.#ask(topic, ask);
    // The newest last: what nobody has asked for longest is forgotten first.
    this.#topics.delete(key);
    this.#topics.set(key, topic);
    if (this.#topics.size > keptTopics) {
      const [oldest] = this.#topics.keys();
      if (oldest !== undefined) this.#topics.delete(oldest);
    }
    return topic.newest;
  }

  /** The version of `key` with this mark, where it is still known. */
  recent(key: string, mark: string): Version | undefined {
    return this.#topics.get(key)?.recent.find((version) => version.mark === mark);
  }

  /** What makes the one of the other; undefined where it would not, and the whole has to be told. */
  delta(from: Version, to: Version): unknown {
    const known = this.#deltas.get(from)?.get(to);
    if (known !== undefined) return known.delta;
    const delta = fittingDelta(from.answer, to.answer);
    const own = this.#deltas.get(from) ?? new WeakMap<Version, { readonly delta: unknown }>();
    own.set(to, { delta });
    this.#deltas.set(from, own);
    return delta;
  }

  async #ask(topic: Topic, ask: () => Promise<Response>): Promise<Version> {
    const response = await ask();
    const text = await response.text();
    const mark = createHash("sha256").update(`${response.status} ${text}`).digest("base64url").slice(0, 16);
    const same = topic.recent.find((version) => version.mark === mark);
    const last = topic.recent.at(-1)?.answer;
    const version = same ?? { mark, status: response.status, answer: sharingParts(last, JSON.parse(text)) };
    const others = topic.recent.filter((each) => each !== version);
    topic.recent.splice(0, topic.recent.length, ...others.slice(1 - keptVersions), version);
    return version;
  }
}

/**
 * The library stumbles over fields named like those that every object has, and such a label may exist: what it makes of
 * `valueOf` does not fit, and over `toString` it throws.
 */
function fittingDelta(before: unknown, after: unknown): unknown {
  try {
    const made = deltaOf(before, after);
    return isDeepStrictEqual(withDelta(before, made), after) ? made : undefined;
  } catch {
    return undefined;
  }
}
