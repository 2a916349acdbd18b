import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A heap grows to at most so much more than what is in use, in percent, before its garbage is collected. */
const growPercent = 150;
/** After a cluster was read: by then the garbage of reading is gone. */
const compactForMs = 60_000;
/** After a cluster was read: whoever waited for it has its first answers. */
const collectAfterMs = 5_000;

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

/**
 * Once the first cluster was read, its changes are followed: to close all gaps then stops everything for a second in the largest
 * clusters, again and again, where leaving them costs little.
 */
export function easeAfterReading(): void {
  setTimeout(collectOnce, collectAfterMs).unref();
  setTimeout(() => setFlagsFromString("--no-compact-on-every-full-gc"), compactForMs).unref();
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
