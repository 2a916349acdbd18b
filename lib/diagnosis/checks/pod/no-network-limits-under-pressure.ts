import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { nodeCondition } from "#lib/engine/node-state.ts";
import { counted, listed, oneLine } from "#lib/engine/object-words.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Event, Pod } from "#lib/model/objects.ts";
import { defineCheck, unjudged } from "../../check.ts";

const pressures = ["MemoryPressure", "DiskPressure", "PIDPressure"] as const;
const bandwidth = ["kubernetes.io/ingress-bandwidth", "kubernetes.io/egress-bandwidth"] as const;
/** Fewer than these, and it is more likely the program's own doing. */
const leastPods = 3;
const leastWorkloads = 2;
const leastTimes = 3;
const recentMs = 60 * 60_000;

export const podNoNetworkLimitsUnderPressure = defineCheck({
  id: "pod/no-network-limits-under-pressure",
  code: "NET-506",
  severity: "info",
  summary: "Probes time out all over a node under pressure, and no pod on it has a bandwidth limit",
  inputs: ["nodes", "pods", "events"],
  *find({ objects, unread, takenAt, podsOn, ownerOf, warningsOf }) {
    for (const node of objects.nodes) {
      const pressing = pressures.filter((type) => nodeCondition(node, type)?.status === "True");
      if (pressing.length === 0) continue;
      const { own } = podsOn(node.name);
      const timedOut = own.flatMap((pod) => {
        const event =
          restarts(pod) > 0 ? warningsOf(pod.id).find((each) => isTimeout(each, takenAt)) : undefined;
        return event === undefined ? [] : [{ pod, event }];
      });
      const workloads = new Set<ObjectId>(timedOut.map(({ pod }) => ownerOf.get(pod.id) ?? pod.id));
      if (timedOut.length < leastPods || workloads.size < leastWorkloads) continue;
      // A pod with a limit may be among those that were not read.
      if (unread.includes("pods")) {
        yield unjudged("pods");
        continue;
      }
      if (own.some(isLimited)) continue;
      yield {
        subject: node.id,
        message: `${node.name} is under pressure (${listed(pressing)}) and probes of ${counted(timedOut.length, "pod")} of ${counted(workloads.size, "workload")} on it time out, while no pod there has a bandwidth limit: one of them may take the network from the others`,
        evidence: [
          ...pressing.map((type) => ({
            object: node.id,
            path: `status.conditions[${type}].status`,
            value: "True",
          })),
          ...timedOut.map(({ event }) => ({
            object: event.id,
            path: "message",
            value: oneLine(event.message),
          })),
        ],
        fix: {
          text: `Relieve ${node.name} first; where traffic is what presses it, limit the pods that have most of it (${listed(bandwidth)}), if the network plugin goes by these`,
        },
        kubectl: kubectl(undefined, "describe", "node", node.name),
        touches: timedOut.flatMap(({ pod }) => [pod.id, ownerOf.get(pod.id) ?? pod.id]),
      };
    }
  },
});

function restarts({ containers }: Pod): number {
  return containers.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** "Liveness probe failed: Get "http://10.0.1.1:8080/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)". */
function isTimeout({ reason, message, count, lastSeen }: Event, takenAt: string | undefined): boolean {
  if (reason !== "Unhealthy" || count < leastTimes) return false;
  if (!/deadline exceeded|Client\.Timeout|i\/o timeout|timed out/.test(message)) return false;
  if (lastSeen === undefined || takenAt === undefined) return true;
  return Date.parse(takenAt) - Date.parse(lastSeen) < recentMs;
}

function isLimited({ annotations }: Pod): boolean {
  return bandwidth.some((key) => annotations[key] !== undefined);
}
