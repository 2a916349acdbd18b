import { describe, expect, it } from "vitest";
import type { CheckResults } from "#lib/diagnosis/run-checks.ts";
import type { Facts } from "#lib/engine/facts.ts";
import { factsFromYaml, snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { silentLog } from "../log.ts";
import type { ReadProgress, Source, SourceFailure, SourceResult } from "../sources/source.ts";
import type { Engine } from "./answers.ts";
import { Session, type SessionOptions } from "./session.ts";

const failure: SourceFailure = {
  code: "cluster-unreachable",
  title: "It is gone.",
  detail: "d",
  remedy: "r",
};
const failed: SourceResult = { kind: "failed", failure };
const facts: Facts = factsFromYaml("");

function namespace(name: string, takenAt?: string): SourceResult {
  const snapshot = snapshotFromYaml(`{apiVersion: v1, kind: Namespace, metadata: {name: ${name}}}`);
  return { kind: "snapshot", snapshot: { ...snapshot, takenAt } };
}

/** A source whose reads the test ends by hand, and a clock that it turns. */
function setUp(
  given: { changes?: boolean; engine?: Partial<Engine>; options?: Partial<SessionOptions> } = {},
) {
  let nowMs = Date.parse("2026-01-01T00:00:00Z");
  const reads: {
    end: (result: SourceResult) => void;
    crash: (error: unknown) => void;
    progress: (p: ReadProgress) => void;
    signal: AbortSignal;
  }[] = [];
  const asked: string[] = [];
  const logged: string[] = [];
  const source: Source = {
    id: "prod",
    name: "prod",
    kind: "kube",
    changes: given.changes ?? true,
    read: (progress, signal) =>
      new Promise((end, crash) => {
        reads.push({ end, crash, progress, signal });
      }),
  };
  const engine: Engine = {
    compileFacts: (snapshot, now) => {
      asked.push(now);
      return { ...facts, snapshot };
    },
    runChecks: (): CheckResults => ({ findings: [], problems: [], ignored: [], cannotTell: [] }),
    buildGraph: () => ({ nodes: [], edges: [] }),
    ...given.engine,
  };
  const session = new Session(source, engine, {
    clock: () => nowMs,
    // Nobody waits in a test, but for the read that it ends itself.
    wait: async () => {},
    log: (level, msg) => logged.push(`${level} ${msg}`),
    refreshAfterMs: 15_000,
    retryAfterMs: 5_000,
    oldAfterMs: 60_000,
    firstWaitMs: 10_000,
    againWaitMs: 2_000,
    mergeMs: 150,
    mostBusy: 0.5,
    mostRestMs: 1_000,
    idleAfterMs: 1_800_000,
    ...given.options,
  });
  return {
    session,
    reads,
    asked,
    logged,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** Ends the newest read and lets what hangs on it happen. */
    async end(result: SourceResult) {
      reads.at(-1)?.end(result);
      await new Promise((resolve) => setImmediate(resolve));
    },
    namespaces: () => session.current().answers?.snapshot.objects.namespaces?.map((n) => n.name),
  };
}

describe("the first answers", () => {
  it("are read only when someone asks, once for all who ask", async () => {
    const { session, reads, end } = setUp();
    expect(session.current()).toEqual({ state: { kind: "idle" }, answers: undefined });
    expect(reads).toHaveLength(0);
    expect((await session.answers()).state).toEqual({ kind: "connecting" });
    await session.answers();
    expect(reads).toHaveLength(1);
    await end(namespace("shop"));
    const { state, answers } = await session.answers();
    expect(state).toEqual({ kind: "live", checkedAt: "2026-01-01T00:00:00.000Z" });
    expect(answers).toMatchObject({ version: 1, findings: [], cannotTell: [], graph: { nodes: [] } });
    expect(reads).toHaveLength(1);
  });

  it("are waited for as long as the caller says", async () => {
    const waits: number[] = [];
    const { session } = setUp({
      options: {
        wait: async (ms) => {
          waits.push(ms);
        },
      },
    });
    await session.answers(250);
    await session.answers();
    expect(waits).toEqual([250, 10_000]);
  });

  it("come to whoever waits as soon as they are there", async () => {
    const { session, reads } = setUp({
      options: {
        wait: (_ms, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
      },
    });
    const waiting = session.answers();
    reads[0]?.end(namespace("shop"));
    expect((await waiting).state.kind).toBe("live");
  });

  it("tell how far they are", async () => {
    const { session, reads } = setUp();
    await session.answers();
    reads[0]?.progress({ done: 0, of: 28, objects: 0 });
    expect(session.current().state).toEqual({ kind: "connecting" });
    reads[0]?.progress({ done: 3, of: 28, objects: 500, reading: "pods" });
    expect(session.current().state).toEqual({
      kind: "syncing",
      done: 3,
      of: 28,
      objects: 500,
      reading: "pods",
    });
  });

  it("are asked for again after a failure, not before a pause, and keep its words until there is better news", async () => {
    const { session, reads, end, pass } = setUp();
    await session.answers();
    await end(failed);
    expect((await session.answers()).state).toEqual({ kind: "failed", failure });
    pass(4_999);
    await session.answers();
    expect(reads).toHaveLength(1);
    pass(1);
    expect((await session.answers()).state).toEqual({ kind: "failed", failure });
    expect(reads).toHaveLength(2);
    reads[1]?.progress({ done: 1, of: 28, objects: 40 });
    expect(session.current().state.kind).toBe("syncing");
    await end(namespace("shop"));
    expect(session.current().state.kind).toBe("live");
  });

  it("use the moment that a dump tells of, and else the clock", async () => {
    const dump = setUp();
    await dump.session.answers();
    await dump.end(namespace("shop", "2025-05-05T05:05:05Z"));
    const manifests = setUp();
    await manifests.session.answers();
    await manifests.end(namespace("shop"));
    expect([...dump.asked, ...manifests.asked]).toEqual(["2025-05-05T05:05:05Z", "2026-01-01T00:00:00.000Z"]);
  });
});

describe("later answers", () => {
  async function live() {
    const all = setUp();
    await all.session.answers();
    await all.end(namespace("old"));
    return all;
  }

  it("are read in the background once the ones there are 15 s old, and replace them", async () => {
    const { session, reads, pass, end, namespaces } = await live();
    pass(14_999);
    await session.answers();
    expect(reads).toHaveLength(1);
    pass(1);
    const during = await session.answers();
    expect(reads).toHaveLength(2);
    expect(during.state).toEqual({ kind: "live", checkedAt: "2026-01-01T00:00:00.000Z" });
    expect(namespaces()).toEqual(["old"]);
    await end(namespace("new"));
    expect(namespaces()).toEqual(["new"]);
    expect(session.current().answers?.version).toBe(2);
  });

  it("do not come from a source that never changes", async () => {
    const { session, reads, end, pass } = setUp({ changes: false });
    await session.answers();
    await end(namespace("old"));
    pass(3_600_000);
    expect((await session.answers()).state.kind).toBe("live");
    expect(reads).toHaveLength(1);
  });

  it("leave the old ones in place when reading fails, and say why they are stale", async () => {
    const { session, reads, pass, end, namespaces } = await live();
    pass(20_000);
    await session.answers();
    await end(failed);
    expect(session.current().state).toEqual({
      kind: "stale",
      checkedAt: "2026-01-01T00:00:00.000Z",
      why: failure,
    });
    expect(namespaces()).toEqual(["old"]);
    pass(14_000);
    await session.answers();
    expect(reads).toHaveLength(2);
    pass(1_000);
    await session.answers();
    await end(namespace("back"));
    expect(session.current().state).toEqual({ kind: "live", checkedAt: "2026-01-01T00:00:35.000Z" });
  });

  it("keep version and etag while nothing changes, and tell times anew after a minute", async () => {
    const { session, pass, end } = await live();
    const first = session.current().answers;
    pass(20_000);
    await session.answers();
    await end(namespace("old"));
    expect(session.current().answers).toBe(first);
    expect(session.current().state).toEqual({ kind: "live", checkedAt: "2026-01-01T00:00:20.000Z" });
    pass(50_000);
    await session.answers();
    await end(namespace("old"));
    expect(session.current().answers?.version).toBe(2);
    expect(session.current().answers?.etag).not.toBe(first?.etag);
  });

  it("are never given out as live when nobody had asked for long", async () => {
    const { session, pass } = await live();
    pass(600_000);
    const { state, answers } = await session.answers();
    expect(state).toMatchObject({
      kind: "stale",
      checkedAt: "2026-01-01T00:00:00.000Z",
      why: { code: "reading-again" },
    });
    expect(answers).toBeDefined();
  });

  it("are asked for less often where a read takes long", async () => {
    const { session, reads, pass, end } = setUp();
    await session.answers();
    pass(20_000);
    await end(namespace("old"));
    pass(99_000);
    expect((await session.answers()).state.kind).toBe("live");
    expect(reads).toHaveLength(1);
    pass(1_000);
    await session.answers();
    expect(reads).toHaveLength(2);
  });

  it("can be asked for at once", async () => {
    const { session, reads } = await live();
    await session.readAgain();
    await session.readAgain();
    expect(reads).toHaveLength(2);
  });
});

describe("who follows", () => {
  it("is called whenever there is something new to ask for, and not once it has left", async () => {
    const { session, reads, end } = setUp();
    const seen: string[] = [];
    const leave = session.follow(() => seen.push(session.current().state.kind));
    void session.answers();
    reads.at(-1)?.progress({ done: 1, of: 3, objects: 10 });
    await end(namespace("shop"));
    void session.readAgain();
    await end(failed);
    expect(seen).toEqual(["syncing", "live", "stale"]);
    leave();
    void session.readAgain();
    await end(namespace("other"));
    expect(seen).toHaveLength(3);
  });
});

describe("bugs and endings", () => {
  it("stays up when a source or the engine throws, and says that it is a bug", async () => {
    const crashing = setUp();
    await crashing.session.answers();
    crashing.reads[0]?.crash(new Error("at object secret"));
    await crashing.end(failed);
    const throwing = setUp({
      engine: {
        buildGraph: () => {
          throw new Error("at object secret");
        },
      },
    });
    await throwing.session.answers();
    await throwing.end(namespace("shop"));
    for (const { session, logged } of [crashing, throwing]) {
      const { state, answers } = session.current();
      expect(state).toMatchObject({ kind: "failed", failure: { code: "internal-error" } });
      expect(JSON.stringify(state)).not.toContain("secret");
      expect(answers).toBeUndefined();
      expect(logged.at(-1)).toBe("error a bug stopped a read");
    }
  });

  it("ends a read when it is closed, and takes nothing from it any more", async () => {
    const { session, reads, end } = setUp();
    await session.answers();
    session.close();
    expect(reads[0]?.signal.aborted).toBe(true);
    await end(namespace("late"));
    expect(session.current().answers).toBeUndefined();
    await session.answers();
    expect(reads).toHaveLength(1);
  });

  it("gives two runs of the server different etags for the same version", async () => {
    const [first, second] = [
      setUp(),
      setUp({ options: { log: silentLog, clock: () => Date.parse("2026-02-02T00:00:00Z") } }),
    ];
    for (const { session, end } of [first, second]) {
      await session.answers();
      await end(namespace("shop"));
    }
    expect(first.session.current().answers?.etag).not.toBe(second.session.current().answers?.etag);
  });
});
