import type { GraphEdge, NodeId } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import type { FoldGroup } from "./fold-ground.ts";
import { type FoldLevel, isCoarser, type Standing } from "./fold-levels.ts";
import { type FoldState, familyId, laneFoldId } from "./fold-state.ts";

/** How many elements (nodes and edges) a view may draw; see `foldBudget` for where the numbers come from. */
export interface FoldBudget {
  /** As many by its own choice. */
  readonly soft: number;
  /** As many when people unfold by hand, and when more than the soft number is troubled. */
  readonly hard: number;
  /** Of so many namespaces each has a tile of its own; where there are more, they share rows. */
  readonly tiles: number;
}

/**
 * A canvas without a GPU draws 200 elements in a frame of 32 ms and 500 in one of 40 to 50; above, panning stutters. The
 * map stays below that by its own choice: with 140, what is broken in a cluster of 40 workloads is seen without paging.
 * The first frame of 500 blocked the page for 209 ms (`npm run bench`), more than the 200 ms that are bearable: hence 440.
 */
export const foldBudget: FoldBudget = { soft: 140, hard: 440, tiles: 60 };

export interface ByHand {
  /** `namespace/<name>`, workload ids, `folded/-/outside`, `folded/-/namespaces/<family>`. */
  readonly unfolded: ReadonlySet<string>;
  readonly foldedAway: ReadonlySet<string>;
  /** Asked for nothing but what is broken, people want it drawn, even if it is much. */
  readonly only: "all" | "broken";
}

/**
 * Chooses the most detailed levels that fit the budget, in an order that does not depend on chance: namespaces that
 * are selected or unfolded by hand, those with something broken, those with something partial or unknown, then small
 * ones. Everything troubled stays drawn up to the hard cap; beyond it, the largest troubled namespaces are counted
 * first.
 *
 * Of more namespaces than tiles can show, all share rows, a family a row, until they are asked for. What is troubled is
 * drawn above that where all of it fits, else what is broken is where all of that does: the broken half of what is
 * broken would say that the other half is well.
 */
export function chooseLevels(
  state: FoldState,
  edges: readonly GraphEdge[],
  standing: Standing,
  byHand: ByHand,
  budget: FoldBudget,
): void {
  const ranked = state.groups.map((group) => rank(group, standing, byHand)).sort(compareRanked);
  const shut = ranked.filter((one) => one.byHand === "folded");
  if (shut.length === 0 && state.elements() <= budget.soft) return;

  const shared = state.groups.filter((group) => group.namespace !== undefined).length > budget.tiles;
  const least = (one: Ranked) => (shared ? leastOfMany(one, byHand) : coarsest(one));
  const first = new Map(
    ranked.map((one) => [one.group, one.byHand === "unfolded" ? "open" : least(one)] as const),
  );
  state.setAll((group) => first.get(group) ?? "open");
  const chosen = ranked.filter((one) => one.byHand === "unfolded");
  fitHardCap(
    state,
    ranked.filter((one) => one.byHand !== "unfolded"),
    budget.hard,
  );
  // What was unfolded by hand and still does not fit is drawn as far as it goes, the last asked for least.
  if (state.elements() > budget.hard) for (const one of chosen) state.set(one.group, least(one));
  fitHardCap(state, chosen, budget.hard);
  for (const one of chosen) reveal(state, one, edges, budget.hard);

  const free = ranked.filter((one) => one.byHand === "no");
  if (shared) {
    showAllTroubled(state, free, byHand.only === "broken" ? budget.hard : budget.soft);
    if (state.elements() > budget.soft) return;
    state.setFlows(true);
    if (state.elements() > budget.soft) state.setFlows(false);
    return;
  }
  // What stands around every fault comes before the rest of any one namespace.
  for (const one of free) if (one.troubled) raise(state, one.group, "paths", budget.soft);
  for (const one of free) {
    if (ranked.length === 1) reveal(state, one, edges, budget.soft);
    else raise(state, one.group, "open", budget.soft);
  }
}

/** As much of a namespace that someone asked for as fits. */
function reveal(state: FoldState, one: Ranked, edges: readonly GraphEdge[], cap: number): void {
  if (raise(state, one.group, "open", cap) || revealSome(state, one.group, edges, cap)) return;
  if (one.troubled) raise(state, one.group, "paths", cap);
}

interface Ranked {
  readonly group: FoldGroup;
  readonly byHand: "unfolded" | "folded" | "no";
  readonly pinned: boolean;
  readonly broken: boolean;
  readonly troubled: boolean;
}

function rank(group: FoldGroup, standing: Standing, { unfolded, foldedAway }: ByHand): Ranked {
  const id =
    group.namespace === undefined ? laneFoldId(undefined, "outside") : `namespace/${group.namespace}`;
  return {
    group,
    byHand: unfolded.has(id) ? "unfolded" : foldedAway.has(id) ? "folded" : "no",
    pinned: standing.pinned.size > 0 && group.nodes.some((node) => standing.pinned.has(node.id)),
    broken: group.broken,
    troubled: group.troubled,
  };
}

function compareRanked(a: Ranked, b: Ranked): number {
  return (
    weight(a) - weight(b) ||
    a.group.nodes.length - b.group.nodes.length ||
    compareText(a.group.namespace ?? "", b.group.namespace ?? "")
  );
}

function weight(one: Ranked): number {
  if (one.byHand === "unfolded") return 0;
  if (one.pinned) return 1;
  if (one.broken) return 2;
  return one.troubled ? 3 : 4;
}

/** The least that is drawn of a namespace as long as the hard cap holds. */
function coarsest({ group, troubled, pinned }: Ranked): FoldLevel {
  if (troubled) return "lanes";
  return pinned || group.namespace === undefined ? "counts" : "tile";
}

/** The same where namespaces share rows. */
function leastOfMany({ group, pinned }: Ranked, { unfolded }: ByHand): FoldLevel {
  if (pinned || group.namespace === undefined) return "counts";
  return unfolded.has(familyId(group.family)) ? "tile" : "family";
}

/** All that is troubled, or all that is broken, with what stands around it; or nothing of it. */
function showAllTroubled(state: FoldState, free: readonly Ranked[], cap: number): void {
  for (const which of ["troubled", "broken"] as const) {
    const those = free.filter((one) => one[which]);
    const before = those.map(({ group }) => state.levelOf(group));
    if (those.every(({ group }) => raise(state, group, "lanes", cap))) {
      for (const { group } of those) raise(state, group, "paths", cap);
      return;
    }
    those.forEach(({ group }, at) => {
      state.set(group, before[at] ?? "family");
    });
  }
}

/** Steps down, one level after the other, largest and least troubled first, until the view fits. */
function fitHardCap(state: FoldState, ranked: readonly Ranked[], cap: number): void {
  const largestFirst = [...ranked].reverse();
  for (const level of ["broken", "counts", "tile", "family"] as const) {
    for (const one of largestFirst) {
      if (state.elements() <= cap) return;
      const tileable = one.group.namespace !== undefined && !one.pinned;
      const steps = level === "broken" || level === "counts" ? one.troubled : tileable;
      if (steps && isCoarser(level, state.levelOf(one.group))) state.set(one.group, level);
    }
  }
}

/** Sets a level if the view still fits; else leaves everything as it was. */
function raise(
  state: FoldState,
  group: FoldGroup,
  level: FoldLevel,
  cap: number,
  revealed?: ReadonlySet<NodeId>,
): boolean {
  // More detail never draws fewer elements, so there is nothing to try in a full view.
  if (state.elements() > cap) return false;
  const before = state.levelOf(group);
  if (before === level && revealed === undefined) return true;
  state.set(group, level, revealed);
  if (state.elements() <= cap) return true;
  state.set(group, before);
  return false;
}

/**
 * For a namespace that someone asked for and that is too large to draw: as many of its paths as fit, in the order of
 * their Services' names, and the rest still counted.
 */
function revealSome(state: FoldState, group: FoldGroup, edges: readonly GraphEdge[], cap: number): boolean {
  const order = revealOrder(group, edges);
  let fits = -1;
  let beyond = order.length;
  while (beyond - fits > 1) {
    const middle = Math.floor((fits + beyond) / 2);
    if (raise(state, group, "some", cap, new Set(order.slice(0, middle)))) fits = middle;
    else beyond = middle;
  }
  return fits >= 0 && raise(state, group, "some", cap, new Set(order.slice(0, fits)));
}

/** Each Service by name, followed by what it sends to and by the way in to it; what has no Service comes last. */
function revealOrder(group: FoldGroup, edges: readonly GraphEdge[]): readonly NodeId[] {
  const members = new Set(group.nodes.map((node) => node.id));
  const into = new Map<NodeId, NodeId[]>();
  const outOf = new Map<NodeId, NodeId[]>();
  for (const { source, target } of edges) {
    if (!members.has(source) || !members.has(target)) continue;
    into.set(target, [...(into.get(target) ?? []), source]);
    outOf.set(source, [...(outOf.get(source) ?? []), target]);
  }
  const byName = [...group.nodes].sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id));
  const order = new Set<NodeId>();
  for (const service of byName.filter((node) => node.lane === "service")) {
    const before = into.get(service.id) ?? [];
    const chain = [
      service.id,
      ...(outOf.get(service.id) ?? []),
      ...before,
      ...before.flatMap((id) => into.get(id) ?? []),
    ];
    for (const id of chain) order.add(id);
  }
  for (const node of byName) order.add(node.id);
  return [...order];
}
