import { isDeepStrictEqual } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { answerEventSchema, changeEventSchema, withDelta } from "#lib/protocol/stream.ts";
import type { Current } from "../session/session.ts";
import { type Following, follow } from "./follow.ts";
import { SharedAnswers } from "./shared-answers.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** A session whose answers the test sets, and clients of it that take a chunk when the test says so. */
function setUp(topics: readonly string[], first: Readonly<Record<string, unknown>>) {
  let answers = first;
  let version = 1;
  const followers = new Set<() => void>();
  const shared = new SharedAnswers();
  const asked: string[] = [];
  const givenOut: WeakRef<Current>[] = [];
  const ending = new AbortController();
  const onTold = vi.fn();
  const beats = new Set<() => void>();
  let reading = Promise.resolve();
  const current = (): Current => ({
    state: { kind: "live", checkedAt: `version ${version}` },
    answers: undefined,
  });
  const session: Following["session"] = {
    follow(changed) {
      followers.add(changed);
      return () => void followers.delete(changed);
    },
    current,
    async answers() {
      await reading;
      const given = current();
      givenOut.push(new WeakRef(given));
      return given;
    },
  };
  return {
    followers,
    onTold,
    asked,
    givenOut,
    ending,
    /** A heartbeat's time passes, for who waits. */
    beat() {
      for (const pass of [...beats]) pass();
    },
    /** Until the promise is kept, nobody has answers. */
    read(until: Promise<void>) {
      reading = until;
    },
    set(next: Readonly<Record<string, unknown>>) {
      answers = next;
      version++;
      for (const follower of [...followers]) follower();
    },
    client(has: readonly string[] = []) {
      const over = new AbortController();
      const chunks = follow({
        session,
        shared,
        topics,
        has,
        keyOf: (topic) => topic,
        ask: async (topic) => {
          asked.push(topic);
          const answer = answers[topic];
          return Response.json(answer ?? {}, { status: answer === undefined ? 404 : 200 });
        },
        // Bursts are over at once, heartbeats come when the test says so.
        wait: (ms, signal) =>
          ms < 1_000
            ? Promise.resolve()
            : new Promise((done) => {
                beats.add(done);
                signal.addEventListener("abort", () => {
                  beats.delete(done);
                  done();
                });
              }),
        signal: over.signal,
        onTold,
        ending: ending.signal,
      });
      return new Client(chunks, over);
    },
  };
}

/** What a browser does with the chunks. */
class Client {
  readonly has: unknown[] = [];
  readonly marks: string[] = [];
  readonly events: string[] = [];
  id = "";
  readonly #chunks: AsyncGenerator<string>;
  readonly #over: AbortController;

  constructor(chunks: AsyncGenerator<string>, over: AbortController) {
    this.#chunks = chunks;
    this.#over = over;
  }

  async take(): Promise<void> {
    const { value } = await this.#chunks.next();
    for (const block of (value ?? "").split("\n\n")) {
      const fields = Object.fromEntries(
        block.split("\n").map((line: string) => line.split(/: (.*)/s).slice(0, 2)),
      );
      if (fields.event === undefined) continue;
      this.events.push(fields.event);
      if (fields.id !== undefined) this.id = fields.id;
      if (fields.event === "answer") {
        const { topic, to, answer } = answerEventSchema.parse(JSON.parse(fields.data));
        this.has[topic] = answer;
        this.marks[topic] = to;
      }
      if (fields.event === "change") {
        const { topic, from, to, delta } = changeEventSchema.parse(JSON.parse(fields.data));
        expect(from).toBe(this.marks[topic]);
        this.has[topic] = withDelta(this.has[topic], delta);
        this.marks[topic] = to;
      }
    }
  }

  async isOver(): Promise<boolean> {
    return (await this.#chunks.next()).done === true;
  }

  async leave(): Promise<void> {
    this.#over.abort();
    await this.#chunks.return(undefined);
  }
}

/** The line about when to come back is the first chunk. */
async function joined(client: Client): Promise<Client> {
  await client.take();
  await client.take();
  return client;
}

describe("a follower", () => {
  it.each(["toString", "valueOf", "constructor", "__proto__"])(
    "is told the whole where a label is called %s, as something of every object is",
    async (label) => {
      const labelled: unknown = JSON.parse(`{ "labels": { "${label}": "a" } }`);
      const { set, client } = setUp(["/graph"], { "/graph": { labels: {} } });
      const page = await joined(client());
      for (const answer of [labelled, { labels: {} }, labelled]) {
        set({ "/graph": answer });
        await page.take();
        expect(page.has).toEqual([answer]);
      }
      await page.leave();
    },
  );

  it("is told that the line is alive where there is no news, and while the cluster is read again", async () => {
    const { set, read, beat, client } = setUp(["/graph"], { "/graph": { n: 1 } });
    const page = await joined(client());
    const again = Promise.withResolvers<void>();
    for (const isReading of [false, true]) {
      if (isReading) {
        read(again.promise);
        set({ "/graph": { n: 2 } });
      }
      const taken = page.take();
      await new Promise(setImmediate);
      beat();
      await taken;
      expect(page.events.at(-1)).toBe("alive");
    }
    again.resolve();
    await page.take();
    expect(page.has).toEqual([{ n: 2 }]);
    await page.leave();
  });

  it("holds none of the answers that it told of before, however long it lasts", async () => {
    const { set, client, givenOut } = setUp(["/graph"], { "/graph": { n: 0 } });
    const page = client();
    for (let n = 1; n <= 50; n++) {
      set({ "/graph": { n } });
      await page.take();
    }
    const held = () => givenOut.slice(0, -3).filter((given) => given.deref() !== undefined).length;
    await vi.waitFor(() => {
      collectGarbage();
      expect(held()).toBe(0);
    });
    expect(givenOut.length).toBeGreaterThan(40);
  });

  it("is told each answer, then only what changes, with what it has from there as the id", async () => {
    const { client, set } = setUp(["/graph", "/findings"], {
      "/graph": { nodes: [{ id: "a" }] },
      "/findings": {},
    });
    const one = await joined(client());
    expect(one.has).toEqual([{ nodes: [{ id: "a" }] }, {}]);
    expect(one.events).toEqual(["answer", "answer", "told"]);
    set({ "/graph": { nodes: [{ id: "a" }, { id: "b" }] }, "/findings": {} });
    await one.take();
    expect(one.has[0]).toEqual({ nodes: [{ id: "a" }, { id: "b" }] });
    expect(one.events.slice(3)).toEqual(["change", "told"]);
    expect(one.id).toBe(one.marks.join("."));
  });

  it("says once that it has taken what it was told first", async () => {
    const { client, set, onTold } = setUp(["/graph"], { "/graph": { n: 0 } });
    const one = await joined(client());
    expect(onTold).not.toHaveBeenCalled();
    for (const n of [1, 2]) {
      set({ "/graph": { n } });
      await one.take();
      expect(onTold).toHaveBeenCalledTimes(1);
    }
  });

  it("that is slow is told once what many changes came to", async () => {
    const { client, set } = setUp(["/graph"], { "/graph": { n: 0 } });
    const slow = await joined(client());
    for (let n = 1; n <= 50; n++) set({ "/graph": { n } });
    await slow.take();
    expect(slow.has).toEqual([{ n: 50 }]);
    expect(slow.events).toEqual(["answer", "told", "change", "told"]);
  });

  it("that comes back is told only what changed since, and everything where that is not known any more", async () => {
    const { client, set } = setUp(["/graph"], { "/graph": { n: 0, same: "text" } });
    const one = await joined(client());
    await one.leave();
    set({ "/graph": { n: 1, same: "text" } });
    const again = client(one.id.split("."));
    again.has.push(...one.has);
    again.marks.push(...one.marks);
    await joined(again);
    expect(again.events).toEqual(["change", "told"]);
    expect(again.has).toEqual([{ n: 1, same: "text" }]);

    const lost = await joined(client(["of-another-server"]));
    expect(lost.events).toEqual(["answer", "told"]);
  });

  it("is told a problem in place of an answer, and the answer once it is there again", async () => {
    const { client, set } = setUp(["/trace"], {});
    const one = await joined(client());
    expect(one.events).toEqual(["answer", "told"]);
    set({ "/trace": { verdict: "reachable" } });
    await one.take();
    expect(one.has).toEqual([{ verdict: "reachable" }]);
  });

  it("shares the work with all who follow the same", async () => {
    const { client, set, asked } = setUp(["/graph"], { "/graph": { n: 0 } });
    const clients = await Promise.all(Array.from({ length: 20 }, () => joined(client())));
    set({ "/graph": { n: 1 } });
    await Promise.all(clients.map((each) => each.take()));
    expect(asked).toHaveLength(2);
  });

  it("is told when the server ends, and then no more", async () => {
    const { client, set, ending, followers } = setUp(["/graph"], { "/graph": { n: 0 } });
    const [reader, late] = [await joined(client()), client()];
    ending.abort();
    set({ "/graph": { n: 1 } });
    await reader.take();
    expect(reader.events).toEqual(["answer", "told", "ending"]);
    expect(await reader.isOver()).toBe(true);
    expect((await joined(late)).events).toEqual(["ending"]);
    expect(await late.isOver()).toBe(true);
    expect(followers.size).toBe(0);
  });

  it("leaves nothing behind when it goes", async () => {
    const { client, followers } = setUp(["/graph"], { "/graph": {} });
    const one = await joined(client());
    expect(followers.size).toBe(1);
    await one.leave();
    expect(followers.size).toBe(0);
  });

  it("ends with exactly the last answers, whatever they were on the way and whenever it took a chunk", async () => {
    const answer = fc.record({
      nodes: fc.array(
        fc.record({ id: fc.constantFrom("a", "b", "c", "d"), health: fc.constantFrom("ok", "broken") }),
        { maxLength: 6 },
      ),
      any: fc.jsonValue({ maxDepth: 3 }),
    });
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(answer, fc.boolean()), { minLength: 1, maxLength: 8 }),
        async (steps) => {
          const { client, set } = setUp(["/graph"], { "/graph": {} });
          const one = await joined(client());
          const catchUp = async (next: unknown) => {
            // A chunk comes where something is new, and then holds the newest.
            if (!isDeepStrictEqual(one.has[0], next)) await one.take();
          };
          for (const [next, takes] of steps) {
            set({ "/graph": plain(next) });
            if (takes) await catchUp(plain(next));
          }
          await catchUp(plain(steps.at(-1)?.[0]));
          expect(one.has[0]).toEqual(plain(steps.at(-1)?.[0]));
          await one.leave();
        },
      ),
      { numRuns: 100 },
    );
  });
});
