/**
 * One copy of parts that objects repeat: labels, probes, ports, conditions. The pods of a workload differ in little but
 * their names and addresses, and the rest is most of what they weigh.
 *
 * Bounded, as the pool of strings is: when full it starts anew, which costs memory and never correctness. Pods of one
 * workload come one after the other, so a small pool finds nearly all there is to find.
 */
const mostParts = 20_000;
const longestKey = 2_000;

let pool = new Map<string, unknown>();

/** The same plain JSON, as the one copy of it that is kept. Nobody may change it. */
export function share<T extends object>(part: T): T {
  const key = JSON.stringify(part);
  if (key.length > longestKey) return part;
  const kept = pool.get(key);
  // Only JSON that reads the same has this key, so that it is of the same type.
  if (kept !== undefined) return kept as T;
  if (pool.size >= mostParts) pool = new Map();
  pool.set(key, part);
  return part;
}
