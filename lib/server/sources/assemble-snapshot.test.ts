import fc from "fast-check";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import type { ClusterObject } from "#lib/model/objects.ts";
import { assembleSnapshot, type SnapshotParts } from "./assemble-snapshot.ts";
import { readObject } from "./objects/read-object.ts";

function object(yaml: string, file = "a.yaml", line = 1): ClusterObject {
  const outcome = readObject(load(yaml), { file, line });
  if (outcome.kind !== "object") throw new Error(JSON.stringify(outcome));
  return outcome.object;
}

function assemble(objects: readonly ClusterObject[], parts: Partial<SnapshotParts> = {}) {
  return assembleSnapshot({ objects, origin: "dump", takenAt: undefined, complete: true, ...parts });
}

const service = (name: string, spec = "{}", file = "a.yaml", line = 1) =>
  object(
    `{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: shop}, spec: ${spec}}`,
    file,
    line,
  );

const namespace = object("{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}");

const deployment = (name: string, spec = "") =>
  object(
    `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}, namespace: shop}, spec: {${spec} template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: web}]}}}}`,
  );

describe("assembleSnapshot", () => {
  it("tells kinds that were read and are empty from kinds that were not read", () => {
    const whole = assemble([service("cart")]);
    expect(whole.objects.pods).toEqual([]);
    expect(whole.unread).toEqual({});

    const dump = assemble([service("cart")], { complete: ["services", "pods"] });
    expect(dump.objects.pods).toEqual([]);
    expect(dump.objects.networkPolicies).toBeUndefined();
    expect(dump.unread.networkPolicies).toEqual({
      reason: "not-collected",
      message: "No NetworkPolicy is in the given files.",
    });
  });

  it("says both what was read of a kind and why there may be more", () => {
    const unread = {
      services: { reason: "forbidden", message: "services is forbidden" },
      pods: { reason: "failed", message: "broke" },
    } as const;
    const snapshot = assemble([service("cart")], { unread });
    expect(snapshot.objects.services).toHaveLength(1);
    expect(snapshot.objects.pods).toBeUndefined();
    expect(snapshot.unread).toEqual(unread);
  });

  it("takes the later of two objects with one id, and says so only when they differ", () => {
    const same = assemble([service("cart"), service("cart", "{}", "b.yaml")]);
    expect(same.problems).toEqual([]);
    const other = assemble([
      service("cart", "{type: NodePort}", "b.yaml", 7),
      service("cart", "{}", "a.yaml", 3),
    ]);
    expect(other.objects.services).toMatchObject([{ type: "NodePort", origin: { file: "b.yaml" } }]);
    expect(other.problems).toEqual([
      {
        kind: "skipped",
        where: "a.yaml",
        line: 3,
        why: "The same object is given again in b.yaml, with other content. The later one is used.",
        subject: "service/shop/cart",
      },
    ]);
  });

  it("adds namespaces that are only referred to, under the label that selectors know them by", () => {
    const snapshot = assemble([service("cart")]);
    expect(snapshot.objects.namespaces).toMatchObject([
      { id: "namespace/shop", implied: true, labels: { "kubernetes.io/metadata.name": "shop" } },
    ]);
    expect(assemble([service("cart"), namespace]).objects.namespaces).toEqual([namespace]);
  });

  it("implies no namespace where namespaces could not be read, since nobody knows their labels", () => {
    const snapshot = assemble([service("cart")], {
      unread: { namespaces: { reason: "forbidden", message: "no" } },
    });
    expect(snapshot.objects.namespaces).toBeUndefined();
    expect(assemble([service("cart")], { complete: [] }).objects.namespaces).toBeUndefined();
  });

  it("keeps Endpoints only for a Service that has no EndpointSlice", () => {
    const endpoints = (name: string) =>
      object(`{apiVersion: v1, kind: Endpoints, metadata: {name: ${name}, namespace: shop}, subsets: []}`);
    const slice = object(
      "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: cart-x, namespace: shop, labels: {kubernetes.io/service-name: cart}}, addressType: IPv4}",
    );
    const snapshot = assemble([endpoints("cart"), endpoints("web"), slice]);
    expect(snapshot.objects.endpointSlices?.map(({ id, from }) => [id, from])).toEqual([
      ["endpoint-slice/shop/cart-x", "endpoint-slice"],
      ["endpoint-slice/shop/web", "endpoints"],
    ]);
  });

  it("gives the same snapshot for the same objects in any order", () => {
    const objects = [
      namespace,
      service("cart", "{}", "a.yaml", 1),
      service("cart", "{type: NodePort}", "a.yaml", 9),
      service("cart", "{type: ExternalName}", "b.yaml", 2),
      deployment("web"),
      deployment("api", "replicas: 3,"),
      object("{apiVersion: v1, kind: Endpoints, metadata: {name: cart, namespace: shop}, subsets: []}"),
    ];
    for (const origin of ["dump", "manifests"] as const) {
      const expected = assemble(objects, { origin });
      fc.assert(
        fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), (shuffled) => {
          expect(assemble(shuffled, { origin }).objects).toEqual(expected.objects);
        }),
      );
    }
  });
});

describe("assembleSnapshot of manifests", () => {
  const pods = (...objects: ClusterObject[]) => assemble(objects, { origin: "manifests" }).objects.pods;

  it("lets each template stand for its pods, running and ready", () => {
    expect(pods(deployment("web", "replicas: 3,"))).toMatchObject([
      {
        id: "pod/shop/web",
        phase: "Running",
        labels: { app: "web" },
        ips: [],
        owners: [{ apiKind: "Deployment", name: "web", controller: true }],
        conditions: [{ type: "Ready", status: "True" }],
        containers: [{ name: "web", ready: true }],
        template: { count: 3 },
        origin: { file: "a.yaml" },
      },
    ]);
  });

  it.each([
    ["scaled to zero", deployment("web", "replicas: 0,"), []],
    ["a Deployment without replicas", deployment("web"), [1]],
    [
      "a DaemonSet",
      object(
        "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: a}, spec: {template: {spec: {containers: []}}}}",
      ),
      [1],
    ],
    [
      "a CronJob",
      object(
        "{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {jobTemplate: {spec: {template: {spec: {containers: []}}}}}}",
      ),
      [1],
    ],
    [
      "a ReplicaSet of a Deployment",
      object(
        "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: a, ownerReferences: [{kind: Deployment, name: web, controller: true}]}, spec: {template: {spec: {containers: []}}}}",
      ),
      [],
    ],
  ])("stands for the right number of pods of %s", (_, workload, counts) => {
    expect(pods(workload)?.map((pod) => pod.template?.count)).toEqual(counts);
  });

  it("takes a pod that is written out as running", () => {
    const pod = object(
      "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {containers: [{name: a}]}}",
    );
    expect(pods(pod)).toMatchObject([{ id: "pod/shop/a", phase: "Running", template: { count: 1 } }]);
  });

  it("keeps two workloads of one name apart", () => {
    const stateful = object(
      "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web, namespace: shop}, spec: {template: {spec: {containers: []}}}}",
    );
    expect(pods(deployment("web"), stateful)?.map(({ id }) => id)).toEqual([
      "pod/shop/web",
      "pod/shop/web-stateful-set",
    ]);
  });

  it("forgets the empty status that generators write", () => {
    const generated = object(
      "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: LoadBalancer}, status: {loadBalancer: {}}}",
    );
    expect(assemble([generated], { origin: "manifests" }).objects.services).toMatchObject([
      { loadBalancer: undefined },
    ]);
    expect(assemble([generated]).objects.services).toMatchObject([{ loadBalancer: [] }]);
  });
});
