import { z } from "zod";
import type { Origin, PodTemplate, Workload, WorkloadKind } from "#lib/model/objects.ts";
import { conditions, flag, labelSelector, mapOf, selectorOf, stringMap, text, whole } from "./api-shapes.ts";
import { containersOf, dnsConfigOf, podSpec } from "./container-shapes.ts";
import { type Raw, readNamespaced } from "./read-body.ts";
import type { ReadNamespacedMeta } from "./read-meta.ts";
import type { Reading } from "./reading.ts";
import { share } from "./share.ts";
import { intern, internOptional } from "./string-pool.ts";

const template = z.object({ metadata: z.object({ labels: stringMap }).nullish(), spec: podSpec });

const shape = z.object({
  spec: z.object({
    replicas: whole,
    parallelism: whole,
    selector: labelSelector.nullish(),
    serviceName: text,
    suspend: flag,
    template,
  }),
  status: z.object({ desiredNumberScheduled: whole, conditions }).nullish(),
});

const cronShape = z.object({
  spec: z.object({
    suspend: flag,
    jobTemplate: z.object({ spec: z.object({ template }) }),
  }),
});

/** Deployment, ReplicaSet, StatefulSet, DaemonSet, Job and CronJob, whatever the version. */
export function readWorkload(kind: WorkloadKind, raw: Raw, origin: Origin | undefined): Reading<Workload> {
  if (kind === "cron-job") {
    return readNamespaced(kind, raw, origin, cronShape, (meta, { spec }) => ({
      kind,
      ...meta,
      desired: undefined,
      selector: undefined,
      template: templateOf(spec.jobTemplate.spec.template),
      serviceName: undefined,
      suspended: spec.suspend ?? false,
    }));
  }
  return readNamespaced(kind, raw, origin, shape, (meta, body) => workloadOf(kind, meta, body));
}

function workloadOf(
  kind: WorkloadKind,
  meta: ReadNamespacedMeta,
  { spec, status }: z.infer<typeof shape>,
): Workload {
  return {
    kind,
    ...meta,
    desired: desiredOf(kind, spec, status),
    selector: spec.selector ? selectorOf(spec.selector) : undefined,
    template: templateOf(spec.template),
    serviceName: kind === "stateful-set" ? internOptional(spec.serviceName) : undefined,
    suspended: kind === "job" && spec.suspend === true,
  };
}

function desiredOf(
  kind: WorkloadKind,
  spec: z.infer<typeof shape>["spec"],
  status: z.infer<typeof shape>["status"],
): number | undefined {
  switch (kind) {
    case "deployment":
    case "replica-set":
    case "stateful-set":
      return spec.replicas ?? 1;
    case "daemon-set":
      return status?.desiredNumberScheduled ?? undefined;
    case "job": {
      // A finished Job wants no pod any more, whatever its parallelism.
      const ended = status?.conditions?.some(
        (c) => (c.type === "Complete" || c.type === "Failed") && c.status === "True",
      );
      return ended ? 0 : (spec.parallelism ?? 1);
    }
    case "cron-job":
      return undefined;
  }
}

function templateOf(t: z.infer<typeof template>): PodTemplate {
  return {
    labels: mapOf(t.metadata?.labels),
    hostNetwork: t.spec.hostNetwork ?? false,
    dnsPolicy: intern(t.spec.dnsPolicy || "ClusterFirst"),
    dnsConfig: dnsConfigOf(t.spec.dnsConfig),
    hostname: internOptional(t.spec.hostname),
    subdomain: internOptional(t.spec.subdomain),
    // A Deployment's ReplicaSets say it again.
    containers: share(containersOf(t.spec, undefined, undefined)),
  };
}
