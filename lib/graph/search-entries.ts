import type { Facts } from "#lib/engine/facts.ts";
import { podsConcerned } from "#lib/engine/policy/foreign-concerns.ts";
import { declaredPorts } from "#lib/engine/target-port.ts";
import type { Graph, GraphNode, Health, NodeId } from "#lib/model/graph.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { Kind } from "#lib/model/kinds.ts";
import type { ClusterObject, Container, Labels, Pod } from "#lib/model/objects.ts";
import { type Drawn, drawnIn } from "./graph-index.ts";
import { noText, type SearchText } from "./search-text.ts";
import { podHealth } from "./workload-pods.ts";

export interface SearchHit {
  /** The object's id; a node's where it is no object (`external/db.example.com`). */
  readonly id: string;
  /** The node to fly to: a pod flies to its workload, a policy to the first workload that it selects. */
  readonly node: NodeId;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  /** What matched, beyond the name: "label app=cart", "port 7070"; "name" when that was it. */
  readonly why: string;
  readonly health: Health;
}

/** One object as the search sees it: what it is found by. */
export interface SearchEntry {
  readonly id: string;
  /** Absent for a node that is no object. */
  readonly object?: ObjectId | undefined;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  /** Place of its kind in results that are otherwise equal; 0 first. */
  readonly rank: number;
  readonly lowerName: string;
  /** Texts of its own, and those that it shares with its like (pods of a workload carry the same labels). */
  readonly own: SearchText;
  readonly shared: SearchText;
}

/** Kinds in the order in which people look for them; those not named come after. */
const kindOrder: readonly Kind[] = [
  "service",
  "ingress",
  "gateway",
  "http-route",
  "grpc-route",
  "tls-route",
  "tcp-route",
  "udp-route",
  "deployment",
  "stateful-set",
  "daemon-set",
  "cron-job",
  "job",
  "namespace",
  "network-policy",
  "pod",
  "node",
];
const lastRank = kindOrder.length;
const rankOfKind: ReadonlyMap<string, number> = new Map(kindOrder.map((kind, rank) => [kind, rank]));

/** So many entries are made between two pauses. */
const sliceLength = 500;

interface Kept {
  readonly entry: SearchEntry;
  readonly labels: Labels;
  readonly dnsName: string | undefined;
}

/**
 * Entries say nothing that is not in their object, but for the labels that a workload has from its pods and the name that
 * a Service has in the cluster's domain; so most of them
 * outlive the answers that they were made for. What changes, where an object is drawn and how it is, is looked up for what
 * was found.
 */
const entriesOf = new WeakMap<ClusterObject, Kept>();

/** Everything that has a name, and the nodes that are no objects. Events have none that anybody would look for. */
export function* searchEntries(facts: Facts, graph: Graph): Generator<undefined, readonly SearchEntry[]> {
  const entries: SearchEntry[] = [];
  for (const object of facts.index.byId.values()) {
    if (object.kind === "event") continue;
    entries.push(objectEntry(facts, object));
    if (entries.length % sliceLength === 0) yield;
  }
  for (const node of graph.nodes) {
    if (node.object === undefined || node.missing === true) entries.push(nodeEntry(node));
  }
  return entries;
}

/** Where what was found is drawn, and how it is. */
export interface Places {
  /** By which these places are told from those of other answers. */
  readonly of: Graph;
  nodeOf(entry: SearchEntry): NodeId;
  /** Undefined where there is no such thing any more: an entry may be older than the answers. */
  healthOf(entry: SearchEntry): Health | undefined;
}

export function placesIn(facts: Facts, graph: Graph): Places {
  const drawn = drawnIn(graph);
  const objectOf = ({ object }: SearchEntry) =>
    object === undefined ? undefined : facts.index.byId.get(object);
  return {
    of: graph,
    nodeOf(entry) {
      const object = objectOf(entry);
      return object === undefined ? entry.id : nodeOf(facts, object, drawn);
    },
    healthOf(entry) {
      const object = objectOf(entry);
      if (object === undefined) return entry.object === undefined ? drawn(entry.id)?.health : undefined;
      // Most of all that is found are pods, and what owns them is drawn in their place.
      const isOwned = object.kind === "pod" && facts.index.ownerOf.get(object.id) !== object.id;
      return (isOwned ? undefined : drawn(object.id)?.health) ?? healthOf(facts, object);
    },
  };
}

function objectEntry(facts: Facts, object: ClusterObject): SearchEntry {
  // A pod's labels are its own, whoever made it.
  const labels =
    object.kind === "pod" ? object.labels : (facts.workloads.get(object.id)?.labels ?? object.labels);
  const kept = entriesOf.get(object);
  // The fullest name has all the others as its beginning.
  const dnsName = object.kind === "service" ? facts.services.get(object.id)?.dnsNames?.[0] : undefined;
  if (kept?.labels === labels && kept.dnsName === dnsName) return kept.entry;
  const entry: SearchEntry = {
    id: object.id,
    object: object.id,
    kind: object.kind,
    namespace: "namespace" in object ? object.namespace : undefined,
    name: object.name,
    lowerName: object.name.toLowerCase(),
    rank: rankOfKind.get(object.kind) ?? lastRank,
    own: ownText(object, dnsName),
    shared: sharedText(labels, portsOf(facts, object)),
  };
  entriesOf.set(object, { entry, labels, dnsName });
  return entry;
}

function nodeEntry(node: GraphNode): SearchEntry {
  return {
    id: node.id,
    kind: node.kind,
    namespace: node.namespace,
    name: node.name,
    lowerName: node.name.toLowerCase(),
    rank: rankOfKind.get(node.kind) ?? lastRank,
    own: noText,
    shared: noText,
  };
}

/** Of what is not drawn as itself. */
function healthOf(facts: Facts, object: ClusterObject): Health {
  if (object.kind === "pod") return podHealth(object);
  if (object.kind === "node")
    return object.conditions.some((c) => c.type === "Ready" && c.status !== "True") ? "broken" : "ok";
  return facts.workloads.get(object.id)?.health ?? "idle";
}

/** Where on the map an object is: itself, what it belongs to, or its own id where nothing there stands for it. */
function nodeOf(facts: Facts, object: ClusterObject, drawn: Drawn): NodeId {
  switch (object.kind) {
    case "pod":
      return facts.index.ownerOf.get(object.id) ?? object.id;
    case "replica-set":
    case "job": {
      if (drawn(object.id) !== undefined) return object.id;
      const owner = object.owners.find((one) => one.controller);
      const kind = owner?.apiKind === "Deployment" ? "deployment" : "cron-job";
      return owner === undefined
        ? object.id
        : onMap(objectId(kind, object.namespace, owner.name), object.id, drawn);
    }
    case "endpoint-slice":
      if (object.serviceName === undefined) return object.id;
      return onMap(objectId("service", object.namespace, object.serviceName), object.id, drawn);
    case "network-policy":
    case "cluster-network-policy":
    case "admin-network-policy":
    case "baseline-admin-network-policy":
      return facts.policies.get(object.id)?.workloads?.[0] ?? object.id;
    case "cilium-network-policy":
    case "cilium-clusterwide-network-policy":
    case "calico-network-policy":
    case "calico-global-network-policy":
    case "antrea-network-policy":
    case "antrea-cluster-network-policy":
    case "authorization-policy":
    case "egress-firewall":
      for (const pod of podsConcerned(facts, object)) return facts.index.ownerOf.get(pod.id) ?? pod.id;
      return object.id;
    case "listener-set":
      return onMap(objectId("gateway", object.parent.namespace, object.parent.name), object.id, drawn);
    default:
      return object.id;
  }
}

function onMap(id: ObjectId, otherwise: ObjectId, drawn: Drawn): NodeId {
  return drawn(id) === undefined ? otherwise : id;
}

function ownText(object: ClusterObject, dnsName: string | undefined): SearchText {
  switch (object.kind) {
    case "pod":
      return object.ips.length === 0 ? noText : { ...noText, ips: object.ips };
    case "service": {
      const addresses = object.loadBalancer?.flatMap((address) => address.ip ?? []) ?? [];
      const hosts = object.loadBalancer?.flatMap((address) => address.hostname ?? []) ?? [];
      return {
        ...noText,
        ips: lower([...object.clusterIPs.filter((ip) => ip !== "None"), ...addresses, ...object.externalIPs]),
        hosts: lower([dnsName ?? "", ...hosts, object.externalName ?? ""]),
      };
    }
    case "node":
      return { ...noText, ips: lower(object.addresses.map((address) => address.address)) };
    case "ingress":
      return { ...noText, hosts: lower(object.rules.map((rule) => rule.host ?? "")) };
    case "gateway":
      return {
        ...noText,
        ips: lower((object.addresses ?? []).map((address) => address.value)),
        hosts: lower(object.listeners.map((listener) => listener.hostname ?? "")),
      };
    case "listener-set":
      return { ...noText, hosts: lower(object.listeners.map((listener) => listener.hostname ?? "")) };
    case "http-route":
    case "grpc-route":
    case "tls-route":
    case "tcp-route":
    case "udp-route":
      return { ...noText, hosts: lower(object.hostnames) };
    case "secret": {
      const names = object.tls?.kind === "certificates" ? object.tls.chain[0]?.dnsNames : undefined;
      return names === undefined ? noText : { ...noText, hosts: lower(names) };
    }
    case "endpoint-slice":
      return { ...noText, ips: lower(object.endpoints.flatMap((endpoint) => endpoint.addresses)) };
    default:
      return noText;
  }
}

function portsOf(facts: Facts, object: ClusterObject): readonly number[] {
  switch (object.kind) {
    case "service":
      return object.ports.flatMap(({ port, targetPort, nodePort }) =>
        [port, targetPort, nodePort].filter((number) => typeof number === "number"),
      );
    case "pod":
      return containerPorts(object);
    case "deployment":
    case "replica-set":
    case "stateful-set":
    case "daemon-set":
    case "job":
    case "cron-job":
      return object.template.containers.flatMap(portsOfContainer);
    case "gateway":
    case "listener-set":
      return object.listeners.map((listener) => listener.port);
    default:
      return facts.workloads.get(object.id)?.pods.flatMap(containerPorts) ?? [];
  }
}

function containerPorts(pod: Pod): readonly number[] {
  return declaredPorts(pod).map(({ port }) => port.containerPort);
}

function portsOfContainer({ ports }: Container): readonly number[] {
  return ports.map((port) => port.containerPort);
}

function lower(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => text !== "").map((text) => text.toLowerCase());
}

/** By labels, which objects that are alike have in one copy, and then by ports. */
const sharedTexts = new WeakMap<Labels, Map<string, SearchText>>();

/** The same text for the same labels and ports, so that it is kept and matched once. */
function sharedText(labels: Labels, ports: readonly number[]): SearchText {
  const byPorts = sharedTexts.get(labels) ?? new Map<string, SearchText>();
  sharedTexts.set(labels, byPorts);
  const key = ports.join();
  const known = byPorts.get(key);
  if (known !== undefined) return known;
  const pairs = lower(Object.entries(labels).map(([name, value]) => `${name}=${value}`));
  const text = pairs.length + ports.length === 0 ? noText : { ...noText, labels: pairs, ports };
  byPorts.set(key, text);
  return text;
}
