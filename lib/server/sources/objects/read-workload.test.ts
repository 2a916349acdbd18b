import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readObject } from "./read-object.ts";

const template =
  "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, ports: [{containerPort: 80}]}]}}";

const workload = (apiVersion: string, kind: string, spec: string, status = "{}") =>
  readObject(
    load(
      `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: web}, spec: {${spec}}, status: ${status}}`,
    ),
  );

describe("readWorkload", () => {
  it.each([
    ["Deployment without replicas", workload("apps/v1", "Deployment", template), 1],
    ["Deployment scaled to zero", workload("apps/v1", "Deployment", `replicas: 0, ${template}`), 0],
    ["StatefulSet", workload("apps/v1", "StatefulSet", `replicas: 3, serviceName: web, ${template}`), 3],
    ["DaemonSet without status", workload("apps/v1", "DaemonSet", template), undefined],
    ["DaemonSet with one", workload("apps/v1", "DaemonSet", template, "{desiredNumberScheduled: 4}"), 4],
    ["Job", workload("batch/v1", "Job", `parallelism: 2, ${template}`), 2],
    [
      "finished Job",
      workload("batch/v1", "Job", template, "{conditions: [{type: Complete, status: 'True'}]}"),
      0,
    ],
    [
      "CronJob",
      workload("batch/v1", "CronJob", `suspend: true, jobTemplate: {spec: {${template}}}`),
      undefined,
    ],
  ])("reads how many pods a %s wants", (_, outcome, desired) => {
    expect(outcome).toMatchObject({
      kind: "object",
      object: { desired, template: { labels: { app: "web" } } },
    });
  });

  it("reads the template's containers, of which no kubelet has reported", () => {
    expect(workload("apps/v1", "Deployment", template)).toMatchObject({
      object: {
        template: {
          containers: [{ name: "web", role: "main", state: { kind: "unreported" }, ready: false }],
        },
      },
    });
  });

  it("knows a StatefulSet's governing Service, and what is suspended", () => {
    expect(workload("apps/v1", "StatefulSet", `serviceName: db, ${template}`)).toMatchObject({
      object: { serviceName: "db" },
    });
    expect(workload("batch/v1", "Job", `suspend: true, ${template}`)).toMatchObject({
      object: { suspended: true },
    });
  });
});
