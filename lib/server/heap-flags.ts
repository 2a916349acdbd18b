import { setFlagsFromString } from "node:v8";

/** A heap grows to at most so much more than what is in use, in percent, before its garbage is collected. */
const growPercent = 100;
/** By then the garbage of reading a cluster is gone. */
const compactForMs = 60_000;

/** Keeps the heap within twice what is in use, where it would grow to four times that (bench/README.md has figures). */
export function boundMemory(): void {
  setFlagsFromString(`--heap-growing-percent=${growPercent}`);
}

/**
 * Once a cluster was read, collections of all garbage close the gaps that they leave, for a while: what a cluster is read
 * through lives for a moment and what is kept of it for good, side by side, and with 150,000 pods a fifth of the memory
 * stayed empty otherwise. Not while it is read, nor while its changes are followed: to close all gaps stops everything
 * for up to a second.
 */
export function compactAfterReading(): void {
  setFlagsFromString("--compact-on-every-full-gc");
  setTimeout(() => setFlagsFromString("--no-compact-on-every-full-gc"), compactForMs).unref();
}
