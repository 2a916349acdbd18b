import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { EndpointSlice, Pod, Service } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { canonicalAddress } from "./cidr.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import { addressWithoutPod, endpointDrift, missingFromSlices } from "./endpoint-drift.ts";
import type { Drift, EndpointFact, Reason, ServiceFacts } from "./facts.ts";
import { lacksFamilies } from "./families.ts";
import type { NotReadyReasons } from "./not-ready-reasons.ts";
import type { PodRange } from "./pod-range.ts";
import { hasAddress, isFinished, isReady, isTerminating, podCount, readySince } from "./pod-readiness.ts";
import { readInFull, readInFullIn } from "./read-in-full.ts";
import { mergeSlices, type SlicedEndpoint } from "./slice-endpoints.ts";

/** An endpoint with what ports need to know about it. */
export interface Endpoint {
  readonly fact: EndpointFact;
  readonly pod: Pod | undefined;
}

export interface ServiceEndpoints {
  readonly source: ServiceFacts["source"];
  readonly endpoints: readonly Endpoint[];
  readonly drift: readonly string[];
}

/** What endpoints are made from, the same for every Service of a snapshot. */
export interface EndpointInputs {
  readonly snapshot: Snapshot;
  readonly index: ClusterIndex;
  /** Undefined where slices were not read. */
  readonly slices: ReadonlyMap<ObjectId, readonly EndpointSlice[]> | undefined;
  /** Whether slices speak for Services with a selector; see `slicesFollowPods`. */
  readonly slicesFollowPods: boolean;
  readonly reasons: NotReadyReasons;
  readonly podRange: PodRange | undefined;
  /** The cluster's DNS domain. */
  readonly domain: string;
  readonly now: number;
  /** What slices list, taken over from an earlier state; undefined where all of it is to be worked out. */
  readonly kept?: ((slices: readonly EndpointSlice[]) => ListedEndpoints | undefined) | undefined;
}

/** What one endpoint in the slices is made from: nothing that asks for many objects at once. */
export type SlicedInputs = Pick<EndpointInputs, "snapshot" | "reasons" | "podRange" | "now"> & {
  readonly index: Pick<ClusterIndex, "byId" | "podByIp" | "ownerOf">;
};

export interface ListedEndpoints {
  /** By key. */
  readonly endpoints: readonly Endpoint[];
  /** Whether a slice names this pod. */
  lists(pod: ObjectId): boolean;
}

/**
 * Whether the slices read say anything about Services with a selector. In manifests no controller has run. And a
 * cluster always has such slices (the controller writes an empty one even for a Service that selects nothing), so where
 * there is not a single one they were not taken when the pods were: then selector and pods are asked instead.
 */
export function slicesFollowPods(
  snapshot: Snapshot,
  index: ClusterIndex,
  slices: ReadonlyMap<ObjectId, readonly EndpointSlice[]> | undefined,
): boolean {
  if (snapshot.origin === "manifests" || slices === undefined) return false;
  for (const id of slices.keys()) {
    const service = index.byId.get(id);
    if (service?.kind === "service" && Object.keys(service.selector).length > 0) return true;
  }
  return false;
}

/**
 * The endpoints of a Service with a selector. `selected`: the pods that it selects, finished ones aside; undefined
 * where pods were not read. Pods that are in no slice (for want of an address, or because the controller lags) get a
 * row all the same, since they are what the Service is meant to have.
 */
export function selectorEndpoints(
  service: Service,
  selected: readonly Pod[] | undefined,
  inputs: EndpointInputs,
): ServiceEndpoints {
  const own = inputs.slices?.get(service.id) ?? [];
  // Where some were not read, that there is none of this Service says nothing.
  const isTold = own.length > 0 || readInFullIn(inputs.snapshot, "endpointSlices", service.namespace);
  if (inputs.slices === undefined || !inputs.slicesFollowPods || !isTold) {
    if (selected === undefined) return { source: "unknown", endpoints: [], drift: [] };
    const endpoints = selected.map((pod) => computedEndpoint(service, pod, inputs));
    return { source: "computed", endpoints, drift: [] };
  }
  const slices = own;
  const listed = listedEndpoints(service, slices, inputs);
  const unlisted = (selected ?? [])
    .filter((pod) => !listed.lists(pod.id) && !isTerminating(pod))
    .map((pod) => unlistedEndpoint(service, pod, slices, inputs));
  return withDrift(slices, [...listed.endpoints, ...unlisted]);
}

/** The endpoints of a Service without a selector: what its slices say, whoever wrote them. */
export function manualEndpoints(service: Service, inputs: EndpointInputs): ServiceEndpoints {
  if (inputs.slices === undefined) return { source: "unknown", endpoints: [], drift: [] };
  const slices = inputs.slices.get(service.id) ?? [];
  return withDrift(slices, listedEndpoints(service, slices, inputs).endpoints);
}

function listedEndpoints(
  service: Service,
  slices: readonly EndpointSlice[],
  inputs: EndpointInputs,
): ListedEndpoints {
  const kept = inputs.kept?.(slices);
  if (kept !== undefined) return kept;
  const merged = mergeSlices(slices);
  const pods = new Set(merged.map((endpoint) => endpoint.pod));
  return {
    endpoints: merged.map((endpoint) => slicedEndpoint(service, endpoint, inputs)),
    lists: (pod) => pods.has(pod),
  };
}

function withDrift(slices: readonly EndpointSlice[], endpoints: readonly Endpoint[]): ServiceEndpoints {
  return {
    source: slices.some((slice) => slice.from === "endpoints") ? "endpoints" : "endpoint-slices",
    endpoints,
    drift: endpoints.flatMap(({ fact }) => fact.drift?.sentence ?? []),
  };
}

/** One endpoint in the slices of a Service. */
export function slicedEndpoint(service: Service, endpoint: SlicedEndpoint, inputs: SlicedInputs): Endpoint {
  // The range and the moment are asked for where they are needed only: answers that hang on neither outlive both.
  const { index, snapshot, reasons } = inputs;
  const object = endpoint.pod === undefined ? podAt(endpoint.addresses, index) : index.byId.get(endpoint.pod);
  const pod = object?.kind === "pod" ? object : undefined;
  const drift = !readInFull(snapshot, "pods")
    ? undefined
    : (endpointDrift(service, endpoint, pod, inputs) ?? addressWithoutPod(endpoint, inputs));
  const podReasons = pod === undefined || endpoint.ready ? [] : reasons(pod);
  const fact: EndpointFact = {
    key: endpoint.key,
    addresses: endpoint.addresses,
    pod: pod?.id ?? endpoint.pod,
    workload: pod === undefined ? undefined : index.ownerOf.get(pod.id),
    node: endpoint.nodeName ?? pod?.nodeName,
    zone: endpoint.zone ?? zoneOf(endpoint.nodeName ?? pod?.nodeName, index),
    ready: endpoint.ready,
    serving: endpoint.serving,
    terminating: endpoint.terminating,
    since: pod === undefined ? undefined : readySince(pod),
    count: 1,
    reasons: endpoint.ready ? [] : podReasons.length > 0 ? podReasons : [slicedReason(endpoint, drift)],
    drift,
    opened: endpoint.ports,
    hintZones: endpoint.hintZones,
    hintNodes: endpoint.hintNodes,
  };
  return { fact, pod };
}

function podAt(addresses: readonly string[], index: SlicedInputs["index"]): Pod | undefined {
  return addresses
    .map((address) => index.podByIp.get(canonicalAddress(address)))
    .find((pod) => pod !== undefined);
}

/** Not ready by its slice, and no pod explains it. */
function slicedReason(endpoint: SlicedEndpoint, drift: Drift | undefined): Reason {
  return {
    text: drift?.sentence ?? "its EndpointSlice says that it is not ready",
    evidence: { object: endpoint.slice.id, path: "endpoints[].conditions.ready", value: "false" },
  };
}

function computedEndpoint(service: Service, pod: Pod, { index, reasons }: EndpointInputs): Endpoint {
  const terminating = isTerminating(pod);
  const ready = hasAddress(pod) && (service.publishNotReadyAddresses || (isReady(pod) && !terminating));
  const serving = hasAddress(pod) && isReady(pod);
  return {
    fact: podFact(pod, index, { ready, serving, reasons: ready ? [] : reasons(pod) }),
    pod,
  };
}

function unlistedEndpoint(
  service: Service,
  pod: Pod,
  slices: readonly EndpointSlice[],
  inputs: EndpointInputs,
): Endpoint {
  // v1 Endpoints stop at 1,000 addresses and leave out pods on which no port resolves: absence there says nothing.
  const complete =
    readInFull(inputs.snapshot, "endpointSlices") && slices.every((slice) => slice.from !== "endpoints");
  const drift = complete ? missingFromSlices(service, pod, inputs.now) : undefined;
  const podReasons = inputs.reasons(pod);
  const absent: Reason = { text: drift?.sentence ?? whyUnlisted(service, pod) };
  const reasons = drift === undefined && podReasons.length > 0 ? podReasons : [absent, ...podReasons];
  return {
    fact: podFact(pod, inputs.index, { ready: false, serving: false, reasons, drift, opened: [] }),
    pod,
  };
}

/** An address of a family that the Service does not ask for is in none of its slices. */
function whyUnlisted(service: Service, pod: Pod): string {
  return lacksFamilies(service, pod.ips)
    ? `it has no ${service.ipFamilies.join(" or ")} address, which the Service asks for`
    : "no EndpointSlice lists it yet";
}

function podFact(
  pod: Pod,
  index: ClusterIndex,
  state: Pick<EndpointFact, "ready" | "serving" | "reasons" | "drift" | "opened">,
): EndpointFact {
  return {
    key: pod.id,
    addresses: pod.ips,
    pod: pod.id,
    workload: index.ownerOf.get(pod.id),
    node: pod.nodeName,
    zone: zoneOf(pod.nodeName, index),
    terminating: isTerminating(pod),
    since: readySince(pod),
    count: podCount(pod),
    hintZones: [],
    hintNodes: [],
    ...state,
  };
}

function zoneOf(nodeName: string | undefined, index: Pick<ClusterIndex, "byId">): string | undefined {
  const node = nodeName === undefined ? undefined : index.byId.get(objectId("node", undefined, nodeName));
  return node?.kind === "node" ? node.zone : undefined;
}

/** Pods of a Service's selector that count: finished ones are in no slice, ever. */
export function selectedPods(service: Service, index: ClusterIndex): readonly Pod[] {
  const selected = index.podsSelectedBy(service.namespace, service.selector);
  return selected.some(isFinished) ? selected.filter((pod) => !isFinished(pod)) : selected;
}
