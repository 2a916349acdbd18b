import { z } from "zod";
import { parseCidr } from "#lib/engine/cidr.ts";
import type {
  Fault,
  LabelSelector,
  Origin,
  TieredPeer,
  TieredPolicy,
  TieredPort,
  TieredRule,
} from "#lib/model/objects.ts";
import { list, port, protocol, protocolOf, requiredText, selectorOf, text } from "./api-shapes.ts";
import { readStrictly, strictly, strictSelector, withName } from "./policy-shapes.ts";
import { isMapping, type Raw } from "./read-body.ts";
import { readMeta } from "./read-meta.ts";
import type { Reading } from "./reading.ts";
import { intern, internOptional } from "./string-pool.ts";

type Given = Readonly<Record<string, unknown>>;

/** The one field that is set; a fault where there are several, undefined where there is none. */
function onlyField(value: Given, refuse: (message: string) => void): string | undefined {
  const [first, ...more] = Object.keys(value).filter(
    (key) => value[key] !== undefined && value[key] !== null,
  );
  if (more.length > 0) refuse(`has ${[first, ...more].join(" and ")}; the API takes exactly one`);
  return first;
}

const podsOf = strictly({
  namespaceSelector: strictSelector.nullish(),
  podSelector: strictSelector.nullish(),
});

const subject = strictly({ namespaces: strictSelector.nullish(), pods: podsOf.nullish() }).transform(
  (value, context): TieredPolicy["subject"] => {
    const field = onlyField(value, (message) => context.addIssue({ code: "custom", message }));
    if (field === undefined) context.addIssue({ code: "custom", message: "needs namespaces or pods" });
    return value.pods
      ? {
          namespaceSelector: selectorOf(value.pods.namespaceSelector),
          podSelector: selectorOf(value.pods.podSelector),
        }
      : { namespaceSelector: selectorOf(value.namespaces) };
  },
);

const cidr = z
  .string()
  .refine((value) => parseCidr(value) !== undefined, "is no block of addresses, such as 10.0.0.0/8");

const podPeers = { namespaces: strictSelector.nullish(), pods: podsOf.nullish() } as const;

/** Where packets come from: only pods are named. */
const ingressPeer = strictly(podPeers).transform((value, context) =>
  peerOf(value, (message) => context.addIssue({ code: "custom", message })),
);

const egressPeer = strictly({
  ...podPeers,
  nodes: strictSelector.nullish(),
  networks: list(cidr),
  domainNames: list(requiredText),
}).transform((value, context) => peerOf(value, (message) => context.addIssue({ code: "custom", message })));

interface GivenPeer {
  readonly namespaces?: z.infer<typeof strictSelector> | null | undefined;
  readonly pods?: z.infer<typeof podsOf> | null | undefined;
  readonly nodes?: z.infer<typeof strictSelector> | null | undefined;
  readonly networks?: readonly string[] | null | undefined;
  readonly domainNames?: readonly string[] | null | undefined;
}

function peerOf(value: GivenPeer, refuse: (message: string) => void): TieredPeer {
  onlyField({ ...value }, refuse);
  const { namespaces, pods, nodes, networks, domainNames } = value;
  if (pods) {
    return {
      kind: "pods",
      namespaceSelector: selectorOf(pods.namespaceSelector),
      podSelector: selectorOf(pods.podSelector),
    };
  }
  if (namespaces) return { kind: "pods", namespaceSelector: selectorOf(namespaces) };
  if (nodes) return { kind: "nodes", selector: selectorOf(nodes) };
  if (networks) return { kind: "networks", cidrs: networks };
  return domainNames ? { kind: "domain-names", names: domainNames.map(intern) } : { kind: "empty" };
}

const range = strictly({ start: port, end: port }).check(({ value, issues }) => {
  if (value.start >= value.end)
    issues.push({
      code: "custom",
      path: ["end"],
      input: value.end,
      message: `must be above start ${value.start}`,
    });
});

/** v1alpha1: `portNumber`, `portRange`, `namedPort`. */
const portV1alpha1 = strictly({
  portNumber: strictly({ protocol, port }).nullish(),
  portRange: strictly({ protocol, start: port, end: port }).nullish(),
  namedPort: text,
}).transform((value, context): TieredPort => {
  const field = onlyField(value, (message) => context.addIssue({ code: "custom", message }));
  if (field === undefined)
    context.addIssue({ code: "custom", message: "needs a portNumber, a portRange or a namedPort" });
  const { portNumber, portRange, namedPort } = value;
  if (portRange) {
    const { start, end } = portRange;
    if (start >= end)
      context.addIssue({
        code: "custom",
        path: ["portRange", "end"],
        message: `must be above start ${start}`,
      });
    return { kind: "numbers", protocol: protocolOf(portRange.protocol), start, end };
  }
  if (portNumber) return single(protocolOf(portNumber.protocol), portNumber.port);
  return { kind: "named", name: intern(namedPort ?? "") };
});

const destinationPort = strictly({ number: port.nullish(), range: range.nullish() });
const transport = strictly({ destinationPort: destinationPort.nullish() }).nullish();

/** v1alpha2: `tcp`, `udp`, `sctp`, `destinationNamedPort`. */
const portV1alpha2 = strictly({
  tcp: transport,
  udp: transport,
  sctp: transport,
  destinationNamedPort: text,
}).transform((value, context): TieredPort => {
  const field = onlyField(value, (message) => context.addIssue({ code: "custom", message }));
  if (field === undefined)
    context.addIssue({ code: "custom", message: "needs tcp, udp, sctp or a destinationNamedPort" });
  const { tcp, udp, sctp, destinationNamedPort } = value;
  if (destinationNamedPort) return { kind: "named", name: intern(destinationNamedPort) };
  const name = tcp ? "TCP" : udp ? "UDP" : "SCTP";
  const at = (tcp ?? udp ?? sctp)?.destinationPort;
  if (at?.range) return { kind: "numbers", protocol: name, start: at.range.start, end: at.range.end };
  if (at?.number) return single(name, at.number);
  // The API wants a port; without one every port of the protocol is the only reading.
  return { kind: "numbers", protocol: name, start: 1, end: 65_535 };
});

function single(name: ReturnType<typeof protocolOf>, number: number): TieredPort {
  return { kind: "numbers", protocol: name, start: number, end: number };
}

const some = <T extends z.ZodType>(item: T) => z.array(item).min(1, "must not be empty");

function shapeOf<P extends z.ZodType>(
  actions: readonly [string, ...string[]],
  ports: "ports" | "protocols",
  portShape: P,
  extra: z.ZodRawShape,
) {
  const head = { name: text, action: z.enum(actions), [ports]: some(portShape).nullish() };
  return z.object({
    spec: strictly({
      ...extra,
      subject,
      ingress: list(strictly({ ...head, from: some(ingressPeer) })),
      egress: list(strictly({ ...head, to: some(egressPeer) }).check(namedPortNeedsPods)),
    }),
  });
}

const outside: readonly TieredPeer["kind"][] = ["networks", "nodes", "domain-names"];

/** Only pods name their ports (the CRD's own rule). */
function namedPortNeedsPods({ value, issues }: z.core.ParsePayload<Record<string, unknown>>): void {
  const { to } = value;
  const named = portsIn(value).some(({ kind }) => kind === "named");
  if (!named || !Array.isArray(to) || !to.some((each) => outside.includes(each.kind))) return;
  const message = "names a port for networks, nodes or domain names, which have no named ports";
  issues.push({ code: "custom", path: [], input: value, message });
}

function portsIn(rule: Readonly<Record<string, unknown>>): readonly TieredPort[] {
  const ports = rule.ports ?? rule.protocols;
  // Both fields hold what `portV1alpha1` or `portV1alpha2` made of them.
  return Array.isArray(ports) ? (ports as readonly TieredPort[]) : [];
}

const priority = z.int().min(0).max(1000);

const shapes = {
  "cluster-network-policy": shapeOf(["Accept", "Deny", "Pass"], "protocols", portV1alpha2, {
    tier: z.enum(["Admin", "Baseline"]),
    priority,
  }),
  "admin-network-policy": shapeOf(["Allow", "Deny", "Pass"], "ports", portV1alpha1, { priority }),
  "baseline-admin-network-policy": shapeOf(["Allow", "Deny"], "ports", portV1alpha1, {}),
} as const satisfies Record<TieredPolicy["kind"], z.ZodType>;

/** ClusterNetworkPolicy (v1alpha2), AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1). */
export function readTieredPolicy(
  kind: TieredPolicy["kind"],
  given: Raw,
  origin: Origin | undefined,
): Reading<TieredPolicy> {
  const { raw, faults: nameless } = withName(given, origin);
  const meta = readMeta(kind, raw, origin);
  if (meta.kind !== "object") return meta;
  const named = [...nameless, ...baselineName(kind, meta.object.name, nameless.length > 0)];
  const { body, faults } = readStrictly(shapes[kind], raw);
  const spec: Given = body?.spec ?? {};
  const head = { kind, ...meta.object, tier: tierOf(kind, spec.tier), priority: priorityOf(spec.priority) };
  if (body === undefined || named.length > 0) {
    return { kind: "object", object: { ...head, ...widest(kind, raw), faults: [...named, ...faults] } };
  }
  return {
    kind: "object",
    object: {
      ...head,
      subject: body.spec.subject,
      ingress: (body.spec.ingress ?? []).map((rule) => ruleOf(rule, rule.from)),
      egress: (body.spec.egress ?? []).map((rule) => ruleOf(rule, rule.to)),
      faults: [],
    },
  };
}

/** The CRD's own rule: there is one a cluster, and it has this name. */
function baselineName(kind: TieredPolicy["kind"], name: string, isNameless: boolean): readonly Fault[] {
  if (kind !== "baseline-admin-network-policy" || isNameless || name === "default") return [];
  return [
    { path: "metadata.name", why: "must be default: there is one BaselineAdminNetworkPolicy a cluster" },
  ];
}

/** There is one BaselineAdminNetworkPolicy a cluster, so it has no priority. */
function priorityOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function tierOf(kind: TieredPolicy["kind"], value: unknown): TieredPolicy["tier"] {
  if (kind === "baseline-admin-network-policy") return "Baseline";
  return kind === "cluster-network-policy" && value === "Baseline" ? "Baseline" : "Admin";
}

function ruleOf(rule: Readonly<Record<string, unknown>>, peers: readonly TieredPeer[]): TieredRule {
  const { name, action } = rule;
  return {
    name: typeof name === "string" ? internOptional(name) : undefined,
    action: action === "Deny" || action === "Pass" ? action : "Accept",
    peers,
    ports: portsIn(rule),
  };
}

const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] };

/** The most that a faulty policy may concern, by those of its fields that are right. */
function widest(
  kind: TieredPolicy["kind"],
  raw: Raw,
): Pick<TieredPolicy, "subject" | "tier" | "ingress" | "egress"> {
  const spec = isMapping(raw.spec) ? raw.spec : {};
  const read = subject.safeParse(spec.subject);
  return {
    subject: read.success ? read.data : { namespaceSelector: everything },
    tier: tierOf(kind, spec.tier),
    ingress: [],
    egress: [],
  };
}
