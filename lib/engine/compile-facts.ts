import type { ObjectId } from "#lib/model/ids.ts";
import { routePlurals, type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { BackendInputs } from "./backend.ts";
import { buildIndex } from "./build-index.ts";
import { clusterDomain } from "./cluster-domain.ts";
import { type EndpointInputs, slicesFollowPods } from "./endpoints.ts";
import type { Facts } from "./facts.ts";
import { gatewayFacts } from "./gateway-facts.ts";
import { takerOfClassless } from "./ingress-controllers.ts";
import { type IngressInputs, ingressFacts } from "./ingress-facts.ts";
import { notReadyReasons } from "./not-ready-reasons.ts";
import { podRange } from "./pod-range.ts";
import { allPolicyFacts } from "./policy-selection.ts";
import { routeFacts } from "./route-facts.ts";
import { serviceFacts } from "./service-facts.ts";
import { slicesByService } from "./slice-endpoints.ts";
import { tlsEntries } from "./tls/tls-entries.ts";
import { allWorkloadFacts } from "./workload-facts.ts";

/**
 * Everything that follows from a snapshot, once. `now` is the moment to tell times from ("for 4 min"), ISO 8601; for
 * a dump the moment that it was taken. The order of objects in the snapshot changes nothing but the order of the maps.
 */
export function compileFacts(snapshot: Snapshot, now: string): Facts {
  const at = Date.parse(now);
  const index = buildIndex(snapshot);
  const reasons = notReadyReasons(snapshot, index, at);
  const read = snapshot.objects.endpointSlices;
  const slices = read === undefined ? undefined : slicesByService(read);
  const endpointInputs: EndpointInputs = {
    snapshot,
    index,
    slices,
    slicesFollowPods: slicesFollowPods(snapshot, index, slices),
    reasons,
    podRange: podRange(snapshot.objects.nodes),
    domain: clusterDomain(snapshot),
    now: at,
  };
  const services = mapFacts(seen(snapshot, "services"), (service) => serviceFacts(service, endpointInputs));
  const policies = allPolicyFacts(snapshot, index);
  const workloads = allWorkloadFacts(snapshot, index, policies.values(), reasons);
  const backendInputs: BackendInputs = { snapshot, index, services };
  const ingressInputs: IngressInputs = { ...backendInputs, classless: takerOfClassless(snapshot, index) };
  const ingresses = mapFacts(seen(snapshot, "ingresses"), (ingress) => ingressFacts(ingress, ingressInputs));
  const everyRoute = routePlurals.flatMap((plural) => seen(snapshot, plural));
  const routes = mapFacts(everyRoute, (route) => routeFacts(route, backendInputs));
  const gateways = mapFacts(seen(snapshot, "gateways"), (gateway) =>
    gatewayFacts(gateway, snapshot, index, routes.values()),
  );
  return {
    snapshot,
    index,
    services,
    workloads,
    ingresses,
    gateways,
    routes,
    policies,
    slices: slices ?? new Map(),
    tls: tlsEntries(snapshot, index, ingresses.values(), routes.values()),
    now: at,
    whyNotReady: reasons,
  };
}

function mapFacts<T extends { readonly id: ObjectId }, F>(
  objects: readonly T[],
  factsOf: (object: T) => F,
): ReadonlyMap<ObjectId, F> {
  return new Map(objects.map((object) => [object.id, factsOf(object)]));
}
