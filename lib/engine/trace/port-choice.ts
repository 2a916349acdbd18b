import type { Pod, Protocol } from "#lib/model/objects.ts";
import type { Direction } from "#lib/model/verdict.ts";
import type { PortFact, ServiceFacts } from "../facts.ts";
import { listedUpTo } from "../object-words.ts";
import { isHeadless } from "../ports.ts";
import { declaredPorts, findPort } from "../target-port.ts";
import type { World } from "./world.ts";

/** A port of a Service with its place in the Service's list; a headless Service is asked on others, too. */
export interface ChosenPort {
  readonly fact: PortFact;
  readonly index: number | undefined;
  /** Where it stands for many: "any port". */
  readonly words?: string | undefined;
}

/** The same, and where nothing tells of any port of a headless Service's pods: those that policies tell apart. */
export function portsToAsk(
  world: World,
  facts: ServiceFacts,
  asked: number | string | undefined,
  protocol: Protocol,
): readonly ChosenPort[] {
  const found = servicePorts(facts, asked, protocol);
  if (found.length > 0 || asked !== undefined || !isHeadless(facts.service)) return found;
  // One that lists ports serves those, and none of another protocol.
  if (facts.service.ports.length > 0) return found;
  return portsTold(world, facts.selected ?? [], protocol, "ingress").map(({ number, words }) => ({
    fact: unlistedPort(number, protocol),
    index: undefined,
    words,
  }));
}

/**
 * The Service ports that a question means: by number or name, all of the protocol where it names none. A headless
 * Service gives its pods' addresses only, and its list of ports keeps nobody from asking these on another one.
 */
export function servicePorts(
  facts: ServiceFacts,
  asked: number | string | undefined,
  protocol: Protocol,
): readonly ChosenPort[] {
  const ofProtocol = facts.ports
    .map((fact, index) => ({ fact, index }))
    .filter(({ fact: { port } }) => port.protocol === protocol);
  const found = ofProtocol.filter(
    ({ fact: { port } }) =>
      asked === undefined || (typeof asked === "number" ? port.port === asked : port.name === asked),
  );
  if (!isHeadless(facts.service) || typeof asked === "string") return found;
  if (found.length > 0) return asked === undefined ? found.flatMap(onTargets) : found;
  const numbers = asked === undefined ? openNumbers(facts, protocol) : [asked];
  return numbers.map((number) => ({ fact: unlistedPort(number, protocol), index: undefined }));
}

/** Nothing translates the ports of a headless Service: what its pods serve is where they lead. */
function onTargets({ fact, index }: ChosenPort): readonly ChosenPort[] {
  const { port, targets } = fact;
  const numbers = [...new Set(targets.flatMap(({ number }) => number ?? []))];
  return (numbers.length === 0 ? [port.port] : numbers).map((number) => ({
    fact: number === port.port ? fact : unlistedPort(number, port.protocol),
    index,
  }));
}

/** What pods declare, else what EndpointSlices open. */
function openNumbers({ selected, endpoints }: ServiceFacts, protocol: Protocol): readonly number[] {
  const declared = declaredNumbers(selected ?? [], protocol);
  if (declared.length > 0) return declared;
  const opened = endpoints.flatMap((endpoint) =>
    (endpoint.opened ?? []).flatMap((each) => (each.protocol === protocol ? (each.port ?? []) : [])),
  );
  return [...new Set(opened)].sort((a, b) => a - b).slice(0, mostPorts);
}

function unlistedPort(port: number, protocol: Protocol): PortFact {
  return {
    port: { port, protocol, targetPort: port },
    targets: [],
    unresolved: 0,
    health: "ok",
    sentence: `${port}`,
  };
}

function declaredNumbers(pods: readonly Pod[], protocol: Protocol): readonly number[] {
  const declared = pods.flatMap((pod) =>
    declaredPorts(pod).flatMap(({ port }) => (port.protocol === protocol ? [port.containerPort] : [])),
  );
  return [...new Set(declared)].sort((a, b) => a - b).slice(0, mostPorts);
}

/** A port to ask about where a question names none. */
export interface PodPortChoice {
  readonly number: number;
  /** Where it stands for many: "any port but 53 and 443". */
  readonly words?: string | undefined;
}

/** More than this are not asked one by one. */
const mostPorts = 24;

/** The ports on which pods may be asked where a question names none: those that they declare, else all. */
export function openPodPorts(
  world: World,
  pods: readonly Pod[],
  protocol: Protocol,
): readonly PodPortChoice[] {
  const declared = declaredNumbers(pods, protocol);
  return declared.length > 0
    ? declared.map((number) => ({ number }))
    : portsTold(world, pods, protocol, "ingress");
}

/** Ports that policies over these pods tell apart: those that they name, and one that stands for all others. */
export function portsTold(
  world: World,
  pods: readonly Pod[],
  protocol: Protocol,
  direction: Direction,
): readonly PodPortChoice[] {
  const ranges = new Map<string, PortRange>();
  for (const pod of new Map(pods.map((each) => [world.classOf(each), each])).values()) {
    for (const range of rangesOver(world, pod, protocol, direction)) {
      // What is for every port tells none apart.
      if (range.start > 1 || range.end < lastPort) ranges.set(`${range.start} ${range.end}`, range);
    }
  }
  const named = [...ranges.values()].sort((a, b) => a.start - b.start || a.end - b.end).slice(0, mostPorts);
  const words = named.map(({ start, end }) => (start === end ? `${start}` : `${start}–${end}`));
  const other = freePort(named);
  return [
    ...named.map(({ start, end }, i) => ({
      number: start,
      words: start === end ? undefined : `any port of ${words[i]}`,
    })),
    ...(other === undefined
      ? []
      : [{ number: other, words: named.length === 0 ? "any port" : `any port but ${listedUpTo(words, 3)}` }]),
  ];
}

interface PortRange {
  readonly start: number;
  readonly end: number;
}

const lastPort = 65_535;

function rangesOver(
  { policies }: World,
  pod: Pod,
  protocol: Protocol,
  direction: Direction,
): readonly PortRange[] {
  const { isolating, admin, baseline } = policies.selection(pod, direction);
  const plain = isolating.flatMap((compiled) =>
    (compiled[direction] ?? []).flatMap(({ ports }) =>
      ports.flatMap(({ port, endPort, protocol: of }) =>
        typeof port === "number" && of === protocol ? [{ start: port, end: endPort ?? port }] : [],
      ),
    ),
  );
  const tiered = [...admin, ...baseline]
    .flat(2)
    .flatMap(({ compiled }) =>
      compiled[direction].flatMap(({ ports }) =>
        ports.flatMap((port) => (port.kind === "numbers" && port.protocol === protocol ? [port] : [])),
      ),
    );
  return [...plain, ...tiered];
}

/** A port that none of these holds, from where clients' own ports begin. */
function freePort(ranges: readonly PortRange[]): number | undefined {
  const isFree = (port: number) => !ranges.some(({ start, end }) => start <= port && port <= end);
  const candidates = [49_152, ...ranges.flatMap(({ start, end }) => [end + 1, start - 1])];
  return candidates.find((port) => port >= 1 && port <= lastPort && isFree(port));
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
