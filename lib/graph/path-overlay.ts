import type { Box, GraphView, NodeId } from "#lib/model/graph.ts";
import type { PathOverlay, PathSegment } from "#lib/model/path-overlay.ts";
import type { Hop, HopOutcome, Trace } from "#lib/model/trace.ts";
import { curveOf, type EdgePath, edgePath, roundPath } from "./edge-path.ts";
import { internetId } from "./internet-strands.ts";
import { measures } from "./map-measures.ts";

/**
 * A trace on a view that draws its nodes (`ViewQuery.pinned`): which are lit, the way between them, and what stands on
 * it. What the map does not draw (nodes, addresses) is left out.
 */
export function pathOverlay(view: GraphView, { path, hops }: Pick<Trace, "path" | "hops">): PathOverlay {
  const boxes = new Map(view.nodes.map(({ id, box }) => [id, box]));
  const nodes = path.filter((id) => boxes.has(id));
  const stations = stationsOf(nodes, hops);
  const placed = placeHops(stations, hops);
  const segments: PathSegment[] = [];
  let stopped = false;
  for (const [i, from] of stations.entries()) {
    const to = stations[i + 1];
    const source = boxes.get(from);
    const target = to === undefined ? undefined : boxes.get(to);
    if (to === undefined || source === undefined || target === undefined) continue;
    const own = placed[i] ?? [];
    const outcome =
      stopped && own.every((at) => hops[at]?.outcome !== "block") ? "skipped" : worst(own, hops);
    segments.push({
      from,
      to,
      curve: curveOf(way(from, source, target)),
      outcome,
      ...markOf(own, hops),
    });
    if (outcome === "block") stopped = true;
  }
  return { nodes, segments };
}

/** As an edge goes; back to an earlier column it comes round into the left side, as every packet does. */
function way(from: NodeId, source: Box, target: Box): EdgePath {
  const isBack = target.x <= source.x + source.width;
  if (isBack) return roundPath(source, target);
  return edgePath(source, target, from === internetId ? measures.outerGap : undefined);
}

/** One node a stop: of pods of several workloads that send or take, the first stands for them. */
function stationsOf(nodes: readonly NodeId[], hops: readonly Hop[]): readonly NodeId[] {
  const [first] = nodes;
  const drawn = new Set(nodes);
  const stations = hops.flatMap((hop) => hop.nodes.filter((id) => drawn.has(id)).slice(0, 1));
  // Name servers are asked on the way, and packets do not go through them.
  const asked = new Set(hops.flatMap((hop) => (hop.kind === "dns" ? hop.nodes : [])));
  const through = stations.filter((id) => !asked.has(id) || id === first || id === nodes.at(-1));
  return [...new Set([first, ...through, nodes.at(-1)])].filter((id) => id !== undefined);
}

/** The hops that stand on each segment: policies of a sender where it is left, all else where it is come to. */
function placeHops(stations: readonly NodeId[], hops: readonly Hop[]): readonly (readonly number[])[] {
  const placed: number[][] = stations.map(() => []);
  const last = Math.max(stations.length - 2, 0);
  let current = 0;
  for (const [number, hop] of hops.entries()) {
    if (hop.kind === "source") continue;
    const at = stations.findIndex((id) => hop.nodes.includes(id));
    const leaves = hop.kind === "egress-policy" || hop.kind === "dns" || hop.kind === "endpoints";
    if (at !== -1) current = leaves ? at : at - 1;
    else if (leaves) current += hop.kind === "endpoints" ? 1 : 0;
    placed[Math.min(Math.max(current, 0), last)]?.push(number);
  }
  return placed;
}

const severity: readonly HopOutcome[] = ["block", "partial", "unknown", "pass", "skipped"];

function worst(own: readonly number[], hops: readonly Hop[]): HopOutcome {
  const outcomes = own.map((at) => hops[at]?.outcome);
  return severity.find((outcome) => outcomes.includes(outcome)) ?? "pass";
}

function markOf(own: readonly number[], hops: readonly Hop[]): Pick<PathSegment, "mark" | "hop"> {
  const outcome = worst(own, hops);
  const hop = own.find((at) => hops[at]?.outcome === outcome);
  const found = hop === undefined ? undefined : hops[hop];
  switch (outcome) {
    case "block":
    case "partial":
      return { mark: found !== undefined && isPolicy(found) ? "barred-shield" : "break", hop };
    case "unknown":
      return { mark: "question", hop };
    default: {
      const shield = own.find((at) => {
        const each = hops[at];
        return each !== undefined && isPolicy(each) && each.clauses.length > 0;
      });
      return shield === undefined ? {} : { mark: "shield", hop: shield };
    }
  }
}

function isPolicy({ kind }: Hop): boolean {
  return kind === "egress-policy" || kind === "ingress-policy";
}
