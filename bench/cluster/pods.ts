import { type ApiObject, ago, apiObject, type Fields, uid } from "./api-object.ts";
import type { Chance } from "./chance.ts";
import type { Machine } from "./nodes.ts";
import type { App } from "./plan.ts";
import { hasProxy, imageOf, labelsOf, podSpec, selectorOf, tokenVolume } from "./template.ts";

/** What the endpoints of an app need to know of its pods. */
export interface MadePod {
  readonly object: ApiObject;
  readonly ip: string;
  readonly machine: Machine;
  readonly state: PodState;
}

type PodState = "ready" | "probe-fails" | "crashes";

/** The oldest rollout of an app, and how long after one of its pods the next is made. */
const oldestSeconds = 4_000_000;
const betweenSeconds = 3;
const troubleSeconds = 1_500;

/** The pods of one app, each on the next machine. `owner` is the ReplicaSet, StatefulSet or DaemonSet. */
export function* podsOf(
  chance: Chance,
  app: App,
  owner: ApiObject,
  machineAt: (pod: number) => Machine,
): Iterable<MadePod> {
  const spec = podSpec(app);
  const rolledOut = 2 * troubleSeconds + betweenSeconds * app.replicas + chance.below(oldestSeconds);
  for (let at = 0; at < app.replicas; at++) {
    const machine = machineAt(at);
    const ip = machine.nextPodIp();
    const state = stateOf(app, at);
    const ageSeconds = rolledOut - betweenSeconds * at;
    const generateName = `${owner.metadata.name}-`;
    const name = `${generateName}${app.kind === "StatefulSet" ? at : chance.suffix(5)}`;
    const object = apiObject(chance, {
      apiVersion: "v1",
      kind: "Pod",
      namespace: app.namespace,
      name,
      generateName,
      owner,
      ageSeconds,
      labels: { ...labelsOf(app), ...ownLabels(app, owner, name) },
      annotations: {
        "checksum/config": chance.hex(64),
        "prometheus.io/port": "9090",
        "prometheus.io/scrape": "true",
      },
      body: {
        spec: scheduled(chance, spec, machine),
        status: statusOf(chance, app, state, ip, machine, ageSeconds),
      },
    });
    yield { object, ip, machine, state };
  }
}

function stateOf({ fault }: App, at: number): PodState {
  if (fault === "crash-loop") return "crashes";
  return fault === "probe-fails-on-some" && at === 0 ? "probe-fails" : "ready";
}

function ownLabels(app: App, owner: ApiObject, name: string): Readonly<Record<string, string>> {
  switch (app.kind) {
    case "Deployment":
      return { "pod-template-hash": owner.metadata.name.slice(app.name.length + 1) };
    case "StatefulSet":
      return {
        "apps.kubernetes.io/pod-index": name.slice(app.name.length + 1),
        "statefulset.kubernetes.io/pod-name": name,
      };
    case "DaemonSet":
      return { "controller-revision-hash": "7d9f8b6c5d", ...selectorOf(app) };
  }
}

/** What admission and the scheduler add to the template. */
function scheduled(chance: Chance, spec: Fields, machine: Machine): Fields {
  const volumes = Array.isArray(spec.volumes) ? spec.volumes : [];
  const token = `${tokenVolume}-${chance.suffix(5)}`;
  const tolerated = (key: string) => ({
    effect: "NoExecute",
    key,
    operator: "Exists",
    tolerationSeconds: 300,
  });
  return {
    ...spec,
    enableServiceLinks: true,
    nodeName: machine.name,
    preemptionPolicy: "PreemptLowerPriority",
    priority: 0,
    tolerations: [tolerated("node.kubernetes.io/not-ready"), tolerated("node.kubernetes.io/unreachable")],
    volumes: [
      ...volumes,
      {
        name: token,
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
            { configMap: { items: [{ key: "ca.crt", path: "ca.crt" }], name: "kube-root-ca.crt" } },
          ],
        },
      },
    ],
  };
}

function statusOf(
  chance: Chance,
  app: App,
  state: PodState,
  ip: string,
  machine: Machine,
  ageSeconds: number,
): Fields {
  const ok = state === "ready";
  const unready = { message: "containers with unready status: [app]", reason: "ContainersNotReady" };
  const condition = (type: string, good: boolean, afterSeconds = 20) => ({
    lastProbeTime: null,
    lastTransitionTime: ago(good ? ageSeconds - afterSeconds : troubleSeconds),
    observedGeneration: 1,
    ...(good ? {} : unready),
    status: good ? "True" : "False",
    type,
  });
  return {
    conditions: [
      condition("PodReadyToStartContainers", true, 8),
      condition("Initialized", true, 1),
      condition("Ready", ok),
      condition("ContainersReady", ok),
      condition("PodScheduled", true, 1),
    ],
    containerStatuses: [
      containerStatus(chance, "app", imageOf(app), state, ageSeconds),
      ...(hasProxy(app)
        ? [containerStatus(chance, "proxy", "registry.example.com/platform/proxy:2.8.1", "ready", ageSeconds)]
        : []),
    ],
    hostIP: machine.address,
    hostIPs: [{ ip: machine.address }],
    phase: "Running",
    podIP: ip,
    podIPs: [{ ip }],
    qosClass: "Burstable",
    startTime: ago(ageSeconds - 1),
  };
}

function containerStatus(
  chance: Chance,
  name: string,
  image: string,
  state: PodState,
  ageSeconds: number,
): Fields {
  const crashed = { exitCode: 1, finishedAt: ago(120), reason: "Error", startedAt: ago(123) };
  const crashes = state === "crashes";
  return {
    containerID: `containerd://${chance.hex(64)}`,
    image,
    imageID: `${image.replace(/:[^:/]*$/, "")}@sha256:${chance.hex(64)}`,
    lastState: crashes ? { terminated: crashed } : {},
    name,
    ready: state === "ready",
    resources: { limits: { memory: "512Mi" }, requests: { cpu: "100m", memory: "256Mi" } },
    restartCount: crashes ? 12 : 0,
    started: !crashes,
    state: crashes
      ? {
          waiting: {
            message: `back-off 5m0s restarting failed container=${name}`,
            reason: "CrashLoopBackOff",
          },
        }
      : { running: { startedAt: ago(ageSeconds - 8) } },
  };
}

/** What the kubelet reported about a pod that is not well. */
export function warningsOf(chance: Chance, { object, state, machine }: MadePod): readonly ApiObject[] {
  if (state === "ready") return [];
  const { namespace, name } = object.metadata;
  const [reason, message] =
    state === "crashes"
      ? ["BackOff", `Back-off restarting failed container app in pod ${name}_${namespace}(${uid(chance)})`]
      : ["Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"];
  return [
    apiObject(chance, {
      apiVersion: "v1",
      kind: "Event",
      namespace,
      name: `${name}.${chance.hex(16)}`,
      ageSeconds: troubleSeconds,
      body: {
        count: 60 + chance.below(200),
        firstTimestamp: ago(troubleSeconds),
        involvedObject: { apiVersion: "v1", fieldPath: "spec.containers{app}", kind: "Pod", name, namespace },
        lastTimestamp: ago(5),
        message,
        reason,
        source: { component: "kubelet", host: machine.name },
        type: "Warning",
      },
    }),
  ];
}
