/** How a request gets to the pods that serve a Gateway or an Ingress: policies over them look at who sends, too. */
import type { Pod } from "#lib/model/objects.ts";
import { familyOf } from "../cidr.ts";
import type { ServiceFacts } from "../facts.ts";
import { kubectlGet } from "../fix/kubectl.ts";
import { listed } from "../object-words.ts";
import { isFinished } from "../pod-readiness.ts";
import type { HttpRequest, HttpWay } from "../routing/http-way.ts";
import type { ProxyPods } from "../routing/proxies.ts";
import { declaredPorts, targetPortOn } from "../target-port.ts";
import { cross } from "./crossing.ts";
import { entrancesOf, throughEntrance } from "./entry.ts";
import { landingsOn } from "./landing.ts";
import { type BalancerAddress, leaving, overBalancer } from "./over-balancer.ts";
import { type Party, partyWords } from "./party.ts";
import { type ChosenPort, openPodPorts, servicePorts } from "./port-choice.ts";
import { ending, type Path, packetView, pathVerdict, type Step, socket, step, unknownStep } from "./step.ts";
import { toServicePort } from "./to-service.ts";
import { translatedPlace } from "./translation.ts";
import type { World } from "./world.ts";

export interface Arrived {
  readonly steps: readonly Step[];
  /** The proxy's pods that it came to; undefined where they were not found. */
  readonly proxy: Party | undefined;
  readonly who: Path["who"];
}

export function toProxy(
  world: World,
  sender: Party,
  request: HttpRequest,
  way: HttpWay,
  found: ProxyPods | undefined,
): readonly Arrived[] {
  if (found === undefined) {
    const entry = unseenEntry(sender, request, way);
    return leaving(world, sender, beyond(request, way)).map((steps) => ({
      steps: [...steps, entry],
      proxy: undefined,
      who: {},
    }));
  }
  const paths = pathsTo(world, sender, request, way, found);
  const [first] = landingsOn(world, livePods(found), request.port, false);
  return paths.map(({ steps, landed, who: { landing, ...who } }) => ({
    steps,
    proxy: landed ?? first?.party,
    who: landing === undefined ? who : { ...who, proxy: landing.replace(/^to /, "through ") },
  }));
}

function livePods({ pods }: ProxyPods): readonly Pod[] {
  return pods.filter((pod) => !isFinished(pod));
}

function pathsTo(
  world: World,
  sender: Party,
  request: HttpRequest,
  way: HttpWay,
  found: ProxyPods,
): readonly Path[] {
  const { service } = found;
  if (service === undefined) return straight(world, sender, request, way, found, undefined);
  const [chosen] = servicePorts(service, request.port, "TCP");
  if (chosen === undefined) return [ending(noSuchPort(sender, request, way, found, service))];
  const target = { service, protocol: "TCP", leg: "entry" } as const;
  const [entrance] = entrancesOf(service);
  const [address] = way.addresses ?? [];
  const isInside = sender.kind === "pods" || sender.kind === "node";
  if (!isInside)
    return entrance === undefined || isPassedBy(found, request)
      ? straight(world, sender, request, way, found, entrance === undefined ? chosen : undefined)
      : throughEntrance(world, sender, target, chosen, entrance);
  // Only an address is known to the nodes; behind a name stand machines of the load balancer's own.
  const isFar = address !== undefined && familyOf(address) === undefined && entrance !== undefined;
  if (!isFar) return toServicePort(world, sender, { ...target, address }, chosen);
  return overBalancer(world, sender, target, chosen, entrance, beyond(request, way));
}

function beyond({ host, port }: HttpRequest, { addresses }: HttpWay): BalancerAddress {
  return { address: addresses?.[0], host, port, protocol: "TCP" };
}

/**
 * Whether the proxy's pods take the port on their nodes, past a Service that cannot take it from outside: one that
 * waits for a load balancer, or has another port on the nodes.
 */
function isPassedBy(found: ProxyPods, { port }: HttpRequest): boolean {
  const { type } = found.service?.service ?? {};
  const isWaiting = type === "LoadBalancer" && found.service?.loadBalancer?.addresses.length === 0;
  return (
    (type === "NodePort" || isWaiting) && livePods(found).some((pod) => portFor(pod, port) !== undefined)
  );
}

/** The proxy's pods are not found: its address may be served by something outside the cluster. */
function unseenEntry(sender: Party, request: HttpRequest, way: HttpWay): Step {
  const { entry, words, addresses } = way;
  const head = headOf(sender, request, way);
  if (addresses !== undefined && addresses.length === 0) {
    const sentence = `${words} has no address yet, and the pods that serve it were not found`;
    return unknownStep({
      ...head,
      sentence,
      code: "proxy-not-found",
      objects: [entry],
    });
  }
  const [address] = addresses ?? [];
  return step({
    ...head,
    outcome: "pass",
    sentence: address === undefined ? "its address is not given" : `${address} answers for it`,
    remarks: ["the pods that serve it were not found in the cluster, so the way to them is not checked"],
    kubectl: kubectlGet(entry),
  });
}

function headOf(sender: Party, { host, port }: HttpRequest, { entry, words, addresses }: HttpWay) {
  const [address] = addresses ?? [];
  return {
    slot: "entry",
    kind: "service",
    title: words,
    subject: entry,
    nodes: ["internet", entry],
    before: packetView(partyWords(sender), socket(address ?? host, port), "TCP"),
  } as const;
}

function noSuchPort(
  sender: Party,
  request: HttpRequest,
  way: HttpWay,
  { by, because }: ProxyPods,
  { service }: ServiceFacts,
): Step {
  const head = { ...headOf(sender, request, way), subject: service.id, kubectl: kubectlGet(service.id) };
  const ports = service.ports.map(({ port }) => String(port));
  const sentence = `Service ${service.namespace}/${service.name} has no port ${request.port}`;
  const nearMiss = `it has ${ports.length === 1 ? "port" : "ports"} ${listed(ports)}`;
  if (by === "address")
    return step({
      ...head,
      outcome: "block",
      reason: "nothing takes that port at its address",
      sentence: `${because}, and no port ${request.port}`,
      nearMiss: ports.length === 0 ? undefined : nearMiss,
    });
  const open = `${sentence}, and how requests get to the pods that serve ${way.words} is not known`;
  return unknownStep({
    ...head,
    sentence: open,
    nearMiss: ports.length === 0 ? undefined : nearMiss,
    code: "left-to-controller",
    objects: [way.entry],
  });
}

/** To the pods themselves: by their node's network, or by something outside of which nothing is known. */
function straight(
  world: World,
  sender: Party,
  request: HttpRequest,
  way: HttpWay,
  found: ProxyPods,
  chosen: ChosenPort | undefined,
): readonly Path[] {
  const entry = step({
    ...headOf(sender, request, way),
    subject: found.service?.service.id ?? way.entry,
    outcome: "pass",
    sentence: `served by pods that were found: ${found.because}`,
    remarks: (way.addresses?.length ?? 0) === 0 ? ["its status names no address"] : [],
  });
  const byPort = new Map<number | undefined, Pod[]>();
  const live = livePods(found);
  // Where some take the port on their nodes, the others are not asked by it.
  const onHosts = live.filter((pod) => portFor(pod, request.port) !== undefined);
  for (const pod of chosen === undefined && onHosts.length > 0 ? onHosts : live) {
    const number =
      chosen === undefined ? portFor(pod, request.port) : targetPortOn(pod, chosen.fact.port).number;
    byPort.set(number, [...(byPort.get(number) ?? []), pod]);
  }
  const on = (pods: readonly Pod[], port: number) =>
    landingsOn(world, pods, port, translatedPlace(world, sender)).flatMap((landing) =>
      cross(world, { source: sender, landing, protocol: "TCP", translated: true, leg: "entry" }),
    );
  return [...byPort]
    .flatMap(([number, pods]) => (number === undefined ? onSomePort(world, way, pods, on) : on(pods, number)))
    .map((path) => ({ ...path, steps: [entry, ...path.steps] }));
}

/** The port of the pod's own that the outside's leads to; undefined where nothing says so. */
function portFor(pod: Pod, port: number): number | undefined {
  const hostPort = declaredPorts(pod).find((each) => each.port.hostPort === port)?.port.containerPort;
  return hostPort ?? (pod.hostNetwork ? port : undefined);
}

/** Where policies treat all ports alike it does not matter which one it is. */
function onSomePort(
  world: World,
  { entry, words }: HttpWay,
  pods: readonly Pod[],
  on: (pods: readonly Pod[], port: number) => readonly Path[],
): readonly Path[] {
  const all = openPodPorts(world, pods, "TCP").map(({ number }) => on(pods, number));
  const [first = []] = all;
  const verdicts = new Set(all.flat().map(pathVerdict));
  if (verdicts.size < 2) return first;
  const sentence = `on which port the pods that serve ${words} take requests is not known, and policies decide by ports`;
  const open = unknownStep({
    slot: "entry:ingress",
    kind: "ingress-policy",
    title: "Ingress of the proxy",
    sentence,
    code: "left-to-controller",
    objects: [entry],
  });
  return first.map((path) => ({ ...path, steps: [open] }));
}
