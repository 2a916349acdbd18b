import type { Health } from "#lib/model/graph.ts";

export type HealthCounts = Readonly<Record<Health, number>>;

/** Worst first. `ok` stands before `idle`, so that a fold of both reads as working. */
const weight: Readonly<Record<Health, number>> = { broken: 0, partial: 1, unknown: 2, ok: 3, idle: 4 };

/** How bad a health is: 0 is the worst. For sorting. */
export function weightOf(health: Health): number {
  return weight[health];
}

/** The worst of several; `idle` when there are none. */
export function worstHealth(healths: Iterable<Health>): Health {
  let worst: Health = "idle";
  for (const health of healths) if (weight[health] < weight[worst]) worst = health;
  return worst;
}

/** Whether something is to be seen here through every roll-up: broken, partial, or not known. */
export function isTroubled(health: Health): boolean {
  return weight[health] <= 2;
}

const noHealth: HealthCounts = { ok: 0, partial: 0, broken: 0, unknown: 0, idle: 0 };

export function sumHealth(counts: Iterable<HealthCounts>): HealthCounts {
  const sum = { ...noHealth };
  for (const { ok, partial, broken, unknown, idle } of counts) {
    sum.ok += ok;
    sum.partial += partial;
    sum.broken += broken;
    sum.unknown += unknown;
    sum.idle += idle;
  }
  return sum;
}

export function countHealth(healths: Iterable<Health>): HealthCounts {
  const counts = { ...noHealth };
  for (const health of healths) counts[health] += 1;
  return counts;
}

/**
 * One health for several ways to the same place: what all agree on, else `partial` as soon as one of them does not
 * get there and another one does.
 */
export function jointHealth(healths: readonly Health[]): Health {
  const judged = healths.filter((health) => health !== "idle");
  const worst = worstHealth(judged);
  return worst === "broken" && judged.some((health) => health !== "broken") ? "partial" : worst;
}

/** Of a number of endpoints, how many are ready. */
export function healthOfReady(ready: number, total: number): Health {
  if (ready === 0) return "broken";
  return ready >= total ? "ok" : "partial";
}
