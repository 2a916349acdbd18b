import type { Pod, ServicePort } from "#lib/model/objects.ts";
import { isRead } from "#lib/model/snapshot.ts";
import type { EndpointFact, ServiceFacts } from "../facts.ts";
import { isFinished, isTerminating } from "../pod-readiness.ts";
import { isHeadless, landingPort } from "../ports.ts";
import { targetPortOn } from "../target-port.ts";
import { takerOf } from "../trace/landing.ts";
import { type Family, familiesAmong } from "../trace/party.ts";
import type { World } from "../trace/world.ts";

/** A pod that takes a Service's packets. */
export interface ServicePod {
  readonly pod: Pod;
  /** Its own port on which they arrive; undefined where that one leads nowhere on it. */
  readonly numberOf: (port: ServicePort) => number | undefined;
}

/**
 * The pods behind a Service, ready or not; undefined where they could not be read. Those on their way out count only
 * where there are no others.
 */
export function podsBehind({ facts }: World, service: ServiceFacts): readonly ServicePod[] | undefined {
  if (service.backing === "selector") {
    const staying = service.selected?.filter((pod) => !isTerminating(pod)) ?? [];
    const pods = staying.length > 0 ? staying : service.selected;
    return pods?.map((pod) => ({
      pod,
      numberOf: (port) => (isHeadless(service.service) ? port.port : targetPortOn(pod, port).number),
    }));
  }
  if (!isRead(facts.snapshot, "pods") || service.source === "unknown") return undefined;
  return service.endpoints.flatMap((endpoint) => {
    const pod = takerOf(facts, endpoint);
    return pod === undefined || isFinished(pod)
      ? []
      : [{ pod, numberOf: writtenPort(service, endpoint, pod) }];
  });
}

/**
 * The pod's own port of a Service port, as EndpointSlices list it: where proxies send, and where SRV records point. Of a
 * headless Service that is another one than a client asks for who takes the name for an address and the port as it is.
 */
export function listedPort(
  { service, backing }: ServiceFacts,
  { pod, numberOf }: ServicePod,
  port: ServicePort,
): number | undefined {
  return backing === "selector" && isHeadless(service) ? targetPortOn(pod, port).number : numberOf(port);
}

/** What someone wrote into the slice counts, whatever the Service has for a target port. */
function writtenPort({ service }: ServiceFacts, endpoint: EndpointFact, pod: Pod): ServicePod["numberOf"] {
  // DNS gives the addresses of a headless Service alone: nothing translates the port.
  return (port) => (isHeadless(service) ? port.port : landingPort(endpoint, pod, port));
}

/** The families in which a Service can be addressed; undefined where that is not given. */
export function familiesOfService({ service }: ServiceFacts): readonly Family[] | undefined {
  if (!isHeadless(service)) return familiesAmong(service.clusterIPs);
  const listed = service.ipFamilies.flatMap((name): readonly Family[] =>
    name === "IPv4" ? [4] : name === "IPv6" ? [6] : [],
  );
  return listed.length === 0 ? undefined : listed;
}
