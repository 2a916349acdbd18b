import type { Cluster, PodRecord } from "./cluster.ts";
import type { Container } from "./containers.ts";
import { hash, suffix, templateHash } from "./names.ts";
import { nodeAt, nodes } from "./nodes.ts";
import { type Fields, type Labels, ownedBy, type Resource } from "./objects.ts";
import { addPod, type PodState, type PodTemplate, podSpec } from "./pods.ts";
import { ago, newest, shift } from "./time.ts";

type Common = {
  namespace: string;
  name: string;
  component: string;
  /** Instead of the recommended app.kubernetes.io labels. */
  labels?: Labels;
  annotations?: Labels;
  containers: Container[];
  init?: Container[];
  created: string;
  hostNetwork?: boolean;
  dnsPolicy?: string;
  priorityClass?: string;
  nodeSelector?: Labels;
  antiAffinity?: boolean;
  grace?: number;
  /** By pod, those that are not simply ready. */
  states?: Record<number, PodState>;
};

type Revision = {
  replicas: number;
  rolled: string;
  image?: string;
  states?: Record<number, PodState>;
};

export type DeploymentPlan = Common & {
  replicas: number;
  revision?: number;
  rolled?: string;
  /** Oldest first; one, unless a rollout is under way. */
  revisions?: Revision[];
  strategy?: { maxSurge: number | string; maxUnavailable: number | string };
  /** The rollout has made no progress for ten minutes. */
  stuck?: boolean;
  /** Indexes of the nodes it runs on; spread over all unless given. */
  on?: number[];
};

type StatefulSetPlan = Common & {
  replicas: number;
  serviceName: string;
  rolled?: string;
  podLabels?: (ordinal: number) => Labels;
  /** By ordinal, those created later than the rest: the set was scaled up. */
  joined?: Record<number, string>;
};

type DaemonSetPlan = Common & { rolled?: string };

type CronJobPlan = Common & { schedule: string; runs: { at: string; took: number }[] };

const ready: PodState = { is: "ready" };

function labelsOf(plan: Common): Labels {
  return plan.labels ?? { "app.kubernetes.io/name": plan.name };
}

function podLabelsOf(plan: Common): Labels {
  if (plan.labels) return plan.labels;
  return {
    ...labelsOf(plan),
    "app.kubernetes.io/component": plan.component,
    "app.kubernetes.io/part-of": plan.namespace,
  };
}

function templateOf(plan: Common, image?: string): PodTemplate {
  const [first, ...others] = plan.containers;
  if (!first) throw new Error(`${plan.name} has no container`);
  return {
    labels: podLabelsOf(plan),
    annotations: plan.annotations,
    containers: [{ ...first, image: image ?? first.image }, ...others],
    init: plan.init,
    hostNetwork: plan.hostNetwork,
    dnsPolicy: plan.dnsPolicy,
    priorityClass: plan.priorityClass,
    nodeSelector: plan.nodeSelector,
    antiAffinity: plan.antiAffinity,
    serviceAccount: plan.name,
    grace: plan.grace,
  };
}

function podTemplate(template: PodTemplate, extra: Labels = {}): Fields {
  return {
    metadata: { labels: { ...template.labels, ...extra }, annotations: template.annotations },
    spec: podSpec(template),
  };
}

function isReady(pod: PodRecord): boolean {
  return pod.ready && !pod.terminating;
}

/** A count, or nothing: the API leaves zeros out of these fields. */
function some(count: number): number | undefined {
  return count > 0 ? count : undefined;
}

function percentOf(value: number | string, replicas: number, round: (n: number) => number): number {
  return typeof value === "number" ? value : round((Number.parseInt(value, 10) / 100) * replicas);
}

type RevisionResult = { name: string; rolled: string; pods: PodRecord[]; replicas: number };

function addRevision(
  cluster: Cluster,
  plan: DeploymentPlan,
  deployment: Resource,
  revision: Revision,
  number: number,
  surge: number,
): RevisionResult {
  const template = templateOf(plan, revision.image);
  const podHash = templateHash(`${plan.namespace}/${plan.name}/${number}`);
  const name = `${plan.name}-${podHash}`;
  const hashed = { "pod-template-hash": podHash };
  const first = ago(revision.rolled);
  const replicaSet: Resource = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      namespace: plan.namespace,
      creationTimestamp: first,
      generation: 1,
      labels: { ...template.labels, ...hashed },
      annotations: {
        "deployment.kubernetes.io/desired-replicas": String(plan.replicas),
        "deployment.kubernetes.io/max-replicas": String(plan.replicas + surge),
        "deployment.kubernetes.io/revision": String(number),
      },
      ownerReferences: ownedBy(deployment),
    },
    spec: {
      replicas: revision.replicas,
      selector: { matchLabels: { ...labelsOf(plan), ...hashed } },
      template: podTemplate(template, hashed),
    },
  };
  cluster.add(replicaSet);
  const states = revision.states ?? plan.states ?? {};
  const terminating = Object.values(states).filter((state) => state.is === "terminating").length;
  const offset = hash(`${plan.namespace}/${plan.name}/${number}`);
  const pods = Array.from({ length: revision.replicas + terminating }, (_, index) => {
    const podName = `${name}-${suffix(`${name}/${index}`)}`;
    return addPod(cluster, {
      namespace: plan.namespace,
      name: podName,
      generateName: `${name}-`,
      owner: replicaSet,
      template,
      labels: { ...template.labels, ...hashed },
      created: shift(first, index * 11),
      node: nodeAt(plan.on?.[index] ?? offset + index),
      state: states[index] ?? ready,
    });
  });
  const readyPods = pods.filter(isReady).length;
  replicaSet.status = {
    availableReplicas: some(readyPods),
    fullyLabeledReplicas: some(revision.replicas),
    observedGeneration: 1,
    readyReplicas: some(readyPods),
    replicas: revision.replicas,
    terminatingReplicas: terminating,
  };
  return { name, rolled: first, pods, replicas: revision.replicas };
}

export function addDeployment(cluster: Cluster, plan: DeploymentPlan): void {
  const strategy = plan.strategy ?? { maxSurge: "25%", maxUnavailable: "25%" };
  const revisions = plan.revisions ?? [{ replicas: plan.replicas, rolled: plan.rolled ?? plan.created }];
  const current = plan.revision ?? revisions.length;
  const surge = percentOf(strategy.maxSurge, plan.replicas, Math.ceil);
  const newestRevision = revisions.at(-1);
  const deployment: Resource = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      creationTimestamp: ago(plan.created),
      generation: current,
      labels: podLabelsOf(plan),
      annotations: { "deployment.kubernetes.io/revision": String(current) },
    },
    spec: {
      progressDeadlineSeconds: 600,
      replicas: plan.replicas,
      revisionHistoryLimit: 10,
      selector: { matchLabels: labelsOf(plan) },
      strategy: { type: "RollingUpdate", rollingUpdate: strategy },
      template: podTemplate(templateOf(plan, newestRevision?.image)),
    },
  };
  cluster.add(deployment);
  const results = revisions.map((revision, index) => {
    const number = current - (revisions.length - 1 - index);
    return addRevision(cluster, plan, deployment, revision, number, surge);
  });
  deployment.status = deploymentStatus(plan, results, current, strategy.maxUnavailable);
}

function deploymentStatus(
  plan: DeploymentPlan,
  results: RevisionResult[],
  current: number,
  maxUnavailable: number | string,
): Fields {
  const last = results.at(-1);
  if (!last) throw new Error(`${plan.name} has no revision`);
  const pods = results.flatMap((result) => result.pods);
  const alive = pods.filter((pod) => !pod.terminating);
  const readyPods = alive.filter(isReady);
  const enough = readyPods.length >= plan.replicas - percentOf(maxUnavailable, plan.replicas, Math.floor);
  const since = enough
    ? shift(ago(plan.created), 40)
    : newest(alive.filter((pod) => !isReady(pod)).map((pod) => pod.readyChanged));
  const complete = shift(last.rolled, 30 + last.replicas * 11);
  const progress = plan.stuck
    ? {
        status: "False",
        reason: "ProgressDeadlineExceeded",
        message: `ReplicaSet "${last.name}" has timed out progressing.`,
        lastTransitionTime: shift(last.rolled, 612),
        lastUpdateTime: shift(last.rolled, 612),
      }
    : {
        status: "True",
        reason: results.length > 1 ? "ReplicaSetUpdated" : "NewReplicaSetAvailable",
        message:
          results.length > 1
            ? `ReplicaSet "${last.name}" is progressing.`
            : `ReplicaSet "${last.name}" has successfully progressed.`,
        lastTransitionTime: ago(plan.created),
        lastUpdateTime: complete,
      };
  return {
    availableReplicas: some(readyPods.length),
    conditions: [
      {
        type: "Available",
        status: enough ? "True" : "False",
        reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        message: enough
          ? "Deployment has minimum availability."
          : "Deployment does not have minimum availability.",
        lastTransitionTime: since,
        lastUpdateTime: since,
      },
      { type: "Progressing", ...progress },
    ],
    observedGeneration: current,
    readyReplicas: some(readyPods.length),
    replicas: alive.length,
    terminatingReplicas: pods.length - alive.length,
    unavailableReplicas: some(alive.length - readyPods.length),
    updatedReplicas: some(last.replicas),
  };
}

export function addStatefulSet(cluster: Cluster, plan: StatefulSetPlan): void {
  const template = templateOf(plan);
  const revision = `${plan.name}-${templateHash(`${plan.namespace}/${plan.name}/sts`)}`;
  const statefulSet: Resource = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      creationTimestamp: ago(plan.created),
      generation: 1,
      labels: podLabelsOf(plan),
    },
    spec: {
      podManagementPolicy: "OrderedReady",
      replicas: plan.replicas,
      revisionHistoryLimit: 10,
      selector: { matchLabels: labelsOf(plan) },
      serviceName: plan.serviceName,
      template: podTemplate(template),
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
    },
  };
  cluster.add(statefulSet);
  const first = ago(plan.rolled ?? plan.created, 2);
  const offset = hash(`${plan.namespace}/${plan.name}`);
  const pods = Array.from({ length: plan.replicas }, (_, ordinal) => {
    const name = `${plan.name}-${ordinal}`;
    const joined = plan.joined?.[ordinal];
    return addPod(cluster, {
      namespace: plan.namespace,
      name,
      generateName: `${plan.name}-`,
      owner: statefulSet,
      template,
      labels: {
        ...template.labels,
        ...plan.podLabels?.(ordinal),
        "apps.kubernetes.io/pod-index": String(ordinal),
        "controller-revision-hash": revision,
        "statefulset.kubernetes.io/pod-name": name,
      },
      subdomain: plan.serviceName,
      created: joined ? ago(joined) : shift(first, ordinal * 34),
      // Every other node first: the members of one set land in different zones.
      node: nodeAt(offset + ordinal * 2),
      state: plan.states?.[ordinal] ?? ready,
    });
  });
  const readyPods = pods.filter(isReady).length;
  statefulSet.status = {
    availableReplicas: readyPods,
    collisionCount: 0,
    currentReplicas: plan.replicas,
    currentRevision: revision,
    observedGeneration: 1,
    readyReplicas: some(readyPods),
    replicas: plan.replicas,
    updateRevision: revision,
    updatedReplicas: plan.replicas,
  };
}

export function addDaemonSet(cluster: Cluster, plan: DaemonSetPlan): void {
  const template = templateOf(plan);
  const revision = templateHash(`${plan.namespace}/${plan.name}/ds`);
  const daemonSet: Resource = {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      creationTimestamp: ago(plan.created),
      generation: 1,
      labels: podLabelsOf(plan),
      annotations: { "deprecated.daemonset.template.generation": "1" },
    },
    spec: {
      revisionHistoryLimit: 10,
      selector: { matchLabels: labelsOf(plan) },
      template: podTemplate(template),
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    },
    status: {
      currentNumberScheduled: nodes.length,
      desiredNumberScheduled: nodes.length,
      numberAvailable: nodes.length,
      numberMisscheduled: 0,
      numberReady: nodes.length,
      observedGeneration: 1,
      updatedNumberScheduled: nodes.length,
    },
  };
  cluster.add(daemonSet);
  for (const [index, node] of nodes.entries()) {
    addPod(cluster, {
      namespace: plan.namespace,
      name: `${plan.name}-${suffix(`${plan.name}/${node.name}`)}`,
      generateName: `${plan.name}-`,
      owner: daemonSet,
      template,
      labels: { ...template.labels, "controller-revision-hash": revision, "pod-template-generation": "1" },
      created: shift(ago(plan.rolled ?? plan.created), index * 37),
      node,
      state: plan.states?.[index] ?? ready,
    });
  }
}

export function addCronJob(cluster: Cluster, plan: CronJobPlan): void {
  const template: PodTemplate = { ...templateOf(plan), restartPolicy: "OnFailure" };
  const last = plan.runs.at(-1);
  const cronJob: Resource = {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      creationTimestamp: ago(plan.created),
      generation: 1,
      labels: podLabelsOf(plan),
    },
    spec: {
      concurrencyPolicy: "Forbid",
      failedJobsHistoryLimit: 1,
      jobTemplate: { metadata: {}, spec: { backoffLimit: 2, template: podTemplate(template) } },
      schedule: plan.schedule,
      successfulJobsHistoryLimit: 3,
      suspend: false,
    },
    status: last ? { lastScheduleTime: last.at, lastSuccessfulTime: shift(last.at, last.took + 8) } : {},
  };
  cluster.add(cronJob);
  for (const [index, run] of plan.runs.entries()) {
    // A CronJob names its Jobs after the minute they were due.
    const name = `${plan.name}-${Date.parse(run.at) / 60_000}`;
    const jobLabels = { "batch.kubernetes.io/job-name": name, "job-name": name };
    const job: Resource = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name,
        namespace: plan.namespace,
        creationTimestamp: run.at,
        generation: 1,
        labels: { ...template.labels, ...jobLabels },
        annotations: { "batch.kubernetes.io/cronjob-scheduled-timestamp": run.at },
        ownerReferences: ownedBy(cronJob),
      },
      spec: {
        backoffLimit: 2,
        completionMode: "NonIndexed",
        completions: 1,
        parallelism: 1,
        suspend: false,
        template: podTemplate(template, jobLabels),
      },
      status: {
        completionTime: shift(run.at, run.took + 8),
        conditions: ["SuccessCriteriaMet", "Complete"].map((type) => ({
          type,
          status: "True",
          reason: "CompletionsReached",
          message: "Reached expected number of succeeded pods",
          lastProbeTime: shift(run.at, run.took + 8),
          lastTransitionTime: shift(run.at, run.took + 8),
        })),
        ready: 0,
        startTime: run.at,
        succeeded: 1,
        terminating: 0,
        uncountedTerminatedPods: {},
      },
    };
    cluster.add(job);
    addPod(cluster, {
      namespace: plan.namespace,
      name: `${name}-${suffix(name)}`,
      generateName: `${name}-`,
      owner: job,
      template,
      labels: { ...template.labels, ...jobLabels },
      created: run.at,
      node: nodeAt(hash(plan.name) + index),
      state: { is: "succeeded", took: run.took },
    });
  }
}
