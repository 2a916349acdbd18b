import { isFinished, isReady, isTerminating } from "#lib/engine/pod-readiness.ts";
import type { Health } from "#lib/model/graph.ts";
import type { Pod } from "#lib/model/objects.ts";

/** As the map draws it: what is finished or on its way out is not judged. */
export function podHealth(pod: Pod): Health {
  if (pod.template !== undefined) return "ok";
  if (isFinished(pod) || isTerminating(pod)) return "idle";
  if (isReady(pod)) return "ok";
  return pod.phase === "Unknown" ? "unknown" : "broken";
}
