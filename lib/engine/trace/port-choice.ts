import type { Pod, Protocol } from "#lib/model/objects.ts";
import type { PortFact, ServiceFacts } from "../facts.ts";
import { declaredPorts, findPort } from "../target-port.ts";
import type { World } from "./world.ts";

/** A port of a Service with its place in the Service's list. */
export interface ChosenPort {
  readonly fact: PortFact;
  readonly index: number;
}

/** The Service ports that a question means: by number or name, all of the protocol where it names none. */
export function servicePorts(
  { ports }: ServiceFacts,
  asked: number | string | undefined,
  protocol: Protocol,
): readonly ChosenPort[] {
  return ports
    .map((fact, index) => ({ fact, index }))
    .filter(({ fact: { port } }) => port.protocol === protocol)
    .filter(
      ({ fact: { port } }) =>
        asked === undefined || (typeof asked === "number" ? port.port === asked : port.name === asked),
    );
}

/** A port as pods are asked on it directly. */
export interface PodPortChoice {
  readonly number: number;
  /** "any port that no rule names": stands for many. */
  readonly words?: string | undefined;
}

/** More than this are not asked one by one. */
const mostPorts = 24;

/**
 * The ports on which pods may be asked where a question names none: those that they declare, else those that policies
 * over them name, and one that none names, to stand for the rest.
 */
export function openPodPorts(
  world: World,
  pods: readonly Pod[],
  protocol: Protocol,
): readonly PodPortChoice[] {
  const declared = new Set(
    pods.flatMap((pod) =>
      declaredPorts(pod).flatMap(({ port }) => (port.protocol === protocol ? [port.containerPort] : [])),
    ),
  );
  if (declared.size > 0)
    return [...declared]
      .sort((a, b) => a - b)
      .slice(0, mostPorts)
      .map((number) => ({ number }));
  const named = new Set<number>();
  for (const pod of pods) {
    for (const compiled of world.policies.selection(pod, "ingress").isolating) {
      for (const { ports } of compiled.ingress ?? []) {
        for (const { port, protocol: of } of ports)
          if (typeof port === "number" && of === protocol) named.add(port);
      }
    }
  }
  return [
    ...[...named]
      .sort((a, b) => a - b)
      .slice(0, mostPorts)
      .map((number) => ({ number })),
    { number: unnamed(named), words: named.size === 0 ? "any port" : "any other port" },
  ];
}

/** A port that is not among these. */
function unnamed(named: ReadonlySet<number>): number {
  for (let port = 49_152; port <= 65_535; port++) if (!named.has(port)) return port;
  return 65_535;
}

/** A port by its name on pods: the numbers that it has, with the pods that have each. */
export function namedPodPorts(
  pods: readonly Pod[],
  name: string,
  protocol: Protocol,
): ReadonlyMap<number, readonly Pod[]> {
  const byNumber = new Map<number, Pod[]>();
  for (const pod of pods) {
    const found = findPort(pod, (port) => port.name === name && port.protocol === protocol);
    if (found === undefined) continue;
    const list = byNumber.get(found.port.containerPort);
    if (list === undefined) byNumber.set(found.port.containerPort, [pod]);
    else list.push(pod);
  }
  return byNumber;
}
