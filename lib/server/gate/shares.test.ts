import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RequestLimits } from "./request-limits.ts";
import { type ShareKind, Shares } from "./shares.ts";

const limits: RequestLimits = {
  streams: 2,
  questions: 3,
  uploads: 3,
  perMinute: 40,
  uploadBytes: 1,
  uploadFiles: 1,
  uploadMs: 1,
};
const taken = (shares: Shares, kind: ShareKind, who: string, now = 0) => {
  const share = shares.take(kind, who, now);
  return share.kind === "taken" ? share.release : share.retryAfterSeconds;
};

describe("a share", () => {
  it.each([
    ["stream", 2],
    ["question", 3],
    ["upload", 2],
    ["login", 8],
  ] as const)("of a %s is %i at once, and one more once one is over", (kind, most) => {
    const shares = new Shares({ ...limits, perMinute: 10_000 });
    const releases = Array.from({ length: most }, () => taken(shares, kind, "ada"));
    expect(releases.every((each) => typeof each === "function")).toBe(true);
    expect(taken(shares, kind, "ada")).toBe(1);
    const [first] = releases;
    if (typeof first === "function") {
      first();
      first();
    }
    expect(taken(shares, kind, "ada")).toBeTypeOf("function");
    expect(taken(shares, kind, "ada")).toBe(1);
  });

  it("is each one's own", () => {
    const shares = new Shares(limits);
    taken(shares, "stream", "ada");
    taken(shares, "stream", "ada");
    expect(taken(shares, "stream", "ada")).toBe(1);
    expect(taken(shares, "stream", "ben")).toBeTypeOf("function");
  });

  it("of files is a part of what all together may send", () => {
    const shares = new Shares(limits);
    taken(shares, "upload", "ada");
    taken(shares, "upload", "ada");
    taken(shares, "upload", "ben");
    expect(shares.take("upload", "cleo", 0)).toMatchObject({
      title: "Others are sending files at the moment",
      retryAfterSeconds: 5,
    });
  });

  it("of a minute is used up by a quarter of it at once, and comes back with time", () => {
    const shares = new Shares(limits);
    for (let i = 0; i < 10; i++) {
      const release = taken(shares, "question", "ada");
      if (typeof release === "function") release();
    }
    const refused = shares.take("question", "ada", 0);
    expect(refused).toMatchObject({
      kind: "refused",
      title: "Too many requests in a short time",
      retryAfterSeconds: 2,
    });
    expect(taken(shares, "question", "ada", 1_000)).toBe(1);
    expect(taken(shares, "question", "ada", 1_500)).toBeTypeOf("function");
    expect(taken(shares, "question", "ada", 1_500)).toBe(2);
  });

  it("says what to do, and which setting it is", () => {
    const shares = new Shares({ ...limits, streams: 1 });
    taken(shares, "stream", "ada");
    expect(shares.take("stream", "ada", 0)).toEqual({
      kind: "refused",
      title: "Too many pages follow at once",
      detail: "At most 1 streams at the same time are taken from one person or address, and there are 1.",
      remedy:
        "Ask again in a second; pages do so by themselves. Closing a page frees one. THROUGHLINE_LIMIT_STREAMS sets how many are taken.",
      retryAfterSeconds: 1,
    });
  });

  it("of whoever has gone is forgotten, so that a million addresses leave nothing behind", () => {
    const shares = new Shares(limits);
    for (let i = 0; i < 1_000; i++) {
      const release = taken(shares, "question", `address ${i}`, i);
      if (typeof release === "function" && i !== 7) release();
    }
    taken(shares, "question", "last", 200_000);
    expect(shares.known).toBe(2);
  });

  it("is never more than its limits, whoever asks for what and leaves when", () => {
    const step = fc.record({
      kind: fc.constantFrom<ShareKind>("stream", "question", "upload"),
      who: fc.constantFrom("ada", "ben", "cleo"),
      leaves: fc.boolean(),
      pauseMs: fc.nat(3_000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const shares = new Shares(limits);
        const open: { kind: ShareKind; who: string; release: () => void }[] = [];
        let now = 0;
        for (const { kind, who, leaves, pauseMs } of steps) {
          now += pauseMs;
          if (leaves) {
            open.shift()?.release();
            continue;
          }
          const share = shares.take(kind, who, now);
          if (share.kind === "taken") open.push({ kind, who, release: share.release });
          else expect(share.retryAfterSeconds).toBeGreaterThanOrEqual(1);
          const own = open.filter((each) => each.kind === kind && each.who === who).length;
          expect(own).toBeLessThanOrEqual({ stream: 2, question: 3, upload: 2, login: 8 }[kind]);
          expect(open.filter((each) => each.kind === "upload").length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });
});
