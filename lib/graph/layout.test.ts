import { describe, expect, it } from "vitest";
import type { Lane } from "#lib/model/graph.ts";
import { type Layout, type LayoutNode, layoutMap } from "./layout.ts";

const kinds = { i: "ingress", r: "http-route", s: "service", w: "deployment" } as const;
const laneOf = { i: "entry", r: "route", s: "service", w: "workload" } as const;

/** "shop: i:web>s:web s:web>w:web w:job": the nodes and edges of namespaces, a line each. */
function layout(text: string, tiles: readonly string[] = []): Layout {
  const nodes = new Map<string, LayoutNode>([
    ["internet", { id: "internet", kind: "internet", lane: "internet", name: "Internet" }],
  ]);
  const edges: { source: string; target: string }[] = [];
  const lines = text.trim().split("\n");
  for (const line of lines) {
    const [namespace = "", paths = ""] = line.trim().split(": ");
    for (const path of paths.split(" ")) {
      const ids = path.split(">").map((short) => addNode(nodes, namespace, short));
      ids.slice(1).forEach((target, at) => {
        edges.push({ source: ids[at] ?? "", target });
      });
    }
  }
  const namespaces = lines.map((line) => line.trim().split(":")[0] ?? "");
  return layoutMap({
    nodes: [...nodes.values()],
    edges,
    islands: namespaces.map((namespace) => ({
      namespace,
      state: tiles.includes(namespace) ? "tile" : "open",
    })),
    lanes: new Set<Lane>([...nodes.values()].map((node) => node.lane)),
  });
}

function addNode(nodes: Map<string, LayoutNode>, namespace: string, short: string): string {
  if (short === "internet") return short;
  const [letter, name = ""] = short.split(":");
  if (letter !== "i" && letter !== "r" && letter !== "s" && letter !== "w")
    throw new Error(`no lane ${short}`);
  const id = `${namespace}/${short}`;
  nodes.set(id, { id, kind: kinds[letter], lane: laneOf[letter], namespace, name });
  return id;
}

function row(made: Layout, id: string): number {
  return made.boxes.get(id)?.y ?? Number.NaN;
}

describe("the layout", () => {
  it("puts a Service beside its workload and a way in beside its first Service", () => {
    const made = layout("shop: i:web>s:cart i:web>s:web s:web>w:web s:cart>w:cart r:api>s:web");
    expect(row(made, "shop/s:web")).toBe(row(made, "shop/w:web"));
    expect(row(made, "shop/s:cart")).toBe(row(made, "shop/w:cart"));
    expect(row(made, "shop/i:web")).toBe(row(made, "shop/s:cart"));
    expect(row(made, "shop/r:api")).toBe(row(made, "shop/s:web"));
  });

  it("keeps the second workload of a Service directly below the first", () => {
    const made = layout("shop: s:cart>w:cart s:cart>w:cart-canary s:web>w:web");
    expect(row(made, "shop/w:cart-canary") - row(made, "shop/w:cart")).toBe(54);
    expect(row(made, "shop/s:web")).toBe(row(made, "shop/w:web"));
    expect(row(made, "shop/w:web")).toBeGreaterThan(row(made, "shop/w:cart-canary"));
  });

  it("puts what has a way in first, then what has a Service, then the rest, each by name", () => {
    const made = layout("shop: w:a-job s:b>w:b s:a>w:a i:z>s:z s:z>w:z");
    const order = ["shop/s:z", "shop/s:a", "shop/s:b", "shop/w:a-job"].map((id) => row(made, id));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it("orders crossing selectors so that their edges do not cross", () => {
    const made = layout("shop: i:x>s:a i:x>s:b s:a>w:z s:b>w:y");
    expect(row(made, "shop/s:a")).toBeLessThan(row(made, "shop/s:b"));
    expect(row(made, "shop/w:z")).toBe(row(made, "shop/s:a"));
    expect(row(made, "shop/w:y")).toBe(row(made, "shop/s:b"));
  });

  it("moves nothing above an object that is added", () => {
    const before = layout("pay: s:x>w:x\nshop: i:web>s:web s:web>w:web s:a>w:a s:c>w:c\nzoo: s:x>w:x");
    const after = layout("pay: s:x>w:x\nshop: i:web>s:web s:web>w:web s:a>w:a s:b>w:b s:c>w:c\nzoo: s:x>w:x");
    for (const id of ["pay/s:x", "shop/i:web", "shop/s:web", "shop/s:a", "shop/w:a"]) {
      expect([id, after.boxes.get(id)]).toEqual([id, before.boxes.get(id)]);
    }
    expect(row(after, "shop/s:c")).toBeGreaterThan(row(before, "shop/s:c"));
    expect(after.islands.get("pay")).toEqual(before.islands.get("pay"));
  });

  it("stacks islands by name, the system's own last, and tiles after them, two a row", () => {
    const made = layout(
      "kube-system: s:dns>w:dns\nshop: s:a>w:a\nbank: s:a>w:a\ncalm: s:a>w:a\nquiet: s:a>w:a\nstill: s:a>w:a",
      ["calm", "quiet", "still"],
    );
    const at = (namespace: string) => made.islands.get(namespace) ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(at("bank").y).toBeLessThan(at("shop").y);
    expect(at("shop").y).toBeLessThan(at("kube-system").y);
    expect(at("kube-system").y).toBeLessThan(at("calm").y);
    expect(at("calm").y).toBe(at("quiet").y);
    expect(at("calm").x).toBeLessThan(at("quiet").x);
    expect(at("still").y).toBeGreaterThan(at("calm").y);
    expect(at("calm").width * 2).toBeLessThan(at("shop").width);
  });

  it("puts the internet beside the first thing that it reaches", () => {
    const made = layout("bank: s:a>w:a\nshop: s:a>w:a internet>i:web>s:web internet>s:a");
    expect(row(made, "internet")).toBe(row(made, "shop/i:web"));
  });

  it("leaves no column for routes where there are none", () => {
    expect(layout("shop: i:a>s:a").headings.map((heading) => heading.title)).toEqual([
      "Internet",
      "Entry",
      "Services",
      "Workloads",
    ]);
    expect(layout("shop: r:a>s:a").headings.map((heading) => heading.title)).toContain("Routes");
  });
});
