import { describe, expect, it } from "vitest";
import { deltaOf } from "#lib/protocol/stream.ts";
import { type Channel, LiveStream, type StreamDeps } from "./live-stream.ts";

/** A browser whose connections the test speaks on, and whose timers it runs. */
function browser(refusal?: Awaited<ReturnType<StreamDeps["whyRefused"]>>) {
  const timers = new Map<() => void, number>();
  const waits: number[] = [];
  const opened: (Channel & { address: URL; closed: boolean; say: (type: string, data?: unknown) => void })[] =
    [];
  const stream = new LiveStream({
    connect(address) {
      const listeners = new Map<string, (event: { data?: unknown }) => void>();
      const channel = {
        address: new URL(address, "http://x"),
        closed: false,
        readyState: 1,
        addEventListener: (type: string, listener: (event: { data?: unknown }) => void) =>
          void listeners.set(type, listener),
        close() {
          channel.closed = true;
        },
        say: (type: string, data?: unknown) =>
          listeners.get(type)?.(data === undefined ? {} : { data: JSON.stringify(data) }),
      };
      opened.push(channel);
      return channel;
    },
    whyRefused: async () => refusal,
    later(ms, run) {
      waits.push(ms);
      timers.set(run, ms);
      return () => void timers.delete(run);
    },
  });
  return {
    stream,
    opened,
    waits,
    last() {
      const channel = opened.at(-1);
      if (channel === undefined) throw new Error("nothing was opened");
      return channel;
    },
    /** Runs what waits for so long at most: by itself, everything but a line's silence. */
    pass(mostMs = 10_000) {
      const due = [...timers].filter(([, ms]) => ms <= mostMs);
      for (const [run] of due) timers.delete(run);
      for (const [run] of due) run();
    },
  };
}

const graph = "/api/v1/clusters/prod/graph?ns=shop";
const panel = "/api/v1/clusters/prod/services/shop/web";

function recorder() {
  const got: unknown[] = [];
  return {
    got,
    follower: { answer: (answer: unknown) => got.push(answer), problem: () => got.push("problem") },
  };
}

describe("the page's stream", () => {
  it("follows on one connection all that the page shows, and tells each what changes in it", () => {
    const { stream, opened, last, pass } = browser();
    const [a, b] = [recorder(), recorder()];
    stream.follow(graph, a.follower);
    stream.follow(panel, b.follower);
    pass();
    expect(opened).toHaveLength(1);
    expect(last().address.pathname).toBe("/api/v1/clusters/prod/stream");
    expect(last().address.searchParams.getAll("watch")).toEqual(["/graph?ns=shop", "/services/shop/web"]);
    last().say("answer", { topic: 0, status: 200, to: "g1", answer: { nodes: [] } });
    last().say("answer", { topic: 1, status: 200, to: "p1", answer: { ready: 1 } });
    last().say("change", { topic: 1, from: "p1", to: "p2", delta: deltaOf({ ready: 1 }, { ready: 2 }) });
    expect(a.got).toEqual([{ nodes: [] }]);
    expect(b.got).toEqual([{ ready: 1 }, { ready: 2 }]);
  });

  it("says what it has when it follows something else as well, and gives up what nobody shows", () => {
    const { stream, opened, last, pass } = browser();
    stream.follow(graph, recorder().follower);
    pass();
    last().say("answer", { topic: 0, status: 200, to: "g1", answer: {} });
    const leave = stream.follow(panel, recorder().follower);
    pass();
    expect(opened[0]?.closed).toBe(true);
    expect(last().address.searchParams.get("at")).toBe("g1.-");
    leave();
    pass();
    expect(last().address.searchParams.getAll("watch")).toEqual(["/graph?ns=shop"]);
  });

  it("has everything told again when a change does not fit, or is not understood", () => {
    const { stream, opened, last, pass } = browser();
    const { got, follower } = recorder();
    stream.follow(graph, follower);
    pass();
    last().say("answer", { topic: 0, status: 200, to: "g1", answer: { n: 1 } });
    last().say("change", { topic: 0, from: "g7", to: "g8", delta: deltaOf({ n: 7 }, { n: 8 }) });
    pass();
    expect(opened).toHaveLength(2);
    expect(last().address.searchParams.get("at")).toBe("-");
    expect(got).toEqual([{ n: 1 }]);
    last().say("answer", { nonsense: true });
    pass();
    expect(opened).toHaveLength(3);
  });

  it("holds the view while it is paused, counts, and shows the newest once it follows again", () => {
    const { stream, last, pass } = browser();
    const { got, follower } = recorder();
    stream.follow(graph, follower);
    pass();
    last().say("open");
    last().say("answer", { topic: 0, status: 200, to: "1", answer: { n: 1 } });
    stream.pause(true);
    for (const n of [2, 3]) {
      last().say("change", { topic: 0, from: `${n - 1}`, to: `${n}`, delta: deltaOf({ n: n - 1 }, { n }) });
      last().say("told");
    }
    expect(got).toEqual([{ n: 1 }]);
    expect(stream.state()).toEqual({ connection: "open", paused: true, missed: 2, refused: undefined });
    stream.pause(false);
    expect(got).toEqual([{ n: 1 }, { n: 3 }]);
    expect(stream.state().missed).toBe(0);
  });

  it("says that the connection is lost, and comes back by itself after a refusal", () => {
    const { stream, opened, last, pass } = browser();
    stream.follow(graph, recorder().follower);
    pass();
    last().say("open");
    last().say("error");
    expect(stream.state().connection).toBe("lost");
    expect(opened).toHaveLength(1);
    last().say("open");
    expect(stream.state().connection).toBe("open");
    Object.assign(last(), { readyState: 2 });
    last().say("error");
    pass();
    expect(opened).toHaveLength(2);
  });

  it("says in the server's words why it is refused, and comes back when it says", async () => {
    const problem = { type: "/problems/too-many-requests", title: "Busy", status: 429, detail: "d" };
    const { stream, opened, last, pass, waits } = browser({ problem, againAfterMs: 9_000 });
    stream.follow(graph, recorder().follower);
    pass();
    Object.assign(last(), { readyState: 2 });
    last().say("error");
    await Promise.resolve();
    expect(stream.state()).toMatchObject({ connection: "lost", refused: problem });
    expect(waits.at(-1)).toBe(9_000);
    pass();
    expect(opened).toHaveLength(2);
    last().say("open");
    expect(stream.state()).toMatchObject({ connection: "open", refused: undefined });
  });

  it("lets go of the connection while nobody looks", () => {
    const { stream, opened, last, pass } = browser();
    stream.follow(graph, recorder().follower);
    pass();
    last().say("answer", { topic: 0, status: 200, to: "g1", answer: {} });
    stream.sleep();
    expect(opened[0]?.closed).toBe(true);
    stream.wake();
    pass();
    expect(last().address.searchParams.get("at")).toBe("g1");
  });

  it("says that it is lost when the machine has no network, and comes back where it was", () => {
    const { stream, opened, last, pass } = browser();
    stream.lose();
    expect(stream.state().connection).toBe("off");
    stream.follow(graph, recorder().follower);
    pass();
    last().say("open");
    last().say("answer", { topic: 0, status: 200, to: "g1", answer: {} });
    stream.lose();
    expect(stream.state().connection).toBe("lost");
    expect(opened[0]?.closed).toBe(true);
    stream.wake();
    pass();
    expect(last().address.searchParams.get("at")).toBe("g1");
  });

  it("takes a line on which nothing comes for two heartbeats for dead, says so, and makes another", () => {
    const { stream, opened, last, pass } = browser();
    const { got, follower } = recorder();
    stream.follow(graph, follower);
    pass();
    last().say("open");
    last().say("answer", { topic: 0, status: 200, to: "g1", answer: {} });
    last().say("alive");
    pass(30_000);
    expect(opened).toHaveLength(1);
    pass(40_000);
    expect(stream.state().connection).toBe("lost");
    expect(opened[0]?.closed).toBe(true);
    expect(last().address.searchParams.get("at")).toBe("g1");
    // The next one leads nowhere either.
    pass(40_000);
    expect(stream.state().connection).toBe("lost");
    expect(opened).toHaveLength(3);
    last().say("open");
    expect(stream.state().connection).toBe("open");
    last().say("change", { topic: 0, from: "g1", to: "g2", delta: deltaOf({}, { n: 2 }) });
    expect(got).toEqual([{}, { n: 2 }]);
  });

  it("stays lost while it tries, and says nothing of a line that nobody needs", () => {
    const { stream, opened, last, pass } = browser();
    const leave = stream.follow(graph, recorder().follower);
    pass();
    last().say("open");
    Object.assign(last(), { readyState: 2 });
    last().say("error");
    pass();
    expect(opened).toHaveLength(2);
    expect(stream.state().connection).toBe("lost");
    leave();
    pass();
    pass(40_000);
    expect(stream.state().connection).toBe("off");
    expect(opened).toHaveLength(2);
  });

  it("tells of a problem in place of an answer", () => {
    const { stream, last, pass } = browser();
    const { got, follower } = recorder();
    stream.follow(graph, follower);
    pass();
    last().say("answer", { topic: 0, status: 404, to: "x", answer: {} });
    expect(got).toEqual(["problem"]);
  });
});
