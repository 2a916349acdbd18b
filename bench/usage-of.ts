/** What a process uses, as Linux tells it (`/proc`, proc(5)). */
import { readFileSync } from "node:fs";

/** Clock ticks of /proc's CPU times; Linux has told 100 to every program for decades. */
const ticksPerSecond = 100;

/** Resident memory in MB and CPU time in seconds since it started, of one process with all its threads. */
export function usageOf(pid: number): { readonly residentMb: number; readonly cpuSeconds: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const residentMb = (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6;
  // The name, in brackets, may have spaces: fields are counted from behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return { residentMb, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond };
}
