import type { Evidence } from "#lib/model/finding.ts";
import { refOf } from "#lib/model/ids.ts";
import type { Pod, Protocol } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import { canonicalAddress, familyOf, parseAddress } from "../cidr.ts";
import type { EndpointFact, PortFact, ServiceFacts } from "../facts.ts";
import { kubectl, labelsArgument } from "../fix/kubectl.ts";
import { mergePatch } from "../fix/patch.ts";
import { fixSelector, nearMissEvidence } from "../fix/selector-fix.ts";
import { fixTargetPort, targetPortMeant } from "../fix/target-port-fix.ts";
import { counted, listedUpTo } from "../object-words.ts";
import { isHeadless, landingPort, portInWords } from "../ports.ts";
import { type Arrival, type Choice, chooseEndpoints } from "../routing/choose-endpoints.ts";
import { labelsInWords } from "../selector.ts";
import { targetPortOn } from "../target-port.ts";
import { type Landing, placeWords, podKey, takerOf } from "./landing.ts";
import { noEndpointAt } from "./nobody.ts";
import { type Party, partiesOf, partyWords } from "./party.ts";
import type { Place } from "./places.ts";
import { packetView, type Step, socket, step, unknownStep } from "./step.ts";
import type { World } from "./world.ts";

/** How a packet is sent to a Service, and what is asked of it. */
export interface ServiceAsk {
  readonly service: ServiceFacts;
  readonly port: PortFact;
  /** The port's place in the Service's list; undefined for one that a headless Service does not list. */
  readonly index: number | undefined;
  readonly protocol: Protocol;
  readonly arrival: Arrival;
  /** `10.96.41.7:5432`: where the packet is sent to. */
  readonly sentTo: string;
  /** The sender in words. */
  readonly source: string;
  /** `proxy`: whoever sends takes the endpoints by themselves and translates nothing (Ingress controllers). */
  readonly by: "kube-proxy" | "proxy";
  /** Tells endpoints apart by their nodes, where that counts for the sender. */
  readonly place: Place | undefined;
  readonly leg: string;
}

export interface ServiceLeg {
  readonly steps: readonly Step[];
  /** None where nothing is left to ask. */
  readonly landings: readonly Landing[];
}

/** From a Service's port to its endpoints: what translates the packet, and among which endpoints it may land. */
export function serviceLeg(world: World, ask: ServiceAsk): ServiceLeg {
  const broken = selectorStep(world, ask);
  if (broken !== undefined) return broken;
  const choice = chooseEndpoints(ask.service, ask.arrival);
  const lost = unresolvedPort(world, ask, choice);
  if (lost !== undefined) return lost;
  const landed = choice.endpoints.flatMap((endpoint) => landingOf(world, ask, endpoint));
  const endpoints = endpointsStep(ask, choice, landed.length);
  const waiting =
    landed.length > 0 ? [] : ask.service.endpoints.flatMap((endpoint) => landingOf(world, ask, endpoint));
  return {
    steps: [serviceStep(ask, landed.length > 0 ? landed : waiting), endpoints],
    landings:
      landed.length > 0
        ? groupLandings(world, ask, landed, false)
        : endpoints.outcome === "block"
          ? groupLandings(world, ask, waiting, true)
          : [],
  };
}

export interface Landed {
  readonly endpoint: EndpointFact;
  readonly pod: Pod | undefined;
  readonly port: number;
}

function landingOf({ facts }: World, { port }: ServiceAsk, endpoint: EndpointFact): readonly Landed[] {
  const pod = takerOf(facts, endpoint);
  const number = landingPort(endpoint, pod, port.port);
  return number === undefined ? [] : [{ endpoint, pod, port: number }];
}

export function headOf({
  service,
  leg,
}: ServiceAsk): Pick<Step, "slot" | "kind" | "title" | "subject" | "nodes"> {
  const { id, namespace, name } = service.service;
  return {
    slot: `${leg}:service`,
    kind: "service",
    title: `Service ${namespace}/${name}`,
    subject: id,
    nodes: [id],
  };
}

export function kubectlFor({ service }: ServiceAsk): string {
  const { namespace, name } = service.service;
  return kubectl(
    namespace,
    "get",
    "service,endpointslices",
    "-l",
    `kubernetes.io/service-name=${name}`,
    "-o",
    "wide",
  );
}

function serviceStep(ask: ServiceAsk, landed: readonly Landed[]): Step {
  const { service, port, sentTo, source, protocol, by } = ask;
  const sockets = [
    ...new Set(
      landed.map(({ endpoint, port: number }) =>
        socket(addressLike(sentTo, endpoint.addresses) ?? endpoint.key.split("/").at(-1) ?? "", number),
      ),
    ),
  ];
  const numbers = [...new Set(landed.map(({ port: number }) => number))];
  const ports = `${numbers.length === 1 ? "port" : "ports"} ${listedUpTo(numbers.map(String), 3)}`;
  const leadsTo = (all: readonly string[]) =>
    all.length === 1 ? (all[0] ?? "") : `${ports} of ${counted(all.length, "endpoint")}`;
  const to = leadsTo(sockets);
  const affinity =
    service.service.sessionAffinity === "ClientIP" ? ["session affinity: a client keeps its endpoint"] : [];
  const from = by === "proxy" ? `port ${portInWords(port.port)}` : sentTo;
  return step({
    ...headOf(ask),
    outcome: "pass",
    sentence: landed.length === 0 ? `takes port ${portInWords(port.port)}` : `${from} → ${to}`,
    about:
      landed.length === 0
        ? undefined
        : { names: sockets, key: `${from} ${ports}`, together: (all) => `${from} → ${leadsTo(all)}` },
    before: packetView(source, sentTo, protocol),
    after: sockets.length === 1 ? packetView(source, to, protocol) : undefined,
    evidence: portEvidence(ask),
    remarks: [...affinity, ...udpRemark(ask)],
    kubectl: kubectlFor(ask),
  });
}

/** Of an endpoint's addresses the one that is of the family of what was asked. */
function addressLike(sentTo: string, addresses: readonly string[]): string | undefined {
  const family = sentTo.startsWith("[") ? 6 : 4;
  return addresses.find((address) => familyOf(address) === family) ?? addresses[0];
}

export function portEvidence({ service, port, index }: ServiceAsk): readonly Evidence[] {
  if (index === undefined) return [];
  const listed = service.service.ports[index] ?? port.port;
  const value = `${portInWords(listed)} → ${listed.targetPort}`;
  return [{ object: service.service.id, path: `spec.ports[${index}]`, value }];
}

/** A Service that speaks another protocol than the container declares. */
function udpRemark({ port }: ServiceAsk): readonly string[] {
  return port.nearMiss === undefined || typeof port.port.targetPort === "string" ? [] : [port.nearMiss];
}

/** The Service selects nothing: asked on with the pods that it was most likely meant to select. */
export function selectorStep(world: World, ask: ServiceAsk): ServiceLeg | undefined {
  const { service } = ask;
  const { id, namespace, name, selector } = service.service;
  if (service.backing !== "selector" || service.endpoints.length > 0) return undefined;
  const head = headOf(ask);
  const evidence = [{ object: id, path: "spec.selector", value: labelsInWords(selector) }];
  if (service.health === "unknown" || service.source === "unknown") {
    const sentence = `nothing is known of the endpoints of ${name}: ${service.sentence}`;
    const known = { ...head, sentence, evidence, kubectl: kubectlFor(ask) };
    return { steps: [unknownStep({ ...known, code: "unread", objects: [id] })], landings: [] };
  }
  const sentence = service.sentence.startsWith("selects ")
    ? `${name} ${service.sentence}`
    : `${name} has no pod behind it (${service.sentence})`;
  const { nearMiss } = service;
  const meant = nearMiss === undefined ? [] : (world.facts.workloads.get(nearMiss.workload)?.pods ?? []);
  const blocked = step({
    ...head,
    outcome: "block",
    reason: "the Service selects no pod",
    sentence,
    before: packetView(ask.source, ask.sentTo, ask.protocol),
    evidence: nearMiss === undefined ? evidence : [...evidence, ...nearMissEvidence(nearMiss)],
    nearMiss: nearMiss?.sentence,
    fix:
      nearMiss === undefined
        ? undefined
        : fixSelector({
            object: id,
            path: "spec.selector",
            labels: selector,
            nearMiss,
            podsWith: (matchLabels) =>
              world.facts.index.podsMatching(namespace, { matchLabels, matchExpressions: [] }),
            meant,
          }),
    kubectl: kubectl(namespace, "get", "pods", "-l", labelsArgument(selector), "--show-labels"),
    nodes: nearMiss === undefined ? [id] : [id, nearMiss.workload],
  });
  return {
    steps: [blocked],
    landings: hypothetical(
      world,
      ask,
      meant.filter((pod) => pod.namespace === namespace),
    ),
  };
}

/** Endpoints are there, and the port's name leads nowhere on any of them. */
function unresolvedPort(world: World, ask: ServiceAsk, choice: Choice): ServiceLeg | undefined {
  const { service, port, index } = ask;
  if (choice.endpoints.length === 0) return undefined;
  if (choice.endpoints.some((endpoint) => landingOf(world, ask, endpoint).length > 0)) return undefined;
  const { id, name, namespace, selector } = service.service;
  const pods = choice.endpoints.flatMap(({ pod }) => {
    const object = pod === undefined ? undefined : world.facts.index.byId.get(pod);
    return object?.kind === "pod" ? [object] : [];
  });
  const named = typeof port.port.targetPort === "string";
  const path = `spec.ports[${index}].targetPort`;
  const blocked = step({
    ...headOf(ask),
    outcome: "block",
    reason: "the Service's target port leads nowhere",
    sentence: named
      ? `port ${portInWords(port.port)} of ${name} leads to the port name ${port.port.targetPort}, which no pod declares`
      : `no EndpointSlice of ${name} opens port ${portInWords(port.port)}`,
    before: packetView(ask.source, ask.sentTo, ask.protocol),
    evidence: [{ object: id, path, value: String(port.port.targetPort) }],
    nearMiss: port.nearMiss,
    fix: named ? fixTargetPort(id, path, port.port, pods) : undefined,
    kubectl:
      named && Object.keys(selector).length > 0
        ? kubectl(
            namespace,
            "get",
            "pods",
            "-l",
            labelsArgument(selector),
            "-o",
            "custom-columns=POD:.metadata.name,PORTS:.spec.containers[*].ports[*].name",
          )
        : kubectlFor(ask),
  });
  const meant = named ? targetPortMeant(port.port, pods) : undefined;
  const landings =
    meant === undefined
      ? []
      : hypothetical(world, { ...ask, port: { ...port, port: { ...port.port, targetPort: meant } } }, pods);
  return { steps: [blocked], landings };
}

function hypothetical(world: World, ask: ServiceAsk, pods: readonly Pod[]): readonly Landing[] {
  const landed = pods.flatMap((pod): Landed[] => {
    const number = targetPortOn(pod, ask.port.port).number;
    return number === undefined ? [] : [{ endpoint: templateEndpoint(pod), pod, port: number }];
  });
  return groupLandings(world, ask, landed, true);
}

function templateEndpoint(pod: Pod): EndpointFact {
  return {
    key: pod.id,
    addresses: pod.ips,
    pod: pod.id,
    node: pod.nodeName,
    ready: false,
    serving: false,
    terminating: false,
    count: 1,
    reasons: [],
    hintZones: [],
    hintNodes: [],
  };
}

export function endpointsStep(ask: ServiceAsk, choice: Choice, landed: number): Step {
  const { service, arrival, by, leg } = ask;
  const { id, namespace, name } = service.service;
  const head = {
    slot: `${leg}:endpoints`,
    kind: "endpoints",
    title: endpointsTitle(choice),
    subject: id,
    nodes: [id],
    kubectl: kubectlFor(ask),
  } as const;
  const unready = service.endpoints.filter((endpoint) => !endpoint.ready && !endpoint.terminating);
  const evidence = choice.endpoints.slice(0, 3).map((endpoint) => endpointEvidence(service, endpoint));
  if (landed > 0) {
    const left = choice.endpoints.length - landed;
    return step({
      ...head,
      outcome: "pass",
      sentence: endpointsSentence(service, choice, landed, arrival),
      evidence,
      remarks: [
        ...(by === "proxy" ? [] : unreadyRemarks(unready)),
        ...(left > 0
          ? [`${counted(left, "endpoint")} ${left === 1 ? "does" : "do"} not serve this port`]
          : []),
        ...(choice.state === "terminating"
          ? ["none is ready: those that serve while they terminate take the packets"]
          : []),
      ],
    });
  }
  if (service.source === "unknown" || service.health === "unknown") {
    const sentence = `nothing is known of the endpoints of ${name}: ${service.sentence}`;
    return unknownStep({
      ...head,
      sentence,
      code: "unread",
      objects: [id],
    });
  }
  const elsewhere = chooseEndpoints(
    {
      ...service,
      service: { ...service.service, internalTrafficPolicy: "Cluster", externalTrafficPolicy: "Cluster" },
    },
    { ...arrival, node: undefined, zone: undefined },
  ).endpoints;
  if (choice.within === "node" && elsewhere.length > 0) {
    const field = arrival.traffic === "internal" ? "internalTrafficPolicy" : "externalTrafficPolicy";
    if (arrival.node === undefined) {
      const sentence = `${name} has ${field}: Local, and from which node the packet comes is not given`;
      return unknownStep({
        ...head,
        sentence,
        code: "node-not-given",
        objects: [id],
      });
    }
    const nodes = [...new Set(elsewhere.flatMap(({ node }) => node ?? []))].sort();
    return step({
      ...head,
      outcome: "block",
      reason: `no endpoint is ready on ${arrival.node}`,
      sentence: `no ready endpoint of ${name} on ${arrival.node}, and ${field}: Local keeps packets on their node`,
      nearMiss: `${counted(elsewhere.length, "endpoint")} ready on ${listedUpTo(nodes, 3)}`,
      evidence: [{ object: id, path: `spec.${field}`, value: "Local" }],
      fix: {
        text: `Set ${field} of ${name} to Cluster, or run an endpoint on ${arrival.node}`,
        patch: mergePatch(id, { spec: { [field]: "Cluster" } }),
      },
      kubectl: kubectl(
        namespace,
        "get",
        "endpointslices",
        "-l",
        `kubernetes.io/service-name=${name}`,
        "-o",
        "yaml",
      ),
    });
  }
  const reason = unready.find(({ reasons }) => reasons.length > 0)?.reasons[0];
  const policy = arrival.traffic === "internal" ? "internalTrafficPolicy" : "externalTrafficPolicy";
  const nodes = [...new Set(service.endpoints.flatMap(({ node }) => node ?? []))].sort();
  return step({
    ...head,
    outcome: "block",
    reason: "no endpoint is ready",
    sentence: noneReady(service, unready),
    evidence: [
      ...(reason?.evidence === undefined ? [] : [reason.evidence]),
      ...service.endpoints.slice(0, 3).map((endpoint) => endpointEvidence(service, endpoint)),
    ],
    remarks: [
      ...unreadyRemarks(unready.slice(1)),
      ...(choice.within === "node"
        ? [
            `besides, ${policy}: Local keeps packets on their node, and endpoints are on ${listedUpTo(nodes, 3)} only`,
          ]
        : []),
    ],
  });
}

function noneReady(
  { service: { name }, endpoints, sentence }: ServiceFacts,
  unready: readonly EndpointFact[],
): string {
  const [first] = unready;
  if (first === undefined) return `no endpoint of ${name} takes packets: ${sentence}`;
  const total = endpoints.reduce((sum, { count }) => sum + count, 0);
  const why = first.reasons[0] === undefined ? "" : `: ${first.reasons[0].text}`;
  return total === 1
    ? `the only endpoint of ${name} is not ready${why}`
    : `none of the ${total} endpoints of ${name} is ready${why}`;
}

function endpointsTitle({ endpoints }: Choice): string {
  const [only, ...more] = endpoints;
  const name = only?.pod?.split("/").at(-1) ?? only?.addresses[0];
  return name !== undefined && more.length === 0 ? `Endpoint ${name}` : "Endpoints";
}

function endpointsSentence(
  service: ServiceFacts,
  choice: Choice,
  landed: number,
  { node, zone }: Arrival,
): string {
  const total = choice.endpoints.reduce((sum, { count }) => sum + count, 0);
  const where =
    choice.within === "node"
      ? ` on ${node}`
      : choice.within === "zone-hint"
        ? ` by the hint for zone ${zone}`
        : choice.within === "node-hint"
          ? ` by the hint for node ${node}`
          : "";
  const [only, ...more] = choice.endpoints;
  const state = choice.state === "ready" ? "ready" : "serving while terminating";
  if (only !== undefined && more.length === 0 && only.count === 1) {
    const at = only.node === undefined || choice.within === "node" ? "" : ` on ${only.node}`;
    return `${state}${at}${where}, ${total} of ${Math.max(service.total, total)}`;
  }
  return `${landed === choice.endpoints.length ? total : landed} of ${Math.max(service.total, total)} ${state}${where}`;
}

function endpointEvidence({ service, source }: ServiceFacts, endpoint: EndpointFact): Evidence {
  const value = `${endpoint.addresses[0] ?? endpoint.key}: ${endpoint.ready ? "ready" : endpoint.terminating ? "terminating" : "not ready"}`;
  return source === "computed" && endpoint.pod !== undefined
    ? { object: endpoint.pod, path: "status.conditions[Ready]", value }
    : { object: service.id, path: "EndpointSlice endpoints[].conditions", value };
}

function unreadyRemarks(unready: readonly EndpointFact[]): readonly string[] {
  const remarks = unready.slice(0, 3).map(({ key, reasons }) => {
    const name = key.split("/").at(-1) ?? key;
    return `${name} is not ready and takes no packets${reasons[0] === undefined ? "" : `: ${reasons[0].text}`}`;
  });
  return unready.length > 3 ? [...remarks, `${unready.length - 3} more endpoints are not ready`] : remarks;
}

/** Endpoints that are alike for policies, port and state are one landing. */
export function groupLandings(
  world: World,
  { place, service }: ServiceAsk,
  landed: readonly Landed[],
  isHypothetical: boolean,
): readonly Landing[] {
  const byPort = new Map<number, Landed[]>();
  for (const each of landed) {
    const list = byPort.get(each.port);
    if (list === undefined) byPort.set(each.port, [each]);
    else list.push(each);
  }
  return [...byPort].flatMap(([port, list]) => {
    const endpointOf = new Map(
      list.flatMap(({ pod, endpoint }) => (pod === undefined ? [] : [[pod.id, endpoint] as const])),
    );
    const pods = list.flatMap(({ pod }) => pod ?? []);
    const ofPods = partiesOf(pods, (pod) => podKey(world, pod, place)).map((party): Landing => {
      const members = party.kind === "pods" ? party.pods : [];
      return {
        party,
        port,
        words: placeWords(party, place) ?? landingWords(members),
        endpoints: members.flatMap(({ id }) => endpointOf.get(id) ?? []),
        hypothetical: isHypothetical,
      };
    });
    const others = list
      .filter(({ pod }) => pod === undefined)
      .map(({ endpoint }) => bareLanding(world, service, endpoint, port, isHypothetical));
    return [...ofPods, ...others];
  });
}

function landingWords(pods: readonly Pod[]): string {
  return `to ${listedUpTo(
    pods.map(({ name }) => name),
    2,
  )}`;
}

/** An endpoint without a pod: an address that someone wrote down, a node's own, or a pod's that was not read. */
function bareLanding(
  world: World,
  { service }: ServiceFacts,
  endpoint: EndpointFact,
  port: number,
  isHypothetical: boolean,
): Landing {
  const party = bareParty(world, endpoint);
  const [address] = party.kind === "outside" && !isHeadless(service) ? party.blocks : [];
  return {
    party,
    port,
    words: `to ${partyWords(party)}`,
    endpoints: [endpoint],
    nowhere: address === undefined ? undefined : noEndpointAt(world.facts, address),
    hypothetical: isHypothetical,
  };
}

function bareParty({ facts }: World, { addresses, pod, drift }: EndpointFact): Party {
  const [written = ""] = addresses;
  const text = canonicalAddress(written);
  const node = seen(facts.snapshot, "nodes").find((each) =>
    each.addresses.some(({ address }) => address === text),
  );
  if (node !== undefined) return { kind: "node", node };
  if (pod !== undefined && drift === undefined) {
    const { name } = refOf(pod);
    const sentence = `pod ${name} at ${text} is not among what could be read, and so neither are its labels`;
    return { kind: "unseen", words: name, doubt: { code: "unread", sentence, objects: [pod] } };
  }
  if (familyOf(text) === undefined) {
    // "kube-proxy only processes slices of addressType IPv4 and IPv6. No semantics are defined for FQDN" (EndpointSlice).
    const sentence = `an EndpointSlice has the name ${text} in place of an address, and what comes of that is not defined`;
    return { kind: "unseen", words: text, doubt: { code: "left-to-controller", sentence, objects: [] } };
  }
  return { kind: "outside", blocks: [text], sample: parseAddress(text) };
}
