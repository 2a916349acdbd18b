import type { Pod, Probe } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import { type Cidr, parseAddress } from "../cidr.ts";
import type { Facts } from "../facts.ts";
import { isFinished } from "../pod-readiness.ts";
import { findPort } from "../target-port.ts";
import { familiesOf } from "../trace/party.ts";
import { type World, worldOf } from "../trace/world.ts";
import { type Refusal, refusalOf } from "./refusals.ts";

/** Probes that do not come from the pod's own node as policies see it, and that a policy refuses. */
export interface ProbeRefusal {
  readonly kind: "refused";
  readonly refusal: Refusal;
  readonly pods: readonly Pod[];
  /** The probes' port on the pods. */
  readonly port: number;
  /** The address from which they come. */
  readonly from: string;
}

export interface UndecidedProbe {
  readonly kind: "undecided";
  readonly doubts: readonly Doubt[];
}

/**
 * Where Istio's ambient mode lets the kubelet's probes into pods of its mesh: from these addresses, which no network
 * plugin knows as the node's (istio.io, Ambient and Kubernetes NetworkPolicy).
 */
const ambientSources: Readonly<Record<4 | 6, string>> = {
  4: "169.254.7.127",
  6: "fd16:9254:7127:1337:ffff:ffff:ffff:ffff",
};

const modeLabel = "istio.io/dataplane-mode";

/**
 * A pod's own node always reaches it (docs/spec/policy.md, 4.2), so that no policy keeps the kubelet's probes out: but
 * where something puts another source into them. Asked only where the ambient mesh runs on nodes, not where a label is
 * left over.
 */
export function* probeRefusals(facts: Facts): Iterable<ProbeRefusal | UndecidedProbe> {
  if (!hasAmbientMesh(facts)) return;
  const world = worldOf(facts);
  const groups = new Map<string, { readonly pods: Pod[]; readonly port: number }>();
  for (const [namespace, pods] of facts.index.podsByNamespace) {
    const mode = facts.index.namespaces.get(namespace)?.labels[modeLabel];
    for (const pod of pods) {
      if (!isInMesh(pod, mode) || world.policies.selection(pod, "ingress").isolating.length === 0) continue;
      for (const port of probedPorts(pod)) {
        const key = `${world.classOf(pod)} ${port}`;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, { pods: [pod], port });
        else group.pods.push(pod);
      }
    }
  }
  for (const { pods, port } of groups.values()) yield* ask(world, pods, port);
}

function* ask(world: World, pods: readonly Pod[], port: number): Iterable<ProbeRefusal | UndecidedProbe> {
  const [pod] = pods;
  if (pod === undefined) return;
  const source = sourceFor(pod);
  if (source === undefined) return;
  const packet = {
    source: { kind: "outside", address: source },
    destination: { kind: "pod", pod, address: parseAddress(pod.ips[0] ?? "") },
    port,
    protocol: "TCP",
  } as const;
  const verdict = world.policies.directionVerdict(packet, "ingress");
  if (verdict.decision === "unknown") yield { kind: "undecided", doubts: verdict.doubts };
  const refusal = refusalOf(world, packet, verdict, { servicePorts: [], forAll: true });
  if (refusal !== undefined) yield { kind: "refused", refusal, pods, port, from: source.text };
}

function sourceFor(pod: Pod): Cidr | undefined {
  const families = familiesOf({ kind: "pods", pods: [pod] });
  return parseAddress(ambientSources[families === "any" || families.includes(4) ? 4 : 6]);
}

/** Its proxies, one on each node. */
function hasAmbientMesh({ workloads }: Facts): boolean {
  for (const { kind, pods } of workloads.values()) {
    const [pod] = pods;
    if (kind !== "daemon-set" || pod === undefined) continue;
    if (pod.containers.some(({ image }) => /(^|\/)ztunnel(:|@|$)/.test((image ?? "").split("@")[0] ?? "")))
      return true;
  }
  return false;
}

/** Pods on their node's network and pods with a sidecar of their own are left out of the ambient mesh. */
function isInMesh(pod: Pod, namespaceMode: string | undefined): boolean {
  if (isFinished(pod) || pod.hostNetwork) return false;
  if (pod.containers.some(({ name }) => name === "istio-proxy")) return false;
  return (pod.labels[modeLabel] ?? namespaceMode) === "ambient";
}

function probedPorts(pod: Pod): ReadonlySet<number> {
  const ports = new Set<number>();
  for (const { readinessProbe, livenessProbe, startupProbe } of pod.containers) {
    for (const probe of [readinessProbe, livenessProbe, startupProbe]) {
      const port = portOf(pod, probe);
      if (port !== undefined) ports.add(port);
    }
  }
  return ports;
}

function portOf(pod: Pod, probe: Probe | undefined): number | undefined {
  // With a host of its own it does not go to the pod.
  if (probe === undefined || probe.type === "exec" || probe.host !== undefined) return undefined;
  return typeof probe.port === "string"
    ? findPort(pod, ({ name }) => name === probe.port)?.port.containerPort
    : probe.port;
}
