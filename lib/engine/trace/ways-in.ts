/** How the outside gets to a Service or to pods: through what, since it cannot get to them by their own addresses. */

import type { ObjectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Pod, Protocol } from "#lib/model/objects.ts";
import type { ServiceFacts } from "../facts.ts";
import { kubectl, kubectlGet } from "../fix/kubectl.ts";
import { counted, listed, listedUpTo, objectInWords, pluralInWords } from "../object-words.ts";
import { landingPort } from "../ports.ts";
import { readInFull } from "../read-in-full.ts";
import type { HttpRequest, HttpWay } from "../routing/http-way.ts";
import { httpWays } from "../routing/http-ways.ts";
import { httpWaysTo } from "../routing/http-ways-to.ts";
import { servicesOver } from "../routing/proxies.ts";
import { type Entrance, entrancesOf, hasSpareNodePort, throughEntrance } from "./entry.ts";
import { hostWays } from "./host-ways.ts";
import { takerOf } from "./landing.ts";
import { type ChosenPort, servicePorts } from "./port-choice.ts";
import { urlOf } from "./question.ts";
import type { Sender, WayIn } from "./source.ts";
import { ending, type Path, step, unknownStep } from "./step.ts";
import { throughWay } from "./to-url.ts";
import type { World } from "./world.ts";

/** More requests than this that lead to one Service are not followed one by one. */
const mostRequests = 12;

/** Every way in to a Service's port. */
export function waysInto(
  world: World,
  service: ServiceFacts,
  chosen: readonly ChosenPort[],
  protocol: Protocol,
): readonly WayIn[] {
  const spare = hasSpareNodePort(world, service) ? (["node-port"] as const) : [];
  return [
    ...chosen.flatMap((port) =>
      [...entrancesOf(service), ...spare].map((entrance) =>
        entranceWay(world, service, port, entrance, protocol),
      ),
    ),
    ...(protocol === "TCP" ? requestWays(world, service, chosen) : []),
  ];
}

const entranceWords = {
  "load-balancer": "the load balancer",
  "node-port": "the node port",
  "external-ip": "the external IP",
} as const;

function entranceWay(
  world: World,
  service: ServiceFacts,
  chosen: ChosenPort,
  entrance: Entrance,
  protocol: Protocol,
): WayIn {
  const { port } = chosen.fact;
  const { name } = service.service;
  return {
    words: `through ${entranceWords[entrance]} of Service ${name}`,
    port: port.port,
    go: ({ party }) => throughEntrance(world, party, { service, protocol, leg: "in" }, chosen, entrance),
  };
}

function requestWays(world: World, service: ServiceFacts, chosen: readonly ChosenPort[]): readonly WayIn[] {
  const numbers = new Set(chosen.map(({ fact }) => fact.port.port));
  const all = httpWaysTo(world.facts, service.service.id);
  const left = all.length - mostRequests;
  const remarks =
    left > 0
      ? [
          `${counted(left, "more request")} ${left === 1 ? "leads" : "lead"} to it and ${left === 1 ? "is" : "are"} not followed`,
        ]
      : [];
  return all.slice(0, mostRequests).flatMap(({ request: sample, entry }): WayIn[] => {
    const { request, words } = askable(world, sample, entry);
    const way = httpWays(world.facts, request).find((each) => each.entry === entry);
    if (way === undefined) return [];
    const into = (followed: HttpWay): WayIn => ({
      words: isStream(world, request, entry) ? `through ${way.words}` : words,
      port: undefined,
      remarks,
      go: ({ party }) => throughWay(world, party, request, followed),
    });
    const { answer } = way;
    if (answer.kind !== "backends") return [into(way)];
    const backends = answer.backends.filter(
      ({ fact }) => fact.service === service.service.id && portIs(service, fact.servicePort, numbers),
    );
    return backends.length === 0 ? [] : [into({ ...way, answer: { ...answer, backends } })];
  });
}

/** A rule for every host is asked by the entry's own address, or by a host that nobody names. */
function askable(
  { facts }: World,
  sample: HttpRequest,
  entry: ObjectId,
): { readonly request: HttpRequest; readonly words: string } {
  if (sample.host !== "") return { request: sample, words: `as ${urlOf(sample)}` };
  const object = facts.index.byId.get(entry);
  const [address] =
    object?.kind === "gateway"
      ? (object.addresses ?? []).map(({ value }) => value)
      : object?.kind === "ingress"
        ? (object.loadBalancer ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? [])
        : [];
  const host = address === undefined ? "any-host" : address.includes(":") ? `[${address}]` : address;
  const request = { ...sample, host };
  const shown = urlOf(request).replace("://any-host", "://<any host>");
  return { request, words: `as ${shown}` };
}

/** Whether a Gateway passes connections to that port on as they are: then there is no URL to tell. */
function isStream({ facts }: World, { port }: HttpRequest, entry: ObjectId): boolean {
  const object = facts.index.byId.get(entry);
  return (
    object?.kind === "gateway" &&
    object.listeners.some((listener) => listener.port === port && listener.protocol === "TCP")
  );
}

function portIs(
  { service }: ServiceFacts,
  asked: number | string | undefined,
  numbers: ReadonlySet<number>,
): boolean {
  const port = service.ports.find((each) => each.port === asked || each.name === asked);
  return port === undefined || numbers.has(port.port);
}

/** Ways in to pods: through the Services that lead to them on this port, and through ports of their nodes. */
export function waysIntoPods(
  world: World,
  pods: readonly Pod[],
  port: number,
  protocol: Protocol,
): readonly WayIn[] {
  const through = servicesOver(world.facts, pods).flatMap((service) => {
    const ports = servicePorts(service, undefined, protocol).filter(({ fact }) =>
      service.endpoints.some((endpoint) => {
        const pod = takerOf(world.facts, endpoint);
        return pod !== undefined && pods.includes(pod) && landingPort(endpoint, pod, fact.port) === port;
      }),
    );
    if (ports.length === 0) return [];
    return waysInto(world, service, ports, protocol).map((way) => ({
      ...way,
      go: (sender: Sender) => onlyTo(pods, service, way.go(sender)),
    }));
  });
  return [...through, ...hostWays(world, pods, port, protocol)];
}

/** Of the paths through a Service, those that end at the pods that were asked for, and those that end before. */
function onlyTo(pods: readonly Pod[], { service }: ServiceFacts, paths: readonly Path[]): readonly Path[] {
  const isTheirs = ({ landed }: Path) =>
    landed === undefined || (landed.kind === "pods" && landed.pods.some((pod) => pods.includes(pod)));
  const theirs = paths.filter(isTheirs);
  if (theirs.length > 0) return theirs;
  const blocked = step({
    slot: "in:theirs",
    kind: "endpoints",
    title: "Endpoints",
    outcome: "block",
    reason: "the Service sends nothing there",
    sentence: `Service ${service.name} sends its packets to other pods only`,
    subject: service.id,
    nodes: [service.id],
  });
  return [ending(blocked)];
}

/** Nothing leads in: what there is instead. */
export function noWayIn(
  world: World,
  what: {
    readonly words: string;
    readonly services: readonly ServiceFacts[];
    readonly pods: readonly Pod[];
    /** Of the pods, which no Service has among its own. */
    readonly port?: number | undefined;
  },
): Path {
  const { facts } = world;
  const [service] = what.services;
  const subject =
    service?.service.id ??
    (what.pods[0] === undefined ? undefined : (facts.index.ownerOf.get(what.pods[0].id) ?? what.pods[0].id));
  const leading = [...facts.routes.values()].filter(
    ({ route, backends }) =>
      route.kind === "udp-route" &&
      backends.some(
        ({ service: to }) => to !== undefined && what.services.some(({ service: { id } }) => id === to),
      ),
  );
  const head = {
    slot: "in:entry",
    kind: "service",
    title: `Way in to ${what.words}`,
    subject,
    nodes: ["internet"],
  } as const;
  const kubectlLine =
    service === undefined
      ? what.pods[0] === undefined
        ? undefined
        : kubectl(what.pods[0].namespace, "get", "services,ingresses")
      : kubectlGet(service.service.id, "wide");
  if (leading.length > 0) {
    const names = listedUpTo(
      leading.map(({ route }) => `${kinds[route.kind].api} ${route.namespace}/${route.name}`),
      3,
    );
    const sentence = `${names} leads to it, and such routes are not followed from outside`;
    return ending(
      unknownStep({
        ...head,
        sentence,
        code: "left-to-controller",
        objects: leading.map(({ route }) => route.id),
        kubectl: kubectlLine,
      }),
    );
  }
  const unread = (["services", "ingresses", "httpRoutes", "gateways"] as const).filter(
    (plural) => !readInFull(facts.snapshot, plural),
  );
  const types = [
    ...new Set(what.services.map(({ service: { type, name } }) => `Service ${name} is a ${type}`)),
  ];
  const others = what.port === undefined ? [] : portsLedTo(world, what.services, what.pods);
  const isOther = what.port !== undefined && others.length > 0 && !others.includes(what.port);
  const none = isOther
    ? `no Service leads to port ${what.port} of ${what.words}, only to ${listedUpTo(others.map(String), 3)}`
    : what.services.length === 0
      ? `no Service leads to ${what.words}, so nothing leads in from outside`
      : `${listedUpTo(types, 2)}, and no Ingress or route leads to ${what.services.length === 1 ? "it" : "them"}`;
  if (unread.length > 0) {
    const sentence = `${none}, as far as could be read: ${listed(unread.map(pluralInWords))} could not be read in full`;
    return ending(
      unknownStep({
        ...head,
        sentence,
        code: "unread",
        objects: [],
        kubectl: kubectlLine,
      }),
    );
  }
  return ending(
    step({
      ...head,
      outcome: "block",
      reason: "nothing leads in from outside",
      sentence: none,
      evidence: what.services.map(({ service: { id, type } }) => ({
        object: id,
        path: "spec.type",
        value: type,
      })),
      fix:
        subject === undefined
          ? undefined
          : {
              text: `Name ${service === undefined ? `a Service over ${objectInWords(subject)}` : `port ${service.service.ports[0]?.port ?? ""} of ${objectInWords(subject)}`.replace("  ", " ")} as the backend of an Ingress or a route, if it is meant to be reached from outside`,
            },
      kubectl: kubectlLine,
    }),
  );
}

/** The pods' own ports to which Services lead. */
function portsLedTo(
  { facts }: World,
  services: readonly ServiceFacts[],
  pods: readonly Pod[],
): readonly number[] {
  const numbers = services.flatMap(({ endpoints, ports }) =>
    endpoints.flatMap((endpoint) => {
      const pod = takerOf(facts, endpoint);
      if (pod === undefined || !pods.includes(pod)) return [];
      return ports.flatMap(({ port }) => landingPort(endpoint, pod, port) ?? []);
    }),
  );
  return [...new Set(numbers)].sort((a, b) => a - b);
}
