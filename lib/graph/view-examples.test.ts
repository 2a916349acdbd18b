import { describe, expect, it } from "vitest";
import type { GraphView, ViewQuery } from "#lib/model/graph.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { buildGraph } from "./build-graph.ts";
import type { FoldBudget } from "./choose-levels.ts";
import { everything } from "./everything.ts";
import { nodeLabels } from "./node-labels.ts";
import { viewGraph } from "./view-graph.ts";

interface Broken {
  readonly labels?: string;
  readonly selector?: string;
}

/** A Deployment of one ready pod, and a Service in front of it. */
function app(namespace: string, name: string, { labels = name, selector = labels }: Broken = {}): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${labels} } }
  template:
    metadata: { labels: { app: ${labels} } }
    spec: { containers: [{ name: main, image: "example.com/main:1", ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace}, labels: { tier: ${name} } }
spec: { selector: { app: ${selector} }, ports: [{ port: 80, targetPort: 8080 }] }
---`;
}

function ingress(namespace: string, name: string, service: string): string {
  return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  rules:
    - host: ${name}.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${service}, port: { number: 80 } } } }] }
---`;
}

const apps = (namespace: string, count: number) =>
  Array.from({ length: count }, (_, at) => app(namespace, `app-${String(at).padStart(3, "0")}`)).join("");

function view(yaml: string, query: Partial<ViewQuery> = {}, budget?: FoldBudget): GraphView {
  const facts = factsFromYaml(yaml, "manifests");
  return viewGraph(
    buildGraph(facts, []),
    { ...everything, ...query },
    { labelsOf: nodeLabels(facts), budget },
  );
}

const cards = ({ nodes }: GraphView) =>
  nodes.filter((node) => node.folds === undefined).map((node) => node.id);
const folds = ({ nodes }: GraphView) =>
  nodes.filter((node) => node.folds !== undefined).map((node) => [node.id, node.name]);

describe("folding", () => {
  it("shows all of a small cluster", () => {
    const drawn = view(apps("shop", 20) + apps("pay", 10));
    expect(folds(drawn)).toEqual([]);
    expect(drawn.totals).toMatchObject({ nodes: 60, foldedNodes: 0, filteredNodes: 0 });
  });

  it("makes tiles of healthy namespaces and keeps what is broken when there is too much", () => {
    const drawn = view(apps("calm", 90) + apps("shop", 90) + app("shop", "email", { selector: "emails" }));
    expect(drawn.islands.map(({ namespace, state, line }) => [namespace, state, line])).toEqual([
      ["shop", "open", "91 Services, 1 broken"],
      ["calm", "tile", "all 90 Services healthy"],
    ]);
    expect(cards(drawn)).toEqual(["deployment/shop/email", "service/shop/email"]);
    expect(folds(drawn)).toEqual([
      ["folded/calm/tile", "all 90 Services healthy"],
      ["folded/shop/service", "+ 90 healthy Services"],
      ["folded/shop/workload", "+ 90 healthy workloads"],
    ]);
    expect(drawn.islands.map((island) => island.folded)).toEqual([180, 180]);
  });

  it("draws the edge into something broken from the fold that its source went into", () => {
    const entries = Array.from({ length: 90 }, (_, at) => ingress("shop", `way-${at}`, "email")).join("");
    const drawn = view(apps("shop", 90) + app("shop", "email", { selector: "emails" }) + entries, {
      foldedAway: ["namespace/shop"],
    });
    const into = drawn.edges.filter((edge) => edge.target === "service/shop/email");
    expect(into.every((edge) => edge.health === "broken")).toBe(true);
    expect(into.reduce((sum, edge) => sum + edge.count, 0)).toBe(90);
  });

  it("never folds the selected node and its neighbours", () => {
    const yaml = apps("calm", 120) + ingress("calm", "www", "app-007");
    const drawn = view(yaml, { show: "service/calm/app-007" });
    expect(cards(drawn)).toEqual(
      expect.arrayContaining(["deployment/calm/app-007", "ingress/calm/www", "service/calm/app-007"]),
    );
  });

  it("opens a namespace that is unfolded by hand beyond its own choice", () => {
    const yaml = apps("calm", 40) + apps("other", 40);
    expect(view(yaml).islands.map((island) => island.state)).toEqual(["open", "tile"]);
    const drawn = view(yaml, { unfolded: ["namespace/other"] });
    expect(cards(drawn).filter((id) => id.includes("/other/"))).toHaveLength(80);
  });

  it("makes room for a namespace that is unfolded by hand by counting what is broken elsewhere", () => {
    const broken = Array.from({ length: 200 }, (_, at) =>
      app("bad", `x${at}`, { labels: `y${at}`, selector: `z-${at}-none` }),
    ).join("");
    const drawn = view(apps("calm", 120) + broken, { unfolded: ["namespace/calm"] });
    expect(cards(drawn).filter((id) => id.includes("/calm/"))).toHaveLength(240);
    expect(
      drawn.nodes.find((node) => node.id === "folded/bad/tile" || node.id === "folded/bad/service"),
    ).toMatchObject({
      health: "broken",
      folds: { health: { broken: 200 } },
    });
    expect(drawn.nodes.length + drawn.edges.length).toBeLessThanOrEqual(500);
  });

  it("draws as much as fits, in order of name, of a namespace that is too large even alone", () => {
    const drawn = view(apps("huge", 400), { unfolded: ["namespace/huge"] });
    const services = cards(drawn).filter((id) => id.startsWith("service/"));
    expect(services.length).toBeGreaterThan(100);
    expect(services).toEqual(services.map((_, at) => `service/huge/app-${String(at).padStart(3, "0")}`));
    expect(drawn.nodes.length + drawn.edges.length).toBeLessThanOrEqual(500);
    expect(drawn.totals.foldedNodes + cards(drawn).length).toBe(800);
  });

  it("counts even what is broken where a namespace unfolded by hand has too much of it", () => {
    const broken = Array.from({ length: 300 }, (_, at) =>
      app("bad", `x${at}`, { labels: `labels-${at}`, selector: `label-${at}` }),
    ).join("");
    const drawn = view(broken, { unfolded: ["namespace/bad"] });
    expect(drawn.nodes.length + drawn.edges.length).toBeLessThanOrEqual(500);
    const counted = drawn.nodes.reduce(
      (sum, node) => sum + (node.folds?.health.broken ?? (node.health === "broken" ? 1 : 0)),
      0,
    );
    expect(counted).toBe(300);
  });

  it("folds a namespace by hand, though not what is broken in it", () => {
    const yaml = apps("shop", 5) + app("shop", "email", { selector: "emails" });
    const drawn = view(yaml, { foldedAway: ["namespace/shop"] });
    expect(cards(drawn)).toEqual(["deployment/shop/email", "service/shop/email"]);
    expect(view(apps("shop", 5), { foldedAway: ["namespace/shop"] }).islands).toMatchObject([
      { state: "tile" },
    ]);
  });

  describe("in more namespaces than tiles can show", () => {
    const budget = { soft: 20, hard: 60, tiles: 4 };
    const healthy = ["red", "blue"].flatMap((team) => [1, 2, 3, 4].map((at) => apps(`${team}-${at}`, 3)));
    const yaml = healthy.join("");
    const rows = (drawn: GraphView) =>
      drawn.nodes.flatMap(({ name, line, family }) =>
        family === undefined ? [] : [`${name}: ${family.folded}, ${line}`],
      );
    const red = "folded/-/namespaces/red*";

    it("has a row for each family, and each namespace in one of them", () => {
      const drawn = view(yaml, {}, budget);
      expect(rows(drawn)).toEqual(["blue*: 4, all healthy", "red*: 4, all healthy"]);
      expect(drawn.nodes.find(({ id }) => id === red)?.family).toMatchObject({
        namespaces: [1, 2, 3, 4].map((at) => ({ name: `red-${at}`, health: "ok" })),
        workloads: 12,
      });
      expect(drawn.totals.foldedNodes).toBe(48);
    });

    it("opens a family, and a single namespace, below its row, where nothing above moves", () => {
      const before = view(yaml, {}, budget);
      const family = view(yaml, { unfolded: [red] }, budget);
      expect(rows(family)).toEqual(["blue*: 4, all healthy", "red*: 0, shown below"]);
      expect(family.islands.map(({ state }) => state)).toEqual(["tile", "tile", "tile", "tile"]);
      const one = view(yaml, { unfolded: ["namespace/blue-3"] }, budget);
      expect(rows(one)).toEqual(["blue*: 3, all healthy", "red*: 4, all healthy"]);
      expect(one.islands).toMatchObject([{ namespace: "blue-3", state: "open" }]);
      const boxOf = (drawn: GraphView, name: string) => drawn.nodes.find((node) => node.name === name)?.box;
      for (const drawn of [family, one]) expect(boxOf(drawn, "blue*")).toEqual(boxOf(before, "blue*"));
      expect(one.islands[0]?.box.y).toBeGreaterThan(boxOf(one, "blue*")?.y ?? Number.NaN);
      expect(boxOf(one, "red*")?.y).toBeGreaterThan(boxOf(before, "red*")?.y ?? Number.NaN);
    });

    it("draws what is broken where all of it fits, and else says in each row how much there is", () => {
      const bad = (at: number) => app(`red-${at}`, "email", { selector: "emails" });
      const few = view(yaml + bad(1), {}, budget);
      expect(cards(few)).toContain("service/red-1/email");
      const many = view(
        yaml + [1, 2, 3, 4].map(bad).join("") + bad(1).replaceAll("email", "post"),
        {},
        budget,
      );
      expect(cards(many)).toEqual([]);
      expect(rows(many)).toEqual(["blue*: 4, all healthy", "red*: 4, 5 broken in 4 namespaces"]);
    });
  });
});

describe("unfolding a workload", () => {
  const pods = (count: number) =>
    Array.from(
      { length: count },
      (_, at) => `
apiVersion: v1
kind: Pod
metadata:
  name: cart-${String(at).padStart(3, "0")}
  namespace: shop
  labels: { app: cart }
  ownerReferences: [{ apiVersion: apps/v1, kind: StatefulSet, name: cart, uid: u, controller: true }]
spec: { containers: [{ name: main, image: "example.com/main:1" }] }
status:
  phase: Running
  podIP: 10.0.0.${at + 1}
  conditions: [{ type: Ready, status: "${at === 77 ? "False" : "True"}" }]
---`,
    ).join("");
  const cart = (count: number) => `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: cart, namespace: shop }
spec:
  replicas: ${count}
  selector: { matchLabels: { app: cart } }
  serviceName: cart
  template: { metadata: { labels: { app: cart } }, spec: { containers: [{ name: main, image: "example.com/main:1" }] } }
---${pods(count)}`;
  const viewOf = (yaml: string, unfolded: readonly string[]) => {
    const facts = factsFromYaml(yaml);
    const query = { namespaces: [], kinds: [], labels: [], only: "all", unfolded, foldedAway: [] } as const;
    return viewGraph(buildGraph(facts, []), query, { labelsOf: nodeLabels(facts) });
  };

  it("shows its pods, and no pods before", () => {
    expect(cards(viewOf(cart(3), []))).toEqual(["stateful-set/shop/cart"]);
    const drawn = viewOf(cart(3), ["stateful-set/shop/cart"]);
    expect(cards(drawn)).toEqual([
      "pod/shop/cart-000",
      "pod/shop/cart-001",
      "pod/shop/cart-002",
      "stateful-set/shop/cart",
    ]);
    expect(drawn.edges.map((edge) => edge.kind)).toEqual([
      "workload-runs-pod",
      "workload-runs-pod",
      "workload-runs-pod",
    ]);
    expect(drawn.lanes.map((lane) => lane.title)).toContain("Pods");
  });

  it("counts the pods beyond fifty and draws those that are not ready first", () => {
    const drawn = viewOf(cart(120), ["stateful-set/shop/cart"]);
    const pods = cards(drawn).filter((id) => id.startsWith("pod/"));
    expect(pods).toHaveLength(50);
    expect(pods).toContain("pod/shop/cart-077");
    expect(folds(drawn)).toEqual([["folded/stateful-set/shop/cart/pod", "+ 70 healthy pods"]]);
    expect(drawn.edges.find((edge) => edge.target.startsWith("folded/"))).toMatchObject({
      count: 70,
      kind: "folded",
    });
  });
});

describe("filters", () => {
  const yaml =
    apps("calm", 3) +
    apps("shop", 3) +
    app("shop", "email", { selector: "emails" }) +
    ingress("shop", "mail", "email");

  it("leave whole namespaces out, and say how many", () => {
    const drawn = view(yaml, { namespaces: ["calm"] });
    expect(cards(drawn).every((id) => id.includes("/calm/"))).toBe(true);
    expect(drawn.totals).toMatchObject({ filteredNamespaces: 1, filteredNodes: 10, foldedNodes: 0 });
  });

  it("keep the whole way in to what is broken, and only the next step on", () => {
    const drawn = view(yaml, { only: "broken" });
    expect(cards(drawn)).toEqual([
      "deployment/shop/email",
      "ingress/shop/mail",
      "internet",
      "service/shop/email",
    ]);
  });

  it("keep what is up- and downstream of a node, and nothing beside it", () => {
    const hub = yaml + ingress("calm", "www", "app-000") + ingress("calm", "www2", "app-001");
    expect(cards(view(hub, { touching: "deployment/calm/app-000" }))).toEqual([
      "deployment/calm/app-000",
      "ingress/calm/www",
      "internet",
      "service/calm/app-000",
    ]);
  });

  it.each([
    [["app=email"], ["deployment/shop/email"]],
    [
      ["app"],
      [
        "deployment/calm/app-000",
        "deployment/calm/app-001",
        "deployment/calm/app-002",
        "deployment/shop/app-000",
        "deployment/shop/app-001",
        "deployment/shop/app-002",
        "deployment/shop/email",
      ],
    ],
    [["tier=email", "app"], []],
    [["tier=email"], ["service/shop/email"]],
  ])("keep only objects that carry the labels %j", (labels, expected) => {
    expect(cards(view(yaml, { labels }))).toEqual(expected);
  });

  it("keep only the kinds asked for", () => {
    expect(cards(view(yaml, { kinds: ["ingress", "internet"] }))).toEqual(["ingress/shop/mail", "internet"]);
  });
});
