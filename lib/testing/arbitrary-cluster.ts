/**
 * For tests only: random small clusters with policies of every kind and feature, and packets to ask about. Few labels,
 * addresses and ports, and the same ones everywhere, so that what policies ask for is often there and often just not.
 */
import fc from "fast-check";
import { parseAddress } from "#lib/engine/cidr.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { Facts } from "#lib/engine/facts.ts";
import type { Dialect } from "#lib/engine/policy/dialect.ts";
import type { Packet, PacketEnd } from "#lib/engine/policy/packet.ts";
import { assertNever } from "#lib/model/assert-never.ts";
import type { Node, Pod, PolicyRule, Protocol } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import { assembleSnapshot } from "#lib/server/sources/assemble-snapshot.ts";
import { readObject } from "#lib/server/sources/objects/read-object.ts";

/** One object as a user could apply it, so that a counterexample can be copied out of a failing test. */
export type Manifest = Readonly<Record<string, unknown>>;

/** Which packet to ask about; `packetOf` finds it in a cluster. Numbers are counted round where there are fewer things. */
export interface PacketPick {
  readonly between:
    | "pods"
    | "pod-and-itself"
    | "node-to-pod"
    | "outside-to-pod"
    | "pod-to-node"
    | "pod-to-outside";
  readonly source: number;
  readonly destination: number;
  /** 6 where both ends have such an address, else 4. */
  readonly family: 4 | 6;
  readonly port: number;
  readonly protocol: Protocol;
  /** Ask about a port that the destination's containers declare, where it does. */
  readonly declared: number | undefined;
}

export const arbitraryPick: fc.Arbitrary<PacketPick> = fc.record({
  between: fc.oneof(
    { weight: 8, arbitrary: fc.constant("pods" as const) },
    { weight: 1, arbitrary: fc.constant("pod-and-itself" as const) },
    {
      weight: 7,
      arbitrary: fc.constantFrom("node-to-pod", "outside-to-pod", "pod-to-node", "pod-to-outside"),
    },
  ),
  source: fc.nat({ max: 11 }),
  destination: fc.nat({ max: 11 }),
  family: fc.constantFrom(4, 4, 6),
  port: fc.constantFrom(53, 80, 443, 8080, 8081, 9090),
  protocol: fc.constantFrom("TCP", "TCP", "TCP", "UDP", "SCTP"),
  declared: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
});

export const arbitraryDialect: fc.Arbitrary<Dialect> = fc.record({
  ipBlockMatchesPods: fc.constantFrom("yes", "no", "undefined", "undefined"),
  ipBlockMatchesNodes: fc.constantFrom("yes", "no", "undefined", "undefined"),
  hostNetworkPods: fc.constantFrom("as-node", "as-pod", "undefined", "undefined"),
});

/** Reads the objects as a cluster that holds nothing else. Throws where one is not as the API wants it. */
export function factsFromManifests(manifests: readonly Manifest[]): Facts {
  const objects = manifests.map((manifest) => {
    const outcome = readObject(manifest);
    if (outcome.kind !== "object") throw new Error(`not an object: ${JSON.stringify(manifest)}`);
    const { object } = outcome;
    if ("faults" in object && object.faults.length > 0) {
      throw new Error(`${JSON.stringify(object.faults)}: ${JSON.stringify(manifest)}`);
    }
    return object;
  });
  const snapshot = assembleSnapshot({ objects, origin: "cluster", takenAt: now, complete: true });
  return compileFacts(snapshot, now);
}

export function packetOf(facts: Facts, pick: PacketPick): Packet {
  const [source, destination] = placesOf(facts, pick);
  const family = pick.family === 6 && source.ipv6 && destination.ipv6 ? "ipv6" : "ipv4";
  const ports = destination.pod?.containers.flatMap((container) => container.ports) ?? [];
  const declared = pick.declared === undefined ? undefined : ports[pick.declared % ports.length];
  return {
    source: source.end(source[family]),
    destination: destination.end(destination[family]),
    port: declared?.containerPort ?? pick.port,
    protocol: declared?.protocol ?? pick.protocol,
  };
}

function placesOf(facts: Facts, { between, source, destination }: PacketPick): readonly [Place, Place] {
  const pods = seen(facts.snapshot, "pods");
  const pod = (n: number) => podPlace(nth(pods, n));
  const node = (n: number) => nodePlace(nth(seen(facts.snapshot, "nodes"), n), n);
  const outside = (n: number) => outsidePlace(nth(outsideAddresses, n));
  switch (between) {
    case "pods":
      return [pod(source), pod(otherThan(source, destination, pods.length))];
    case "pod-and-itself":
      return [pod(source), pod(source)];
    case "node-to-pod":
      return [node(source), pod(destination)];
    case "outside-to-pod":
      return [outside(source), pod(destination)];
    case "pod-to-node":
      return [pod(source), node(destination)];
    case "pod-to-outside":
      return [pod(source), outside(destination)];
    default:
      return assertNever(between);
  }
}

/** Never the same again, where there are two. */
function otherThan(n: number, other: number, count: number): number {
  return count < 2 ? n : n + 1 + (other % (count - 1));
}

const now = "2026-01-01T00:00:00Z";

interface Place {
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
  readonly pod?: Pod;
  end(address: string | undefined): PacketEnd;
}

function podPlace(pod: Pod): Place {
  return {
    ...byFamily(pod.ips),
    pod,
    end: (address) => ({ kind: "pod", pod, address: cidrOf(address) }),
  };
}

/** Nodes speak from any of their addresses. */
function nodePlace(node: Node, n: number): Place {
  const addresses = node.addresses.map(({ address }) => address);
  const { ipv4, ipv6 } = byFamily(n % 2 === 0 ? addresses : addresses.toReversed());
  return {
    ipv4,
    ipv6,
    end: (address) => ({ kind: "node", name: node.name, node, address: cidrOf(address) }),
  };
}

function outsidePlace({ ipv4, ipv6 }: Pick<Place, "ipv4" | "ipv6">): Place {
  return { ipv4, ipv6, end: (address) => ({ kind: "outside", address: cidrOf(address) }) };
}

function byFamily(addresses: readonly string[]): Pick<Place, "ipv4" | "ipv6"> {
  return {
    ipv4: addresses.find((address) => !address.includes(":")),
    ipv6: addresses.find((address) => address.includes(":")),
  };
}

function cidrOf(address: string | undefined) {
  return address === undefined ? undefined : parseAddress(address);
}

function nth<T>(list: readonly T[], n: number): T {
  const item = list[n % list.length];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

// One of them stands in the middle of the range that pods have.
const outsideAddresses = [
  { ipv4: "198.51.100.7", ipv6: "2001:db8::7" },
  { ipv4: "203.0.113.200", ipv6: "2001:db8:1::7" },
  { ipv4: "10.0.0.200", ipv6: undefined },
];

/** Each block with parts of it to leave out. A block may be written by any address in it. */
const blocks: ReadonlyArray<readonly [cidr: string, ...parts: string[]]> = [
  ["0.0.0.0/0", "10.0.0.0/8", "192.168.0.0/16", "198.51.100.0/24", "10.0.0.0/24"],
  ["10.0.0.0/8", "10.0.1.0/24", "10.0.0.10/32", "10.0.0.0/16"],
  ["10.0.0.9/24", "10.0.0.10/31", "10.0.0.128/25"],
  ["10.0.0.10/32"],
  ["192.168.0.0/24", "192.168.0.1/32"],
  ["192.168.0.2/32"],
  ["198.51.100.0/24", "198.51.100.7/32", "198.51.100.128/25"],
  ["203.0.113.0/24", "203.0.113.0/28"],
  ["::/0", "fd00:10::/64", "2001:db8::/32"],
  ["fd00:10::/64", "fd00:10::/120"],
  ["2001:db8::/32", "2001:db8:1::/48"],
];

const rarely = { weight: 1 };
const sometimes = { weight: 3 };
const often = { weight: 6 };

// `team` labels namespaces, nodes and pods alike: a selector that is asked of the wrong thing matches it.
const labels = fc.record(
  {
    app: fc.constantFrom("web", "db"),
    tier: fc.constantFrom("front", "back", ""),
    team: fc.constantFrom("red", "blue"),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const someLabels = fc.oneof(
  fc.constantFrom({ app: "web" }, { app: "db" }, { team: "red" }, { team: "blue" }, { tier: "" }),
  fc.constantFrom({ app: "web", team: "red" }, { app: "db", tier: "back" }),
  fc.constantFrom({ "kubernetes.io/metadata.name": "ns-0" }, { "kubernetes.io/metadata.name": "ns-1" }),
);

// A name that every JavaScript object answers to must not count as a label.
const labelKey = fc.constantFrom("app", "tier", "team", "app", "tier", "team", "constructor");
const labelValue = fc.constantFrom("web", "db", "front", "back", "", "red", "blue");
const expression = fc.oneof(
  fc.record({
    key: labelKey,
    operator: fc.constantFrom("In", "NotIn"),
    values: fc.uniqueArray(labelValue, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ key: labelKey, operator: fc.constantFrom("Exists", "DoesNotExist") }),
);

const selector = fc.oneof(
  { ...sometimes, arbitrary: fc.constant({}) },
  { ...sometimes, arbitrary: fc.record({ matchLabels: someLabels }) },
  {
    ...sometimes,
    arbitrary: fc.record({ matchExpressions: fc.array(expression, { minLength: 1, maxLength: 2 }) }),
  },
  { ...rarely, arbitrary: fc.record({ matchLabels: someLabels, matchExpressions: fc.tuple(expression) }) },
);

/** For whom a policy is: more often than not for many. */
const wideSelector = fc.oneof({ ...often, arbitrary: fc.constant({}) }, { ...often, arbitrary: selector });

const block = fc.oneof(
  ...blocks.map(([cidr, ...parts]) =>
    fc.record(
      { cidr: fc.constant(cidr), except: fc.subarray(parts) },
      { requiredKeys: ["cidr"], noNullPrototype: true },
    ),
  ),
);
const cidrs = fc.uniqueArray(fc.constantFrom(...blocks.map(([cidr]) => cidr)), {
  minLength: 1,
  maxLength: 2,
});

const portNumber = fc.constantFrom(53, 80, 443, 8080, 8081, 9090);
const portRange = fc.constantFrom(
  { start: 50, end: 443 },
  { start: 8080, end: 8081 },
  { start: 1, end: 65_535 },
);
// No pod declares the last one.
const portName = fc.constantFrom("http", "metrics", "dns", "http", "dns", "admin");
const protocol = fc.constantFrom("TCP", "TCP", "UDP", "SCTP");

/** A container for each port, so that a name may stand for several protocols of one pod, as the API has it. */
const containerPort = fc.record({
  role: fc.constantFrom("main", "main", "sidecar", "init"),
  name: fc.constantFrom("http", "metrics", "dns"),
  protocol: fc.constantFrom("TCP", "TCP", "UDP"),
  containerPort: fc.constantFrom(53, 80, 8080, 9090),
});

const pod = fc.record({
  namespace: fc.nat({ max: 3 }),
  node: fc.nat({ max: 2 }),
  labels,
  hostNetwork: fc.oneof(
    { ...often, arbitrary: fc.constant(false) },
    { ...rarely, arbitrary: fc.constant(true) },
  ),
  phase: fc.oneof(
    { weight: 12, arbitrary: fc.constant("Running") },
    { weight: 1, arbitrary: fc.constantFrom("Succeeded", "Failed") },
  ),
  dualStack: fc.boolean(),
  ports: fc.uniqueArray(containerPort, {
    maxLength: 4,
    // The same name for the same protocol twice: which one counts is not defined.
    selector: ({ role, name, protocol }) => `${role === "init"} ${name} ${protocol}`,
  }),
});

const networkPolicyPeer = fc.oneof(
  { ...sometimes, arbitrary: fc.record({ podSelector: selector }) },
  { ...sometimes, arbitrary: fc.record({ namespaceSelector: selector }) },
  { ...sometimes, arbitrary: fc.record({ namespaceSelector: selector, podSelector: selector }) },
  { weight: 8, arbitrary: fc.record({ ipBlock: block }) },
);

const networkPolicyPort = fc.oneof(
  fc.record({ protocol }, { requiredKeys: [], noNullPrototype: true }),
  fc.record({ port: portNumber, protocol }, { requiredKeys: ["port"], noNullPrototype: true }),
  fc
    .tuple(portRange, protocol)
    .map(([{ start, end }, each]) => ({ port: start, endPort: end, protocol: each })),
  fc.record({ port: portName, protocol }, { requiredKeys: ["port"], noNullPrototype: true }),
);

function networkPolicyRule(peers: "from" | "to") {
  return fc.record({
    [peers]: absentOrEmpty(networkPolicyPeer, { ...often, maxLength: 3 }),
    ports: absentOrEmpty(networkPolicyPort, { ...sometimes, maxLength: 2 }),
  });
}

/** A list, or one of the two ways in which there is none: both restrict nothing. */
function absentOrEmpty<T>(
  item: fc.Arbitrary<T>,
  { weight, maxLength }: { weight: number; maxLength: number },
) {
  return fc.oneof(
    { weight, arbitrary: fc.array(item, { minLength: 1, maxLength }) },
    { ...rarely, arbitrary: fc.constantFrom(undefined, []) },
  );
}

/** A rule to add to a NetworkPolicy, of either direction. */
export const arbitraryAllowance: fc.Arbitrary<PolicyRule> = networkPolicyRule("from").map((rule) => {
  const outcome = readObject({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "allowance" },
    spec: { podSelector: {}, ingress: [rule] },
  });
  const [read] =
    outcome.kind === "object" && outcome.object.kind === "network-policy" ? outcome.object.ingress : [];
  if (read === undefined) throw new Error(`not a rule: ${JSON.stringify(rule)}`);
  return read;
});

const networkPolicy = fc.record({
  namespace: fc.nat({ max: 3 }),
  spec: fc.record(
    {
      podSelector: wideSelector,
      policyTypes: fc.constantFrom(["Ingress"], ["Egress"], ["Ingress", "Egress"], []),
      ingress: fc.array(networkPolicyRule("from"), { maxLength: 3 }),
      egress: fc.array(networkPolicyRule("to"), { maxLength: 3 }),
    },
    { requiredKeys: ["podSelector"], noNullPrototype: true },
  ),
});

const subject = namespacesOrPods(wideSelector);
const peer = namespacesOrPods(selector);

function namespacesOrPods(which: typeof selector) {
  return fc.oneof(
    fc.record({ namespaces: which }),
    fc.record({ pods: fc.record({ namespaceSelector: which, podSelector: which }) }),
  );
}

// No field set: what is left of a peer whose kind the cluster's definition of the API does not know yet.
const emptyPeer = { weight: 1, arbitrary: fc.constant({}) };

const podPeers = fc.array(fc.oneof({ weight: 20, arbitrary: peer }, emptyPeer), {
  minLength: 1,
  maxLength: 2,
});
const egressPeers = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: peer },
    { weight: 5, arbitrary: fc.record({ nodes: selector }) },
    { weight: 8, arbitrary: fc.record({ networks: cidrs }) },
    emptyPeer,
  ),
  { minLength: 1, maxLength: 2 },
);

/** A generation of the API: how it spells a rule's ports. */
interface Spelling {
  readonly field: "protocols" | "ports";
  readonly numbers: fc.Arbitrary<unknown>;
  readonly named: fc.Arbitrary<unknown>;
}

const v1alpha2: Spelling = {
  field: "protocols",
  numbers: fc
    .tuple(
      fc.constantFrom("tcp", "tcp", "udp", "sctp"),
      fc.oneof(fc.record({ number: portNumber }), fc.record({ range: portRange })),
    )
    .map(([transport, destinationPort]) => ({ [transport]: { destinationPort } })),
  named: fc.record({ destinationNamedPort: portName }),
};

const v1alpha1: Spelling = {
  field: "ports",
  numbers: fc.oneof(
    fc.record({
      portNumber: fc.record(
        { port: portNumber, protocol },
        { requiredKeys: ["port"], noNullPrototype: true },
      ),
    }),
    fc
      .tuple(portRange, protocol)
      .map(([{ start, end }, each]) => ({ portRange: { start, end, protocol: each } })),
  ),
  named: fc.record({ namedPort: portName }),
};

function tieredRule({ field, numbers, named }: Spelling, peers: "from" | "to", actions: readonly string[]) {
  const rule = (who: fc.Arbitrary<unknown>, port: fc.Arbitrary<unknown>) =>
    fc.record(
      {
        action: fc.constantFrom(...actions),
        [peers]: who,
        [field]: fc.array(port, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ["action", peers], noNullPrototype: true },
    );
  const anyPort = rule(podPeers, fc.oneof(numbers, named));
  if (peers === "from") return anyPort;
  // The API refuses a port's name for nodes and networks, which have none; only egress rules know these.
  const anyPeer = rule(egressPeers, numbers);
  return fc.oneof({ ...sometimes, arbitrary: anyPort }, { ...often, arbitrary: anyPeer });
}

function tieredSpec(spelling: Spelling, actions: readonly string[]) {
  return fc.record({
    subject,
    ingress: absentOrEmpty(tieredRule(spelling, "from", actions), { ...sometimes, maxLength: 3 }),
    egress: absentOrEmpty(tieredRule(spelling, "to", actions), { ...sometimes, maxLength: 3 }),
  });
}

// Few, so that policies often share one.
const priority = fc.constantFrom(0, 10);
const clusterNetworkPolicy = fc.record({
  tier: fc.constantFrom("Admin", "Baseline"),
  priority,
  rules: tieredSpec(v1alpha2, ["Accept", "Deny", "Pass"]),
});
const adminNetworkPolicy = fc.record({ priority, rules: tieredSpec(v1alpha1, ["Allow", "Deny", "Pass"]) });
const baselineAdminNetworkPolicy = tieredSpec(v1alpha1, ["Allow", "Deny"]);

export const arbitraryManifests: fc.Arbitrary<readonly Manifest[]> = fc
  .record({
    namespaces: fc.array(labels, { minLength: 1, maxLength: 4 }),
    nodes: fc.array(labels, { minLength: 2, maxLength: 3 }),
    pods: fc.array(pod, { minLength: 3, maxLength: 6 }),
    networkPolicies: fc.array(networkPolicy, { maxLength: 5, size: "max" }),
    clusterNetworkPolicies: fc.array(clusterNetworkPolicy, { maxLength: 4, size: "max" }),
    adminNetworkPolicies: fc.array(adminNetworkPolicy, { maxLength: 2, size: "max" }),
    baseline: fc.option(baselineAdminNetworkPolicy, { freq: 2, nil: undefined }),
  })
  .map((cluster) => {
    const namespaceOf = (n: number) => `ns-${n % cluster.namespaces.length}`;
    const nodeOf = (n: number) => n % cluster.nodes.length;
    return [
      ...cluster.namespaces.map((each, n) => ({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: `ns-${n}`, labels: each },
      })),
      ...cluster.nodes.map((each, n) => ({
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: `node-${n}`, labels: each },
        status: { addresses: nodeAddresses(n) },
      })),
      ...cluster.pods.map((each, n) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `pod-${n}`, namespace: namespaceOf(each.namespace), labels: each.labels },
        spec: {
          nodeName: `node-${nodeOf(each.node)}`,
          hostNetwork: each.hostNetwork,
          ...containersOf(each.ports),
        },
        status: {
          phase: each.phase,
          podIPs: podAddresses(n, nodeOf(each.node), each.hostNetwork, each.dualStack).map((ip) => ({ ip })),
        },
      })),
      ...cluster.networkPolicies.map(({ namespace, spec }, n) => ({
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: `np-${n}`, namespace: namespaceOf(namespace) },
        spec,
      })),
      ...cluster.clusterNetworkPolicies.map(({ rules, ...head }, n) => ({
        apiVersion: "policy.networking.k8s.io/v1alpha2",
        kind: "ClusterNetworkPolicy",
        metadata: { name: `cnp-${n}` },
        spec: { ...head, ...rules },
      })),
      ...cluster.adminNetworkPolicies.map(({ rules, ...head }, n) => ({
        apiVersion: "policy.networking.k8s.io/v1alpha1",
        kind: "AdminNetworkPolicy",
        metadata: { name: `anp-${n}` },
        spec: { ...head, ...rules },
      })),
      ...(cluster.baseline === undefined ? [] : [cluster.baseline]).map((spec) => ({
        apiVersion: "policy.networking.k8s.io/v1alpha1",
        kind: "BaselineAdminNetworkPolicy",
        metadata: { name: "default" },
        spec,
      })),
    ];
  });

/** The last node has an address for the outside as well. */
function nodeAddresses(n: number) {
  const internal = [`192.168.0.${n + 1}`, `fd00:1::${n + 1}`];
  return [
    ...internal.map((address) => ({ type: "InternalIP", address })),
    ...(n === 2 ? [{ type: "ExternalIP", address: "203.0.113.2" }] : []),
  ];
}

function podAddresses(n: number, node: number, hostNetwork: boolean, dualStack: boolean): readonly string[] {
  const [ipv4, ipv6] = hostNetwork
    ? [`192.168.0.${node + 1}`, `fd00:1::${node + 1}`]
    : [`10.0.${node}.${10 + n}`, `fd00:10::${node}:${10 + n}`];
  return dualStack ? [ipv4, ipv6] : [ipv4];
}

type ContainerPort = typeof containerPort extends fc.Arbitrary<infer T> ? T : never;

function containersOf(ports: readonly ContainerPort[]) {
  const of = (role: ContainerPort["role"]) =>
    ports
      .filter((port) => port.role === role)
      .map(({ role: _, ...port }, n) => ({ name: `${role}-${n}`, ports: [port] }));
  return {
    containers: [{ name: "app" }, ...of("main")],
    initContainers: [
      ...of("sidecar").map((container) => ({ ...container, restartPolicy: "Always" })),
      ...of("init"),
    ],
  };
}
