/** Times as short words for sentences. Times come in as ISO 8601, lengths in milliseconds. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Whoever reads it does so some seconds later: steps that are finer would only make everything new each time it is told. */
const step = 10 * second;

/** "a few seconds", "20 s", "4 min", "3 h", "5 days"; rounded down. */
export function durationWords(ms: number): string {
  if (ms < step) return "a few seconds";
  if (ms < minute) return `${(Math.floor(ms / step) * step) / second} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  // Up to two days hours still say more: "36 h", not "1 day".
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} days`;
}

/** "for 4 min", or undefined where the time is not given or is none. */
export function forWords(time: string | undefined, now: number): string | undefined {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? undefined : `for ${durationWords(now - at)}`;
}

/** "07:59 UTC", with the date before it where that is not today's; undefined where the time is not given or is none. */
export function clockWords(time: string | undefined, now: number): string | undefined {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  if (Number.isNaN(at)) return undefined;
  const iso = new Date(at).toISOString();
  const date = iso.slice(0, 10);
  const clock = `${iso.slice(11, 16)} UTC`;
  return date === new Date(now).toISOString().slice(0, 10) ? clock : `${date} ${clock}`;
}
