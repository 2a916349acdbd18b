import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { nearestOf } from "#lib/engine/near-words.ts";
import { listed, objectInWords } from "#lib/engine/object-words.ts";
import { canChange, containerPath, type PodMaker } from "#lib/engine/pod-makers.ts";
import type { Fix } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Container, ContainerPort, Event, Pod, Probe } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

/** In the order in which the kubelet comes to them. */
const probeKinds = ["startup", "readiness", "liveness"] as const;
type ProbeKind = (typeof probeKinds)[number];

/** The probes of one container that ask one port, which it does not declare. */
interface Unserved {
  readonly maker: PodMaker;
  readonly container: Container;
  readonly port: number | string;
  readonly probes: readonly { readonly kind: ProbeKind; readonly probe: Probe }[];
}

export const podProbePortUnserved = defineCheck({
  id: "pod/probe-port-unserved",
  code: "NET-504",
  severity: "error",
  summary: "A probe asks a port that its container does not declare",
  inputs: [],
  each: ["pods", "deployments", "statefulSets", "daemonSets", "replicaSets", "jobs", "cronJobs"],
  ifRead: ["events"],
  *find({ podMakers, warningsOf, unread: missing }) {
    const { makers, unread } = yield* podMakers();
    if (unread.length > 0) yield unjudged(...unread);
    for (const [at, maker] of makers.entries()) {
      if (at % 100 === 0) yield;
      for (const container of maker.spec.containers) {
        for (const unserved of unservedBy(maker, container)) {
          const { port } = unserved;
          if (typeof port === "string") yield named(unserved);
          else if (isWondered(unserved)) {
            // A program may listen on what no container declares; only events tell that nobody does.
            const failing = maker.pods.filter((pod) => isFailing(pod, unserved));
            const refused = failing.flatMap(({ id }) => refusals(warningsOf(id), port))[0];
            if (refused !== undefined) yield numbered(unserved, refused);
            else if (failing.length > 0 && missing.includes("events")) yield unjudged("events");
          }
        }
      }
    }
  },
});

/** Grouped by port: one wrong name in three probes is one slip. */
function unservedBy(maker: PodMaker, container: Container): readonly Unserved[] {
  const byPort = new Map<number | string, { readonly kind: ProbeKind; readonly probe: Probe }[]>();
  for (const kind of probeKinds) {
    const probe = container[`${kind}Probe`];
    const port = probe?.port;
    if (probe === undefined || port === undefined) continue;
    // The kubelet looks a name up among the ports of the probe's own container, whatever their protocol.
    const isDeclared =
      typeof port === "string"
        ? container.ports.some(({ name }) => name === port)
        : probe.host !== undefined || declaresNumber(maker, port);
    if (!isDeclared) byPort.set(port, [...(byPort.get(port) ?? []), { kind, probe }]);
  }
  return [...byPort].map(([port, probes]) => ({ maker, container, port, probes }));
}

/** All containers of a pod have its address in common, so any of them may serve a number. */
function declaresNumber({ spec }: PodMaker, number: number): boolean {
  return spec.containers.some(
    ({ role, ports }) =>
      role !== "init" &&
      ports.some(({ containerPort, protocol }) => containerPort === number && protocol === "TCP"),
  );
}

/** Where a container declares nothing, its silence says nothing. */
function isWondered({ container }: Unserved): boolean {
  return container.ports.length > 0;
}

/** Whether this pod's own container, which may come from an older template, asks the port and is not in order. */
function isFailing(pod: Pod, { container, port }: Unserved): boolean {
  const own = pod.containers.find(({ name }) => name === container.name);
  return (
    own !== undefined &&
    !own.ready &&
    own.state.kind !== "unreported" &&
    probeKinds.some((kind) => own[`${kind}Probe`]?.port === port)
  );
}

/** "Readiness probe failed: Get "http://10.0.1.1:8081/": dial tcp 10.0.1.1:8081: connect: connection refused", again and again. */
function refusals(warnings: readonly Event[], port: number): readonly Event[] {
  const asked = new RegExp(`:${port}\\b`);
  return warnings.filter(
    ({ reason, message, count }) =>
      reason === "Unhealthy" && count >= 3 && message.includes("connection refused") && asked.test(message),
  );
}

function named(unserved: Unserved): Found {
  const { maker, container, port, probes } = unserved;
  // An error in a probe is not taken for an answer: what is not ready stays so, what lives goes on living.
  const blocks = probes.some(({ kind }) => kind !== "liveness");
  return {
    ...common(unserved),
    severity: blocks ? "error" : "warning",
    message: `${subjectOf(unserved)} port ${port}, which the container does not declare, ${
      blocks ? "so that its pods never get ready" : "so that the kubelet never asks"
    }`,
    evidence: evidenceOf(unserved),
    fix: fixOf(unserved, portMeant(`${port}`, container.ports)),
    touches: maker.pods.map(({ id }) => id),
  };
}

function numbered(unserved: Unserved, refused: Event): Found {
  const { maker, container, port } = unserved;
  const tcp = container.ports.filter(({ protocol }) => protocol === "TCP");
  const [only] = tcp;
  return {
    ...common(unserved),
    severity: "warning",
    message: `${subjectOf(unserved)} port ${port}, where connections are refused, and the container declares ${listed(tcp.map(portInWords)) || "no TCP port"}`,
    evidence: [...evidenceOf(unserved), ...eventEvidence(refused)],
    fix: fixOf(unserved, tcp.length === 1 ? (only?.name ?? only?.containerPort) : undefined),
    touches: maker.pods.map(({ id }) => id),
  };
}

function eventEvidence({ id, message }: Event): Found["evidence"] {
  return [{ object: id, path: "message", value: message.replace(/\s+/g, " ").trim() }];
}

function common(unserved: Unserved): Pick<Found, "subject" | "part" | "nearMiss" | "kubectl"> {
  const { maker, container, probes } = unserved;
  const [first] = probes;
  const declared = container.ports.filter(({ name }) => name !== undefined);
  return {
    subject: maker.id,
    part: `${containerPath(maker, container)}.${first?.kind}Probe`,
    nearMiss:
      declared.length === 0
        ? undefined
        : `container ${container.name} declares ${listed(declared.map(portInWords))}`,
    kubectl: kubectlGet(maker.id),
  };
}

/** "The readiness and liveness probes of container web in deployment/api ask". */
function subjectOf({ maker, container, probes }: Unserved): string {
  const kinds = listed(probes.map(({ kind }) => kind));
  const which = probes.length === 1 ? `The ${kinds} probe` : `The ${kinds} probes`;
  return `${which} of container ${container.name} in ${objectInWords(maker.id)} ${probes.length === 1 ? "asks" : "ask"}`;
}

function portInWords({ name, containerPort }: ContainerPort): string {
  return name === undefined ? `${containerPort}` : `${name} (${containerPort})`;
}

function evidenceOf({ maker, container, port, probes }: Unserved): Found["evidence"] {
  const path = containerPath(maker, container);
  const at = (kind: ProbeKind, probe: Probe) => ({
    object: maker.id,
    path: `${path}.${kind}Probe.${handlerOf(probe)}.port`,
    value: `${port}`,
  });
  return [
    ...probes.map(({ kind, probe }) => at(kind, probe)),
    {
      object: maker.id,
      path: `${path}.ports`,
      value: container.ports.map(portInWords).join(", ") || "none",
    },
  ];
}

function handlerOf({ type }: Probe): string {
  return type === "http" ? "httpGet" : type === "tcp" ? "tcpSocket" : type;
}

/** The port that a name most likely means: the nearest name, else the only TCP port that there is. */
function portMeant(port: string, ports: readonly ContainerPort[]): number | string | undefined {
  const tcp = ports.filter(({ protocol }) => protocol === "TCP");
  const near = nearestOf(
    port,
    tcp.flatMap(({ name }) => name ?? []),
  );
  const [only] = tcp;
  return near ?? (tcp.length === 1 ? (only?.name ?? only?.containerPort) : undefined);
}

function fixOf(unserved: Unserved, meant: number | string | undefined): Fix {
  const { maker, container, port, probes } = unserved;
  const what = probes.length === 1 ? "the probe" : "the probes";
  if (meant === undefined) {
    const declare = typeof port === "string" ? `a port named ${port}` : `what it listens on`;
    return {
      text: `Declare ${declare} in container ${container.name}, or let ${what} ask a port that it declares`,
    };
  }
  const text = `Let ${what} ask port ${meant}, which container ${container.name} declares`;
  if (!canChange(maker)) return { text: `${text}, and create ${objectInWords(maker.id)} anew` };
  return { text, patch: patchOf(maker.id, containerPath(maker, container), probes, meant) };
}

function patchOf(
  id: ObjectId,
  path: string,
  probes: Unserved["probes"],
  value: number | string,
): Fix["patch"] {
  return jsonPatch(
    id,
    ...probes.map(
      ({ kind, probe }) =>
        ({ op: "replace", path: pointer(`${path}.${kind}Probe.${handlerOf(probe)}.port`), value }) as const,
    ),
  );
}
