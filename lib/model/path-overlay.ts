import type { NodeId } from "./graph.ts";
import type { HopOutcome } from "./trace.ts";

/** What a trace lights on a map. */
export interface PathOverlay {
  /** Nodes of the view, in the packet's order. */
  readonly nodes: readonly NodeId[];
  readonly segments: readonly PathSegment[];
}

/** The way from one lit node to the next. */
export interface PathSegment {
  readonly from: NodeId;
  readonly to: NodeId;
  /** A cubic curve as x, y pairs, like an edge's. */
  readonly curve: readonly number[];
  /** `skipped`: the packet does not come that far. */
  readonly outcome: HopOutcome;
  /**
   * What stands in its middle: a shield where a policy lets it through, a barred one where a policy stops it, a break
   * where something else does, a question where it is not known.
   */
  readonly mark?: "shield" | "barred-shield" | "break" | "question" | undefined;
  /** Index of the hop that the mark stands for. */
  readonly hop?: number | undefined;
}
