import type { GraphNode, NodeId, PlacedNode } from "#lib/model/graph.ts";
import { countHealth, worstHealth } from "./health.ts";

/** A node before it has a place. */
export type FoldedNode = Omit<PlacedNode, "box">;

interface FoldWords {
  readonly id: NodeId;
  readonly lane: GraphNode["lane"];
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The one node that stands for several: their worst health, their pods and findings added up. */
export function foldNode(words: FoldWords, nodes: readonly GraphNode[]): FoldedNode {
  const sum = (number: (node: GraphNode) => number) => nodes.reduce((total, node) => total + number(node), 0);
  return {
    ...words,
    kind: "folded",
    line: "",
    health: worstHealth(nodes.map((node) => node.health)),
    isolated: [],
    pods:
      words.lane === "workload" || words.lane === "pod"
        ? { ready: sum((node) => node.pods?.ready ?? 0), total: sum((node) => node.pods?.total ?? 0) }
        : undefined,
    findings: {
      error: sum((node) => node.findings.error),
      warning: sum((node) => node.findings.warning),
      info: sum((node) => node.findings.info),
    },
    folds: { count: nodes.length, health: countHealth(nodes.map((node) => node.health)) },
  };
}
