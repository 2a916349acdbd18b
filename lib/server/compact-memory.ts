import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A heap grows to at most so much more than what is in use, in percent, before its garbage is collected. */
const growPercent = 150;
/** After a cluster was read: whoever waited for it has its first answers. */
const collectAfterMs = 5_000;

/**
 * Keeps the memory held near what is in use. Every collection of all garbage closes the gaps that it leaves: what a cluster
 * is read through lives for a moment, and what is kept of it for good, side by side, and so do what an answer is made of and
 * what stays for the next ones. With 150,000 pods a fifth of the memory stayed empty after reading, and within minutes of
 * 200 changes a second what was in use had spread over three times as much, more with each collection. It takes the
 * clusters' thread half a second or more each time at that size; and, as it holds for the whole process, the web server's
 * a tenth of a second now and then where its few megabytes took half of that. The heap may grow to two and a half times what is
 * in use, where it would grow to four times that (bench/README.md has the figures).
 */
export function compactMemory(): void {
  setFlagsFromString("--compact-on-every-full-gc");
  setFlagsFromString(`--heap-growing-percent=${growPercent}`);
}

/** For several clusters as for one it is done once. */
let isCollected = false;

/** Once the first cluster was read. */
export function collectAfterReading(): void {
  if (isCollected) return;
  isCollected = true;
  setTimeout(collectOnce, collectAfterMs).unref();
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
