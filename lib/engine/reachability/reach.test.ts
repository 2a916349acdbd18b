import { describe, expect, it } from "vitest";
import { reachMostEnds } from "#lib/model/reach.ts";
import { worldFromYaml } from "#lib/testing/ask.ts";
import { groupsTold, reachOf } from "#lib/testing/ask-reach.ts";
import { base, namespace, node, pod, policy, service } from "#lib/testing/cluster-yaml.ts";
import type { DialectSettings } from "../trace/world.ts";

const shop = namespace("shop");
const lab = namespace("lab", "team=lab");
const web = pod("shop/web-0", { ports: "8080", ips: ["10.0.0.1"] });
const cart = pod("shop/cart-0", { ports: "9090", ips: ["10.0.0.2"] });
const probe = pod("lab/probe-0", { ips: ["10.0.1.1"] });
const small = shop + lab + web + cart + probe;

const deny = policy("shop/deny", "podSelector: {}\npolicyTypes: [Ingress, Egress]");
const fromLab = policy(
  "shop/lab",
  "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ namespaceSelector: { matchLabels: { team: lab } } }] }]",
);

function told(yaml: string, asked: string, settings: DialectSettings = {}): readonly string[] {
  const found = reachOf(worldFromYaml(yaml, "cluster", settings), asked);
  return [found.sentence, ...groupsTold({ ...found, outside: [] })];
}

describe("who may reach a workload", () => {
  it("is told by namespace, with the policy that decides", () => {
    expect(told(small + fromLab, "to shop/web-0")).toEqual([
      "1 of 2 other workloads may reach it",
      "reachable lab: probe-0; admitted by shop/lab rule 1: every pod of namespaces with team=lab, every port",
      "blocked shop: cart-0; no rule of shop/lab admits it",
    ]);
  });

  it("counts for each namespace those that may, on some port or path at least", () => {
    const depends = policy("shop/canary", "podSelector: { matchLabels: { track: canary } }");
    const canary = pod("shop/web-1", { labels: "app=web,track=canary", ips: ["10.0.0.3"] });
    const found = reachOf(
      worldFromYaml(small + canary + service("shop/web") + depends),
      "to shop/service/web",
    );
    expect(found.namespaces.map(({ namespace: name, may, total }) => [name, may, total])).toEqual([
      ["lab", 1, 1],
      ["shop", 3, 3],
    ]);
  });

  it("leaves the asked one out, and counts it where a Service is asked about", () => {
    expect(told(shop + web + cart, "to shop/web-0")).toEqual([
      "the one other workload may reach it",
      "reachable shop: cart-0; no policy limits it",
    ]);
    expect(told(shop + web + cart + service("shop/web") + deny, "to shop/service/web")).toEqual([
      "1 of 2 workloads may reach it",
      "reachable shop: web-0; a pod always reaches itself",
      "blocked shop: cart-0; no rule of shop/deny admits it",
    ]);
  });

  it("tells apart a pod behind a Service, which reaches itself, from one that is like it", () => {
    const twins =
      pod("shop/a-0", { labels: "app=x,track=a", ips: ["10.0.0.5"] }) +
      pod("shop/b-0", { labels: "app=x,track=b", ips: ["10.0.0.6"] });
    expect(
      told(shop + twins + service("shop/b", { selector: "track=b" }) + deny, "to shop/service/b"),
    ).toEqual([
      "1 of 2 workloads may reach it",
      "reachable shop: b-0; a pod always reaches itself",
      "blocked shop: a-0; no rule of shop/deny admits it",
    ]);
  });

  it("tells apart senders on the nodes of its pods where these are on their node's network (6.5)", () => {
    const yaml =
      shop +
      node("node-1", ["192.168.0.1"]) +
      node("node-2", ["192.168.0.2"]) +
      pod("shop/agent-0", { ips: ["192.168.0.1"], node: "node-1", ports: "80", spec: "hostNetwork: true" }) +
      pod("shop/near-0", { labels: "app=x", ips: ["10.0.0.1"], node: "node-1" }) +
      pod("shop/far-0", { labels: "app=x", ips: ["10.0.0.2"], node: "node-2" }) +
      policy("shop/out", "podSelector: { matchLabels: { app: x } }\npolicyTypes: [Egress]");
    expect(told(yaml, "to shop/agent-0", { hostNetworkPods: "as-node" })).toEqual([
      "none of 2 other workloads may reach it; of 1 it is not known",
      "unknown shop: near-0; near-0 runs on node-1: that a pod may always send to its own node is documented, and not every network plugin holds to it",
      "blocked shop: far-0; no rule of shop/out lets it out",
    ]);
  });

  it("puts first what may, then what is not known, then the rest", () => {
    const named = ["a", "b", "c"].map((name, n) => pod(`lab/${name}-0`, { ips: [`10.0.1.${n + 2}`] }));
    const rules = policy(
      "shop/web",
      `podSelector: { matchLabels: { app: web } }
ingress:
  - from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: c } } }]
  - from: [{ ipBlock: { cidr: 10.0.1.3/32 } }]`,
    );
    const lines = told(shop + lab + web + named.join("") + rules, "to shop/web-0");
    expect(lines.slice(1).map((line) => line.split(";")[0])).toEqual([
      "reachable lab: c-0",
      "unknown lab: b-0",
      "blocked lab: a-0",
    ]);
  });

  it("keeps ends apart about which other policies decide", () => {
    const yaml =
      small +
      pod("lab/other-0", { ips: ["10.0.1.2"] }) +
      fromLab +
      policy(
        "shop/zz",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: other } } }] }]",
      );
    const [group, another] = reachOf(worldFromYaml(yaml), "to shop/web-0").namespaces[0]?.groups ?? [];
    expect([group?.ends[0]?.name, group?.policies]).toEqual([
      "other-0",
      ["network-policy/shop/lab", "network-policy/shop/zz"],
    ]);
    expect([another?.ends[0]?.name, another?.policies]).toEqual(["probe-0", ["network-policy/shop/lab"]]);
  });

  it("lists each as a trace takes it, and no more than a reader reads; the count is of all", () => {
    const many = Array.from({ length: reachMostEnds + 3 }, (_, n) =>
      pod(`lab/client-${String(n).padStart(3, "0")}`, { ips: [`10.0.1.${n + 2}`] }),
    );
    const found = reachOf(worldFromYaml(shop + lab + web + many.join("")), "to shop/web-0");
    const [group, ...more] = found.namespaces.flatMap(({ groups }) => groups);
    expect(more).toEqual([]);
    expect(group?.count).toBe(reachMostEnds + 3);
    expect(group?.ends).toHaveLength(reachMostEnds);
    expect(group?.ends[0]).toEqual({
      text: "lab/client-000",
      name: "client-000",
      object: "pod/lab/client-000",
    });
    expect(found.sentence).toBe(`all ${reachMostEnds + 3} other workloads may reach it`);
  });

  it("names workloads with their kind", () => {
    const found = reachOf(worldFromYaml(base + web), "to shop/web-0");
    expect(found.namespaces.flatMap(({ groups }) => groups.flatMap(({ ends }) => ends))).toContainEqual({
      text: "kube-system/daemonset/calico-node",
      name: "daemonset/calico-node",
      object: "daemon-set/kube-system/calico-node",
    });
  });

  it("says what enforces policies", () => {
    expect(reachOf(worldFromYaml(base + web), "to shop/web-0").enforcement).toMatchObject({
      state: "enforced",
      sentence: "Calico: calico-node ready on 2 of 2 nodes",
    });
  });
});

describe("what a workload may reach", () => {
  it("is told by namespace, with the policy that decides", () => {
    expect(told(small + deny, "from shop/web-0")).toEqual([
      "none of 2 other workloads may be reached from it",
      "blocked lab: probe-0; no rule of shop/deny lets it out",
      "blocked shop: cart-0; no rule of shop/deny lets it out",
    ]);
    expect(told(small + fromLab, "from lab/probe-0")).toEqual([
      "all 2 other workloads may be reached from it",
      "reachable shop: cart-0; no policy limits it",
      "reachable shop: web-0; admitted by shop/lab rule 1: every pod of namespaces with team=lab, every port",
    ]);
  });

  it("is told with the ports where it is not so on each", () => {
    const yaml =
      shop +
      lab +
      probe +
      pod("shop/web-0", { ports: "80 9090 53/UDP", ips: ["10.0.0.1"] }) +
      policy("shop/p", "podSelector: {}\ningress: [{ ports: [{ port: 80 }, { port: 53, protocol: UDP }] }]");
    expect(told(yaml, "from lab/probe-0").slice(1)).toEqual([
      "some-ports [80 and 53/UDP] shop: web-0; admitted by shop/p rule 1: anyone, 80/TCP, 53/UDP",
    ]);
    expect(told(yaml, "to shop/web-0").slice(1)).toEqual([
      "some-ports [80 and 53/UDP] lab: probe-0; admitted by shop/p rule 1: anyone, 80/TCP, 53/UDP",
    ]);
  });

  it("is asked on ports that stand for the others where pods declare none", () => {
    const yaml =
      shop +
      lab +
      probe +
      pod("shop/web-0", { ips: ["10.0.0.1"] }) +
      policy("shop/p", "podSelector: {}\ningress: [{ ports: [{ port: 80 }] }]");
    expect(told(yaml, "from lab/probe-0").slice(1)).toEqual([
      "some-ports [80] shop: web-0; admitted by shop/p rule 1: anyone, 80/TCP",
    ]);
  });
});

describe("in manifests", () => {
  const deployment = (name: string, replicas: number, app: string) => `
kind: Deployment
apiVersion: apps/v1
metadata: { name: ${name}, namespace: shop }
spec: { replicas: ${replicas}, selector: { matchLabels: { app: ${app} } }, template: { metadata: { labels: { app: ${app} } }, spec: { containers: [{ name: c, ports: [{ containerPort: 8080 }] }] } } }
---`;

  it("templates stand for pods", () => {
    const yaml =
      deployment("web", 2, "web") +
      deployment("cart", 1, "cart") +
      policy(
        "shop/p",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }] }]",
      );
    const world = worldFromYaml(yaml, "manifests");
    expect(groupsTold({ ...reachOf(world, "to shop/deployment/web"), outside: [] })).toEqual([
      "reachable shop: deployment/cart; admitted by shop/p rule 1: pods with app=cart of shop, every port",
    ]);
    expect(groupsTold({ ...reachOf(world, "from shop/deployment/web"), outside: [] })).toEqual([
      "reachable shop: deployment/cart; no policy limits it",
    ]);
  });

  it.each([
    [
      "one that stands for a single pod reaches itself",
      1,
      "reachable shop: deployment/web; a pod always reaches itself",
    ],
    [
      "one that stands for several is asked between two of them",
      2,
      "blocked shop: deployment/web; no rule of shop/deny admits it",
    ],
  ])("behind a Service, %s", (_what, replicas, line) => {
    const yaml =
      deployment("web", replicas, "web") + service("shop/web") + policy("shop/deny", "podSelector: {}");
    const found = reachOf(worldFromYaml(yaml, "manifests"), "to shop/service/web");
    expect(groupsTold({ ...found, outside: [] })).toEqual([line]);
  });
});
