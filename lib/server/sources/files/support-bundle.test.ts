import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { filesSource } from "./files-source.ts";

const made: string[] = [];

afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

async function snapshotOf(files: Readonly<Record<string, unknown>>): Promise<Snapshot> {
  const root = await mkdtemp(join(tmpdir(), "bundle-"));
  made.push(root);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(
      join(root, name),
      typeof content === "string" ? content : JSON.stringify(content, null, 2),
    );
  }
  const result = await filesSource(root, { id: "b", name: "b" }).read(
    () => undefined,
    new AbortController().signal,
  );
  if (result.kind !== "snapshot") throw new Error(JSON.stringify(result));
  return result.snapshot;
}

const at = (path: string) => `support-bundle/cluster-resources/${path}`;
const list = (kind: string, items: readonly unknown[], apiVersion = "v1") => ({
  kind: `${kind}List`,
  apiVersion,
  metadata: {},
  items,
});
const named = (name: string, namespace?: string) => ({ metadata: { name, namespace, uid: "1" }, spec: {} });
const namespaces = list("Namespace", [named("shop"), named("web")]);

describe("a support bundle", () => {
  it("reads typed lists, and the arrays without kinds that old versions wrote", async () => {
    const given = await snapshotOf({
      [at("namespaces.json")]: [named("shop")],
      [at("pods/shop.json")]: [named("cart", "shop")],
      [at("services/shop.json")]: list("Service", [named("cart", "shop")]),
      [at("network-policy/shop.json")]: "null",
      [at("ingress/shop.json")]: [],
    });
    expect(given.objects.pods).toMatchObject([{ id: "pod/shop/cart" }]);
    expect(given.objects.services).toMatchObject([{ id: "service/shop/cart" }]);
    expect(given.objects.namespaces).toMatchObject([{ id: "namespace/shop" }]);
    expect(given.objects.networkPolicies).toEqual([]);
    expect(given.objects.ingresses).toEqual([]);
    expect(given.objects.deployments).toBeUndefined();
    expect(given).toMatchObject({ origin: "dump", problems: [] });
  });

  it("tells what the bundle says it could not collect", async () => {
    const given = await snapshotOf({
      [at("namespaces.json")]: namespaces,
      [at("pods/shop.json")]: list("Pod", []),
      [at("pods-errors.json")]: { web: "pods is forbidden" },
      [at("network-policy-errors.json")]: { shop: "timeout", web: "timeout" },
      [at("nodes-errors.json")]: ["nodes is forbidden"],
      [at("services-errors.json")]: {},
    });
    expect(given.unread.pods).toEqual({
      reason: "not-collected",
      message: "The bundle says that it could not collect pods: in namespace web: pods is forbidden",
    });
    expect(given.objects.networkPolicies).toBeUndefined();
    expect(given.unread.networkPolicies?.message).toContain(
      "in namespace shop: timeout; in namespace web: timeout",
    );
    expect(given.unread.nodes?.message).toContain("nodes is forbidden");
    expect(given.unread.services?.message).toBe("No Service is in the given files.");
  });

  it("notices a namespace of which nothing was collected", async () => {
    const given = await snapshotOf({
      [at("namespaces.json")]: namespaces,
      [at("pods/shop.json")]: list("Pod", [named("cart", "shop")]),
    });
    expect(given.objects.pods).toHaveLength(1);
    expect(given.unread.pods).toEqual({
      reason: "not-collected",
      message: "The bundle holds no pods of these namespaces: web.",
    });
  });

  it("knows from discovery which kinds the cluster did not serve", async () => {
    const given = await snapshotOf({
      [at("namespaces.json")]: namespaces,
      [at("resources.json")]: [
        { kind: "APIResourceList", groupVersion: "v1", resources: [{ kind: "Pod" }, { kind: "Service" }] },
        {
          kind: "APIResourceList",
          groupVersion: "networking.k8s.io/v1",
          resources: [{ kind: "NetworkPolicy" }],
        },
      ],
    });
    expect(given.unread.httpRoutes).toMatchObject({ reason: "not-served" });
    expect(given.unread.networkPolicies).toMatchObject({ reason: "not-collected" });
  });

  it("knows from the CustomResourceDefinitions which custom kinds are not there, and which have no object", async () => {
    const crd = (name: string) => ({ metadata: { name }, spec: {} });
    const given = await snapshotOf({
      [at("namespaces.json")]: namespaces,
      [at("custom-resource-definitions.json")]: {
        metadata: {},
        items: [
          crd("httproutes.gateway.networking.k8s.io"),
          crd("gateways.gateway.networking.k8s.io"),
          crd("referencegrants.gateway.networking.k8s.io"),
        ],
      },
      [at("custom-resources/gateways.gateway.networking.k8s.io/web.yaml")]:
        "- apiVersion: gateway.networking.k8s.io/v1\n  kind: Gateway\n  metadata: {name: gw, namespace: web}\n  spec: {gatewayClassName: a}\n",
      [at("custom-resources/custom-resources-errors.json")]: {
        "referencegrants.gateway.networking.k8s.io": "forbidden",
      },
    });
    expect(given.objects.gateways).toMatchObject([{ id: "gateway/web/gw" }]);
    expect(given.objects.httpRoutes).toEqual([]);
    expect(given.unread.tcpRoutes).toMatchObject({ reason: "not-served" });
    expect(given.unread.referenceGrants).toMatchObject({
      reason: "not-collected",
      message: expect.stringContaining("forbidden"),
    });
  });

  it("knows policies of foreign kinds by the CustomResourceDefinitions of either of their groups", async () => {
    const crd = (name: string) => ({ metadata: { name }, spec: {} });
    const given = await snapshotOf({
      [at("namespaces.json")]: namespaces,
      [at("custom-resource-definitions.json")]: {
        metadata: {},
        items: [
          crd("networkpolicies.crd.projectcalico.org"),
          crd("globalnetworkpolicies.projectcalico.org"),
          crd("clusternetworkpolicies.crd.antrea.io"),
          crd("ciliumnetworkpolicies.cilium.io"),
        ],
      },
      [at("custom-resources/networkpolicies.crd.projectcalico.org/shop.yaml")]:
        "- apiVersion: crd.projectcalico.org/v1\n  kind: NetworkPolicy\n  metadata: {name: default.p, namespace: shop}\n  spec: {selector: all()}\n",
      [at("custom-resources/custom-resources-errors.json")]: {
        "ciliumnetworkpolicies.cilium.io/shop": "forbidden",
      },
    });
    expect(given.objects.calicoNetworkPolicies).toMatchObject([
      { id: "calico-network-policy/shop/default.p" },
    ]);
    expect(given.objects.calicoGlobalNetworkPolicies).toEqual([]);
    expect(given.objects.antreaClusterNetworkPolicies).toEqual([]);
    expect(given.unread.networkPolicies).toMatchObject({ reason: "not-collected" });
    expect(given.unread.ciliumNetworkPolicies?.message).toContain("forbidden");
    expect(given.unread.antreaNetworkPolicies).toEqual({
      reason: "not-served",
      message: "The cluster did not serve NetworkPolicy (crd.antrea.io) when this was collected.",
    });
  });

  it("reads the cluster's version", async () => {
    const given = await snapshotOf({
      [at("namespaces.json")]: namespaces,
      "support-bundle/cluster-info/cluster_version.json": {
        info: { gitVersion: "v1.36.2" },
        string: "v1.36.2",
      },
    });
    expect(given.version).toBe("v1.36.2");
  });

  it("reads Endpoints where EndpointSlices were not collected", async () => {
    const given = await snapshotOf({
      [at("namespaces.json")]: list("Namespace", [named("shop")]),
      [at("endpoints/shop.json")]: [
        { metadata: { name: "cart", namespace: "shop" }, subsets: [{ addresses: [{ ip: "10.0.0.1" }] }] },
      ],
    });
    expect(given.objects.endpointSlices).toMatchObject([{ from: "endpoints", serviceName: "cart" }]);
  });
});

describe("other dumps", () => {
  it("reads what kubectl cluster-info dump writes into a folder", async () => {
    const given = await snapshotOf({
      "nodes.json": list("Node", [named("node-1")]),
      "shop/pods.json": list("Pod", [named("cart", "shop")]),
      "shop/services.json": list("Service", [named("cart", "shop")]),
      "shop/replication-controllers.json": list("ReplicationController", []),
      "shop/cart/logs.txt": "==== START logs for container web of pod shop/cart ====\n",
    });
    expect(given).toMatchObject({ origin: "dump", problems: [] });
    expect(given.objects.pods).toMatchObject([{ id: "pod/shop/cart" }]);
    expect(given.objects.nodes).toMatchObject([{ id: "node/node-1" }]);
  });

  it("reads an OpenShift must-gather, where pods are given in a list and one by one", async () => {
    const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: cart, namespace: shop, uid: '1'}\nspec: {}\n";
    const given = await snapshotOf({
      "quay-io/namespaces/shop/shop.yaml":
        "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, uid: '1'}\n",
      "quay-io/namespaces/shop/core/pods.yaml": `---\napiVersion: v1\nkind: PodList\nitems:\n- ${pod.trim().replaceAll("\n", "\n  ")}\n`,
      "quay-io/namespaces/shop/pods/cart/cart.yaml": `---\n${pod}`,
      "quay-io/namespaces/shop/networking.k8s.io/networkpolicies.yaml":
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems: []\n",
      "quay-io/cluster-scoped-resources/core/nodes/node-1.yaml":
        "---\napiVersion: v1\nkind: Node\nmetadata: {name: node-1, uid: '1'}\n",
      "quay-io/version": "v4.18",
    });
    expect(given).toMatchObject({ origin: "dump", problems: [] });
    expect(given.objects.pods).toHaveLength(1);
    expect(given.objects.networkPolicies).toEqual([]);
    expect(given.objects.nodes).toHaveLength(1);
  });
});
