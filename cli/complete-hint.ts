import type { Trace } from "#lib/model/trace.ts";
import type { AskedCluster } from "./asked-cluster.ts";

/**
 * Where an answer is unknown for a kind of which a dump holds nothing, what to do if there is none: kubectl leaves no
 * trace of a kind without objects.
 */
export function completeHint(
  { verdict, doubts }: Pick<Trace, "verdict" | "doubts">,
  { world, complete }: AskedCluster,
): string | undefined {
  const { origin, unread } = world.facts.snapshot;
  if (verdict !== "unknown" || origin !== "dump" || complete) return undefined;
  const lacking = doubts.some(({ code }) => code === "policies-unread" || code === "unread");
  const uncollected = Object.values(unread).some(({ reason }) => reason === "not-collected");
  return lacking && uncollected
    ? "If the cluster has no objects of the kinds that these files do not hold, say so with --complete."
    : undefined;
}
