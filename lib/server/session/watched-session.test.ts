/** A session over a source that is watched; the test is the source, and turns the clock. */
import { describe, expect, it } from "vitest";
import type { CheckResults } from "#lib/diagnosis/run-checks.ts";
import { allKinds, kinds } from "#lib/model/kinds.ts";
import { factsFromYaml, snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import type { KindSync, Source, SourceFailure, SyncByKind, Update, WatchState } from "../sources/source.ts";
import type { Engine } from "./answers.ts";
import { Session, sessionTimes } from "./session.ts";

const facts = factsFromYaml("");
const gone: SourceFailure = { code: "cluster-unreachable", title: "It is gone.", detail: "d", remedy: "r" };
const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

/** `takesMs`: how long an answer takes to work out. */
function setUp(given: Partial<Engine> = {}, takesMs = 0) {
  let nowMs = Date.parse("2026-01-01T00:00:00Z");
  let state: WatchState = { kind: "connecting" };
  let update: Update | undefined;
  let onChange = () => {};
  const watches: AbortSignal[] = [];
  const asked: string[] = [];
  const logged: string[] = [];
  const timers = new Set<{ readonly dueMs: number; readonly done: () => void }>();
  const syncs = Object.fromEntries(
    allKinds.map((kind): [string, KindSync] => [kinds[kind].plural, { kind: "live", by: "watch" }]),
  ) as SyncByKind;
  const source: Source = {
    id: "prod",
    name: "prod",
    kind: "kube",
    changes: true,
    read: () => Promise.reject(new Error("what is watched is not read")),
    watch(told, signal) {
      watches.push(signal);
      onChange = told;
      return {
        state: () => state,
        kinds: () => syncs,
        isBehind: () => update !== undefined,
        take() {
          const taken = update;
          update = undefined;
          return taken;
        },
      };
    },
  };
  const engine: Engine = {
    compileFacts(snapshot, now) {
      asked.push(now);
      nowMs += takesMs;
      return { ...facts, snapshot };
    },
    runChecks: (): CheckResults => ({ findings: [], problems: [], ignored: [], cannotTell: [] }),
    buildGraph: () => ({ nodes: [], edges: [] }),
    ...given,
  };
  const session = new Session(source, engine, {
    ...sessionTimes,
    mergeMs: 150,
    clock: () => nowMs,
    wait: (ms, signal) =>
      new Promise<void>((resolve) => {
        const timer = { dueMs: nowMs + ms, done: resolve };
        timers.add(timer);
        signal.addEventListener("abort", () => {
          timers.delete(timer);
          resolve();
        });
      }),
    log: (level, msg) => logged.push(`${level} ${msg}`),
    onRead: () => logged.push("read"),
  });
  return {
    session,
    watches,
    asked,
    logged,
    namespaces: () => session.current().answers?.snapshot.objects.namespaces?.map((n) => n.name),
    /** Time passes, from one moment at which someone has waited long enough to the next. */
    async pass(ms: number) {
      const untilMs = nowMs + ms;
      for (;;) {
        await soon();
        const [next] = [...timers].sort((a, b) => a.dueMs - b.dueMs);
        if (next === undefined || next.dueMs > untilMs) break;
        nowMs = Math.max(nowMs, next.dueMs);
        timers.delete(next);
        next.done();
      }
      nowMs = Math.max(nowMs, untilMs);
      await soon();
    },
    async stands(next: WatchState) {
      state = next;
      onChange();
      await soon();
    },
    async changes(name: string) {
      const snapshot = snapshotFromYaml(`{apiVersion: v1, kind: Namespace, metadata: {name: ${name}}}`);
      update = { snapshot, changes: [], wide: true };
      state = { kind: "live" };
      onChange();
      await soon();
    },
  };
}

describe("a session over a source that is watched", () => {
  it("rests a little between answers, however long one took", async () => {
    const { session, changes, pass, namespaces } = setUp({}, 2_000);
    void session.answers();
    await changes("one");
    await pass(2_000);
    expect(namespaces()).toEqual(["one"]);
    await changes("two");
    await pass(200);
    expect(namespaces()).toEqual(["two"]);
  });

  it("watches once someone asks, and gives the first answers to all who wait", async () => {
    const { session, watches, stands, changes, pass, namespaces } = setUp();
    expect(session.current().state).toEqual({ kind: "idle" });
    expect(watches).toHaveLength(0);
    const waiting = [session.answers(), session.answers()];
    expect(watches).toHaveLength(1);
    expect(session.current().state).toEqual({ kind: "connecting" });
    await stands({ kind: "syncing", progress: { done: 3, of: 40, objects: 70, reading: "pods" } });
    expect(session.current().state).toEqual({
      kind: "syncing",
      done: 3,
      of: 40,
      objects: 70,
      reading: "pods",
    });
    await changes("shop");
    await pass(150);
    for (const { state, answers } of await Promise.all(waiting)) {
      expect(state).toEqual({ kind: "live", checkedAt: "2026-01-01T00:00:00.150Z" });
      expect(answers?.version).toBe(1);
    }
    expect(namespaces()).toEqual(["shop"]);
    expect(session.kinds()?.pods).toEqual({ kind: "live", by: "watch" });
  });

  it("says once that it has read", async () => {
    const { session, changes, pass, logged } = setUp();
    void session.answers();
    for (const name of ["one", "two"]) {
      await changes(name);
      await pass(300);
    }
    expect(session.current().answers?.version).toBe(2);
    expect(logged.filter((line) => line === "read")).toHaveLength(1);
  });

  it("tells whoever follows of each new set of answers, bursts as one", async () => {
    const { session, changes, pass, namespaces } = setUp();
    const seen: (readonly string[] | undefined)[] = [];
    session.follow(() => seen.push(namespaces()));
    void session.answers();
    await changes("one");
    await pass(150);
    for (const name of ["two", "three", "four"]) await changes(name);
    await pass(150);
    await pass(150);
    expect(namespaces()).toEqual(["four"]);
    expect(session.current().answers?.version).toBe(2);
    expect(seen.at(-1)).toEqual(["four"]);
  });

  it("says that it failed, goes on by itself, and keeps the failure's words while it is tried again", async () => {
    const { session, stands, changes, pass } = setUp();
    const first = session.answers();
    await stands({ kind: "failed", failure: gone });
    expect((await first).state).toEqual({ kind: "failed", failure: gone });
    await stands({ kind: "connecting" });
    expect(session.current().state).toEqual({ kind: "failed", failure: gone });
    await changes("shop");
    await pass(150);
    await pass(150);
    expect(session.current().state.kind).toBe("live");
  });

  it("keeps answers that are stale, with since when and why", async () => {
    const { session, stands, changes, pass, namespaces } = setUp();
    void session.answers();
    await changes("shop");
    await pass(150);
    await stands({ kind: "stale", since: "2025-12-31T23:59:00.000Z", why: gone });
    expect(session.current().state).toEqual({
      kind: "stale",
      checkedAt: "2025-12-31T23:59:00.000Z",
      why: gone,
    });
    expect(namespaces()).toEqual(["shop"]);
    await stands({ kind: "live" });
    expect(session.current().state.kind).toBe("live");
  });

  it("says of answers to which nothing changed that they are as of now, and tells times anew after a minute", async () => {
    const { session, changes, pass, asked } = setUp();
    session.follow(() => {});
    void session.answers();
    await changes("shop");
    await pass(150);
    await pass(20_000);
    expect(session.current()).toMatchObject({
      state: { kind: "live", checkedAt: "2026-01-01T00:00:15.450Z" },
      answers: { version: 1 },
    });
    await pass(55_000);
    expect(session.current().answers?.version).toBe(2);
    expect(asked.map((time) => time.slice(0, 16))).toEqual(["2026-01-01T00:00", "2026-01-01T00:01"]);
  });

  it("stops watching when nobody has asked for long, and begins again with the old answers as stale", async () => {
    const { session, watches, changes, pass, namespaces } = setUp();
    void session.answers();
    await changes("shop");
    await pass(150);
    await pass(1_900_000);
    expect(watches[0]?.aborted).toBe(true);
    expect(session.kinds()).toBeUndefined();
    await pass(600_000);
    const asking = session.answers();
    expect(watches).toHaveLength(2);
    await pass(2_000);
    expect((await asking).state).toMatchObject({ kind: "stale", why: { code: "reading-again" } });
    expect(namespaces()).toEqual(["shop"]);
    await changes("later");
    await pass(150);
    await pass(150);
    expect(session.current().state.kind).toBe("live");
    expect(namespaces()).toEqual(["later"]);
  });

  it("stays up when the engine throws, says that it is a bug, and recovers with the next change", async () => {
    let broken = true;
    const { session, changes, pass, logged } = setUp({
      buildGraph() {
        if (broken) throw new Error("at object secret");
        return { nodes: [], edges: [] };
      },
    });
    void session.answers();
    await changes("shop");
    await pass(150);
    const { state } = session.current();
    expect(state).toMatchObject({ kind: "failed", failure: { code: "internal-error" } });
    expect(JSON.stringify(state)).not.toContain("secret");
    expect(logged.at(-1)).toBe("error a bug stopped an answer");
    broken = false;
    await changes("later");
    await pass(150);
    await pass(150);
    expect(session.current().state.kind).toBe("live");
  });

  it("ends the watch when it is closed", async () => {
    const { session, watches, changes, pass } = setUp();
    void session.answers();
    session.close();
    expect(watches[0]?.aborted).toBe(true);
    await changes("late");
    await pass(150);
    expect(session.current().answers).toBeUndefined();
  });
});
