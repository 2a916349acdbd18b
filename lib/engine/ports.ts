import type { Health } from "#lib/model/graph.ts";
import type { Pod, Service, ServicePort } from "#lib/model/objects.ts";
import type { Endpoint } from "./endpoints.ts";
import type { EndpointFact, PortFact, PortTarget } from "./facts.ts";
import { nearestOf } from "./near-words.ts";
import { counted, listed, listedUpTo } from "./object-words.ts";
import { isTerminating, podCount } from "./pod-readiness.ts";
import { openedPort } from "./slice-endpoints.ts";
import { declaredPorts, type PodPort, targetPortOn } from "./target-port.ts";

/** The endpoints that take a Service's traffic at the moment, and how many there should be. */
export interface Serving {
  readonly serving: readonly Endpoint[];
  readonly total: number;
}

/**
 * How each port of a Service lands. `pods`: those that it selects, undefined where there are none to ask (pods unread,
 * or no selector); then the slices tell the number.
 */
export function portFacts(
  service: Service,
  pods: readonly Pod[] | undefined,
  { serving, total }: Serving,
): readonly PortFact[] {
  // Pods on their way out tell of the template before the last change; they are asked only when no others are left.
  const staying = pods?.filter((pod) => !isTerminating(pod)) ?? [];
  const asked = staying.length > 0 ? staying : (pods ?? []);
  return service.ports.map((port) => {
    const served = serving
      .filter((endpoint) => isHeadless(service) || servesPort(endpoint, port))
      .reduce((sum, { fact }) => sum + fact.count, 0);
    const targets = asked.length > 0 ? podTargets(port, asked) : slicedTargets(port, serving);
    const unresolved = targets
      .filter((target) => target.number === undefined)
      .reduce((sum, target) => sum + target.pods, 0);
    return {
      port,
      targets,
      unresolved,
      health: portHealth(served, total),
      sentence: portSentence(port, targets),
      // Where every pod declares it there is none, and no need to ask thousands of them once more.
      nearMiss: targets.every(({ declared }) => declared) ? undefined : portNearMiss(port, asked),
    };
  });
}

function portHealth(served: number, total: number): Health {
  if (served === 0) return "broken";
  return served < total ? "partial" : "ok";
}

/** A name for the pods' own addresses: nothing translates ports, so none of them can fail to land. */
export function isHeadless(service: Service): boolean {
  return service.clusterIPs.includes("None");
}

/** Whether packets for this port reach this endpoint: by its slices where there are any, else by its pod. */
export function servesPort(endpoint: Endpoint, port: ServicePort): boolean {
  return landingPort(endpoint.fact, endpoint.pod, port) !== undefined;
}

/** The port of the endpoint on which packets for this Service port arrive; undefined where none do. */
export function landingPort(
  { opened }: EndpointFact,
  pod: Pod | undefined,
  port: ServicePort,
): number | undefined {
  if (opened === undefined) return pod === undefined ? undefined : targetPortOn(pod, port).number;
  const slicePort = openedPort(opened, port);
  // A slice port without a number leaves the port as it is.
  return slicePort === undefined ? undefined : (slicePort.port ?? port.port);
}

function podTargets(port: ServicePort, pods: readonly Pod[]): readonly PortTarget[] {
  const byOutcome = new Map<string, { readonly target: PodPort; pods: number }>();
  // Pods of one workload come one after the other, and most of thousands are like the one before.
  let last: { readonly target: PodPort; pods: number } | undefined;
  for (const pod of pods) {
    const target = targetPortOn(pod, port);
    if (last === undefined || !isSamePort(last.target, target)) {
      const key = `${target.number} ${target.container} ${target.portName}`;
      last = byOutcome.get(key) ?? { target, pods: 0 };
      byOutcome.set(key, last);
    }
    last.pods += podCount(pod);
  }
  return [...byOutcome.values()]
    .map(({ target, pods: count }) => ({ ...target, pods: count }))
    .sort(mostPodsFirst);
}

function isSamePort(a: PodPort, b: PodPort): boolean {
  return a.number === b.number && a.container === b.container && a.portName === b.portName;
}

function slicedTargets(port: ServicePort, endpoints: readonly Endpoint[]): readonly PortTarget[] {
  const byNumber = new Map<number, number>();
  for (const { fact } of endpoints) {
    const number = landingPort({ ...fact, opened: fact.opened ?? [] }, undefined, port);
    if (number !== undefined) byNumber.set(number, (byNumber.get(number) ?? 0) + 1);
  }
  return [...byNumber].map(([number, pods]) => ({ number, declared: true, pods })).sort(mostPodsFirst);
}

function mostPodsFirst(a: PortTarget, b: PortTarget): number {
  return b.pods - a.pods || (a.number ?? 0) - (b.number ?? 0);
}

function portSentence(port: ServicePort, targets: readonly PortTarget[]): string {
  const from = portInWords(port);
  const resolved = targets.filter((target) => target.number !== undefined);
  const unresolved = targets
    .filter((target) => target.number === undefined)
    .reduce((sum, target) => sum + target.pods, 0);
  const [first, ...more] = resolved;
  if (first === undefined) {
    return unresolved === 0
      ? `${from} → ${port.targetPort}`
      : `${from} → ${port.targetPort}, a name that no pod declares${port.protocol === "TCP" ? "" : ` for ${port.protocol}`}`;
  }
  if (more.length === 0 && unresolved === 0)
    return `${from} → ${first.number}${declarationWords(port, first)}`;
  const parts = resolved.map((target) => `${target.number} on ${counted(target.pods, "pod")}`);
  if (unresolved > 0) parts.push(`not declared on ${unresolved}`);
  return `${from} → ${port.targetPort}: ${listed(parts)}`;
}

function declarationWords(port: ServicePort, target: PortTarget): string {
  if (target.container !== undefined) {
    return ` (container ${target.container} declares it${target.portName === undefined ? "" : ` as ${target.portName}`})`;
  }
  if (target.declared) return "";
  return ` (no container declares it${port.protocol === "TCP" ? "" : ` for ${port.protocol}`})`;
}

/** "80", "53/UDP". */
export function portInWords(port: ServicePort): string {
  return port.protocol === "TCP" ? `${port.port}` : `${port.port}/${port.protocol}`;
}

function portNearMiss(port: ServicePort, pods: readonly Pod[]): string | undefined {
  const misses = pods.filter((pod) => !targetPortOn(pod, port).declared);
  if (misses.length === 0) return undefined;
  return typeof port.targetPort === "string"
    ? nameNearMiss(port, port.targetPort, misses)
    : numberNearMiss(port, port.targetPort, misses);
}

function nameNearMiss(port: ServicePort, wanted: string, pods: readonly Pod[]): string | undefined {
  const declared = pods.flatMap(declaredPorts).map((found) => found.port);
  const otherProtocol = declared.find((found) => found.name === wanted);
  if (otherProtocol !== undefined) {
    return `pods declare the port name ${wanted} for ${otherProtocol.protocol}, the Service asks ${port.protocol}`;
  }
  const names = [...new Set(declared.flatMap((found) => found.name ?? []))].sort();
  if (names.length === 0) {
    const numbers = [...new Set(declared.map((found) => found.containerPort))].sort((a, b) => a - b);
    return numbers.length === 0
      ? "pods declare no ports"
      : `pods declare ports without names: ${listedUpTo(numbers.map(String), 5)}`;
  }
  const nearest = names.length > 1 ? nearestOf(wanted, names) : undefined;
  const words = `pods declare the port ${names.length === 1 ? "name" : "names"} ${listedUpTo(names, 5)}`;
  return nearest === undefined ? words : `${words}; ${nearest} is the closest`;
}

function numberNearMiss(port: ServicePort, wanted: number, pods: readonly Pod[]): string | undefined {
  const declared = pods.flatMap(declaredPorts);
  const otherProtocol = declared.find((found) => found.port.containerPort === wanted);
  if (otherProtocol !== undefined) {
    return `container ${otherProtocol.container.name} declares ${wanted} for ${otherProtocol.port.protocol}, the Service asks ${port.protocol}`;
  }
  const numbers = [
    ...new Map(declared.map(({ port: found }) => [found.containerPort, declaredInWords(found)])),
  ];
  if (numbers.length === 0) return undefined;
  return `pods declare ${listedUpTo(
    numbers.sort(([a], [b]) => a - b).map(([, words]) => words),
    5,
  )}`;
}

function declaredInWords(port: {
  readonly containerPort: number;
  readonly name?: string | undefined;
  readonly protocol: string;
}): string {
  const number = port.protocol === "TCP" ? `${port.containerPort}` : `${port.containerPort}/${port.protocol}`;
  return port.name === undefined ? number : `${number} (${port.name})`;
}
