/** Packets from outside the cluster to a Service itself: through its load balancer, its node ports, its external IPs. */
import type { Protocol } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import { type Cidr, contains, familyOf, parseCidr } from "../cidr.ts";
import type { ServiceFacts } from "../facts.ts";
import { kubectlGet } from "../fix/kubectl.ts";
import { counted, listedUpTo } from "../object-words.ts";
import { readInFull } from "../read-in-full.ts";
import { chooseEndpoints } from "../routing/choose-endpoints.ts";
import { crossEach } from "./crossing.ts";
import { hasPublicAddress, isOfInternet, isPublicText } from "./outside.ts";
import { type Family, familiesAmong, type Party, partyWords } from "./party.ts";
import { placeFor } from "./places.ts";
import type { ChosenPort } from "./port-choice.ts";
import { serviceLeg } from "./service-leg.ts";
import { type Path, packetView, type Step, socket, step, unknownStep } from "./step.ts";
import { translatedPlace } from "./translation.ts";
import type { World } from "./world.ts";

export interface EntryTarget {
  readonly service: ServiceFacts;
  readonly protocol: Protocol;
  readonly leg: string;
}

/** Which of a Service's outsides a packet uses. */
export type Entrance = "load-balancer" | "node-port" | "external-ip";

/** The outsides that a Service has, by its type; none for one with a cluster IP only. */
export function entrancesOf({ service }: ServiceFacts): readonly Entrance[] {
  return [
    ...(service.type === "LoadBalancer" ? (["load-balancer"] as const) : []),
    ...(service.externalIPs.length > 0 ? (["external-ip"] as const) : []),
    ...(service.type === "NodePort" ? (["node-port"] as const) : []),
  ];
}

/** A load balancer without an address has node ports all the same, which count where nodes have public addresses. */
export function hasSpareNodePort({ facts }: World, { service, loadBalancer }: ServiceFacts): boolean {
  return (
    service.type === "LoadBalancer" &&
    loadBalancer?.addresses.length === 0 &&
    service.ports.some(({ nodePort }) => nodePort !== undefined) &&
    seen(facts.snapshot, "nodes").some(hasPublicAddress)
  );
}

/** Blocks of senders that the Service itself tells apart. */
export function sourceRanges({ service }: ServiceFacts): readonly Cidr[] {
  return service.loadBalancerSourceRanges.flatMap((text) => parseCidr(text.trim()) ?? []);
}

const rangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";

/** Those, else what the annotation says that was before the field: clouds still read it, kube-proxy never did. */
export function balancerRanges(facts: ServiceFacts): readonly Cidr[] {
  const { loadBalancerSourceRanges, annotations } = facts.service;
  return loadBalancerSourceRanges.length > 0
    ? sourceRanges(facts)
    : (annotations[rangesAnnotation] ?? "").split(",").flatMap((text) => parseCidr(text.trim()) ?? []);
}

export function throughEntrance(
  world: World,
  sender: Party,
  target: EntryTarget,
  chosen: ChosenPort,
  entrance: Entrance,
): readonly Path[] {
  const { service, protocol, leg } = target;
  const { fact, index } = chosen;
  const entry = entranceStep(world, sender, target, chosen, entrance);
  const local = service.service.externalTrafficPolicy === "Local";
  // A load balancer asks nodes whether they have an endpoint, and sends to those; a bare node port does not ask.
  const arrivals =
    local && entrance !== "load-balancer"
      ? nodeArrivals(world, service)
      : [{ node: undefined, words: undefined }];
  return arrivals.flatMap(({ node, words }) => {
    const asked = local && node === undefined ? withPolicy(service, "Cluster") : service;
    const arrival = { traffic: "external", node, zone: world.policies.sight.nodeNamed(node)?.zone } as const;
    const { steps, landings } = serviceLeg(world, {
      service: asked,
      port: fact,
      index,
      protocol,
      arrival,
      sentTo: socket(addressOf(service, entrance), portOf(chosen, entrance)),
      source: partyWords(sender),
      by: "kube-proxy",
      place: local ? placeFor(sender) : translatedPlace(world, sender),
      leg,
    });
    const who = words === undefined ? {} : { entry: words };
    const isDraining = chooseEndpoints(asked, arrival).state === "terminating";
    const before = [
      entry,
      ...steps,
      ...(local && entrance === "load-balancer" && isDraining ? [drainingStep(service, leg)] : []),
    ];
    if (landings.length === 0) return [{ steps: before, who }];
    const crossed = {
      source: sender,
      protocol,
      servicePort: fact.port.port,
      families: familiesOf(service, entrance),
      translated: !local,
      leg,
    };
    return crossEach(world, landings, crossed, service.service).map((path) => ({
      ...path,
      who: { ...path.who, ...who },
      steps: [...before, ...path.steps],
    }));
  });
}

/**
 * Nodes tell load balancers of endpoints that are ready only, though they send to those that terminate as well
 * (k8s.io/kubernetes, pkg/proxy, LocalReadyEndpoints); what a load balancer does that finds no node is its own.
 */
function drainingStep({ service: { id, name } }: ServiceFacts, leg: string): Step {
  const sentence = `no endpoint of ${name} is ready, so by externalTrafficPolicy: Local every node fails the load balancer's health check; whether it still sends to one is left to it`;
  return unknownStep({
    slot: `${leg}:health`,
    kind: "endpoints",
    title: `Health check of ${name}`,
    sentence,
    subject: id,
    nodes: [id],
    evidence: [{ object: id, path: "spec.externalTrafficPolicy", value: "Local" }],
    code: "left-to-controller",
    objects: [id],
  });
}

/** In which an entrance can be addressed at all; undefined where that is not given. */
function familiesOf(
  { service, loadBalancer }: ServiceFacts,
  entrance: Entrance,
): readonly Family[] | undefined {
  switch (entrance) {
    case "load-balancer": {
      const addresses = loadBalancer?.addresses ?? [];
      // What stands behind a name may have addresses of any family.
      return addresses.some((address) => familyOf(address) === undefined)
        ? undefined
        : familiesAmong(addresses);
    }
    case "external-ip":
      return familiesAmong(service.externalIPs);
    case "node-port":
      return familiesAmong(service.clusterIPs);
  }
}

/** The same Service as if it had this one. */
export function withPolicy(facts: ServiceFacts, externalTrafficPolicy: "Cluster" | "Local"): ServiceFacts {
  return { ...facts, service: { ...facts.service, externalTrafficPolicy } };
}

/** With `externalTrafficPolicy: Local` each node answers for itself: those with endpoints, and the others as one. */
function nodeArrivals(
  { facts }: World,
  service: ServiceFacts,
): readonly { readonly node: string | undefined; readonly words: string | undefined }[] {
  const withEndpoint = new Set(
    chooseEndpoints(withPolicy(service, "Cluster"), {
      traffic: "external",
      node: undefined,
      zone: undefined,
    }).endpoints.flatMap(({ node }) => node ?? []),
  );
  const nodes = seen(facts.snapshot, "nodes").map(({ name }) => name);
  const without = nodes.filter((name) => !withEndpoint.has(name));
  if (nodes.length === 0) return [{ node: undefined, words: undefined }];
  return [
    ...[...withEndpoint].sort().map((node) => ({ node, words: `through ${node}` })),
    ...(without.length > 0 ? [{ node: without[0], words: `through ${listedUpTo(without, 2)}` }] : []),
  ];
}

function portOf({ fact }: ChosenPort, entrance: Entrance): number | undefined {
  return entrance === "node-port" ? fact.port.nodePort : fact.port.port;
}

function addressOf({ service, loadBalancer }: ServiceFacts, entrance: Entrance): string {
  switch (entrance) {
    case "load-balancer":
      return loadBalancer?.addresses[0] ?? service.name;
    case "external-ip":
      return service.externalIPs[0] ?? service.name;
    case "node-port":
      return "<node>";
  }
}

function entranceStep(
  world: World,
  sender: Party,
  target: EntryTarget,
  chosen: ChosenPort,
  entrance: Entrance,
): Step {
  const { service, leg, protocol } = target;
  const { id, namespace, name } = service.service;
  const head = {
    slot: `${leg}:entry`,
    kind: "service",
    subject: id,
    nodes: ["internet", id],
    kubectl: kubectlGet(id, "wide"),
  } as const;
  switch (entrance) {
    case "load-balancer":
      return loadBalancerStep(world, sender, target, chosen, {
        ...head,
        title: `Load balancer of ${namespace}/${name}`,
      });
    case "external-ip":
      return step({
        ...head,
        title: `External IP of ${namespace}/${name}`,
        outcome: "pass",
        sentence: `${listedUpTo(service.service.externalIPs, 2)} takes port ${chosen.fact.port.port}`,
        before: packetView(
          partyWords(sender),
          socket(service.service.externalIPs[0] ?? name, chosen.fact.port.port),
          protocol,
        ),
        evidence: [{ object: id, path: "spec.externalIPs", value: service.service.externalIPs.join(", ") }],
        remarks: [
          "whether packets for an external IP get to the nodes is for the network around the cluster",
        ],
      });
    case "node-port":
      return nodePortStep(world, sender, target, chosen, {
        ...head,
        title: `Node port of ${namespace}/${name}`,
      });
  }
}

type Head = Pick<Step, "slot" | "kind" | "subject" | "nodes" | "kubectl" | "title">;

function loadBalancerStep(
  world: World,
  sender: Party,
  { service, protocol }: EntryTarget,
  { fact }: ChosenPort,
  head: Head,
): Step {
  const { id, name } = service.service;
  const { loadBalancer } = service;
  const [address] = loadBalancer?.addresses ?? [];
  const before = packetView(partyWords(sender), socket(address ?? name, fact.port.port), protocol);
  if (loadBalancer !== undefined && address === undefined) {
    return step({
      ...head,
      outcome: "block",
      reason: "its load balancer has no address",
      sentence: `the load balancer of ${name} has no address yet: ${loadBalancer.pendingWhy ?? "no event tells why"}`,
      evidence: [{ object: id, path: "status.loadBalancer.ingress", value: "none" }],
      fix: {
        text: `Install or mend what hands out load balancer addresses in this cluster, or reach ${name} by its node port`,
      },
    });
  }
  const ranges = balancerRanges(service);
  const sample = sender.kind === "outside" ? sender.sample : undefined;
  if (ranges.length > 0 && sample !== undefined && !ranges.some((range) => contains(range, sample))) {
    return step({
      ...head,
      outcome: "block",
      reason: "its load balancer does not admit the sender",
      sentence: `loadBalancerSourceRanges of ${name} leave out ${partyWords(sender)}`,
      before,
      evidence: [
        {
          object: id,
          path: "spec.loadBalancerSourceRanges",
          value: ranges.map(({ text }) => text).join(", "),
        },
      ],
      fix: { text: `Add the sender's addresses to loadBalancerSourceRanges of ${name}` },
    });
  }
  const manifest = world.facts.snapshot.origin === "manifests";
  return step({
    ...head,
    outcome: "pass",
    sentence:
      address === undefined
        ? `takes port ${fact.port.port} once it has an address`
        : `${address} takes port ${fact.port.port}`,
    before,
    evidence: [{ object: id, path: "spec.type", value: "LoadBalancer" }],
    remarks: [
      ...(manifest ? ["manifests do not say which address it will have"] : []),
      ...(ranges.length > 0
        ? [`loadBalancerSourceRanges admit ${ranges.map(({ text }) => text).join(", ")}`]
        : []),
    ],
  });
}

function nodePortStep(
  world: World,
  sender: Party,
  { service, protocol }: EntryTarget,
  { fact, index }: ChosenPort,
  head: Head,
): Step {
  const { id } = service.service;
  const { nodePort } = fact.port;
  const evidence = [
    {
      object: id,
      path: `spec.ports[${index}].nodePort`,
      value: nodePort === undefined ? "not assigned" : String(nodePort),
    },
  ];
  const what = `node port ${nodePort ?? "to be assigned"} → port ${fact.port.port}`;
  const nodes = seen(world.facts.snapshot, "nodes");
  const open = nodes.filter(hasPublicAddress);
  const address = open[0]?.addresses.find(({ address: text }) => isPublicText(text))?.address;
  const before = packetView(partyWords(sender), socket(address ?? "<node>", nodePort ?? "<port>"), protocol);
  // From a private address nodes may well be reached; from the internet only by addresses that it routes.
  if (!isOfInternet(sender)) {
    const remarks = [
      "whether the network around the cluster leads from there to the nodes is not in the cluster",
    ];
    return step({ ...head, outcome: "pass", sentence: what, before, evidence, remarks });
  }
  if (open.length > 0)
    return step({
      ...head,
      outcome: "pass",
      sentence: `${what}, on ${counted(open.length, "node")} with a public address`,
      before,
      evidence,
      remarks: ["whether a firewall in front of the nodes lets it through is not in the cluster"],
    });
  const why =
    !readInFull(world.facts.snapshot, "nodes") || nodes.length === 0
      ? "the nodes' addresses are not given"
      : "no node has a public address";
  const sentence = `${what}; ${why}, so whether the internet gets to the nodes is not known`;
  return unknownStep({
    ...head,
    sentence,
    before,
    evidence,
    code: "node-not-given",
    objects: [id],
  });
}
