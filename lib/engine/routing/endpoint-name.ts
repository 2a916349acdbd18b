import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { EndpointSlice, Pod, Service } from "#lib/model/objects.ts";
import type { EndpointFact, Facts, ServiceFacts } from "../facts.ts";
import { nearestOf } from "../near-words.ts";
import { counted } from "../object-words.ts";
import { isHeadless } from "../ports.ts";

/** What stands under one label below a Service's name. */
export type EndpointName =
  | { readonly kind: "pod"; readonly pod: ObjectId }
  /** An endpoint without a pod: someone wrote the slice by hand. */
  | { readonly kind: "address"; readonly address: string }
  | {
      readonly kind: "absent";
      readonly sentence: string;
      readonly nearMiss?: string | undefined;
      readonly object?: ObjectId | undefined;
    };

/**
 * The endpoint that `label` names below a Service: by its host name, or by its address with dashes where it has none
 * (CoreDNS, plugin kubernetes, endpointHostname). The Service need not be headless for that.
 */
export function endpointNamed(facts: Facts, behind: ServiceFacts, label: string): EndpointName {
  const { service, endpoints } = behind;
  const named = endpoints.filter((endpoint) => answersTo(facts, behind, endpoint, label));
  const ready = named.find((endpoint) => endpoint.ready);
  if (ready?.pod !== undefined) return { kind: "pod", pod: ready.pod };
  const [address] = ready?.addresses ?? [];
  if (address !== undefined) return { kind: "address", address };
  const [waiting] = named;
  const words = `Service ${service.namespace}/${service.name}`;
  if (waiting !== undefined) {
    const who = waiting.pod === undefined ? waiting.key : `pod ${refOf(waiting.pod).name}`;
    return {
      kind: "absent",
      sentence: `${who} is not ready, so that ${label} has no address below ${words}`,
      nearMiss: waiting.reasons[0]?.text,
      object: waiting.pod,
    };
  }
  return {
    kind: "absent",
    sentence: `no endpoint of ${words} is named ${label}`,
    nearMiss: nearEndpoint(facts, behind, label),
    object: service.id,
  };
}

function answersTo(facts: Facts, behind: ServiceFacts, endpoint: EndpointFact, label: string): boolean {
  const pod = podOf(facts, endpoint.pod);
  const ordinals = pod === undefined ? undefined : ordinalsOf(facts, behind.service, pod);
  if (ordinals !== undefined) {
    const ordinal = ordinals.ordinalIn(label);
    return ordinal !== undefined && ordinal < ordinals.count;
  }
  const hostname = hostnameOf(facts, behind, endpoint, pod);
  if (hostname !== undefined) return hostname.toLowerCase() === label;
  return endpoint.addresses.some((address) => address.toLowerCase().replace(/[.:]/g, "-") === label);
}

/** What the slices say; where there are none, what the controller would write: the pod's, if its subdomain is the Service. */
function hostnameOf(
  facts: Facts,
  { service, source }: ServiceFacts,
  endpoint: EndpointFact,
  pod: Pod | undefined,
): string | undefined {
  if (source !== "computed") {
    const sliced = slicedNames(facts, service.id);
    if (sliced.has(endpoint.key)) return sliced.get(endpoint.key);
  }
  return pod?.subdomain === service.name ? pod.hostname : undefined;
}

/** Host names by the endpoint's key (pod id, else first address), undefined where it has none. */
type SlicedNames = ReadonlyMap<string, string | undefined>;

const slicedNamesOf = new WeakMap<readonly EndpointSlice[], SlicedNames>();

function slicedNames({ slices }: Facts, service: ObjectId): SlicedNames {
  const own = slices.get(service);
  if (own === undefined) return new Map();
  const names = slicedNamesOf.get(own) ?? namesIn(own);
  slicedNamesOf.set(own, names);
  return names;
}

function namesIn(slices: readonly EndpointSlice[]): SlicedNames {
  const names = new Map<string, string | undefined>();
  for (const { endpoints } of slices) {
    for (const { pod, addresses, hostname } of endpoints) {
      const key = pod ?? addresses[0];
      if (key !== undefined) names.set(key, names.get(key) ?? hostname);
    }
  }
  return names;
}

interface Ordinals {
  readonly count: number;
  ordinalIn(label: string): number | undefined;
}

/** A StatefulSet's template stands for pods that will be named after it and a number; undefined for any other pod. */
function ordinalsOf(facts: Facts, service: Service, pod: Pod): Ordinals | undefined {
  if (pod.template === undefined) return undefined;
  const owner = facts.index.workloads.get(facts.index.ownerOf.get(pod.id) ?? pod.id);
  if (owner?.kind !== "stateful-set" || owner.serviceName !== service.name) return undefined;
  return {
    count: pod.template.count,
    ordinalIn: (label) => {
      const rest = label.startsWith(`${owner.name}-`) ? label.slice(owner.name.length + 1) : "";
      return /^(0|[1-9]\d*)$/.test(rest) ? Number(rest) : undefined;
    },
  };
}

function podOf(facts: Facts, id: ObjectId | undefined): Pod | undefined {
  const object = id === undefined ? undefined : facts.index.byId.get(id);
  return object?.kind === "pod" ? object : undefined;
}

function nearEndpoint(facts: Facts, behind: ServiceFacts, label: string): string | undefined {
  const { service, endpoints } = behind;
  const hostnames = new Set<string>();
  for (const endpoint of endpoints) {
    const pod = podOf(facts, endpoint.pod);
    const ordinals = pod === undefined ? undefined : ordinalsOf(facts, service, pod);
    if (pod !== undefined && ordinals?.ordinalIn(label) !== undefined) {
      const owner = refOf(facts.index.ownerOf.get(pod.id) ?? pod.id).name;
      return `statefulset/${owner} has ${counted(ordinals.count, "pod")}, the last is ${owner}-${ordinals.count - 1}`;
    }
    const hostname = hostnameOf(facts, behind, endpoint, pod);
    if (hostname !== undefined) hostnames.add(hostname);
    if (pod?.name !== label || hostname !== undefined) continue;
    if (pod.subdomain === undefined) {
      return `pod ${label} has no name below a Service: for that, its spec sets hostname and subdomain`;
    }
    return `pod ${label} has its name below ${pod.subdomain}: ask for ${pod.hostname ?? label}.${pod.subdomain}.${pod.namespace}`;
  }
  const nearest = nearestOf(label, hostnames);
  if (nearest !== undefined) return `the nearest name is ${nearest}`;
  return hostnames.size === 0 && !isHeadless(service) && endpoints.length > 0
    ? "none of its endpoints has a host name"
    : undefined;
}
