import { refOf } from "#lib/model/ids.ts";
import type { ReachDirection, ReachNamespace } from "#lib/model/reach.ts";
import { isRead } from "#lib/model/snapshot.ts";
import type { TraceEnd } from "#lib/model/trace.ts";
import type { World } from "../trace/world.ts";

/** "2 of 14 workloads may reach it; of 1 it is not known". */
export function reachSentence(
  { facts: { snapshot } }: World,
  namespaces: readonly ReachNamespace[],
  direction: ReachDirection,
  end: TraceEnd,
): string {
  const reach = direction === "to" ? "reach it" : "be reached from it";
  // A Service is no workload, so that all of them are others.
  const isService = end.object !== undefined && refOf(end.object).kind === "service";
  const workload = isService ? "workload" : "other workload";
  const { may, total, unknown } = countsOf(namespaces);
  if (total === 0) {
    return !isRead(snapshot, "pods")
      ? `pods could not be read, so which workloads may ${reach} is not known`
      : `there is no ${workload}`;
  }
  if (total === 1) {
    return unknown === 1
      ? `whether the one ${workload} may ${reach} is not known`
      : `the one ${workload} may ${may === 1 ? "" : "not "}${reach}`;
  }
  if (unknown === total) return `whether any of ${total} ${workload}s may ${reach} is not known`;
  if (may === total) return `all ${total} ${workload}s may ${reach}`;
  const left = unknown === 0 ? "" : `; of ${unknown} it is not known`;
  return `${may === 0 ? "none" : may} of ${total} ${workload}s may ${reach}${left}`;
}

function countsOf(namespaces: readonly ReachNamespace[]) {
  let [may, total, unknown] = [0, 0, 0];
  for (const each of namespaces) {
    may += each.may;
    total += each.total;
    for (const { verdict, count } of each.groups) if (verdict === "unknown") unknown += count;
  }
  return { may, total, unknown };
}
