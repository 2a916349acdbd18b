import type { Container, ContainerState, Event, Pod, Probe } from "#lib/model/objects.ts";
import { forWords } from "./duration-words.ts";
import type { Reason } from "./facts.ts";
import { oneLine } from "./object-words.ts";
import { readySince } from "./pod-readiness.ts";

/** How much a reason tells: the lower, the closer to the cause. */
export interface RankedReason extends Reason {
  readonly rank: number;
}

/** A container that is merely being created. */
export const startingRank = 5;
const failing = 1;
const notReady = 3;

/**
 * What keeps one container from being ready, or undefined when nothing does. `warnings` are the pod's warning events,
 * newest first: kubelets say there what status does not (a probe's answer, a volume that will not mount).
 */
export function containerReason(
  pod: Pod,
  container: Container,
  warnings: readonly Event[],
  now: number,
): RankedReason | undefined {
  if (container.role === "init") return initReason(pod, container, now);
  switch (container.state.kind) {
    case "waiting":
      return waitingReason(pod, container, container.state, warnings, now);
    case "terminated":
      return reason(
        pod,
        container,
        failing,
        `${nameIn(pod, container)} ended with ${endWords(container.state)}${restartWords(container)}`,
      );
    case "running":
      return container.ready ? undefined : runningReason(pod, container, container.state, warnings, now);
    case "unreported":
      return undefined;
  }
}

function initReason(pod: Pod, container: Container, now: number): RankedReason | undefined {
  const { state } = container;
  switch (state.kind) {
    case "running":
      return reason(
        pod,
        container,
        failing,
        `init container ${container.name} ${joined(["has been running", forWords(state.startedAt, now)])}`,
      );
    case "terminated":
      return state.exitCode === 0
        ? undefined
        : reason(
            pod,
            container,
            failing,
            `init container ${container.name} ended with ${endWords(state)}${restartWords(container)}`,
          );
    case "waiting":
      // PodInitializing: waiting for the init container before it, which says why itself.
      return state.reason === undefined || state.reason === "PodInitializing"
        ? undefined
        : reason(
            pod,
            container,
            failing,
            `init container ${container.name}: ${waitingWords(container, state)}`,
          );
    case "unreported":
      return undefined;
  }
}

function waitingReason(
  pod: Pod,
  container: Container,
  state: Extract<ContainerState, { kind: "waiting" }>,
  warnings: readonly Event[],
  now: number,
): RankedReason {
  if (
    state.reason === undefined ||
    state.reason === "ContainerCreating" ||
    state.reason === "PodInitializing"
  ) {
    const setback = warnings.find((event) => setbacks.has(event.reason));
    const what = joined([state.reason ?? "waiting to start", forWords(readySince(pod), now)]);
    return setback === undefined
      ? reason(pod, container, startingRank, what)
      : reason(pod, container, failing, `${what}: ${setback.reason}: ${oneLine(setback.message)}`);
  }
  const words = waitingWords(container, state);
  return reason(
    pod,
    container,
    failing,
    mainContainers(pod) > 1 ? `container ${container.name}: ${words}` : words,
  );
}

/** Events that explain a pod stuck in ContainerCreating. */
const setbacks: ReadonlySet<string> = new Set([
  "FailedMount",
  "FailedAttachVolume",
  "FailedCreatePodSandBox",
  "FailedPodSandBoxStatus",
  "NetworkNotReady",
]);

function waitingWords(container: Container, state: Extract<ContainerState, { kind: "waiting" }>): string {
  if (state.reason === "CrashLoopBackOff") {
    const end = container.lastEnd;
    return `CrashLoopBackOff${restartWords(container)}${end === undefined ? "" : `, last ${endWords(end)}`}`;
  }
  const message = state.message === undefined ? "" : oneLine(state.message);
  if (message !== "") return `${state.reason}: ${message}`;
  const imageTrouble = state.reason?.includes("Image") === true && container.image !== undefined;
  return imageTrouble ? `${state.reason}: ${container.image}` : `${state.reason}`;
}

function runningReason(
  pod: Pod,
  container: Container,
  state: Extract<ContainerState, { kind: "running" }>,
  warnings: readonly Event[],
  now: number,
): RankedReason {
  const unhealthy = warnings.find(
    (event) => event.reason === "Unhealthy" && probeFailure.test(event.message),
  );
  const failure = unhealthy === undefined ? null : probeFailure.exec(unhealthy.message);
  if (unhealthy !== undefined && failure !== null) {
    const howLong = forWords(unhealthy.firstSeen ?? readySince(pod), now);
    const times = unhealthy.count > 1 ? `, ${unhealthy.count} times` : "";
    const what = joined([`${failure[1]?.toLowerCase()} probe failing`, howLong]);
    return reason(pod, container, notReady, `${what}: ${probeAnswer(failure[2] ?? "")}${times}`);
  }
  const howLong = forWords(readySince(pod) ?? state.startedAt, now);
  const running = joined([`container ${container.name} is running but not ready`, howLong]);
  const probe = container.readinessProbe;
  return reason(
    pod,
    container,
    notReady,
    probe === undefined ? running : `${running}; it has a readiness probe: ${probeWords(probe)}`,
  );
}

const probeFailure = /^(Readiness|Startup) probe (?:failed|errored[^:]*): ?([\s\S]*)/;

/** The kubelet's wording of a probe's failure, shortened where it is one of the common ones. */
function probeAnswer(message: string): string {
  const status = /statuscode: (\d+)/.exec(message);
  if (status !== null) return `HTTP ${status[1]}`;
  if (message.includes("connection refused")) return "connection refused";
  if (/context deadline exceeded|Client\.Timeout|timed out|timeout/i.test(message))
    return "no answer in time";
  return message.trim() === "" ? "no message" : oneLine(message, 120);
}

function probeWords(probe: Probe): string {
  switch (probe.type) {
    case "http":
      return `GET ${probe.path ?? "/"}${portWords(probe)}`;
    case "tcp":
      return `TCP connection${portWords(probe)}`;
    case "grpc":
      return `gRPC health check${portWords(probe)}`;
    case "exec":
      return "a command in the container";
  }
}

function portWords(probe: Probe): string {
  return probe.port === undefined ? "" : ` on port ${probe.port}`;
}

/** "exit 137 (OOMKilled)"; `Error` and `Completed` add nothing to the number. */
function endWords(end: Extract<ContainerState, { kind: "terminated" }>): string {
  const telling = end.reason !== undefined && end.reason !== "Error" && end.reason !== "Completed";
  return `exit ${end.exitCode}${telling ? ` (${end.reason})` : ""}`;
}

function restartWords(container: Container): string {
  if (container.restartCount === 0) return "";
  return container.restartCount === 1 ? ", 1 restart" : `, ${container.restartCount} restarts`;
}

function nameIn(pod: Pod, container: Container): string {
  return mainContainers(pod) > 1 ? `container ${container.name}` : "its container";
}

function mainContainers(pod: Pod): number {
  return pod.containers.filter((container) => container.role !== "init").length;
}

function joined(words: readonly (string | undefined)[]): string {
  return words.filter((word) => word !== undefined).join(" ");
}

function reason(pod: Pod, container: Container, rank: number, text: string): RankedReason {
  const list = container.role === "main" ? "containerStatuses" : "initContainerStatuses";
  const { state } = container;
  const value = state.kind === "waiting" ? (state.reason ?? "waiting") : state.kind;
  return {
    rank,
    text,
    evidence: {
      object: pod.id,
      path: `status.${list}[${container.name}].state`,
      value: `${value}, ready ${container.ready}`,
    },
  };
}
