import { setFlagsFromString } from "node:v8";

/**
 * Has every collection of all garbage close the gaps that it leaves. What a cluster is read through lives for a moment
 * and what is kept of it for good, side by side: with 150,000 pods a fifth of the memory held stayed empty otherwise
 * (790 MB resident where 670 do, bench/README.md), at no cost in time that could be measured.
 */
export function compactMemory(): void {
  setFlagsFromString("--compact-on-every-full-gc");
}
