import fc from "fast-check";
import { expect, it } from "vitest";
import type { LabelSelector } from "#lib/model/objects.ts";
import { arbitraryHistory, through } from "#lib/testing/arbitrary-history.ts";
import { buildIndex } from "../build-index.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import { inOneGo } from "../in-one-go.ts";
import { type LiveIndex, nextIndex, startIndex } from "./live-index.ts";

const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] };
const unlike: LabelSelector = {
  matchLabels: {},
  matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }],
};

/** All that can be asked of an index, as plain maps. */
function contentOf(index: ClusterIndex) {
  return {
    byId: new Map(index.byId),
    podsByNamespace: new Map(index.podsByNamespace),
    servicesByNamespace: new Map(index.servicesByNamespace),
    podByIp: new Map(index.podByIp),
    namespaces: new Map(index.namespaces),
    namespaceNames: index.namespaceNames,
    ownerOf: new Map(index.ownerOf),
    workloads: new Map(index.workloads),
    workloadsByNamespace: new Map(index.workloadsByNamespace),
    warnings: new Map(index.warnings),
    selected: index.namespaceNames.map((name) => index.podsSelectedBy(name, { app: "web" })),
    matching: index.namespaceNames.map((name) => [
      index.podsMatching(name, everything),
      index.podsMatching(name, unlike),
    ]),
  };
}

it("the index that was carried along any history is the one that is built from its end", () => {
  fc.assert(
    fc.property(arbitraryHistory(12), (history) => {
      let live: LiveIndex | undefined;
      for (const { snapshot, changes, wide } of through(history)) {
        live =
          live === undefined || wide
            ? inOneGo(startIndex(snapshot))
            : nextIndex(live, snapshot, changes).live;
        expect(contentOf(live.index)).toEqual(contentOf(buildIndex(snapshot)));
      }
    }),
    { numRuns: 150 },
  );
});

it("says of every object that an answer may hang on whether it is another now", () => {
  fc.assert(
    fc.property(arbitraryHistory(8), (history) => {
      let live: LiveIndex | undefined;
      for (const { snapshot, changes, wide } of through(history)) {
        if (live === undefined || wide) {
          live = inOneGo(startIndex(snapshot));
          continue;
        }
        const before = live.index;
        const next = nextIndex(live, snapshot, changes);
        const { ids, addresses } = next.changed;
        const after = next.live.index;
        for (const id of new Set([...before.byId.keys(), ...after.byId.keys()])) {
          if (ids.has(id)) continue;
          expect(after.byId.get(id)).toBe(before.byId.get(id));
          expect(after.ownerOf.get(id)).toBe(before.ownerOf.get(id));
          expect(after.warnings.get(id)).toEqual(before.warnings.get(id));
        }
        for (const ip of new Set([...before.podByIp.keys(), ...after.podByIp.keys()])) {
          if (!addresses.has(ip)) expect(after.podByIp.get(ip)?.id).toBe(before.podByIp.get(ip)?.id);
        }
        live = next.live;
      }
    }),
    { numRuns: 100 },
  );
});
