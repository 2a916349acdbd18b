import type { Service } from "#lib/model/objects.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import type { ServiceFacts } from "./facts.ts";
import { oneLine } from "./object-words.ts";

/**
 * Whether a Service of type LoadBalancer has an address, and if not, why, as far as its events tell it. Undefined for
 * other types and where no status was given.
 */
export function loadBalancerFact(service: Service, index: ClusterIndex): ServiceFacts["loadBalancer"] {
  if (service.type !== "LoadBalancer" || service.loadBalancer === undefined) return undefined;
  const addresses = service.loadBalancer.flatMap((address) => address.ip ?? address.hostname ?? []);
  return { addresses, pendingWhy: addresses.length > 0 ? undefined : pendingWhy(service, index) };
}

function pendingWhy(service: Service, index: ClusterIndex): string {
  const [newest] = index.warnings.get(service.id) ?? [];
  if (newest !== undefined) return `${newest.reason}: ${oneLine(newest.message)}`;
  return service.loadBalancerClass === undefined
    ? "no event tells why; usually nothing in the cluster hands out load balancer addresses"
    : `no event tells why; nothing has answered for its load balancer class ${service.loadBalancerClass}`;
}
