import type { ViewQuery } from "#lib/model/graph.ts";

/** For tests only: a view of everything, nothing asked for. */
export const everything: ViewQuery = {
  namespaces: [],
  kinds: [],
  labels: [],
  only: "all",
  unfolded: [],
  foldedAway: [],
};
