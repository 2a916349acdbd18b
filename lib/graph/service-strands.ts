import type { EndpointFact, Facts, PortFact, ServiceFacts, WorkloadFacts } from "#lib/engine/facts.ts";
import { isTerminating } from "#lib/engine/pod-readiness.ts";
import { targetPortOn } from "#lib/engine/target-port.ts";
import type { Evidence } from "#lib/model/finding.ts";
import type { EdgeKind, Health } from "#lib/model/graph.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Labels, Pod, Service, Workload } from "#lib/model/objects.ts";
import type { Members } from "./graph-part.ts";
import { healthOfReady, weightOf } from "./health.ts";
import type { Strand } from "./strand.ts";

/**
 * Edges from a namespace's Services to the workloads behind them, and to one that a selector only nearly matches.
 * Workloads may be without a pod: scaled to zero, or their pods could not be read. No pod of theirs is selected then, but
 * their template tells which Service they stand behind.
 */
export function serviceStrands(
  facts: Facts,
  { services, workloads }: Pick<Members, "services" | "workloads">,
): readonly Strand[] {
  const podless = workloads.filter(({ pods, kind }) => pods.length === 0 && kind !== "pod");
  return services.flatMap((service) => strandsOf(facts, service, podless));
}

/** Only addresses that someone wrote by hand are looked up in the slices. */
export function slicesTell({ backing }: ServiceFacts): boolean {
  return backing !== "selector";
}

const none: readonly never[] = [];

function strandsOf(
  facts: Facts,
  service: ServiceFacts,
  podless: readonly WorkloadFacts[],
): readonly Strand[] {
  return [
    ...backedStrands(facts, service),
    ...podlessStrands(facts, service, podless),
    ...nearMissStrands(service),
  ];
}

interface Backing {
  readonly workload: ObjectId;
  readonly endpoints: readonly EndpointFact[];
  readonly pods: readonly Pod[];
}

interface Owned {
  /** Of the Service's namespace: from these and a pod itself follows who owns it. */
  readonly workloads: readonly Workload[] | undefined;
  /** The pods that it selects, and who owns each. */
  readonly pods: readonly Pod[];
  readonly owners: readonly ObjectId[];
}

/** What stands behind a Service with a selector follows from its facts, and from who owns the pods that it selects. */
const kept = new WeakMap<ServiceFacts, { readonly owned: Owned; readonly strands: readonly Strand[] }>();

/** The last ones: its facts are others as soon as one pod is, and it may select thousands. */
const keptOwned = new WeakMap<Service, Owned>();

function backedStrands(facts: Facts, service: ServiceFacts): readonly Strand[] {
  const before = slicesTell(service) ? undefined : kept.get(service);
  const workloads = facts.index.workloadsByNamespace.get(service.service.namespace);
  if (before !== undefined && isAlike(before.owned.workloads, workloads)) return before.strands;
  const owned = ownedBehind(facts, service, workloads);
  keptOwned.set(service.service, owned);
  const isSame = before !== undefined && owned.owners.every((owner, at) => owner === before.owned.owners[at]);
  const strands = isSame ? before.strands : strandsBehind(facts, service, owned.owners);
  kept.set(service, { owned, strands });
  return strands;
}

/** Without any workload there is no list by which to tell whether their kinds were read, then and now. */
function isAlike(was: Owned["workloads"], is: Owned["workloads"]): boolean {
  return is !== undefined && was === is;
}

function ownedBehind(
  { index }: Facts,
  { service, selected: pods = none }: ServiceFacts,
  workloads: Owned["workloads"],
): Owned {
  const last = keptOwned.get(service);
  const known = last !== undefined && isAlike(last.workloads, workloads) ? last : undefined;
  // Both in one order, so that the pods that stayed are met one after the other.
  let at = 0;
  const owners = pods.map((pod) => {
    if (known !== undefined) {
      if (known.pods[at] !== pod && known.pods[at + 1] === pod) at += 1;
      const other = known.pods[at];
      const owner = known.owners[at];
      if (other?.id === pod.id) at += 1;
      if (other === pod && owner !== undefined) return owner;
    }
    return index.ownerOf.get(pod.id) ?? pod.id;
  });
  return { workloads, pods, owners };
}

/** `owners`: of each pod that it selects. */
function strandsBehind(facts: Facts, service: ServiceFacts, owners: readonly ObjectId[]): readonly Strand[] {
  return backingsOf(service, owners).map((backing) => ({
    kind: edgeKind(backing.workload),
    source: service.service.id,
    target: backing.workload,
    because: becauseOf(facts, service, backing),
    ...worseOf(readiness(service, backing), portTruth(service.ports, backing.pods)),
  }));
}

function backingsOf(service: ServiceFacts, owners: readonly ObjectId[]): readonly Backing[] {
  const endpoints = new Map<ObjectId, EndpointFact[]>();
  for (const endpoint of service.endpoints) {
    if (endpoint.workload !== undefined) push(endpoints, endpoint.workload, endpoint);
  }
  const pods = new Map<ObjectId, Pod[]>();
  for (const [at, pod] of (service.selected ?? []).entries()) push(pods, owners[at] ?? pod.id, pod);
  return [...new Set([...endpoints.keys(), ...pods.keys()])].map((workload) => ({
    workload,
    endpoints: endpoints.get(workload) ?? [],
    pods: pods.get(workload) ?? [],
  }));
}

interface Truth {
  readonly health: Health;
  readonly note: string;
}

const clear: Truth = { health: "ok", note: "" };

/** By the endpoints that are to stay; those on their way out count only where no others are left. */
function readiness(service: ServiceFacts, { endpoints }: Backing): Truth {
  if (service.source === "unknown") return { health: "unknown", note: "Its endpoints could not be read" };
  const staying = endpoints.filter((endpoint) => endpoint.ready || !endpoint.terminating);
  if (staying.length === 0) {
    return endpoints.some((endpoint) => endpoint.serving)
      ? { health: "partial", note: "Only pods on their way out still serve" }
      : { health: service.health === "idle" ? "idle" : "broken", note: "All of its pods are terminating" };
  }
  const total = sumCounts(staying);
  const ready = sumCounts(staying.filter((endpoint) => endpoint.ready));
  const health = healthOfReady(ready, total);
  if (health === "ok") return clear;
  const why = staying.find((endpoint) => !endpoint.ready)?.reasons[0]?.text;
  const count =
    ready > 0
      ? `${ready} of ${total} endpoints are ready`
      : total === 1
        ? "Its only endpoint is not ready"
        : `None of ${total} endpoints is ready`;
  return { health, note: why === undefined ? count : `${count}: ${why}` };
}

/** Whether the Service's ports land on these pods at all: a target port's name that a pod does not declare takes no packet. */
function portTruth(ports: readonly PortFact[], pods: readonly Pod[]): Truth {
  // A number is the same on every pod, and thousands of pods that stay were all asked when the facts were worked out.
  if (ports.every(({ port }) => typeof port.targetPort === "number")) return clear;
  const allLand = ports.every(({ targets }) => targets.every(({ number }) => number !== undefined));
  if (allLand && !pods.some(isTerminating)) return clear;
  const lands = ports.map(
    ({ port }) => pods.filter((pod) => targetPortOn(pod, port).number !== undefined).length,
  );
  const lost = ports.find((_, at) => lands[at] !== undefined && lands[at] < pods.length);
  if (pods.length === 0 || lost === undefined) return clear;
  return {
    health: lands.every((count) => count === 0) ? "broken" : "partial",
    note: `Port ${lost.sentence}`,
  };
}

function worseOf(a: Truth, b: Truth): Truth {
  return weightOf(b.health) < weightOf(a.health) ? b : a;
}

function sumCounts(endpoints: readonly EndpointFact[]): number {
  return endpoints.reduce((sum, endpoint) => sum + endpoint.count, 0);
}

function becauseOf(facts: Facts, { service, backing }: ServiceFacts, { endpoints }: Backing): Evidence {
  if (backing === "selector") return selectorEvidence(service.id, service.selector);
  const address = endpoints[0]?.addresses[0] ?? "";
  return { object: sliceOf(facts, service.id, address) ?? service.id, path: "endpoints", value: address };
}

/** The EndpointSlice that lists an address for a Service. */
export function sliceOf(facts: Facts, service: ObjectId, address: string): ObjectId | undefined {
  return facts.slices
    .get(service)
    ?.find((slice) => slice.endpoints.some((endpoint) => endpoint.addresses.includes(address)))?.id;
}

function selectorEvidence(object: ObjectId, selector: Labels): Evidence {
  const value = Object.entries(selector)
    .map(([key, wanted]) => `${key}=${wanted}`)
    .join(",");
  return { object, path: "spec.selector", value };
}

function edgeKind(workload: ObjectId): EdgeKind {
  return workload.startsWith("pod/") ? "service-selects-pod" : "service-selects-workload";
}

function nearMissStrands({ service, selected, nearMiss }: ServiceFacts): readonly Strand[] {
  if (nearMiss === undefined || selected === undefined || selected.length > 0) return [];
  return [
    {
      kind: edgeKind(nearMiss.workload),
      source: service.id,
      target: nearMiss.workload,
      health: "broken",
      because: selectorEvidence(service.id, service.selector),
      note: nearMiss.sentence,
    },
  ];
}

function podlessStrands(
  facts: Facts,
  service: ServiceFacts,
  podless: readonly WorkloadFacts[],
): readonly Strand[] {
  if (service.backing !== "selector" || podless.length === 0) return none;
  const { id, selector } = service.service;
  const wanted = Object.entries(selector);
  return podless
    .filter((workload) => {
      const labels = facts.index.workloads.get(workload.id)?.template.labels;
      return labels !== undefined && wanted.every(([key, value]) => labels[key] === value);
    })
    .map((workload) => ({
      kind: "service-selects-workload",
      source: id,
      target: workload.id,
      health: workload.health,
      because: selectorEvidence(id, selector),
      note: `No pod to send to: ${workload.sentence}`,
    }));
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
