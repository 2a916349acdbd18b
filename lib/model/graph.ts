/** The graph that the map draws: what there is (nodes), how packets go (edges), and why each edge exists. */
import type { Evidence } from "./finding.ts";
import type { ObjectId } from "./ids.ts";

/**
 * `ok`: works as configured · `partial`: some of it works · `broken`: traffic stops here ·
 * `unknown`: something needed could not be read · `idle`: nothing to judge (scaled to zero, a finished job).
 */
export type Health = "ok" | "partial" | "broken" | "unknown" | "idle";

/** Left to right, the way a packet goes. */
export const lanes = ["internet", "entry", "route", "service", "workload", "pod", "outside"] as const;
export type Lane = (typeof lanes)[number];

export type NodeKind =
  | "internet"
  | "gateway"
  | "ingress"
  | "http-route"
  | "grpc-route"
  | "tls-route"
  | "tcp-route"
  | "udp-route"
  | "service"
  | "deployment"
  | "replica-set"
  | "stateful-set"
  | "daemon-set"
  | "job"
  | "cron-job"
  | "pod"
  /** What an ExternalName or a hand-written EndpointSlice points at. */
  | "external-address"
  /** Several nodes of a lane folded into one. */
  | "folded";

/** An object's id; or `internet`, `external/<host>`, `folded/<namespace>/<lane>` for nodes that are no object. */
export type NodeId = string;

export interface GraphNode {
  readonly id: NodeId;
  readonly kind: NodeKind;
  readonly lane: Lane;
  /** Absent for what lies outside the cluster. */
  readonly namespace?: string | undefined;
  readonly name: string;
  /** One line of fact: ":7070 → 7070 · 2 of 3 ready". */
  readonly line: string;
  readonly health: Health;
  /** The object whose panel opens; absent for what is no object. */
  readonly object?: ObjectId | undefined;
  /** Referred to, but there is no such object. */
  readonly missing?: true | undefined;
  /** Directions in which NetworkPolicies isolate it. */
  readonly isolated: readonly ("ingress" | "egress")[];
  readonly pods?: { readonly ready: number; readonly total: number } | undefined;
  /** How many findings by severity; filled in after the checks ran. */
  readonly findings: { readonly error: number; readonly warning: number; readonly info: number };
}

export type EdgeKind =
  | "internet-reaches-gateway"
  | "internet-reaches-ingress"
  | "internet-reaches-service"
  | "gateway-admits-route"
  | "ingress-routes-to-service"
  | "route-routes-to-service"
  | "service-selects-workload"
  | "service-selects-pod"
  | "workload-runs-pod"
  | "service-points-outside"
  | "folded";

export interface GraphEdge {
  readonly id: string;
  readonly kind: EdgeKind;
  readonly source: NodeId;
  readonly target: NodeId;
  /** Path truth: whether a packet gets along this edge. */
  readonly health: Health;
  /** Why the edge exists. */
  readonly because: Evidence;
  /** What is wrong or worth saying, as one sentence; empty when nothing is. */
  readonly note: string;
  /** How many edges of the whole graph this one stands for. */
  readonly count: number;
}

/** The whole cluster, nothing folded, nothing placed. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** The pods behind workloads, which are not among the nodes: there may be 150,000, and few are ever looked at. */
  readonly pods?: PodLayer | undefined;
}

export interface PodLayer {
  /** Undefined for a workload without any. */
  podsOf(workload: NodeId): WorkloadPods | undefined;
  /** Of all workloads that have any; by their ids. */
  all(): readonly WorkloadPods[];
  /** The workload whose pod this is. */
  workloadOf(pod: NodeId): NodeId | undefined;
}

/** A node for each pod of a workload and an edge to it, in the same order. Made when they are asked for. */
export interface WorkloadPods {
  nodes(): readonly GraphNode[];
  edges(): readonly GraphEdge[];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Namespaces that share a row, because there are more than anybody can read one by one. */
export interface Family {
  /** All of its namespaces, by name, with the worst health of what is in each. */
  readonly namespaces: readonly { readonly name: string; readonly health: Health }[];
  /** How many of them the row stands for; the others are drawn below it. */
  readonly folded: number;
  /** Of those that the row stands for. */
  readonly workloads: number;
  readonly pods: number;
}

/** A node on the map; the box is in map units (CSS pixels at zoom 1), its corner top left. */
export interface PlacedNode extends GraphNode {
  readonly box: Box;
  /** For `folded`: what it stands for. */
  readonly folds?: { readonly count: number; readonly health: Readonly<Record<Health, number>> } | undefined;
  /** For a `folded` node that is a row of namespaces. */
  readonly family?: Family | undefined;
}

/** An edge with its way across the map: a cubic curve as x, y pairs (start, two controls, end). */
export interface PlacedEdge extends GraphEdge {
  readonly curve: readonly number[];
}

export interface Island {
  readonly namespace: string;
  readonly box: Box;
  readonly state: "tile" | "open";
  readonly workloads: number;
  readonly pods: number;
  readonly services: number;
  /** One line: "all 7 Services healthy". */
  readonly line: string;
  readonly health: Readonly<Record<Health, number>>;
  /** Nodes of this namespace that are folded away. */
  readonly folded: number;
}

export interface LaneHeading {
  readonly title: string;
  readonly x: number;
  readonly width: number;
}

/** What the map draws for one question of view: folded, filtered, placed. */
export interface GraphView {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly islands: readonly Island[];
  readonly lanes: readonly LaneHeading[];
  readonly size: { readonly width: number; readonly height: number };
  /** The whole graph's counts, and what this view leaves out, so that nothing is hidden in silence. */
  readonly totals: {
    readonly nodes: number;
    readonly edges: number;
    readonly health: Readonly<Record<Health, number>>;
    readonly foldedNodes: number;
    readonly filteredNodes: number;
    /** Whole namespaces left out by the namespace filter. */
    readonly filteredNamespaces: number;
  };
}

/** What a viewer looks at. Parsed from the URL; every field has an empty default. */
export interface ViewQuery {
  /** Only these namespaces; empty: all. */
  readonly namespaces: readonly string[];
  /** Only these node kinds; empty: all. */
  readonly kinds: readonly NodeKind[];
  /** Only objects that carry all of these labels, `key=value` or `key`. */
  readonly labels: readonly string[];
  readonly only: "all" | "broken";
  /** Only what is connected to this node. */
  readonly touching?: NodeId | undefined;
  /** Unfolded by hand: namespaces (`namespace/shop`), a workload's pods (its id). */
  readonly unfolded: readonly string[];
  /** Folded by hand: namespaces (`namespace/shop`). */
  readonly foldedAway: readonly string[];
  /** Never folded away, whatever the budget: the selected node. */
  readonly show?: NodeId | undefined;
  /** The same for all of these: a trace's path. */
  readonly pinned?: readonly NodeId[] | undefined;
}
