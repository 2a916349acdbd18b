/** Requests that come in through a Gateway or an Ingress: to its proxy, by its rules, from there to a backend. */

import type { BackendFact } from "../facts.ts";
import { kubectlGet } from "../fix/kubectl.ts";
import { listedUpTo, pluralInWords } from "../object-words.ts";
import { readInFull } from "../read-in-full.ts";
import type { HttpRequest, HttpWay, WeightedBackend } from "../routing/http-way.ts";
import { httpWays, nearestHosts } from "../routing/http-ways.ts";
import { type ProxyPods, proxyOf } from "../routing/proxies.ts";
import { cross } from "./crossing.ts";
import { type Party, partyWords } from "./party.ts";
import { placeFor } from "./places.ts";
import { servicePorts } from "./port-choice.ts";
import { serviceLeg } from "./service-leg.ts";
import { ending, type Path, packetView, type Step, socket, step, unknownStep } from "./step.ts";
import { toProxy } from "./to-proxy.ts";
import type { World } from "./world.ts";

/** A path a way, a backend and an endpoint. `before`: what the sender met already, its DNS. */
export function toUrl(
  world: World,
  sender: Party,
  request: HttpRequest,
  before: readonly Step[],
): readonly Path[] {
  const ways = httpWays(world.facts, request);
  if (ways.length === 0) return [ending(...before, nobody(world, request))];
  return ways.flatMap((way) =>
    throughWay(world, sender, request, way).map((path) => ({
      ...path,
      steps: [...before, ...path.steps],
      who: ways.length > 1 ? { ...path.who, entry: `through ${way.words}` } : path.who,
    })),
  );
}

function nobody({ facts }: World, request: HttpRequest): Step {
  const nearest = nearestHosts(facts, request.host);
  const kinds = ["ingresses", "gateways", "httpRoutes"] as const;
  const unread = kinds.filter((plural) => !readInFull(facts.snapshot, plural));
  const head = {
    slot: "route",
    kind: "route",
    title: request.host,
    nearMiss: nearest === undefined ? undefined : `there is something for ${hostInWords(nearest)}`,
    kubectl: "kubectl get ingresses,httproutes,gateways -A",
  } as const;
  const nothing = `no Gateway and no Ingress serves ${request.host}`;
  if (unread.length > 0) {
    const sentence = `${nothing} among what could be read; ${listedUpTo(unread.map(pluralInWords), 3)} could not be read in full`;
    return unknownStep({
      ...head,
      sentence,
      code: "unread",
      objects: [],
    });
  }
  return step({ ...head, outcome: "block", reason: "nothing serves that host", sentence: nothing });
}

function hostInWords(hostname: string): string {
  return hostname.startsWith("*.") ? `${hostname}, where * stands for one label` : hostname;
}

/** One Gateway or Ingress. */
export function throughWay(world: World, sender: Party, request: HttpRequest, way: HttpWay): readonly Path[] {
  const found = proxyOf(world.facts, way.entry);
  return toProxy(world, sender, request, way, found).flatMap((there) =>
    pastRoute(world, request, way, there.proxy, found).map((path) => ({
      ...path,
      steps: [...there.steps, ...path.steps],
      who: { ...path.who, ...there.who },
    })),
  );
}

/** By the rules of the Gateway or Ingress, and from its proxy to the backend. */
function pastRoute(
  world: World,
  request: HttpRequest,
  way: HttpWay,
  proxy: Party | undefined,
  found: ProxyPods | undefined,
): readonly Path[] {
  const { answer } = way;
  const head = { slot: "route", kind: "route", remarks: way.remarks } as const;
  switch (answer.kind) {
    case "refused":
      return [
        ending(
          step({
            ...head,
            title: way.words,
            outcome: "block",
            reason: `no route leads there (${answer.reason})`,
            sentence: answer.sentence,
            subject: answer.object,
            evidence: answer.evidence,
            nearMiss: answer.nearMiss,
            fix: answer.fix,
            kubectl: kubectlGet(answer.object),
            nodes: [way.entry, answer.object],
          }),
        ),
      ];
    case "unknown":
      return [
        ending(
          unknownStep({
            ...head,
            title: way.words,
            sentence: answer.sentence,
            subject: way.entry,
            code: "left-to-controller",
            objects: answer.objects,
            nodes: [way.entry, ...answer.objects],
          }),
        ),
      ];
    case "redirect":
      return [
        ending(
          step({
            ...head,
            title: way.words,
            outcome: "pass",
            sentence: answer.sentence,
            subject: answer.rule.object,
            evidence: [{ object: answer.rule.object, path: answer.rule.path, value: answer.rule.words }],
            nodes: [way.entry, answer.rule.object],
          }),
        ),
      ];
    case "backends":
      return answer.backends.flatMap((backend) => {
        const several = answer.backends.length > 1;
        const who = several
          ? { backend: `for backend ${backendName(backend.fact)} (${percent(backend.share)})` }
          : {};
        return toBackend(world, request, way, proxy, found, backend).map((path) => ({
          ...path,
          who: { ...path.who, ...who },
        }));
      });
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} % of the requests`;
}

function backendName({ service, evidence }: BackendFact): string {
  return service?.split("/").slice(1).join("/") ?? evidence.value;
}

const backendReasons = {
  "service-missing": "the route's backend does not exist",
  "port-missing": "the route's backend has no such port",
  "not-permitted": "no ReferenceGrant permits the route's backend",
  "zero-weight": "the route sends nothing there",
} as const;

const unseenProxy = "the proxy that serves it";

function toBackend(
  world: World,
  request: HttpRequest,
  way: HttpWay,
  proxy: Party | undefined,
  found: ProxyPods | undefined,
  { fact, fix, share }: WeightedBackend,
): readonly Path[] {
  const { answer } = way;
  if (answer.kind !== "backends") return [];
  const { rule } = answer;
  const parts = answer.backends.length > 1 ? ` (${percent(share)})` : "";
  const target =
    fact.service === undefined
      ? fact.evidence.value
      : `Service ${backendName(fact)}${fact.servicePort === undefined ? "" : ` port ${fact.servicePort}`}`;
  const head = {
    slot: "route",
    kind: "route",
    title: way.words,
    subject: rule.object,
    remarks: way.remarks,
    evidence: [{ object: rule.object, path: rule.path, value: rule.words }, fact.evidence],
    kubectl: kubectlGet(rule.object),
    nodes: rule.object === way.entry ? [way.entry] : [way.entry, rule.object],
    before: packetView(
      partyWords(proxy ?? { kind: "unseen", words: unseenProxy, doubt: proxyDoubt(way) }),
      `${request.host}${request.path}`,
      "TCP",
    ),
  } as const;
  const routed = step({ ...head, outcome: "pass", sentence: `${rule.words} → ${target}${parts}` });
  switch (fact.state) {
    case "service-missing":
    case "port-missing":
    case "not-permitted":
    case "zero-weight": {
      const nodes = fact.service === undefined ? head.nodes : [...head.nodes, fact.service];
      return [
        ending(
          step({
            ...head,
            outcome: "block",
            reason: backendReasons[fact.state],
            sentence: `${rule.words} → ${target}: ${fact.sentence}`,
            nearMiss: fact.nearMiss,
            fix,
            nodes,
          }),
        ),
      ];
    }
    case "not-a-service": {
      const sentence = `${target} is no Service; only its controller knows where it leads`;
      return [
        ending(
          unknownStep({
            ...head,
            sentence,
            code: "left-to-controller",
            objects: [rule.object],
          }),
        ),
      ];
    }
    case "unknown": {
      const known = fact.service === undefined ? undefined : world.facts.services.get(fact.service);
      if (known === undefined)
        return [
          ending(
            unknownStep({
              ...head,
              sentence: fact.sentence,
              code: "unread",
              objects: [rule.object],
            }),
          ),
        ];
      break;
    }
    case "ok":
    case "some-endpoints":
    case "no-endpoints":
      break;
  }
  const service = fact.service === undefined ? undefined : world.facts.services.get(fact.service);
  if (service === undefined) return [ending(routed)];
  if (service.backing === "external-name") {
    const sentence = `${backendName(fact)} is ${service.sentence}, which its controller resolves`;
    return [
      ending(
        unknownStep({
          ...head,
          sentence,
          code: "left-to-controller",
          objects: [service.service.id],
        }),
      ),
    ];
  }
  return fromProxy(world, way, proxy, found, service, fact, routed);
}

function proxyDoubt({ entry, words }: HttpWay) {
  return {
    code: "proxy-not-found",
    sentence: `the pods that serve ${words} were not found, and a policy decides by who sends`,
    objects: [entry],
  } as const;
}

/** Proxies take a Service's endpoints by themselves, so that its traffic policies do not count. */
function fromProxy(
  world: World,
  way: HttpWay,
  proxy: Party | undefined,
  found: ProxyPods | undefined,
  service: NonNullable<ReturnType<World["facts"]["services"]["get"]>>,
  fact: BackendFact,
  routed: Step,
): readonly Path[] {
  const [chosen] = servicePorts(service, fact.servicePort, "TCP").concat(
    servicePorts(service, fact.servicePort, "UDP"),
  );
  if (chosen === undefined) return [ending(routed)];
  const sender: Party = proxy ?? { kind: "unseen", words: unseenProxy, doubt: proxyDoubt(way) };
  const direct = {
    ...service,
    service: { ...service.service, internalTrafficPolicy: "Cluster" },
    endpoints: service.endpoints.map((endpoint) => ({ ...endpoint, hintZones: [], hintNodes: [] })),
  } as const;
  const { steps, landings } = serviceLeg(world, {
    service: direct,
    port: chosen.fact,
    index: chosen.index,
    protocol: chosen.fact.port.protocol,
    arrival: { traffic: "internal", node: undefined, zone: undefined },
    sentTo: socket(service.service.name, chosen.fact.port.port),
    source: found === undefined ? unseenProxy : partyWords(sender),
    by: "proxy",
    place: placeFor(sender),
    leg: "backend",
  });
  if (landings.length === 0) return [ending(routed, ...steps)];
  return landings.flatMap((landing) =>
    cross(world, {
      source: sender,
      landing,
      protocol: chosen.fact.port.protocol,
      servicePort: chosen.fact.port.port,
      leg: "backend",
    }).map((path) => ({ ...path, steps: [routed, ...steps, ...path.steps] })),
  );
}
