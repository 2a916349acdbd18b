import type { Facts } from "#lib/engine/facts.ts";
import type { Finding } from "#lib/model/finding.ts";
import type { Graph, GraphNode, NodeId } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { entryNodes } from "./entry-nodes.ts";
import { entryStrands } from "./entry-strands.ts";
import { internetNode, internetStrands } from "./internet-strands.ts";
import { outsideOf } from "./outside.ts";
import { referredNodes } from "./referred-nodes.ts";
import { serviceNodes } from "./service-nodes.ts";
import { serviceStrands } from "./service-strands.ts";
import { edgesFromStrands } from "./strand.ts";
import { tallyFindings } from "./tally-findings.ts";
import { workloadNodes } from "./workload-nodes.ts";
import { podLayer } from "./workload-pods.ts";

/**
 * The whole cluster as nodes and edges: nothing folded, nothing placed. Both are sorted by id, so that the order of the
 * snapshot does not show; the pods behind workloads are a layer of their own. Every end of an edge is a node: what is
 * referred to without being there stands as a missing node, or an unknown one where its kind could not be read.
 */
export function buildGraph(facts: Facts, findings: readonly Finding[]): Graph {
  const steps = buildGraphInSteps(facts, findings);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** The same, with pauses in which others may run. */
export function* buildGraphInSteps(facts: Facts, findings: readonly Finding[]): Generator<undefined, Graph> {
  const tally = tallyFindings(facts, findings);
  yield;
  const outside = outsideOf(facts);
  yield;
  const exposed = internetStrands(facts);
  yield;
  const strands = [...exposed, ...entryStrands(facts)];
  yield;
  for (const strand of yield* serviceStrands(facts)) strands.push(strand);
  strands.push(...outside.strands);

  const nodes = new Map<NodeId, GraphNode>();
  const add = (more: readonly GraphNode[]) => {
    for (const node of more) nodes.set(node.id, node);
  };
  if (exposed.length > 0) add([internetNode(exposed.length)]);
  add(entryNodes(facts, tally));
  yield;
  add(serviceNodes(facts, tally));
  yield;
  add(workloadNodes(facts, tally));
  yield;
  add(outside.nodes);
  add(referredNodes(facts, strands, nodes, tally));
  yield;

  const sorted = [...nodes.values()].sort((a, b) => compareText(a.id, b.id));
  yield;
  const edges = edgesFromStrands(strands).filter((edge) => nodes.has(edge.source) && nodes.has(edge.target));
  yield;
  return { nodes: sorted, edges, pods: yield* podLayer(facts, tally) };
}
