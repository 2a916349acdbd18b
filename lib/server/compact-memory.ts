import { constants, PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { z } from "zod";

/** A heap grows to at most so much more than what is in use, in percent, before its garbage is collected. */
const growPercent = 150;
/** After a cluster was read: whoever waited for it has its first answers. */
const collectAfterMs = 5_000;
/** In less than this few gaps come to be, and closing them takes longer than all else of a collection. */
const closeEveryMs = 60_000;
const lookEveryMs = 200;
/** V8 began to mark at 1.55 to 1.85 times what was in use. */
const nearCollection = 1.35;
const sameShare = 0.97;
/** A web server that nobody asks anything may stay short of a collection for hours. */
const longestNearMs = 60_000;

const closeGaps = "--compact-on-every-full-gc";
const leaveGaps = "--no-compact-on-every-full-gc";

/** What is told of the clusters' thread. */
export interface Compaction {
  /** It has collected all its garbage. */
  collected(): void;
}

/**
 * Keeps the memory held near what is in use: once a minute a collection of all garbage closes the gaps that it leaves.
 * What a cluster is read through lives for a moment, and what is kept of it for good, side by side, and so do what an answer
 * is made of and what stays for the next ones. With 150,000 pods a fifth of the memory stayed empty after reading, and
 * within minutes of 200 changes a second what was in use had spread over three times as much, more with each collection.
 * It stops the clusters' thread for most of a second at that size, where a collection that leaves the gaps takes a sixth of
 * that. The heap may grow to two and a half times what is in use, where it would grow to four times that
 * (bench/README.md has the figures).
 *
 * The flag holds for the whole process, and the web server's few megabytes have no gaps worth a tenth of a second in which
 * no probe is answered: while its own collection is near, none is closed. To be called on the web server's thread.
 */
export function compactMemory(): Compaction {
  setFlagsFromString(`--heap-growing-percent=${growPercent}`);
  setFlagsFromString(closeGaps);
  const gaps = new Gaps();
  setInterval(() => {
    const was = gaps.areClosed;
    const is = gaps.look(keptBytes(), performance.now());
    if (is !== was) setFlagsFromString(is ? closeGaps : leaveGaps);
  }, lookEveryMs).unref();
  return { collected: () => gaps.collected(performance.now()) };
}

/** Whether the next collection closes gaps. */
export class Gaps {
  areClosed = true;
  #closedMs = Number.NEGATIVE_INFINITY;
  #nearSinceMs: number | undefined;
  readonly #isNear = nearing(nearCollection);

  /** `kept`: what the web server's memory holds, in bytes. */
  look(kept: number, nowMs: number): boolean {
    this.#nearSinceMs = this.#isNear(kept) ? (this.#nearSinceMs ?? nowMs) : undefined;
    const isNear = this.#nearSinceMs !== undefined && nowMs - this.#nearSinceMs < longestNearMs;
    this.areClosed = !isNear && nowMs - this.#closedMs >= closeEveryMs;
    return this.areClosed;
  }

  /** The clusters' thread has collected. */
  collected(nowMs: number): void {
    if (this.areClosed) this.#closedMs = nowMs;
  }
}

/**
 * Calls `act` after each collection of all garbage of this thread, once the first cluster was read: until then all close
 * gaps, since what is read comes to be in order, and the first answers are there two seconds sooner.
 */
export function afterCollections(act: () => void): void {
  const observer = new PerformanceObserver((list) => {
    if (list.getEntries().some((entry) => fullCollection.safeParse(entry).success)) act();
  });
  void isRead.promise.then(() => observer.observe({ entryTypes: ["gc"] }));
}

const fullCollection = z.object({
  detail: z.object({ kind: z.literal(constants.NODE_PERFORMANCE_GC_MAJOR) }),
});

/** What of this thread's heap only a collection of all garbage looks through. */
function keptBytes(): number {
  let bytes = 0;
  for (const { space_name, space_used_size } of getHeapSpaceStatistics())
    if (!space_name.startsWith("new_")) bytes += space_used_size;
  return bytes;
}

/** Is told what is kept, again and again, and says whether that is near `times` what the last collection had left. */
export function nearing(times: number): (bytes: number) => boolean {
  let [left, last] = [Number.POSITIVE_INFINITY, 0];
  return (bytes) => {
    // Only a collection makes it less; what is counted a little otherwise from one look to the next is none.
    if (bytes < last * sameShare) left = bytes;
    left = Math.min(left, bytes);
    last = bytes;
    return bytes >= left * times;
  };
}

/** For several clusters as for one it is done once. */
let isCollected = false;

/** Once the first cluster was read. */
export function collectAfterReading(): void {
  if (isCollected) return;
  isCollected = true;
  setTimeout(() => {
    collectOnce();
    isRead.resolve();
  }, collectAfterMs).unref();
}

const isRead = Promise.withResolvers<void>();

/**
 * V8 gives back what it holds once little is made anew, but it counts that from its last collection on: what came of
 * reading after that counts for minutes, and 600 MB stayed. From this one on it sees that there is little.
 */
function collectOnce(): void {
  setFlagsFromString(closeGaps);
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}
