/** Containers as a pod and a workload's template both write them. */
import { z } from "zod";
import type { Container, ContainerPort, ContainerState, DnsConfig, Probe } from "#lib/model/objects.ts";
import {
  flag,
  list,
  port,
  portOrName,
  protocol,
  protocolOf,
  requiredText,
  text,
  whole,
} from "./api-shapes.ts";
import { flagsOf } from "./container-flags.ts";
import { envNames } from "./env-names.ts";
import { share } from "./share.ts";
import { intern, internOptional, internTime } from "./string-pool.ts";

const probe = z
  .object({
    httpGet: z.object({ port: portOrName, path: text, host: text }).nullish(),
    tcpSocket: z.object({ port: portOrName, host: text }).nullish(),
    grpc: z.object({ port }).nullish(),
    exec: z.object({}).nullish(),
    periodSeconds: whole,
    failureThreshold: whole,
  })
  .nullish();

const container = z.object({
  name: requiredText,
  image: text,
  restartPolicy: text,
  command: list(z.string()),
  args: list(z.string()),
  // Looked at for names of the cluster alone, so that what else is in it, and how it is written, does not matter.
  env: z.unknown().optional(),
  ports: list(z.object({ name: text, containerPort: port, hostPort: whole, hostIP: text, protocol })),
  readinessProbe: probe,
  livenessProbe: probe,
  startupProbe: probe,
});

/** The part of a pod's spec that the model reads. */
export const podSpec = z.object({
  nodeName: text,
  hostNetwork: flag,
  dnsPolicy: text,
  dnsConfig: z
    .object({
      nameservers: list(z.string()),
      searches: list(z.string()),
      options: list(z.object({ name: text, value: text })),
    })
    .nullish(),
  hostname: text,
  subdomain: text,
  containers: list(container),
  initContainers: list(container),
});

const state = z
  .object({
    running: z.object({ startedAt: text }).nullish(),
    waiting: z.object({ reason: text, message: text }).nullish(),
    terminated: z.object({ exitCode: whole, reason: text, message: text, finishedAt: text }).nullish(),
  })
  .nullish();

export const containerStatuses = list(
  z.object({ name: z.string(), ready: flag, restartCount: whole, state, lastState: state }),
);

export function dnsConfigOf(config: z.infer<typeof podSpec>["dnsConfig"]): DnsConfig | undefined {
  if (!config) return undefined;
  // The resolver takes the last of several, and whole numbers only (resolv.conf(5)).
  const ndots = (config.options ?? []).filter(({ name }) => name === "ndots").at(-1)?.value;
  return {
    nameservers: config.nameservers ?? [],
    searches: (config.searches ?? []).map(intern),
    ndots: ndots && /^\d+$/.test(ndots) ? Number(ndots) : undefined,
  };
}

type Spec = z.infer<typeof podSpec>;
type Statuses = z.infer<typeof containerStatuses>;
type Status = NonNullable<Statuses>[number];
type RawContainer = z.infer<typeof container>;

const unreported: ContainerState = { kind: "unreported" };

/** Init containers first, as the kubelet starts them; a status is found by the container's name. */
export function containersOf(spec: Spec, main: Statuses, init: Statuses): readonly Container[] {
  const hostNetwork = spec.hostNetwork === true;
  const before = (spec.initContainers ?? []).map((c) => {
    const role = c.restartPolicy === "Always" ? "sidecar" : "init";
    return containerOf(c, role, hostNetwork, statusOf(c.name, init));
  });
  const after = (spec.containers ?? []).map((c) =>
    containerOf(c, "main", hostNetwork, statusOf(c.name, main)),
  );
  return before.length === 0 ? after : [...before, ...after];
}

function statusOf(name: string, statuses: Statuses): Status | undefined {
  return statuses?.find((status) => status.name === name);
}

function containerOf(
  c: RawContainer,
  role: Container["role"],
  hostNetwork: boolean,
  status: Status | undefined,
): Container {
  const last = status?.lastState?.terminated;
  return {
    name: intern(c.name),
    role,
    image: internOptional(c.image),
    flags: shareOptional(flagsOf([...(c.command ?? []), ...(c.args ?? [])])),
    envNames: shareOptional(envNames(c.env)),
    ports: share((c.ports ?? []).map((p) => portOf(p, hostNetwork))),
    readinessProbe: shareOptional(probeOf(c.readinessProbe)),
    livenessProbe: shareOptional(probeOf(c.livenessProbe)),
    startupProbe: shareOptional(probeOf(c.startupProbe)),
    state: status === undefined ? unreported : share(stateOf(status.state)),
    lastEnd: last ? terminatedOf(last) : undefined,
    restartCount: status?.restartCount ?? 0,
    ready: status?.ready ?? false,
  };
}

function shareOptional<T extends object>(part: T | undefined): T | undefined {
  return part === undefined ? undefined : share(part);
}

/** On the host's network the API server sets `hostPort` to the container's port. */
function portOf(p: NonNullable<RawContainer["ports"]>[number], hostNetwork: boolean): ContainerPort {
  return {
    name: internOptional(p.name),
    containerPort: p.containerPort,
    protocol: protocolOf(p.protocol),
    hostPort: p.hostPort || (hostNetwork ? p.containerPort : undefined),
    // The scheduler takes the unspecified IPv4 address for all of them, and so does the kubelet.
    hostIP: p.hostIP === "0.0.0.0" ? undefined : internOptional(p.hostIP),
  };
}

/** Undefined where there is none, or one without a handler. Periods default as the API server's do. */
function probeOf(p: z.infer<typeof probe>): Probe | undefined {
  if (p === undefined || p === null) return undefined;
  const times = { periodSeconds: p.periodSeconds || 10, failureThreshold: p.failureThreshold || 3 };
  if (p.httpGet) {
    const path = intern(p.httpGet.path || "/");
    return { type: "http", ...targetOf(p.httpGet), path, ...times };
  }
  if (p.tcpSocket) return { type: "tcp", ...targetOf(p.tcpSocket), ...times };
  if (p.grpc) return { type: "grpc", port: p.grpc.port, ...times };
  return p.exec ? { type: "exec", ...times } : undefined;
}

function targetOf({
  port,
  host,
}: {
  readonly port: number | string;
  readonly host?: string | null | undefined;
}): Pick<Probe, "port" | "host"> {
  return { port: typeof port === "string" ? intern(port) : port, host: internOptional(host) };
}

/** "If none of them is specified, the default one is ContainerStateWaiting" (core/v1, ContainerState). */
function stateOf(s: z.infer<typeof state>): ContainerState {
  if (s?.running) return { kind: "running", startedAt: internTime(s.running.startedAt) };
  if (s?.terminated) return terminatedOf(s.terminated);
  return {
    kind: "waiting",
    reason: internOptional(s?.waiting?.reason),
    message: internOptional(s?.waiting?.message),
  };
}

function terminatedOf(
  t: NonNullable<NonNullable<z.infer<typeof state>>["terminated"]>,
): Extract<ContainerState, { kind: "terminated" }> {
  return {
    kind: "terminated",
    exitCode: t.exitCode ?? 0,
    reason: internOptional(t.reason),
    message: internOptional(t.message),
    finishedAt: internTime(t.finishedAt),
  };
}
