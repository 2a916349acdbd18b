/** What an Ingress and a route say alike of backends whose Service has no endpoint that takes requests. */
import type { BackendFact, ServiceFacts } from "#lib/engine/facts.ts";
import { serviceInWords } from "#lib/engine/fix/backend-fix.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { answersByItself, requestsOf } from "./backend-words.ts";
import { type Found, notInManifests, type Unjudged, unjudged } from "./check.ts";
import { behind, kubectlEndpoints } from "./endpoint-reasons.ts";

type Judged = Pick<ServiceFacts, "service" | "endpoints" | "health" | "sentence">;

/** What explains it, where it is found on the Service. */
const causes = [
  "service/selector-matches-nothing",
  "service/no-ready-endpoints",
  "service/target-port-name-unresolved",
  "service/endpoints-drift",
];

/**
 * One finding for every port of a Service to which nothing of `backends` gets through. `severityOf`: by the backends that
 * lead there.
 */
export function* withoutEndpoints(
  from: { readonly id: ObjectId; readonly namespace: string },
  backends: readonly BackendFact[],
  services: ReadonlyMap<ObjectId, Judged>,
  origin: Snapshot["origin"],
  severityOf: (leading: readonly BackendFact[]) => "error" | "warning",
): Generator<Found | Unjudged> {
  const judged = backends.filter((backend) => backend.weight > 0 && !answersByItself(backend));
  for (const leading of Map.groupBy(
    judged,
    ({ service, servicePort }) => `${service} ${servicePort}`,
  ).values()) {
    const [first] = leading;
    const facts = first?.service === undefined ? undefined : services.get(first.service);
    if (first === undefined || facts === undefined) continue;
    if (first.state === "unknown") {
      yield unjudged("endpointSlices", "pods");
      if (origin === "manifests") yield notInManifests("pods", facts.service.namespace);
    }
    if (first.state === "no-endpoints") yield noEndpoints(from, leading, first, facts, severityOf(leading));
  }
}

function noEndpoints(
  { id, namespace }: { readonly id: ObjectId; readonly namespace: string },
  leading: readonly BackendFact[],
  first: BackendFact,
  { service, endpoints, health, sentence }: Judged,
  severity: "error" | "warning",
): Found {
  const name = serviceInWords(service.id, namespace);
  const requests = listedUpTo([...new Set(leading.map(requestsOf))], 3);
  // Scaled to 0 on purpose: worth knowing for whoever wonders about the 503.
  const isMeant = health === "idle";
  return {
    subject: id,
    part: first.path,
    severity: isMeant ? "info" : severity,
    message: `Requests for ${requests} go to ${name}, which has no endpoint for them: ${sentence}`,
    evidence: leading.map(({ evidence }) => evidence),
    fix: {
      text: isMeant
        ? `Scale the pods of ${name} up, or take what leads there away`
        : `Repair the endpoints of ${name}; what leads there needs no change`,
    },
    kubectl: kubectlEndpoints(service),
    touches: [service.id, ...behind(endpoints)],
    follows: isMeant ? [] : [{ object: service.id, checks: causes }],
  };
}
