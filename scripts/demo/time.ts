// The moment the dump was taken. Every timestamp is derived from it, so the output never changes by itself.
export const now = "2026-11-20T21:14:00Z";

const unitSeconds: Record<string, number> = { d: 86_400, h: 3_600, m: 60, s: 1 };

/** "3d4h" → seconds. */
export function seconds(duration: string): number {
  let total = 0;
  for (const [, count, unit] of duration.matchAll(/(\d+)([dhms])/g)) {
    total += Number(count) * (unitSeconds[unit ?? ""] ?? 0);
  }
  return total;
}

/** The time that long before the dump, with `offset` seconds added. */
export function ago(duration: string, offset = 0): string {
  return shift(now, offset - seconds(duration));
}

/** `time` moved by whole seconds, but never past the dump. */
export function shift(time: string, offset: number): string {
  const moved = Math.min(Date.parse(time) + offset * 1000, Date.parse(now));
  return new Date(moved).toISOString().replace(".000Z", "Z");
}

export function newest(times: string[]): string {
  const last = times.toSorted().at(-1);
  if (last === undefined) throw new Error("no times");
  return last;
}
