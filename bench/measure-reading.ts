/** Reading a dump without the server around it. */
import { filesSource } from "#lib/server/sources/files/files-source.ts";
import type { Figure } from "./figure.ts";
import type { Dump } from "./write-dump.ts";

/** What the best way of reading as many pods from a real API server takes: a watch, each object cut down as it comes. */
const fromApiServerSeconds = 3.33;

/** Where one run takes this long, it says enough. */
const patienceSeconds = 15;

export async function measureReading(dump: Dump, runs: number): Promise<readonly Figure[]> {
  const seconds: number[] = [];
  while (seconds.length < runs && seconds.every((s) => s < patienceSeconds)) {
    const source = filesSource(dump.path, { id: "files", name: "files" });
    const startMs = performance.now();
    const result = await source.read(() => {}, AbortSignal.timeout(120_000));
    seconds.push((performance.now() - startMs) / 1000);
    if (result.kind === "failed") throw new Error(result.failure.title);
  }
  const name = `reading ${dump.objects.toLocaleString("en")} pods, ${Math.round(dump.bytes / 1e6)} MB of JSON`;
  return [
    { name, unit: "s", values: seconds, bound: fromApiServerSeconds },
    { name: `${name}: objects`, unit: "/s", values: seconds.map((s) => dump.objects / s) },
  ];
}
