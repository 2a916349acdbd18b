import { describe, expect, it } from "vitest";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { inOneGo } from "#lib/engine/in-one-go.ts";
import { factsFromYaml, snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { buildGraph } from "./build-graph.ts";
import { placesIn } from "./search-entries.ts";
import { buildSearch, searchSteps } from "./search-index.ts";

const app = (namespace: string, name: string, port: number, ip: string, ready = true) => `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: 1
  serviceName: ${name}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, team: ${namespace} } }
    spec: { containers: [{ name: main, image: "example.com/main:1", ports: [{ containerPort: ${port} }] }] }
---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}-0
  namespace: ${namespace}
  labels: { app: ${name}, team: ${namespace} }
  ownerReferences: [{ apiVersion: apps/v1, kind: StatefulSet, name: ${name}, uid: u, controller: true }]
spec: { nodeName: node-1, containers: [{ name: main, image: "example.com/main:1", ports: [{ containerPort: ${port} }] }] }
status:
  phase: Running
  podIP: ${ip}
  conditions: [{ type: Ready, status: "${ready ? "True" : "False"}" }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { clusterIP: 10.96.0.${port % 200}, selector: { app: ${name} }, ports: [{ port: ${port} }] }
---`;

const yaml = `${app("shop", "cart", 7070, "10.244.1.2")}
${app("shop", "cartography", 7071, "10.244.1.3")}
${app("shop", "old-cart", 7072, "10.244.1.4")}
${app("pay", "cart", 7073, "10.244.1.5", false)}
${app("pay", "ledger", 5432, "10.244.1.6")}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: www, namespace: shop }
spec:
  rules:
    - host: shop.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: missing, port: { number: 80 } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ledger-access, namespace: pay }
spec: { podSelector: { matchLabels: { app: ledger } }, policyTypes: [Ingress] }
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: ledger-guard, namespace: pay }
spec: { endpointSelector: { matchLabels: { app: ledger } }, ingress: [{}] }
---
apiVersion: v1
kind: Service
metadata: { name: bank, namespace: pay }
spec: { type: ExternalName, externalName: bank.example.org }
`;

const facts = factsFromYaml(yaml);
const search = buildSearch(facts, buildGraph(facts, []));
const ids = (query: string, limit = 50) => search(query, limit).map((hit) => hit.id);

describe("the search", () => {
  it("ranks the exact name first, then what begins with it, then a word of a name", () => {
    expect(ids("cart").filter((id) => id.startsWith("service/"))).toEqual([
      "service/pay/cart",
      "service/shop/cart",
      "service/shop/cartography",
      "service/shop/old-cart",
    ]);
  });

  it("puts what is broken first among equals, and Services before workloads before pods", () => {
    expect(ids("cart", 4)).toEqual([
      "service/pay/cart",
      "stateful-set/pay/cart",
      "service/shop/cart",
      "stateful-set/shop/cart",
    ]);
  });

  it("flies to a pod's workload and to the first workload that a policy selects", () => {
    expect(search("cart-0", 1)).toMatchObject([
      { id: "pod/pay/cart-0", node: "stateful-set/pay/cart", kind: "pod", health: "broken" },
    ]);
    expect(search("ledger-access", 1)).toMatchObject([
      { id: "network-policy/pay/ledger-access", node: "stateful-set/pay/ledger" },
    ]);
    expect(search("ledger-guard", 1)).toMatchObject([
      { id: "cilium-network-policy/pay/ledger-guard", node: "stateful-set/pay/ledger" },
    ]);
  });

  it.each([
    ["a label", "team=pay", "stateful-set/pay/cart", "label team=pay"],
    ["a port", ":5432", "service/pay/ledger", "port 5432"],
    ["a port without the colon", "7070", "service/shop/cart", "port 7070"],
    ["a pod's address", "10.244.1.6", "pod/pay/ledger-0", "address 10.244.1.6"],
    ["a host", "shop.example.com", "ingress/shop/www", "host shop.example.com"],
    ["part of a host", "hop.example", "ingress/shop/www", "host shop.example.com"],
    ["a DNS name", "ledger.pay.svc", "service/pay/ledger", "host ledger.pay.svc.cluster.local"],
    ["an id, as links spell it", "service/shop/cart", "service/shop/cart", "id"],
  ])("finds by %s", (_, query, id, why) => {
    expect(search(query, 1)).toMatchObject([{ id, why }]);
  });

  it("asks all words of one object", () => {
    expect(ids("svc pay cart")).toEqual(["service/pay/cart"]);
    expect(ids("cart team=pay").every((id) => id.includes("/pay/"))).toBe(true);
    expect(ids("cart :5432")).toEqual([]);
  });

  it("finds what is referred to without being there, and what lies outside", () => {
    expect(search("missing", 1)).toMatchObject([{ id: "service/shop/missing", health: "broken" }]);
    expect(ids("bank.example.org")).toContain("external/bank.example.org");
  });

  it("knows capitals from small letters as little as people do", () => {
    expect(ids("CART")).toEqual(ids("cart"));
  });

  it("gives no more than asked for, and the same beginning", () => {
    const all = ids("a", 1000);
    for (const limit of [1, 3, 7]) expect(ids("a", limit)).toEqual(all.slice(0, limit));
  });

  it("finds nothing for nothing", () => {
    expect(ids("   ")).toEqual([]);
    expect(ids("cart", 0)).toEqual([]);
  });
});

it("finds a Service by its name in the cluster's domain as it is now", () => {
  const named = (domain: string) => ({
    ...facts.snapshot,
    objects: {
      ...facts.snapshot.objects,
      configMaps:
        snapshotFromYaml(
          `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: coredns, namespace: kube-system }\ndata: { Corefile: ".:53 {\\n  kubernetes ${domain}\\n}" }\n`,
          "cluster",
        ).objects.configMaps ?? [],
    },
  });
  const found = (domain: string, query: string) => {
    const now = compileFacts(named(domain), "2026-01-01T00:00:00Z");
    return buildSearch(now, buildGraph(now, []))(query, 5).map((hit) => hit.id);
  };
  expect(found("cluster.local", "cart.shop.svc.cluster.local")).toContain("service/shop/cart");
  expect(found("corp.example", "cart.shop.svc.corp.example")).toContain("service/shop/cart");
  expect(found("corp.example", "cart.shop.svc.cluster.local")).toEqual([]);
});

it("tells how a thing is in the answers that are asked about, though it was found in others before", () => {
  const index = inOneGo(searchSteps(facts, buildGraph(facts, [])));
  const healthIn = (ready: boolean) => {
    const now = factsFromYaml(app("shop", "cart", 7070, "10.244.1.2", ready));
    return index("cart-0", 5, placesIn(now, buildGraph(now, []))).map(({ id, health }) => [id, health]);
  };
  // Of the namespace pay nothing is there any more.
  expect(healthIn(true)).toEqual([["pod/shop/cart-0", "ok"]]);
  expect(healthIn(false)).toEqual([["pod/shop/cart-0", "broken"]]);
  expect(healthIn(true)).toEqual([["pod/shop/cart-0", "ok"]]);
});
