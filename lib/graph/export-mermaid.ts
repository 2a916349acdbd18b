import type { Graph, GraphEdge, GraphNode, Health } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { compareNamespaces } from "./namespace-order.ts";

/**
 * A graph or view as a Mermaid flowchart, for documents and tickets: a subgraph for each namespace, a class for each
 * health, and words where the health is not `ok`, since not every renderer shows colours. Nodes are numbered, because
 * Mermaid's own ids take few characters.
 */
export function exportMermaid(graph: Graph): string {
  const nodes = [...graph.nodes].sort((a, b) => compareText(a.id, b.id));
  const names = new Map(nodes.map((node, at) => [node.id, `n${at}`]));
  const nameOf = (id: string) => names.get(id) ?? "";
  const lines = ["flowchart LR"];
  for (const node of nodes)
    if (node.namespace === undefined) lines.push(`  ${nodeText(node, nameOf(node.id))}`);
  for (const [at, namespace] of namespacesOf(nodes).entries()) {
    lines.push(`  subgraph ns${at}["${quoted(namespace)}"]`);
    for (const node of nodes)
      if (node.namespace === namespace) lines.push(`    ${nodeText(node, nameOf(node.id))}`);
    lines.push("  end");
  }
  const edges = [...graph.edges].sort((a, b) => compareText(a.id, b.id));
  for (const edge of edges) lines.push(`  ${nameOf(edge.source)} ${arrow(edge)} ${nameOf(edge.target)}`);
  lines.push(...classLines, ...linkStyles(edges));
  return `${lines.join("\n")}\n`;
}

function namespacesOf(nodes: readonly GraphNode[]): readonly string[] {
  return [...new Set(nodes.flatMap((node) => node.namespace ?? []))].sort(compareNamespaces);
}

function nodeText(node: GraphNode, name: string): string {
  const health = node.health === "ok" ? "" : `${healthWord[node.health]}: `;
  const line = node.line === "" ? "" : `<br/>${quoted(`${health}${node.line}`)}`;
  const label = `"${quoted(node.name)}${line}"`;
  const [open, close] = shapeOf(node);
  return `${name}${open}${label}${close}:::${node.health}`;
}

function shapeOf({ lane, kind }: GraphNode): readonly [string, string] {
  if (kind === "folded") return ["[/", "/]"];
  if (lane === "internet") return ["((", "))"];
  if (lane === "service") return ["([", "])"];
  return ["[", "]"];
}

const healthWord: Readonly<Record<Health, string>> = {
  ok: "ok",
  partial: "partly",
  broken: "broken",
  unknown: "not known",
  idle: "idle",
};

function arrow(edge: GraphEdge): string {
  const words = edge.health === "ok" || edge.note === "" ? countWord(edge) : quoted(edge.note);
  const label = words === "" ? "" : `|"${words}"|`;
  switch (edge.health) {
    case "ok":
    case "partial":
      return `-->${label}`;
    case "broken":
      return `--x${label}`;
    case "unknown":
    case "idle":
      return `-.->${label}`;
  }
}

function countWord({ count }: GraphEdge): string {
  return count > 1 ? `${count} ways` : "";
}

const classLines: readonly string[] = [
  "  classDef ok fill:#ffffff,stroke:#a9b3c1,color:#14181f",
  "  classDef partial fill:#fff4e2,stroke:#c77d16,color:#14181f",
  "  classDef broken fill:#fdecee,stroke:#d93c54,color:#14181f,stroke-width:2px",
  "  classDef unknown fill:#eceff3,stroke:#5f6877,color:#14181f,stroke-dasharray:4 3",
  "  classDef idle fill:#f4f6f9,stroke:#c9d0da,color:#5f6877,stroke-dasharray:2 3",
];

function linkStyles(edges: readonly GraphEdge[]): readonly string[] {
  const styles: readonly (readonly [Health, string])[] = [
    ["broken", "stroke:#d93c54,stroke-width:2px"],
    ["partial", "stroke:#c77d16,stroke-width:2px"],
  ];
  return styles.flatMap(([health, style]) => {
    const numbers = edges.flatMap((edge, at) => (edge.health === health ? [at] : []));
    return numbers.length === 0 ? [] : [`  linkStyle ${numbers.join(",")} ${style}`];
  });
}

/** Text within quotes. Mermaid reads HTML entities there by number, written with # in place of &#. */
function quoted(text: string): string {
  return text
    .replace(/[#"<>&;`\\|]/g, (character) => `#${character.codePointAt(0) ?? 0};`)
    .replace(/\s+/g, " ");
}
