import type { Pod, Protocol, ServicePort } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import type { Facts } from "../facts.ts";
import { isFinished } from "../pod-readiness.ts";
import { declaredPorts, targetPortOn } from "../target-port.ts";
import { type World, worldOf } from "../trace/world.ts";
import { type BetweenPods, betweenPods } from "./between-pods.ts";
import { type Refusal, refusalOf } from "./refusals.ts";

/** A port for metrics that no Prometheus may reach. */
export interface ScrapeRefusal {
  readonly kind: "refused";
  readonly refusal: Refusal;
  readonly pods: readonly Pod[];
  readonly port: number;
  /** `annotated`: an annotation asks for it. `named`: the port is called as a monitor would ask for it. */
  readonly asked: "annotated" | "named";
  readonly prometheus: readonly Pod[];
}

export interface UndecidedScrape {
  readonly kind: "undecided";
  readonly doubts: readonly Doubt[];
}

/** What takes metrics in the way of Prometheus; wherever the image was mirrored to. Its operator and sidecars do not. */
const scrapers = /(^|\/)(prometheus|vmagent|grafana-agent|grafana\/agent|alloy)(:|@|$)/;

/** As exporters, operators and charts call the port of their metrics. */
const metricsPort = /^(https?-)?(metrics|prom|prometheus)$|-metrics$/;

/**
 * Metrics that policies keep from every Prometheus of the cluster; one that gets them is enough. Where there is none,
 * nothing is said: someone else may come for them.
 */
export function* scrapeRefusals(facts: Facts): Iterable<ScrapeRefusal | UndecidedScrape> {
  const world = worldOf(facts);
  const prometheus = [...facts.workloads.values()].flatMap(({ pods }) => (isScraper(pods[0]) ? pods : []));
  if (prometheus.length === 0) return;
  const own = new Set(prometheus);
  const isLimited = prometheus.some((pod) => isBound(world, pod, "egress"));
  const byService = annotatedServices(facts);
  const groups = new Map<string, { readonly pods: Pod[]; readonly port: number; readonly asked: Asked }>();
  for (const pods of facts.index.podsByNamespace.values()) {
    for (const pod of pods) {
      if (isFinished(pod) || own.has(pod)) continue;
      if (!isLimited && !isBound(world, pod, "ingress")) continue;
      for (const [port, asked] of portsAsked(pod, byService.get(pod))) {
        const key = `${world.classOf(pod)} ${port} ${asked}`;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, { pods: [pod], port, asked });
        else group.pods.push(pod);
      }
    }
  }
  for (const group of groups.values()) {
    const answer = betweenPods(world, prometheus, group.pods, { port: group.port, protocol: "TCP" });
    if (answer.is === "undecided") yield { kind: "undecided", doubts: answer.doubts };
    const refusal = refused(world, answer);
    if (refusal !== undefined) yield { kind: "refused", ...group, refusal, prometheus };
  }
}

type Asked = ScrapeRefusal["asked"];

function refused(world: World, answer: BetweenPods): Refusal | undefined {
  if (answer.is !== "shut") return undefined;
  const { packet, verdict } = answer;
  const side = verdict.ingress.decision === "denied" ? verdict.ingress : verdict.egress;
  return refusalOf(world, packet, side, { servicePorts: [], forAll: true });
}

function isScraper(pod: Pod | undefined): boolean {
  return (
    pod?.containers.some(
      ({ role, image }) => role === "main" && scrapers.test((image ?? "").split("@")[0] ?? ""),
    ) ?? false
  );
}

function isBound({ policies }: World, pod: Pod, direction: "ingress" | "egress"): boolean {
  const { isolating, admin, baseline } = policies.selection(pod, direction);
  return isolating.length > 0 || [...admin, ...baseline].flat().length > 0;
}

/** Pods behind Services whose annotation asks for their metrics, with the ports. */
function annotatedServices({ services }: Facts): ReadonlyMap<Pod, readonly number[]> {
  const ports = new Map<Pod, number[]>();
  for (const { service, selected } of services.values()) {
    if (service.annotations["prometheus.io/scrape"] !== "true") continue;
    const asked = portIn(service.annotations);
    for (const pod of selected ?? []) {
      const numbers =
        asked === undefined
          ? onlyPort(service.ports).flatMap((port) => targetPortOn(pod, port).number ?? [])
          : [asked];
      ports.set(pod, [...(ports.get(pod) ?? []), ...numbers]);
    }
  }
  return ports;
}

function onlyPort(ports: readonly ServicePort[]): readonly ServicePort[] {
  const byTcp = ports.filter(({ protocol }) => protocol === tcp);
  return byTcp.length === 1 ? byTcp : byTcp.filter(({ name }) => metricsPort.test(name ?? ""));
}

/**
 * By the annotations that Prometheus' own example configuration reads. Without a port these mean every one that the pod
 * declares, most of which serve no metrics: then the one that is called so counts, or the only one. Besides, ports that
 * are called so.
 */
function portsAsked(pod: Pod, byService: readonly number[] | undefined): ReadonlyMap<number, Asked> {
  const ports = new Map<number, Asked>();
  const annotation = pod.annotations["prometheus.io/scrape"];
  if (annotation === "false") return ports;
  const declared = declaredPorts(pod).flatMap(({ port }) => (port.protocol === tcp ? port : []));
  const named = declared.filter(({ name }) => metricsPort.test(name ?? ""));
  for (const { containerPort } of named) ports.set(containerPort, "named");
  for (const number of byService ?? []) ports.set(number, "annotated");
  if (annotation !== "true") return ports;
  const asked = portIn(pod.annotations);
  const meant = named.length > 0 ? named : declared.length === 1 ? declared : [];
  for (const number of asked === undefined ? meant.map(({ containerPort }) => containerPort) : [asked])
    ports.set(number, "annotated");
  return ports;
}

const tcp: Protocol = "TCP";

function portIn(annotations: Pod["annotations"]): number | undefined {
  const text = annotations["prometheus.io/port"] ?? "";
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
