import type { GraphEdge, GraphNode, NodeId } from "#lib/model/graph.ts";
import type { Labels } from "#lib/model/objects.ts";
import { familiesOf } from "./families.ts";
import { type Trouble, troubleOf } from "./fold-levels.ts";
import { isTroubled } from "./health.ts";
import { keptForShapes } from "./shape.ts";

/**
 * A namespace as folding sees it, with the outside addresses that its Services point to: they come and go with those
 * Services. Without a namespace: addresses whose Services are filtered out.
 */
export interface FoldGroup {
  readonly index: number;
  readonly namespace: string | undefined;
  readonly nodes: readonly GraphNode[];
  /** Of the namespaces that share a row with it, where they have to; see `familiesOf`. */
  readonly family: string;
  /** Whether anything in it is, or is the end of an edge that is. */
  readonly broken: boolean;
  readonly troubled: boolean;
}

/** What folding has to know of nodes and edges, whatever is folded. Nodes and edges have numbers: their places. */
export interface FoldGround {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly groups: readonly FoldGroup[];
  readonly families: readonly string[];
  readonly trouble: Trouble;
  slotOf(id: NodeId): number | undefined;
  /** The numbers of a group's nodes, in their order. */
  readonly slots: readonly Int32Array[];
  /** Of each edge, the numbers of its ends. */
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly troubledEdges: Uint8Array;
  /** The numbers of edges that a group's nodes have an end of. */
  readonly edgesOf: readonly (readonly number[])[];
}

interface Kept {
  readonly ground: FoldGround;
  /** Of the groups' namespaces. */
  readonly labels: readonly (Labels | undefined)[];
}

const grounds = new WeakMap<readonly GraphNode[], Kept>();

/** Made once for as long as the nodes live: most viewers filter nothing, and look at the same nodes and edges. */
export function foldGround(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  labelsOf?: (namespace: string) => Labels,
): FoldGround {
  const structure = structureOf(nodes, edges);
  // Namespaces may be labelled anew while nodes and edges stay as they are.
  const labels = structure.namespaces.map((namespace) =>
    namespace === undefined ? undefined : labelsOf?.(namespace),
  );
  const known = grounds.get(nodes);
  if (known?.ground.edges === edges && known.labels.every((own, at) => own === labels[at]))
    return known.ground;
  const ground = buildGround(nodes, edges, structure, labelsOf);
  grounds.set(nodes, { ground, labels });
  return ground;
}

function buildGround(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  structure: Structure,
  labelsOf?: (namespace: string) => Labels,
): FoldGround {
  const { numbers, sources, targets, slots, edgesOf } = structure;
  const trouble = troubleOf(nodes, edges, sources, targets);
  const groups = groupsOf(nodes, structure, trouble, labelsOf);
  return {
    nodes,
    edges,
    groups,
    families: [...new Set(groups.map((group) => group.family))],
    trouble,
    slotOf: (id) => numbers.get(id),
    slots,
    sources,
    targets,
    troubledEdges: Uint8Array.from(edges, (edge) => Number(isTroubled(edge.health))),
    edgesOf,
  };
}

/** What follows from the ids of nodes and edges alone: these tell a node's namespace and lane, and an edge's ends. */
interface Structure {
  readonly numbers: ReadonlyMap<NodeId, number>;
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  /** Of each group. */
  readonly namespaces: readonly (string | undefined)[];
  readonly slots: readonly Int32Array[];
  readonly edgesOf: readonly (readonly number[])[];
}

const structureOf = keptForShapes((nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Structure => {
  const numbers = new Map(nodes.map(({ id }, at) => [id, at]));
  const sources = Int32Array.from(edges, (edge) => numbers.get(edge.source) ?? 0);
  const targets = Int32Array.from(edges, (edge) => numbers.get(edge.target) ?? 0);
  const byNamespace = slotsByNamespace(nodes, sources, targets);
  const slots = [...byNamespace.values()].map((own) => Int32Array.from(own));
  const groupOf = new Int32Array(nodes.length).fill(-1);
  for (const [group, own] of slots.entries()) for (const slot of own) groupOf[slot] = group;
  return {
    numbers,
    sources,
    targets,
    namespaces: [...byNamespace.keys()],
    slots,
    edgesOf: edgesByGroup(slots.length, groupOf, sources, targets),
  };
});

/** The internet is in no group: it is always drawn. */
function slotsByNamespace(
  nodes: readonly GraphNode[],
  sources: Int32Array,
  targets: Int32Array,
): ReadonlyMap<string | undefined, readonly number[]> {
  const home = new Map<number, string>();
  sources.forEach((source, edge) => {
    const target = targets[edge] ?? 0;
    const namespace = nodes[source]?.namespace;
    // Edges come sorted by id: of several Services, the same one is the first every time.
    if (namespace === undefined || nodes[target]?.namespace !== undefined || home.has(target)) return;
    home.set(target, namespace);
  });
  const byNamespace = new Map<string | undefined, number[]>();
  nodes.forEach((node, slot) => {
    if (node.lane === "internet") return;
    const namespace = node.namespace ?? home.get(slot);
    const group = byNamespace.get(namespace);
    if (group === undefined) byNamespace.set(namespace, [slot]);
    else group.push(slot);
  });
  return byNamespace;
}

function groupsOf(
  nodes: readonly GraphNode[],
  { namespaces, slots }: Structure,
  trouble: Trouble,
  labelsOf?: (namespace: string) => Labels,
): readonly FoldGroup[] {
  const families = familiesOf(
    namespaces.filter((namespace) => namespace !== undefined),
    labelsOf,
  );
  return namespaces.map((namespace, index): FoldGroup => {
    const inIt: GraphNode[] = [];
    for (const slot of slots[index] ?? []) {
      const node = nodes[slot];
      if (node !== undefined) inIt.push(node);
    }
    return {
      index,
      namespace,
      nodes: inIt,
      family: families.get(namespace ?? "") ?? "",
      broken: inIt.some((node) => trouble.broken.has(node.id)),
      troubled: inIt.some((node) => trouble.troubled.has(node.id)),
    };
  });
}

function edgesByGroup(
  groups: number,
  groupOf: Int32Array,
  sources: Int32Array,
  targets: Int32Array,
): readonly (readonly number[])[] {
  const edgesOf = Array.from({ length: groups }, (): number[] => []);
  sources.forEach((source, edge) => {
    const from = groupOf[source] ?? -1;
    const to = groupOf[targets[edge] ?? 0] ?? -1;
    edgesOf[from]?.push(edge);
    if (to !== from) edgesOf[to]?.push(edge);
  });
  return edgesOf;
}
