/** What a cell says in the cases that are easily got wrong; that it says what a trace says is held elsewhere. */
import { describe, expect, it } from "vitest";
import { worldFromYaml } from "#lib/testing/ask.ts";
import { matrixOf } from "#lib/testing/ask-reach.ts";
import { namespace, node, pod, policy } from "#lib/testing/cluster-yaml.ts";
import type { DialectSettings } from "../trace/world.ts";
import { cells } from "./cell.ts";

/** Every cell as "from to verdict", by names: rows and columns in the order of the matrix. */
function told(yaml: string, settings: DialectSettings = {}, as: "cluster" | "manifests" = "cluster") {
  const matrix = matrixOf(worldFromYaml(yaml, as, settings));
  return matrix.ends.flatMap((from, row) => {
    const numbers = matrix.row(row);
    return matrix.ends.map((to, column) => `${from.name} ${to.name} ${cells[numbers[column] ?? -1]}`);
  });
}

const shop = namespace("shop");
const deny = policy("shop/deny", "podSelector: {}");

/** A StatefulSet that owns its pods. */
function set(name: string, ...pods: readonly string[]): string {
  return `
kind: StatefulSet
apiVersion: apps/v1
metadata: { name: ${name}, namespace: shop }
spec: { replicas: 2, selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: app }] } } }
---${pods.join("")}`;
}

function member(of: string, n: number, parts: Parameters<typeof pod>[1] = {}): string {
  return pod(`shop/${of}-${n}`, {
    ips: [`10.0.${of.charCodeAt(0)}.${n + 1}`],
    owner: `StatefulSet/${of}`,
    ...parts,
  });
}

describe("a workload to itself", () => {
  it("is reachable where it is of one pod, whatever policies say (4.1)", () => {
    expect(told(shop + set("a", member("a", 0)) + deny)).toEqual(["a a reachable"]);
  });

  it("is asked between different pods where it has several", () => {
    const several = set("a", member("a", 0), member("a", 1));
    expect(told(shop + several)).toEqual(["a a reachable"]);
    expect(told(shop + several + deny)).toEqual(["a a blocked"]);
  });

  it("is asked between different pods where a template stands for several", () => {
    const deployment = (replicas: number) => `
kind: Deployment
apiVersion: apps/v1
metadata: { name: a, namespace: shop }
spec: { replicas: ${replicas}, selector: { matchLabels: { app: a } }, template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: app }] } } }
---`;
    expect(told(deployment(1) + deny, {}, "manifests")).toEqual(["a a reachable"]);
    expect(told(deployment(2) + deny, {}, "manifests")).toEqual(["a a blocked"]);
  });

  it("does not stand for one of another size that is like it", () => {
    const pods = [member("a", 0, { labels: "app=x" }), member("a", 1, { labels: "app=x" })];
    expect(told(shop + set("a", ...pods) + pod("shop/b-0", { labels: "app=x" }) + deny)).toEqual([
      "b-0 b-0 reachable",
      "b-0 a blocked",
      "a b-0 blocked",
      "a a blocked",
    ]);
  });

  it("does not stand for another one that is like it", () => {
    const twins = pod("shop/a-0", { labels: "app=x" }) + pod("shop/b-0", { labels: "app=x" });
    expect(told(shop + twins + deny)).toEqual([
      "a-0 a-0 reachable",
      "a-0 b-0 blocked",
      "b-0 a-0 blocked",
      "b-0 b-0 reachable",
    ]);
  });
});

describe("pods on their node's network", () => {
  const nodes = shop + node("node-1", ["192.168.0.1"]) + node("node-2", ["192.168.0.2"]);
  const agent = (n: number) =>
    member("agent", n, {
      ips: [`192.168.0.${n}`],
      node: `node-${n}`,
      ports: "80",
      spec: "hostNetwork: true",
    });
  const app = pod("shop/app-0", { ips: ["10.0.0.1"], node: "node-1", ports: "80" });
  const closed = policy(
    "shop/closed",
    "podSelector: { matchLabels: { app: app } }\npolicyTypes: [Ingress, Egress]",
  );

  it.each([
    ["reach a pod on their own node (4.2), and none that is closed on another", [1], "reachable"],
    ["on another node are kept out", [2], "blocked"],
    ["on both make it depend on the node", [1, 2], "depends"],
  ])("as nodes, senders %s", (_what, on, verdict) => {
    const yaml = nodes + app + set("agent", ...on.map(agent)) + closed;
    expect(told(yaml, { hostNetworkPods: "as-node" })).toContain(`agent app-0 ${verdict}`);
  });

  it.each([
    ["on its own node leave it open whether it may always send there (6.5)", [1], "unknown"],
    ["on another node are not reached from a pod that may send nowhere", [2], "blocked"],
    ["on both leave it open", [1, 2], "unknown"],
  ])("as nodes, targets %s", (_what, on, verdict) => {
    const yaml = nodes + app + set("agent", ...on.map(agent)) + closed;
    expect(told(yaml, { hostNetworkPods: "as-node" })).toContain(`app-0 agent ${verdict}`);
  });

  it.each([
    ["a peer means them where they are as pods", "as-pod", "reachable"],
    ["no peer that selects pods means them where they are as nodes", "as-node", "blocked"],
    ["it is not known whether a peer means them where nothing tells", "undefined", "unknown"],
  ] as const)("on another node: %s (6.3)", (_what, hostNetworkPods, verdict) => {
    const admitting = policy(
      "shop/p",
      "podSelector: { matchLabels: { app: app } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: agent } } }] }]",
    );
    const yaml = nodes + app + set("agent", agent(2)) + admitting;
    expect(told(yaml, { hostNetworkPods })).toContain(`agent app-0 ${verdict}`);
  });

  it("without a node may be on any (7.6)", () => {
    const unplaced = member("agent", 1, { ips: ["192.168.0.1"], ports: "80", spec: "hostNetwork: true" });
    const yaml = nodes + app + set("agent", unplaced) + closed;
    expect(told(yaml, { hostNetworkPods: "as-node" })).toContain("agent app-0 unknown");
  });
});

describe("address families", () => {
  const six = pod("shop/six-0", { ips: ["fd00::1"], ports: "80" });
  const four = pod("shop/four-0", { ips: ["10.0.0.1"], ports: "80" });
  const both = pod("shop/two-0", { ips: ["10.0.0.2", "fd00::2"], ports: "80" });

  it("that two ends do not have in common block them, without any policy", () => {
    expect(told(shop + six + four)).toEqual([
      "four-0 four-0 reachable",
      "four-0 six-0 blocked",
      "six-0 four-0 blocked",
      "six-0 six-0 reachable",
    ]);
  });

  it("that some pods of a workload lack make it depend on the pod", () => {
    const mixed = set(
      "m",
      member("m", 0, { ips: ["fd00::9"], ports: "80" }),
      member("m", 1, { ports: "80" }),
    );
    const lines = told(shop + four + mixed);
    expect(lines).toContain("four-0 m depends");
    expect(lines).toContain("m four-0 depends");
  });

  it("are asked one by one, and the answer depends where they differ", () => {
    const onFour = policy(
      "shop/p",
      "podSelector: {}\ningress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]",
    );
    const other = pod("shop/too-0", { ips: ["10.0.0.3", "fd00::3"], ports: "80" });
    const lines = told(shop + four + both + other + onFour, { ipBlockMatchesPods: "yes" });
    expect(lines).toContain("too-0 two-0 depends");
    expect(lines).toContain("four-0 two-0 reachable");
    expect(told(shop + both + other + onFour, { ipBlockMatchesPods: "no" })).toContain("too-0 two-0 blocked");
  });
});

describe("ports", () => {
  const client = pod("shop/client-0");

  it("are some where not all are reachable", () => {
    const app = pod("shop/app-0", { ports: "80 9090" });
    const one = policy(
      "shop/p",
      "podSelector: { matchLabels: { app: app } }\ningress: [{ ports: [{ port: 80 }] }]",
    );
    expect(told(shop + app + client + one)).toContain("client-0 app-0 some-ports");
    expect(told(shop + app + client + one.replace("port: 80", "port: 1"))).toContain(
      "client-0 app-0 blocked",
    );
  });

  it("of no declaration stand for those that policies tell apart", () => {
    const one = policy(
      "shop/p",
      "podSelector: { matchLabels: { app: app } }\ningress: [{ ports: [{ port: 80 }] }]",
    );
    expect(told(shop + pod("shop/app-0") + client + one)).toContain("client-0 app-0 some-ports");
  });

  it("are asked by the protocol that pods declare, TCP before others", () => {
    const udp = policy(
      "shop/p",
      "podSelector: { matchLabels: { app: app } }\ningress: [{ ports: [{ protocol: UDP }] }]",
    );
    expect(told(shop + pod("shop/app-0", { ports: "53/UDP" }) + client + udp)).toContain(
      "client-0 app-0 reachable",
    );
    expect(told(shop + pod("shop/app-0", { ports: "53/UDP 53" }) + client + udp)).toContain(
      "client-0 app-0 blocked",
    );
  });
});

describe("pods that do not run", () => {
  const client = pod("shop/client-0");

  it.each([
    ["one that waits for a node takes nothing", member("app", 0, { phase: "Pending" }), "blocked"],
    [
      "one in a crash loop takes nothing",
      member("app", 0, { ready: false, waiting: "CrashLoopBackOff" }),
      "blocked",
    ],
    [
      "one that waits is left out where others run",
      member("app", 0, { phase: "Pending" }) + member("app", 1),
      "reachable",
    ],
    [
      "one in a crash loop among others makes it depend on the pod",
      member("app", 0, { ready: false, waiting: "CrashLoopBackOff" }) + member("app", 1),
      "depends",
    ],
    ["one that is not ready takes packets all the same", member("app", 0, { ready: false }), "reachable"],
  ])("%s", (_what, pods, verdict) => {
    expect(told(shop + set("app", pods) + client)).toContain(`client-0 app ${verdict}`);
  });

  it("send as policies have it", () => {
    const waiting = shop + set("app", member("app", 0, { phase: "Pending" })) + client;
    expect(told(waiting)).toContain("app client-0 reachable");
    expect(told(waiting + deny)).toContain("app client-0 blocked");
  });

  it("for good are no rows and no columns", () => {
    expect(told(shop + client + pod("shop/done-0", { phase: "Succeeded" }))).toEqual([
      "client-0 client-0 reachable",
    ]);
  });

  it("among which two have one address leave open which of them takes a packet (7.9)", () => {
    const shared = pod("shop/one-0", { ips: ["10.0.0.1"] }) + pod("shop/two-0", { ips: ["10.0.0.1"] });
    expect(told(shop + client + shared)).toContain("client-0 one-0 unknown");
  });
});

describe("rows", () => {
  it("come by namespace and name, whatever the order of objects", () => {
    const yaml = [pod("b/a-0"), pod("a/z-0"), pod("a/b-0")];
    const ids = (parts: readonly string[]) =>
      matrixOf(worldFromYaml(parts.join(""))).ends.map(({ id }) => id);
    expect(ids(yaml)).toEqual(["pod/a/b-0", "pod/a/z-0", "pod/b/a-0"]);
    expect(ids(yaml.toReversed())).toEqual(ids(yaml));
  });

  it("that no policy tells apart are of one profile", () => {
    const many = Array.from({ length: 9 }, (_, n) => pod(`shop/x-${n}`, { labels: `app=x,n=${n}` })).join("");
    expect(matrixOf(worldFromYaml(shop + many + deny)).profiles).toBe(1);
    const one = policy("shop/p", 'podSelector: { matchLabels: { n: "1" } }');
    expect(matrixOf(worldFromYaml(shop + many + one)).profiles).toBe(9);
  });

  it("that do not exist are refused", () => {
    expect(() => matrixOf(worldFromYaml(shop)).row(0)).toThrow("no row 0");
  });
});
