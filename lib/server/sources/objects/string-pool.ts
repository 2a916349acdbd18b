/**
 * One copy of each short string that objects repeat: label values, names, reasons. In 150,000 pods the same few
 * thousand strings come back millions of times, and a parser makes a new one each time.
 *
 * Bounded: when full it starts anew, which costs memory and never correctness.
 */
const maxStrings = 200_000;
const maxLength = 256;

let pool = new Map<string, string>();

/** The same text, as the one copy of it that is kept. */
export function intern(text: string): string {
  const kept = pool.get(text);
  if (kept !== undefined) return kept;
  if (text.length > maxLength) return text;
  if (pool.size >= maxStrings) pool = new Map();
  pool.set(text, text);
  return text;
}

const maxTimes = 2_000;

let times = new Map<string, string>();

/**
 * One copy of a time. There are as many of them as pods, but the same few within a pod and its neighbours, so they have
 * a small pool of their own and push nothing out of the large one. The API treats null and "" as absent.
 */
export function internTime(time: string | null | undefined): string | undefined {
  if (time === null || time === undefined || time === "") return undefined;
  const kept = times.get(time);
  if (kept !== undefined) return kept;
  if (times.size >= maxTimes) times = new Map();
  times.set(time, time);
  return time;
}

/** As `intern`, for what may be absent; the API treats null and the empty string as absent. */
export function internOptional(text: string | null | undefined): string | undefined {
  return text === null || text === undefined || text === "" ? undefined : intern(text);
}
