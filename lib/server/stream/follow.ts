import type { AnswerEvent, ChangeEvent } from "#lib/protocol/stream.ts";
import { heartbeatMs, noMark } from "#lib/protocol/stream.ts";
import type { Session } from "../session/session.ts";
import type { Wait } from "../wait.ts";
import type { SharedAnswers, Version } from "./shared-answers.ts";

export interface Following {
  readonly session: Pick<Session, "follow" | "current" | "answers">;
  readonly shared: SharedAnswers;
  /** Addresses below the cluster's. */
  readonly topics: readonly string[];
  /** What the client has of each already (`noMark`: nothing), by an earlier connection. */
  readonly has: readonly string[];
  /** Names a topic for all who may see the same of it. */
  readonly keyOf: (topic: string) => string;
  readonly ask: (topic: string) => Promise<Response>;
  readonly wait: Wait;
  readonly signal: AbortSignal;
  /** Called once the client has been told something. */
  readonly onTold?: (() => void) | undefined;
  /** Aborted when this server ends: the client is told to come back, to whoever comes after. */
  readonly ending: AbortSignal;
}

/** An event and no comment: a page's script is not told of comments, and a line that is dead looks like a quiet one. */
const alive = "event: alive\ndata: {}\n\n";
/** A burst of changes is told as one. */
export const burstMs = 50;

/**
 * What a client is told, one chunk of server-sent events after the other, without an end. A chunk is made when the one
 * before it has been taken: whoever is slow gets what is new then, and nothing piles up for them.
 */
export async function* follow(following: Following): AsyncGenerator<string, void> {
  const { session, shared, topics, has, keyOf, ask, wait, onTold, ending } = following;
  const signal = AbortSignal.any([following.signal, ending]);
  let hasTold = false;
  let news = Promise.withResolvers<void>();
  const leave = session.follow(() => news.resolve());
  signal.addEventListener("abort", () => news.resolve(), { once: true });
  const told: (Version | undefined)[] = topics.map((topic, i) =>
    shared.recent(keyOf(topic), has[i] ?? noMark),
  );
  try {
    yield `retry: ${1_000 + Math.floor(Math.random() * 2_000)}\n\n`;
    while (!signal.aborted) {
      news = Promise.withResolvers<void>();
      if (signal.aborted) break;
      // Whoever follows a cluster that is read from time to time keeps it fresh.
      const reading = session.answers(0);
      while (!signal.aborted && !(await doneOrBeat(reading, wait, signal))) if (!signal.aborted) yield alive;
      if (signal.aborted) break;
      const chunk = await chunkOf(told);
      if (signal.aborted) break;
      if (chunk !== "") yield chunk;
      // The generator goes on once that was taken.
      if (!hasTold && chunk !== "") onTold?.();
      hasTold ||= chunk !== "";
      await wait(burstMs, signal);
      const isNews = await doneOrBeat(news.promise, wait, signal);
      if (!isNews && !signal.aborted) yield alive;
    }
    if (!following.signal.aborted) yield "event: ending\ndata: {}\n\n";
  } finally {
    leave();
  }

  async function chunkOf(before: (Version | undefined)[]): Promise<string> {
    const { answers, state } = session.current();
    const standing = `${answers?.etag ?? ""} ${JSON.stringify(state)}`;
    const events: string[] = [];
    for (const [i, topic] of topics.entries()) {
      const version = await shared.newest(keyOf(topic), standing, () => ask(topic));
      const old = before[i];
      if (old === version) continue;
      before[i] = version;
      events.push(eventOf(i, old, version, shared));
    }
    if (events.length === 0) return "";
    const marks = before.map((version) => version?.mark ?? noMark).join(".");
    return `${events.join("")}id: ${marks}\nevent: told\ndata: {}\n\n`;
  }
}

function eventOf(topic: number, old: Version | undefined, version: Version, shared: SharedAnswers): string {
  if (old?.status === 200 && version.status === 200) {
    const delta = shared.delta(old, version);
    const change: ChangeEvent = { topic, from: old.mark, to: version.mark, delta };
    if (delta !== undefined) return `event: change\ndata: ${JSON.stringify(change)}\n\n`;
  }
  const answer: AnswerEvent = {
    topic,
    status: version.status,
    to: version.mark,
    answer: version.answer,
  };
  return `event: answer\ndata: ${JSON.stringify(answer)}\n\n`;
}

/**
 * True once it is done, false where it was not for a heartbeat, or all is over. What it waits with ends with the round:
 * of a `Promise.race` with a promise for as long as the connection lives, each round's result would be kept for as long.
 */
async function doneOrBeat(work: Promise<unknown>, wait: Wait, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const over = new AbortController();
  try {
    return await Promise.race([
      work.then(() => true),
      wait(heartbeatMs, AbortSignal.any([signal, over.signal])).then(() => false),
    ]);
  } finally {
    over.abort();
  }
}
