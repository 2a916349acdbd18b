/** Milliseconds since 1970. An argument wherever time matters, so that a test can set it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** As the API writes times: ISO 8601, UTC. */
export function isoTime(clock: Clock): string {
  return new Date(clock()).toISOString();
}

/** The day of a time as `isoTime` writes it, in UTC: `2026-11-25`. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}
