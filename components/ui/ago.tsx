/** A moment as the time that passed until `now`: "3 h". Both ISO 8601; the full moment is in the title. */
export function Ago({ time, now }: { readonly time: string | undefined; readonly now: string | undefined }) {
  if (time === undefined || now === undefined) return null;
  const words = agoWords(Date.parse(now) - Date.parse(time));
  return words === undefined ? null : (
    <time dateTime={time} title={time}>
      {words}
    </time>
  );
}

const steps = [
  { unit: "d", ms: 86_400_000, from: 2 },
  { unit: "h", ms: 3_600_000, from: 2 },
  { unit: "min", ms: 60_000, from: 2 },
] as const;

/** "3 d", "5 h", "12 min", "40 s"; undefined for what is no time. A moment ahead of the clock reads as "now". */
export function agoWords(ms: number): string | undefined {
  if (!Number.isFinite(ms)) return undefined;
  if (ms < 1_000) return "now";
  for (const step of steps) {
    if (ms >= step.ms * step.from) return `${Math.floor(ms / step.ms)} ${step.unit}`;
  }
  return `${Math.floor(ms / 1_000)} s`;
}
