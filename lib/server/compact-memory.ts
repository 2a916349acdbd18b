import { constants, PerformanceObserver } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A heap grows to at most so much more than what is in use, in percent, before its garbage is collected. */
const growPercent = 150;
/** After a cluster was read: by then the garbage of reading is gone. */
const compactForMs = 60_000;
/** After a cluster was read: whoever waited for it has its first answers. */
const collectAfterMs = 5_000;

/** More than so many times what is in use is scattered: half of the memory is gaps that nothing fits into. */
const mostScattered = 2.2;
/** Below this, gaps are no matter, in bytes. */
const fewBytes = 512 * 1024 * 1024;

/**
 * Keeps the memory held near what is in use. While the first cluster is read, every collection of all garbage closes the gaps
 * that it leaves: what a cluster is read through lives for a moment and what is kept of it for good, side by side, and
 * with 150,000 pods a fifth of the memory stayed empty otherwise. And the heap may grow to two and a half times what is in
 * use, where it would grow to four times that (bench/README.md has the figures).
 */
export function compactMemory(): void {
  setFlagsFromString("--compact-on-every-full-gc");
  setFlagsFromString(`--heap-growing-percent=${growPercent}`);
}

/** The flags are the process's: for several clusters as for one they are set once. */
let isEased = false;

/**
 * Once the first cluster was read, its changes are followed: to close all gaps then stops everything for a second in the largest
 * clusters, again and again, where leaving some costs little.
 */
export function easeAfterReading(): void {
  if (isEased) return;
  isEased = true;
  setTimeout(collectOnce, collectAfterMs).unref();
  setTimeout(() => {
    setFlagsFromString("--no-compact-on-every-full-gc");
    compactWhenScattered();
  }, compactForMs).unref();
}

/**
 * What changes leaves gaps between what stays, a little more with each collection: in ten minutes of 200 changes a second
 * 0.6 GB in use had spread over 2 GB. When they have become too many, the next collection closes them.
 */
function compactWhenScattered(): void {
  let isCompacting = false;
  new PerformanceObserver((list) => {
    if (!list.getEntries().some(isOfAllGarbage)) return;
    const compacts = isScattered(process.memoryUsage());
    if (compacts === isCompacting) return;
    isCompacting = compacts;
    setFlagsFromString(compacts ? "--compact-on-every-full-gc" : "--no-compact-on-every-full-gc");
  }).observe({ entryTypes: ["gc"] });
}

/** By a look right after a collection of all garbage. */
export function isScattered({
  heapTotal,
  heapUsed,
}: Pick<NodeJS.MemoryUsage, "heapTotal" | "heapUsed">): boolean {
  return heapTotal > fewBytes && heapTotal > mostScattered * heapUsed;
}

function isOfAllGarbage(entry: PerformanceEntry): boolean {
  const detail: unknown = Reflect.get(entry, "detail");
  return (
    typeof detail === "object" &&
    detail !== null &&
    "kind" in detail &&
    detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR
  );
}

/**
 * V8 gives back what it holds once little is made anew, but it counts that from its last collection on: what came of
 * reading after that counts for minutes, and 600 MB stayed. From this one on it sees that there is little.
 */
function collectOnce(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}
