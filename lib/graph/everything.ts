import type { ViewQuery } from "#lib/model/graph.ts";

/** What the map is asked for where nobody has chosen anything. */
export const everything: ViewQuery = {
  namespaces: [],
  kinds: [],
  labels: [],
  only: "all",
  unfolded: [],
  foldedAway: [],
};
