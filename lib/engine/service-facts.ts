import type { Health } from "#lib/model/graph.ts";
import type { Pod, Service } from "#lib/model/objects.ts";
import { isRead } from "#lib/model/snapshot.ts";
import {
  type Endpoint,
  type EndpointInputs,
  manualEndpoints,
  type ServiceEndpoints,
  selectedPods,
  selectorEndpoints,
} from "./endpoints.ts";
import { asksControllerLabels, whyNoPods, workloadsMeant } from "./expected-pods.ts";
import type { NearMiss, PortFact, ServiceFacts } from "./facts.ts";
import { loadBalancerFact } from "./load-balancer.ts";
import { nearMiss } from "./near-miss.ts";
import { counted, listed, listedUpTo, objectInWords } from "./object-words.ts";
import { isHeadless, portFacts, portInWords, type Serving, servesPort } from "./ports.ts";
import { readInFull, readInFullIn } from "./read-in-full.ts";
import { labelsInWords } from "./selector.ts";

/** Everything that follows for one Service. Inputs are the same for every Service of a snapshot. */
export function serviceFacts(service: Service, inputs: EndpointInputs): ServiceFacts {
  if (service.type === "ExternalName") return externalNameFacts(service, inputs);
  const backing = Object.keys(service.selector).length === 0 ? "manual" : "selector";
  const podsRead = isRead(inputs.snapshot, "pods");
  const selected = backing === "selector" && podsRead ? selectedPods(service, inputs.index) : undefined;
  const found =
    backing === "selector" ? selectorEndpoints(service, selected, inputs) : manualEndpoints(service, inputs);
  const serving = servingEndpoints(found.endpoints);
  const ports = portFacts(service, selected, serving);
  const judged = { service, backing, selected, found, serving, ports } as const;
  const nothing = noPodsSelected(judged, inputs);
  const verdict = nothing ?? verdictOf(judged, slicesAreAll(inputs));
  const loadBalancer = loadBalancerFact(service, inputs.index);
  return {
    service,
    backing,
    // A Service without a selector selects nothing; that is known, whether or not pods were read.
    selected: backing === "manual" ? [] : selected,
    source: found.source,
    endpoints: found.endpoints.map((endpoint) => endpoint.fact),
    ready: countEndpoints(found.endpoints.filter(({ fact }) => fact.ready)),
    total: serving.total,
    ports: ports.map((port) => withHealth(port, verdict.health)),
    nearMiss: nothing?.nearMiss,
    drift: found.drift,
    ...withLoadBalancer(verdict, loadBalancer),
    loadBalancer,
    dnsNames: dnsNames(service, inputs),
  };
}

interface Verdict {
  readonly health: Health;
  readonly sentence: string;
}

interface Judged {
  readonly service: Service;
  readonly backing: "selector" | "manual";
  readonly selected: readonly Pod[] | undefined;
  readonly found: ServiceEndpoints;
  readonly serving: Serving;
  readonly ports: readonly PortFact[];
}

/**
 * The endpoints that take traffic: the ready ones; only where there are none, those that still serve while they
 * terminate (discovery.k8s.io/v1, EndpointConditions). Pods on their way out are not counted as wanting otherwise.
 */
function servingEndpoints(endpoints: readonly Endpoint[]): Serving {
  const ready = endpoints.filter(({ fact }) => fact.ready);
  const serving = ready.length > 0 ? ready : endpoints.filter(({ fact }) => fact.serving && fact.terminating);
  return { serving, total: countEndpoints(stayingEndpoints(endpoints)) };
}

/** All but those on their way out, unless there are no others. */
function stayingEndpoints(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const staying = endpoints.filter(({ fact }) => fact.ready || !fact.terminating);
  return staying.length > 0 ? staying : endpoints;
}

function countEndpoints(endpoints: readonly Endpoint[]): number {
  return endpoints.reduce((sum, { fact }) => sum + fact.count, 0);
}

/** The verdict on a Service with a selector that has no endpoint at all; undefined where it has one or nothing is known. */
function noPodsSelected(
  { service, backing, selected, found }: Judged,
  { index, snapshot }: EndpointInputs,
): (Verdict & { readonly nearMiss?: NearMiss | undefined }) | undefined {
  if (backing === "manual" || found.source === "unknown" || found.endpoints.length > 0) return undefined;
  const selector = { matchLabels: service.selector, matchExpressions: [] };
  const asked = labelsInWords(service.selector);
  if (snapshot.origin === "manifests" && asksControllerLabels(service.selector)) {
    return {
      health: "unknown",
      sentence: `selects by a label that a controller adds to running pods: ${asked}`,
    };
  }
  const meant = workloadsMeant(index, service.namespace, selector);
  const idle = whyNoPods(meant, selector);
  if (idle !== undefined) return { health: "idle", sentence: idle };
  if (snapshot.origin === "manifests" && !index.podsByNamespace.has(service.namespace)) {
    return {
      health: "unknown",
      sentence: `these files hold no pods of ${service.namespace} that it could select: ${asked}`,
    };
  }
  if (selected !== undefined && selected.length > 0) {
    return { health: "broken", sentence: `${counted(selected.length, "pod")} selected, all terminating` };
  }
  if (!readInFullIn(snapshot, "pods", service.namespace) && found.source === "computed") {
    return { health: "unknown", sentence: `selects none of the pods that could be read: ${asked}` };
  }
  if (meant[0] !== undefined) {
    return {
      health: "broken",
      sentence: `selects no pod: ${asked} is for ${objectInWords(meant[0].id)}, which has none`,
    };
  }
  if (selected === undefined)
    return { health: "broken", sentence: `its EndpointSlices name no address: ${asked}` };
  return {
    health: "broken",
    sentence: `selects no pod: ${asked}`,
    nearMiss: nearMiss(index, service.namespace, selector),
  };
}

/** In manifests nobody has written any yet, and what a repository holds is not all that a cluster does. */
function slicesAreAll({ snapshot }: EndpointInputs): boolean {
  return snapshot.origin !== "manifests" && readInFull(snapshot, "endpointSlices");
}

function verdictOf(judged: Judged, slicesComplete: boolean): Verdict {
  const { service, backing, found, serving, ports } = judged;
  if (found.source === "unknown") {
    const sentence =
      backing === "manual"
        ? "no selector, and EndpointSlices could not be read"
        : "neither pods nor EndpointSlices could be read";
    return { health: "unknown", sentence };
  }
  if (found.endpoints.length === 0) {
    // Only a selectorless Service comes here; see `noPodsSelected`.
    if (!slicesComplete)
      return {
        health: "unknown",
        sentence: "no selector, and none of the EndpointSlices that were read names an address",
      };
    return { health: "broken", sentence: "no selector and no EndpointSlice names an address" };
  }
  if (serving.serving.length === 0)
    return { health: "broken", sentence: noneReady(stayingEndpoints(found.endpoints), serving.total) };
  const draining = serving.serving.every(({ fact }) => !fact.ready);
  const served = ports.filter((port) => port.health !== "broken");
  if (ports.length > 0 && served.length === 0)
    return { health: "broken", sentence: noPortServed(ports, serving) };
  const count = countEndpoints(serving.serving);
  const whole = !draining && count === serving.total && ports.every((port) => port.health === "ok");
  return {
    health: whole ? "ok" : "partial",
    sentence: servedSentence(service, judged, served, draining),
  };
}

function servedSentence(
  service: Service,
  { serving, ports }: Judged,
  served: readonly PortFact[],
  draining: boolean,
): string {
  const count = countEndpoints(servingAny(service, serving.serving, served));
  // A headless Service is only a name for its pods: clients take their addresses and their own ports.
  const what = isHeadless(service) || served.length === 0 ? "are ready" : `serve ${portsInWords(served)}`;
  const who = draining
    ? `${counted(count, "endpoint")} on the way out still`
    : serving.total === 1
      ? "1 endpoint"
      : `${count} of ${serving.total} endpoints`;
  const verb =
    serving.total === 1 || (draining && count === 1)
      ? what.replace(/^are /, "is ").replace(/^serve /, "serves ")
      : what;
  const lost = ports
    .filter((port) => !served.includes(port))
    .map((port) => `no endpoint serves ${lostPort(port)}`);
  const uneven = served.filter((port) => port.unresolved > 0).map((port) => `port ${port.sentence}`);
  const none = draining ? [`none of ${service.name} is ready`] : [];
  return [`${who} ${verb}`, ...none, ...lost, ...uneven].join("; ");
}

/** The endpoints on which at least one of these ports lands. */
function servingAny(
  service: Service,
  endpoints: readonly Endpoint[],
  ports: readonly PortFact[],
): readonly Endpoint[] {
  if (isHeadless(service) || ports.length === 0) return endpoints;
  return endpoints.filter((endpoint) => ports.some(({ port }) => servesPort(endpoint, port)));
}

/** "port 80 (→ 8080)", "ports 80 (→ 8080) and 443 (→ 8443)". */
function portsInWords(ports: readonly PortFact[]): string {
  const words = ports.map(({ port, targets }) => {
    const numbers = [...new Set(targets.flatMap((target) => target.number ?? []))];
    const [only] = numbers;
    return numbers.length === 1 && only === port.port
      ? portInWords(port)
      : `${portInWords(port)} (→ ${listed(numbers.length === 0 ? [`${port.targetPort}`] : numbers.map(String))})`;
  });
  return `${ports.length === 1 ? "port" : "ports"} ${listedUpTo(words, 3)}`;
}

/** A port that lands nowhere: because of its name, or because the slices leave it out. */
function lostPort({ port, unresolved, sentence }: PortFact): string {
  if (unresolved > 0) return `port ${sentence}`;
  const name = port.name === undefined ? "" : ` (${port.name})`;
  return `port ${portInWords(port)}${name}, which no EndpointSlice opens`;
}

function noPortServed(ports: readonly PortFact[], { serving }: Serving): string {
  const what = ports.map(lostPort);
  return `${counted(countEndpoints(serving), "endpoint")} ready, but none serves ${listedUpTo(what, 2)}`;
}

/** "1 endpoint, not ready: CrashLoopBackOff, 12 restarts"; of several, the reason that most of them give. */
function noneReady(endpoints: readonly Endpoint[], total: number): string {
  const counts = new Map<string, number>();
  for (const { fact } of endpoints) {
    const text = fact.reasons[0]?.text ?? "not ready";
    counts.set(text, (counts.get(text) ?? 0) + fact.count);
  }
  const [most, ...others] = [...counts].sort(([textA, a], [textB, b]) => b - a || (textA < textB ? -1 : 1));
  const why = most?.[0] ?? "";
  if (total === 1) return `1 endpoint, not ready: ${why}`;
  const more = others.reduce((sum, [, count]) => sum + count, 0);
  return `${total} endpoints, none ready: ${why}${more === 0 ? "" : ` (${total - more} of them)`}`;
}

/** A missing load balancer address stops only what comes from outside; inside the cluster the Service still works. */
function withLoadBalancer(verdict: Verdict, loadBalancer: ServiceFacts["loadBalancer"]): Verdict {
  if (loadBalancer?.pendingWhy === undefined) return verdict;
  return {
    health: verdict.health === "ok" ? "partial" : verdict.health,
    sentence: `${verdict.sentence}; its load balancer has no address yet`,
  };
}

/** A port is not broken where the whole Service is idle, nor known where the Service is not. */
function withHealth(port: PortFact, service: Health): PortFact {
  return service === "idle" || service === "unknown" ? { ...port, health: service } : port;
}

function externalNameFacts(service: Service, inputs: EndpointInputs): ServiceFacts {
  const target = service.externalName ?? "";
  return {
    service,
    backing: "external-name",
    selected: [],
    source: "computed",
    endpoints: [],
    ready: 0,
    total: 0,
    ports: [],
    drift: [],
    health: target === "" ? "broken" : "ok",
    sentence: target === "" ? "an ExternalName without a name" : `an alias of ${target}`,
    dnsNames: dnsNames(service, inputs),
  };
}

/** As a resolver in the same namespace may ask for it, the fullest first; the last one works only from there. */
function dnsNames({ name, namespace }: Service, { domain }: EndpointInputs): readonly string[] {
  return [`${name}.${namespace}.svc.${domain}`, `${name}.${namespace}.svc`, `${name}.${namespace}`, name];
}
