import type { Lane, LaneHeading } from "#lib/model/graph.ts";

/** Sizes of the map in map units: CSS pixels at zoom 1. */
export const measures = {
  margin: 24,
  /** Above the first island, for the lane headings. */
  headings: 40,
  /** From one card's top to the next one's. */
  rowPitch: 54,
  cardHeight: 44,
  foldHeight: 30,
  /** Between two lanes, for the edges. */
  laneGap: 70,
  /** Between the islands and what stands left and right of them. */
  outerGap: 64,
  islandHeader: 40,
  islandPadding: 18,
  islandGap: 18,
  tileHeight: 82,
  /** A row of namespaces that share it. */
  familyHeight: 40,
  familyGap: 4,
  /** Right of such rows, for the arcs between them. */
  arcRoom: 48,
} as const;

export const laneWidth: Readonly<Record<Lane, number>> = {
  internet: 124,
  entry: 224,
  route: 224,
  service: 208,
  workload: 208,
  pod: 208,
  outside: 190,
};

export const laneTitle: Readonly<Record<Lane, LaneHeading["title"]>> = {
  internet: "Internet",
  entry: "Entry",
  route: "Routes",
  service: "Services",
  workload: "Workloads",
  pod: "Pods",
  outside: "Outside",
};
