import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pod } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import { pod } from "#lib/testing/cluster-yaml.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { pairsOf } from "./pairs.ts";

const places = ["node-1", "node-2", "node-3", undefined];

/** "a-node-1", and "host-a-node-1" on the node's network; "a-nowhere" has no node yet. */
function names(prefix: string): readonly string[] {
  return places.map((node) => `${prefix}-${node ?? "nowhere"}`);
}

const yaml = ["a", "b", "host-a", "host-b"]
  .flatMap((prefix) =>
    places.map((node) =>
      pod(`shop/${prefix}-${node ?? "nowhere"}`, {
        ...(node === undefined ? {} : { node }),
        ...(prefix.startsWith("host") ? { spec: "hostNetwork: true" } : {}),
      }),
    ),
  )
  .join("");
const pods = new Map(seen(snapshotFromYaml(yaml), "pods").map((each) => [each.name, each]));

function podsOf(...wanted: readonly string[]): readonly Pod[] {
  return wanted.map((name) => {
    const found = pods.get(name);
    if (found === undefined) throw new Error(`no pod ${name}`);
    return found;
  });
}

/** "a-node-1 → b-node-1, same-node". */
function told(sources: readonly Pod[], destinations: readonly Pod[]): readonly string[] {
  return pairsOf(sources, destinations).map(
    ({ source, destination, placement }) => `${source.name} → ${destination.name}, ${placement}`,
  );
}

function deployment(replicas: number): readonly Pod[] {
  const written = `
kind: Deployment
apiVersion: apps/v1
metadata: { name: web, namespace: shop }
spec: { replicas: ${replicas}, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app }] } } }
`;
  return seen(snapshotFromYaml(written, "manifests"), "pods");
}

describe("pods of one network", () => {
  it.each([
    [
      "meet once, wherever they run",
      ["a-node-1", "a-node-2"],
      ["b-node-1", "b-node-3"],
      "a-node-1 → b-node-1",
    ],
    ["meet another where the target has one", ["a-node-1"], ["a-node-1", "a-node-2"], "a-node-1 → a-node-2"],
    ["meet another where the source has one", ["a-node-1", "a-node-2"], ["a-node-1"], "a-node-2 → a-node-1"],
    ["meet themselves where there is no other", ["a-node-1"], ["a-node-1"], "a-node-1 → a-node-1"],
    [
      "on their node's network meet once, too",
      ["host-a-node-1"],
      ["host-b-node-1"],
      "host-a-node-1 → host-b-node-1",
    ],
  ])("%s", (_what, sources, destinations, pair) => {
    expect(told(podsOf(...sources), podsOf(...destinations))).toEqual([`${pair}, any`]);
  });

  it("meet nobody where there is none", () => {
    expect(told([], podsOf("a-node-1"))).toEqual([]);
    expect(told(podsOf("a-node-1"), [])).toEqual([]);
  });
});

describe("a template", () => {
  it("that stands for several pods is met as another of them, alike but for its name", () => {
    const [pair, ...more] = pairsOf(deployment(2), deployment(2));
    expect(more).toEqual([]);
    expect(pair?.destination.id).not.toBe(pair?.source.id);
    expect(pair?.destination).toEqual({ ...pair?.source, id: pair?.destination.id });
  });

  it("that stands for one pod meets itself", () => {
    const one = deployment(1);
    expect(one).toHaveLength(1);
    expect(told(one, one)).toEqual([`${one[0]?.name} → ${one[0]?.name}, any`]);
  });
});

describe("pods of which one side is on its node's network", () => {
  it.each([
    ["on one node", ["host-a-node-1"], ["b-node-1"], ["host-a-node-1 → b-node-1, same-node"]],
    ["on different nodes", ["a-node-1"], ["host-b-node-2"], ["a-node-1 → host-b-node-2, other-node"]],
    [
      "on one node and on another",
      ["host-a-node-1"],
      ["b-node-1", "b-node-2"],
      ["host-a-node-1 → b-node-1, same-node", "host-a-node-1 → b-node-2, other-node"],
    ],
    ["on no node yet", ["host-a-nowhere"], ["b-node-2"], ["host-a-nowhere → b-node-2, unplaced"]],
    [
      "for a target on no node yet",
      ["host-a-node-1"],
      ["b-nowhere"],
      ["host-a-node-1 → b-nowhere, unplaced"],
    ],
  ])("meet once for each way that nodes count: %s", (_what, sources, destinations, pairs) => {
    expect(told(podsOf(...sources), podsOf(...destinations))).toEqual(pairs);
  });

  /** Where two pods run, as seen from the packet. */
  function placementOf(source: Pod, destination: Pod): string {
    if (source.nodeName === undefined || destination.nodeName === undefined) return "unplaced";
    return source.nodeName === destination.nodeName ? "same-node" : "other-node";
  }

  const some = (prefix: string) => fc.shuffledSubarray([...names(prefix)], { minLength: 1 });
  const sides = fc.oneof(fc.tuple(some("host-a"), some("b")), fc.tuple(some("a"), some("host-b")));

  it("meet in every way in which any two of them can, and in each once", () => {
    fc.assert(
      fc.property(sides, ([sources, destinations]) => {
        const [from, to] = [podsOf(...sources), podsOf(...destinations)];
        const possible = from.flatMap((source) => to.map((destination) => placementOf(source, destination)));
        const pairs = pairsOf(from, to);
        expect(pairs.map(({ placement }) => placement).sort()).toEqual([...new Set(possible)].sort());
        for (const { source, destination, placement } of pairs) {
          expect(placementOf(source, destination)).toBe(placement);
          expect(from).toContain(source);
          expect(to).toContain(destination);
        }
      }),
    );
  });
});
