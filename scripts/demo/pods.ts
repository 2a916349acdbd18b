import type { Cluster, PodRecord } from "./cluster.ts";
import { type Container, containerSpec, declaredPorts, imageOf } from "./containers.ts";
import { type EventDraft, event } from "./events.ts";
import { hash, hex } from "./names.ts";
import { allocatePodIp, type DemoNode } from "./nodes.ts";
import { type Fields, type Labels, ownedBy, type Resource } from "./objects.ts";
import { ago, now, seconds, shift } from "./time.ts";

/** How a pod is doing. What is wrong is said once; status and events both follow from it. */
export type PodState =
  | { is: "ready"; restarts?: number }
  | { is: "unready"; since: string; failure: string }
  | { is: "crash-loop"; since: string; restarts: number; lastExit: string }
  | { is: "image-pull"; failure: string }
  | { is: "pending"; message: string }
  | { is: "terminating"; grace: number }
  | { is: "succeeded"; took: number };

export type PodTemplate = {
  labels: Labels;
  annotations?: Labels | undefined;
  containers: Container[];
  init?: Container[] | undefined;
  hostNetwork?: boolean | undefined;
  dnsPolicy?: string | undefined;
  priorityClass?: string | undefined;
  nodeSelector?: Labels | undefined;
  antiAffinity?: boolean | undefined;
  restartPolicy?: "Always" | "OnFailure" | undefined;
  serviceAccount: string;
  grace?: number | undefined;
};

type PodPlan = {
  namespace: string;
  name: string;
  generateName?: string | undefined;
  owner: Resource;
  template: PodTemplate;
  labels: Labels;
  subdomain?: string | undefined;
  created: string;
  node: DemoNode;
  state: PodState;
};

export function podSpec(template: PodTemplate): Fields {
  const hostNetwork = template.hostNetwork ?? false;
  return {
    affinity: template.antiAffinity
      ? {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: template.labels }, topologyKey: "kubernetes.io/hostname" },
            ],
          },
        }
      : undefined,
    containers: template.containers.map((container) => containerSpec(container, hostNetwork)),
    initContainers: template.init?.map((container) => containerSpec(container, hostNetwork)),
    dnsPolicy: template.dnsPolicy ?? "ClusterFirst",
    hostNetwork: template.hostNetwork,
    nodeSelector: template.nodeSelector,
    priorityClassName: template.priorityClass,
    restartPolicy: template.restartPolicy ?? "Always",
    schedulerName: "default-scheduler",
    securityContext: {},
    serviceAccount: template.serviceAccount,
    serviceAccountName: template.serviceAccount,
    terminationGracePeriodSeconds: template.grace ?? 30,
  };
}

/** Looks like a uid, for the messages that carry one. */
function uid(key: string): string {
  const digits = hex(key) + hex(`uid/${key}`);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}

type Timeline = { scheduled: string; initialized: string; started: string; ready: string };

function timeline(plan: PodPlan): Timeline {
  const jitter = hash(`${plan.namespace}/${plan.name}`);
  const initSeconds = (plan.template.init?.length ?? 0) * (2 + (jitter % 4));
  const scheduled = shift(plan.created, 1);
  const initialized = shift(scheduled, initSeconds);
  const started = shift(initialized, 2 + (jitter % 3));
  return { scheduled, initialized, started, ready: shift(started, 6 + (jitter % 9)) };
}

/** When the last crash ended: between one and four minutes ago, for the back-off is at its five minutes. */
function lastCrash(plan: PodPlan): string {
  return ago("1m", -(hash(plan.name) % 180));
}

function conditions(plan: PodPlan, times: Timeline): Fields[] {
  const { state } = plan;
  const condition = (type: string, ok: boolean, since: string, why: Fields = {}): Fields => ({
    type,
    status: ok ? "True" : "False",
    lastProbeTime: null,
    lastTransitionTime: since,
    ...why,
  });
  if (state.is === "pending") {
    return [
      condition("PodScheduled", false, plan.created, { reason: "Unschedulable", message: state.message }),
    ];
  }
  const names = plan.template.containers.slice(0, 1).map((container) => container.name);
  const unready = { reason: "ContainersNotReady", message: `containers with unready status: [${names}]` };
  const readiness = (since: string, why?: Fields): Fields[] => [
    condition("Ready", why === undefined, since, why),
    condition("ContainersReady", why === undefined, since, why),
  ];
  const both: Record<Exclude<PodState["is"], "pending">, () => Fields[]> = {
    ready: () => readiness(times.ready),
    terminating: () => readiness(times.ready),
    unready: () => readiness(readyChanged(plan, times), unready),
    "crash-loop": () => readiness(readyChanged(plan, times), unready),
    "image-pull": () => readiness(times.scheduled, unready),
    succeeded: () => readiness(readyChanged(plan, times), { reason: "PodCompleted" }),
  };
  const done = state.is === "succeeded" ? { reason: "PodCompleted" } : {};
  return [
    condition(
      "PodReadyToStartContainers",
      state.is !== "succeeded",
      state.is === "succeeded" ? readyChanged(plan, times) : shift(times.scheduled, 1),
    ),
    condition("Initialized", true, times.initialized, done),
    ...both[state.is](),
    condition("PodScheduled", true, times.scheduled),
  ];
}

function readyChanged(plan: PodPlan, times: Timeline): string {
  const { state } = plan;
  if (state.is === "unready") return ago(state.since);
  if (state.is === "crash-loop") return lastCrash(plan);
  if (state.is === "image-pull") return times.scheduled;
  if (state.is === "pending") return plan.created;
  if (state.is === "succeeded") return shift(times.started, state.took);
  if (state.is === "terminating") return shift(now, -state.grace);
  return times.ready;
}

function containerStatus(container: Container, running: Fields): Fields {
  const digest = hex(container.image) + hex(`a/${container.image}`);
  return {
    name: container.name,
    image: imageOf(container),
    imageID: `${imageOf(container).replace(/:[^:/]*$/, "")}@sha256:${digest}${digest}`,
    lastState: {},
    ready: true,
    restartCount: 0,
    started: true,
    ...running,
  };
}

function firstContainerStatus(container: Container, plan: PodPlan, times: Timeline): Fields {
  const { state } = plan;
  const running = { state: { running: { startedAt: times.started } } };
  const pod = `${plan.name}_${plan.namespace}(${uid(plan.name)})`;
  switch (state.is) {
    case "unready":
      return containerStatus(container, { ...running, ready: false });
    case "crash-loop": {
      const finished = lastCrash(plan);
      return containerStatus(container, {
        ready: false,
        started: false,
        restartCount: state.restarts,
        state: {
          waiting: {
            reason: "CrashLoopBackOff",
            message: `back-off 5m0s restarting failed container=${container.name} pod=${pod}`,
          },
        },
        lastState: {
          terminated: {
            exitCode: 137,
            reason: state.lastExit,
            startedAt: shift(finished, -23 - (hash(plan.name) % 17)),
            finishedAt: finished,
            containerID: `containerd://${hex(pod)}${hex(`b/${pod}`)}${hex(`c/${pod}`)}${hex(`d/${pod}`)}`,
          },
        },
      });
    }
    case "image-pull":
      return containerStatus(container, {
        imageID: "",
        ready: false,
        started: false,
        state: {
          waiting: {
            reason: "ImagePullBackOff",
            message: `Back-off pulling image "${imageOf(container)}": ErrImagePull: ${state.failure}`,
          },
        },
      });
    case "succeeded":
      return containerStatus(container, {
        ready: false,
        started: false,
        state: {
          terminated: {
            exitCode: 0,
            reason: "Completed",
            startedAt: times.started,
            finishedAt: shift(times.started, state.took),
          },
        },
      });
    case "ready": {
      if (!state.restarts) return containerStatus(container, running);
      const stopped = shift(times.started, 86_400);
      return containerStatus(container, {
        restartCount: state.restarts,
        state: { running: { startedAt: shift(stopped, 2) } },
        lastState: {
          terminated: { exitCode: 1, reason: "Error", startedAt: times.started, finishedAt: stopped },
        },
      });
    }
    default:
      return containerStatus(container, running);
  }
}

function initStatus(container: Container, times: Timeline): Fields {
  if (container.sidecar) {
    return containerStatus(container, { state: { running: { startedAt: shift(times.scheduled, 2) } } });
  }
  return containerStatus(container, {
    started: false,
    state: {
      terminated: {
        exitCode: 0,
        reason: "Completed",
        startedAt: shift(times.scheduled, 1),
        finishedAt: times.initialized,
      },
    },
  });
}

function status(plan: PodPlan, times: Timeline, ip: string | undefined): Fields {
  const { state, template } = plan;
  const [first, ...others] = template.containers;
  if (!first) throw new Error(`${plan.name} has no container`);
  const qosClass = template.containers.some((container) => container.memory) ? "Burstable" : "BestEffort";
  if (state.is === "pending") return { phase: "Pending", conditions: conditions(plan, times), qosClass };
  const phases: Partial<Record<PodState["is"], string>> = { "image-pull": "Pending", succeeded: "Succeeded" };
  return {
    phase: phases[state.is] ?? "Running",
    conditions: conditions(plan, times),
    containerStatuses: [
      firstContainerStatus(first, plan, times),
      ...others.map((container) =>
        containerStatus(container, { state: { running: { startedAt: shift(times.started, 1) } } }),
      ),
    ],
    initContainerStatuses: template.init?.map((container) => initStatus(container, times)),
    hostIP: plan.node.address,
    hostIPs: [{ ip: plan.node.address }],
    podIP: ip,
    podIPs: ip ? [{ ip }] : undefined,
    qosClass,
    startTime: times.scheduled,
  };
}

/** What kubelet and scheduler reported about a pod that is not well. */
function events(plan: PodPlan, times: Timeline): EventDraft[] {
  const { state } = plan;
  const container = plan.template.containers[0];
  if (!container) return [];
  const pod = { apiVersion: "v1", kind: "Pod", namespace: plan.namespace, name: plan.name };
  const about = { ...pod, fieldPath: `spec.containers{${container.name}}` };
  const kubelet = { from: "kubelet", host: plan.node.name };
  switch (state.is) {
    case "unready": {
      const first = ago(state.since, -30);
      const last = ago("0s", -(1 + (hash(plan.name) % 9)));
      const count = Math.round((Date.parse(last) - Date.parse(first)) / 10_000);
      const message = `Readiness probe failed: ${state.failure}`;
      return [{ about, reason: "Unhealthy", message, count, first, last, ...kubelet }];
    }
    case "crash-loop": {
      const message = `Back-off restarting failed container ${container.name} in pod ${plan.name}_${plan.namespace}(${uid(plan.name)})`;
      const first = ago(state.since, 41);
      const last = ago("0s", -(2 + (hash(plan.name) % 11)));
      const count = Math.floor(seconds(state.since) / 13);
      return [{ about, reason: "BackOff", message, count, first, last, ...kubelet }];
    }
    case "image-pull": {
      const first = shift(times.scheduled, 2);
      const tries = { about, first, count: 9, last: ago("2m", -(hash(plan.name) % 60)), ...kubelet };
      const image = imageOf(container);
      return [
        { ...tries, reason: "Failed", message: `Failed to pull image "${image}": ${state.failure}` },
        { ...tries, reason: "Failed", message: "Error: ErrImagePull" },
        {
          ...tries,
          reason: "BackOff",
          message: `Back-off pulling image "${image}"`,
          count: 104,
          last: ago("0s", -(4 + (hash(plan.name) % 8))),
        },
      ];
    }
    case "pending":
      return [
        {
          about: pod,
          reason: "FailedScheduling",
          message: state.message,
          count: Math.floor((Date.parse(now) - Date.parse(plan.created)) / 300_000),
          first: plan.created,
          last: ago("2m11s"),
          from: "default-scheduler",
        },
      ];
    case "terminating": {
      const asked = shift(now, -state.grace);
      const message = `Stopping container ${container.name}`;
      return [{ about, type: "Normal", reason: "Killing", message, first: asked, last: asked, ...kubelet }];
    }
    default:
      return [];
  }
}

export function addPod(cluster: Cluster, plan: PodPlan): PodRecord {
  const { namespace, name, template, state } = plan;
  const times = timeline(plan);
  const scheduled = state.is !== "pending";
  const ownIp = template.hostNetwork ? plan.node.address : undefined;
  const ip = scheduled ? (ownIp ?? allocatePodIp(plan.node, `${namespace}/${name}`)) : undefined;
  const ending = state.is === "terminating";
  cluster.add({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      ...(plan.generateName ? { generateName: plan.generateName } : {}),
      creationTimestamp: plan.created,
      // The API server writes the end of the grace period here, not the time of the request.
      ...(ending ? { deletionTimestamp: now, deletionGracePeriodSeconds: state.grace } : {}),
      labels: plan.labels,
      ...(template.annotations ? { annotations: template.annotations } : {}),
      ownerReferences: ownedBy(plan.owner),
    },
    spec: {
      ...podSpec(template),
      nodeName: scheduled ? plan.node.name : undefined,
      hostname: plan.subdomain ? name : undefined,
      subdomain: plan.subdomain,
    },
    status: status(plan, times, ip),
  });
  cluster.add(...events(plan, times).map(event));
  const record: PodRecord = {
    namespace,
    name,
    labels: plan.labels,
    ports: [...template.containers, ...(template.init ?? []).filter((c) => c.sidecar)].flatMap(declaredPorts),
    node: scheduled ? plan.node : undefined,
    ip,
    ready: state.is === "ready" || ending,
    terminating: ending,
    finished: state.is === "succeeded",
    subdomain: plan.subdomain,
    readyChanged: readyChanged(plan, times),
  };
  cluster.pods.push(record);
  return record;
}
