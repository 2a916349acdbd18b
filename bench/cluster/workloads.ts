import { type ApiObject, apiObject } from "./api-object.ts";
import type { Chance } from "./chance.ts";
import type { App } from "./plan.ts";
import { labelsOf, podSpec, selectorOf } from "./template.ts";

/** The workload's objects, and the one among them that owns the pods. */
export interface MadeWorkload {
  readonly objects: readonly ApiObject[];
  readonly owner: ApiObject;
}

export function workloadOf(chance: Chance, app: App): MadeWorkload {
  const { namespace, name, kind, replicas } = app;
  const ready =
    app.fault === "crash-loop" ? 0 : app.fault === "probe-fails-on-some" ? replicas - 1 : replicas;
  const selector = { matchLabels: selectorOf(app) };
  const template = { metadata: { labels: labelsOf(app) }, spec: podSpec(app) };
  const draft = { apiVersion: "apps/v1", namespace, labels: labelsOf(app) };
  const counts = { availableReplicas: ready, observedGeneration: 3, readyReplicas: ready, replicas };
  switch (kind) {
    case "Deployment": {
      const deployment = apiObject(chance, {
        ...draft,
        kind,
        name,
        ageSeconds: 6_000_000,
        body: {
          spec: { progressDeadlineSeconds: 600, replicas, revisionHistoryLimit: 10, selector, template },
          status: { ...counts, updatedReplicas: replicas },
        },
      });
      // The present revision, and one before it that is scaled to nothing.
      const [current, earlier] = [replicas, 0].map((count) => {
        const hash = chance.suffix(10);
        const labels = { ...draft.labels, "pod-template-hash": hash };
        return apiObject(chance, {
          ...draft,
          labels,
          kind: "ReplicaSet",
          name: `${name}-${hash}`,
          owner: deployment,
          ageSeconds: count === 0 ? 3_000_000 : 400_010,
          body: {
            spec: {
              replicas: count,
              selector: { matchLabels: { ...selector.matchLabels, "pod-template-hash": hash } },
              template: { metadata: { labels }, spec: template.spec },
            },
            status: count === 0 ? { observedGeneration: 5, replicas: 0 } : counts,
          },
        });
      });
      if (current === undefined || earlier === undefined) throw new Error("a Deployment has two ReplicaSets");
      return { objects: [deployment, earlier, current], owner: current };
    }
    case "StatefulSet": {
      const body = {
        spec: { podManagementPolicy: "OrderedReady", replicas, selector, serviceName: name, template },
        status: { ...counts, updatedReplicas: replicas },
      };
      const owner = apiObject(chance, { ...draft, kind, name, ageSeconds: 6_000_000, body });
      return { objects: [owner], owner };
    }
    case "DaemonSet": {
      const body = {
        spec: { revisionHistoryLimit: 10, selector, template },
        status: {
          currentNumberScheduled: replicas,
          desiredNumberScheduled: replicas,
          numberAvailable: replicas,
          numberMisscheduled: 0,
          numberReady: replicas,
        },
      };
      const owner = apiObject(chance, { ...draft, kind, name, ageSeconds: 6_000_000, body });
      return { objects: [owner], owner };
    }
  }
}
