import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { everything } from "#lib/graph/everything.ts";
import type { Graph, GraphNode } from "#lib/model/graph.ts";
import { objectId } from "#lib/model/ids.ts";
import { arbitraryGraph } from "#lib/testing/arbitrary-graph.ts";
import { exportJson } from "./export-json.ts";
import { exportMermaid } from "./export-mermaid.ts";
import { exportSvg } from "./export-svg.ts";
import { viewGraph } from "./view-graph.ts";

const view = (graph: Graph) => viewGraph(graph, everything, { labelsOf: () => ({}) });

const plain: GraphNode = {
  id: "service/shop/web",
  kind: "service",
  lane: "service",
  namespace: "shop",
  name: "web",
  line: ":80 · 3 of 3",
  health: "ok",
  isolated: [],
  findings: { error: 0, warning: 0, info: 0 },
};
const hostile = `</text><script>alert("1")</script>&\u0000\u001b;|]`;

/** Walks the tags of an XML text; returns the elements' names, or throws where one is not closed. */
function elementsOf(xml: string): readonly string[] {
  const open: string[] = [];
  const names: string[] = [];
  let rest = xml;
  while (rest !== "") {
    const text = /^[^<>&]+|^&(?:amp|lt|gt|quot);/.exec(rest)?.[0];
    const tag = /^<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*)\s*(\/?)>/i.exec(
      rest,
    );
    if (text === undefined && tag === null) throw new Error(`not well formed at: ${rest.slice(0, 80)}`);
    if (tag !== null) {
      const [, closing, name = "", attributes = "", alone] = tag;
      const keys = [...attributes.matchAll(/([\w:-]+)="/g)].map((match) => match[1]);
      if (new Set(keys).size < keys.length) throw new Error(`an attribute twice: ${tag[0]}`);
      if (closing === "/") {
        if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      } else {
        names.push(name);
        if (alone !== "/") open.push(name);
      }
    }
    rest = rest.slice((text ?? tag?.[0] ?? "").length);
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(" ")}`);
  return names;
}

describe("the SVG drawing", () => {
  it("is well-formed for any graph, in both themes", () => {
    fc.assert(
      fc.property(
        arbitraryGraph({ namespaces: 4, each: 6 }),
        fc.constantFrom("light" as const, "dark" as const),
        (graph, theme) => {
          const names = elementsOf(exportSvg(view(graph), theme));
          expect(names[0]).toBe("svg");
          expect(new Set(names)).not.toContain("script");
        },
      ),
      { numRuns: 40 },
    );
  });

  it("escapes what the cluster says, and keeps no character that XML cannot hold", () => {
    const node = { ...plain, name: hostile, line: hostile, health: "broken" as const };
    const svg = exportSvg(view({ nodes: [node], edges: [] }), "light", hostile);
    expect(elementsOf(svg)).not.toContain("script");
    expect([...svg].every((character) => character >= " " || character === "\n")).toBe(true);
    expect(svg).toContain("&lt;script&gt;");
  });

  it("marks each health by a shape of its own", () => {
    const shapes = (["ok", "partial", "broken", "unknown", "idle"] as const).map((health) => {
      const svg = exportSvg(view({ nodes: [{ ...plain, health }], edges: [] }), "light");
      const group = svg.split("\n").find((line) => line.includes("<title>shop/web"));
      return (group ?? "").replace(/#[0-9a-f]{6}/g, "colour");
    });
    expect(new Set(shapes).size).toBe(5);
  });

  it("cuts a name that would run out of its card, and keeps it whole in the title", () => {
    const long = "a-service-with-a-name-that-goes-on-and-on-and-on";
    const svg = exportSvg(view({ nodes: [{ ...plain, name: long }], edges: [] }), "light");
    expect(svg).toContain(`<title>shop/${long}`);
    expect(svg).toMatch(/>a-service-with-a[a-z-]*…</);
  });

  it("says what is folded and filtered", () => {
    const nodes = [plain, { ...plain, id: "service/pay/api", namespace: "pay" }];
    const query = { ...everything, namespaces: ["shop"] };
    const svg = exportSvg(viewGraph({ nodes, edges: [] }, query, { labelsOf: () => ({}) }), "light");
    expect(svg).toContain("1 of 2 filtered out, 1 namespace left out");
  });
});

describe("the Mermaid diagram", () => {
  const because = { object: objectId("service", "shop", "web"), path: "", value: "" };
  const graph: Graph = {
    nodes: [
      {
        ...plain,
        id: "internet",
        kind: "internet",
        lane: "internet",
        namespace: undefined,
        name: "Internet",
        line: "",
      },
      { ...plain, name: `we"b]|;#` },
      {
        ...plain,
        id: "deployment/shop/web",
        kind: "deployment",
        lane: "workload",
        line: "0 of 3 ready",
        health: "broken",
      },
    ],
    edges: [
      {
        id: "a",
        kind: "internet-reaches-service",
        source: "internet",
        target: "service/shop/web",
        health: "ok",
        because,
        note: "",
        count: 4,
      },
      {
        id: "b",
        kind: "service-selects-workload",
        source: "service/shop/web",
        target: "deployment/shop/web",
        health: "broken",
        because,
        note: `None "ready"`,
        count: 1,
      },
    ],
  };

  it("has a subgraph for each namespace, a class for each health, and words for what is wrong", () => {
    expect(exportMermaid(graph).split("\n").slice(0, 9)).toEqual([
      "flowchart LR",
      '  n1(("Internet")):::ok',
      '  subgraph ns0["shop"]',
      '    n0["web<br/>broken: 0 of 3 ready"]:::broken',
      '    n2(["we#34;b]#124;#59;#35;<br/>:80 · 3 of 3"]):::ok',
      "  end",
      '  n1 -->|"4 ways"| n2',
      '  n2 --x|"None #34;ready#34;"| n0',
      "  classDef ok fill:#ffffff,stroke:#a9b3c1,color:#14181f",
    ]);
  });

  it("styles broken edges by their number", () => {
    expect(exportMermaid(graph)).toContain("linkStyle 1 stroke:#d93c54");
  });
});

describe("the JSON export", () => {
  it("is the same for a graph in any order, and has a node for both ends of every edge", () => {
    fc.assert(
      fc.property(arbitraryGraph({ namespaces: 3, each: 5 }), (graph) => {
        const exported = exportJson(graph, { cluster: "demo" });
        const reversed = { nodes: [...graph.nodes].reverse(), edges: [...graph.edges].reverse() };
        expect(exportJson(reversed, { cluster: "demo" })).toEqual(exported);
        const ids = new Set(exported.nodes.map((node) => node.id));
        expect(exported.edges.every((edge) => ids.has(edge.source) && ids.has(edge.target))).toBe(true);
      }),
    );
  });

  it("says what it is, and leaves places out", () => {
    const exported = exportJson(view({ nodes: [plain], edges: [] }));
    expect(exported).toMatchObject({
      format: "throughline.graph",
      version: 1,
      nodes: [{ id: "service/shop/web" }],
    });
    expect(Object.keys(exported.nodes[0] ?? {})).not.toContain("box");
  });
});
