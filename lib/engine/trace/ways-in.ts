/** How the outside gets to a Service or to pods: through what, since it cannot get to them by their own addresses. */

import { kinds } from "#lib/model/kinds.ts";
import type { Pod, Protocol } from "#lib/model/objects.ts";
import type { ServiceFacts } from "../facts.ts";
import { kubectl, kubectlGet } from "../fix/kubectl.ts";
import { listed, listedUpTo, objectInWords } from "../object-words.ts";
import { landingPort } from "../ports.ts";
import { readInFull } from "../read-in-full.ts";
import type { HttpRequest } from "../routing/http-way.ts";
import { httpWays } from "../routing/http-ways.ts";
import { httpWaysTo } from "../routing/http-ways-to.ts";
import { servicesOver } from "../routing/proxies.ts";
import { type Entrance, entrancesOf, throughEntrance } from "./entry.ts";
import { type ChosenPort, servicePorts } from "./port-choice.ts";
import type { Sender } from "./source.ts";
import { type Path, step } from "./step.ts";
import { throughWay } from "./to-url.ts";
import type { World } from "./world.ts";

/** One way in: how it is called, and what a sender meets on it. */
export interface WayIn {
  readonly words: string;
  readonly port: number | undefined;
  readonly go: (sender: Sender) => readonly Path[];
}

/** More requests than this that lead to one Service are not followed one by one. */
const mostRequests = 12;

/** Every way in to a Service's port. */
export function waysInto(
  world: World,
  service: ServiceFacts,
  chosen: readonly ChosenPort[],
  protocol: Protocol,
): readonly WayIn[] {
  return [
    ...chosen.flatMap((port) =>
      entrancesOf(service).map((entrance) => entranceWay(world, service, port, entrance, protocol)),
    ),
    ...(protocol === "TCP" ? requestWays(world, service, chosen) : []),
  ];
}

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
    words: `through ${entrance === "load-balancer" ? "the load balancer" : entrance === "node-port" ? "the node port" : "the external IP"} of Service ${name}`,
    port: port.port,
    go: ({ party }) => throughEntrance(world, party, { service, protocol, leg: "in" }, chosen, entrance),
  };
}

function requestWays(world: World, service: ServiceFacts, chosen: readonly ChosenPort[]): readonly WayIn[] {
  const numbers = new Set(chosen.map(({ fact }) => fact.port.port));
  const ways = httpWaysTo(world.facts, service.service.id).filter(({ request }) => request.host !== "");
  return ways.slice(0, mostRequests).flatMap(({ request, entry }): WayIn[] => {
    const way = httpWays(world.facts, request).find((each) => each.entry === entry);
    if (way === undefined) return [];
    const { answer } = way;
    if (answer.kind === "backends") {
      const backends = answer.backends.filter(
        ({ fact }) => fact.service === service.service.id && portIs(service, fact.servicePort, numbers),
      );
      if (backends.length === 0) return [];
      const narrowed = { ...way, answer: { ...answer, backends } };
      return [
        {
          words: `as ${urlOf(request)}`,
          port: undefined,
          go: ({ party }) => throughWay(world, party, request, narrowed),
        },
      ];
    }
    return [
      {
        words: `as ${urlOf(request)}`,
        port: undefined,
        go: ({ party }) => throughWay(world, party, request, way),
      },
    ];
  });
}

function portIs(
  { service }: ServiceFacts,
  asked: number | string | undefined,
  numbers: ReadonlySet<number>,
): boolean {
  const port = service.ports.find((each) => each.port === asked || each.name === asked);
  return port === undefined || numbers.has(port.port);
}

export function urlOf({ scheme, host, port, path, query }: HttpRequest): string {
  const usual = port === (scheme === "https" || scheme === "grpcs" ? 443 : 80);
  return `${scheme}://${host}${usual ? "" : `:${port}`}${path}${query === "" ? "" : `?${query}`}`;
}

/** Ways in to pods: those to the Services that lead to them on this port. */
export function waysIntoPods(
  world: World,
  pods: readonly Pod[],
  port: number,
  protocol: Protocol,
): readonly WayIn[] {
  return servicesOver(world.facts, pods).flatMap((service) => {
    const ports = servicePorts(service, undefined, protocol).filter(({ fact }) =>
      service.endpoints.some((endpoint) => {
        const object = endpoint.pod === undefined ? undefined : world.facts.index.byId.get(endpoint.pod);
        const pod = object?.kind === "pod" ? object : undefined;
        return pod !== undefined && pods.includes(pod) && landingPort(endpoint, pod, fact.port) === port;
      }),
    );
    return ports.length === 0 ? [] : waysInto(world, service, ports, protocol);
  });
}

/** Nothing leads in: what there is instead. */
export function noWayIn(
  world: World,
  what: { readonly words: string; readonly services: readonly ServiceFacts[]; readonly pods: readonly Pod[] },
): Path {
  const { facts } = world;
  const [service] = what.services;
  const subject =
    service?.service.id ??
    (what.pods[0] === undefined ? undefined : (facts.index.ownerOf.get(what.pods[0].id) ?? what.pods[0].id));
  const leading = [...facts.routes.values()].filter(
    ({ route, backends }) =>
      (route.kind === "tcp-route" || route.kind === "udp-route" || route.kind === "tls-route") &&
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
    return {
      steps: [
        step({
          ...head,
          outcome: "unknown",
          sentence,
          doubts: [{ code: "left-to-controller", sentence, objects: leading.map(({ route }) => route.id) }],
          kubectl: kubectlLine,
        }),
      ],
      who: {},
    };
  }
  const unread = (["services", "ingresses", "httpRoutes", "gateways"] as const).filter(
    (plural) => !readInFull(facts.snapshot, plural),
  );
  const types = [
    ...new Set(what.services.map(({ service: { type, name } }) => `Service ${name} is a ${type}`)),
  ];
  const none =
    what.services.length === 0
      ? `no Service leads to ${what.words}, so nothing leads in from outside`
      : `${listedUpTo(types, 2)}, and no Ingress or route leads to ${what.services.length === 1 ? "it" : "them"}`;
  if (unread.length > 0) {
    const sentence = `${none}, as far as could be read: ${listed(unread)} could not be read in full`;
    return {
      steps: [
        step({
          ...head,
          outcome: "unknown",
          sentence,
          doubts: [{ code: "unread", sentence, objects: [] }],
          kubectl: kubectlLine,
        }),
      ],
      who: {},
    };
  }
  return {
    steps: [
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
    ],
    who: {},
  };
}
