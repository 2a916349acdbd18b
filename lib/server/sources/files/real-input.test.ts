import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { filesSource } from "./files-source.ts";
import { snapshotFromText } from "./snapshot-from-text.ts";

const folder = "../shared/real-input";
const absent = !existsSync(folder);
if (absent) console.error(`${folder} is not there: what real clusters give is not tested.`);

async function read(path: string): Promise<Snapshot> {
  const result = await filesSource(`${folder}/${path}`, { id: "real", name: path }).read(
    () => undefined,
    new AbortController().signal,
  );
  if (result.kind !== "snapshot") throw new Error(JSON.stringify(result.failure));
  return result.snapshot;
}

function counts(snapshot: Snapshot): Record<string, number> {
  const { pods, services, networkPolicies, endpointSlices, events } = snapshot.objects;
  const of = (list: readonly unknown[] | undefined) => list?.length ?? -1;
  return {
    pods: of(pods),
    services: of(services),
    networkPolicies: of(networkPolicies),
    endpointSlices: of(endpointSlices),
    events: of(events),
  };
}

/** Without what the place in the file decides. */
function content(snapshot: Snapshot): unknown {
  return JSON.parse(
    JSON.stringify(snapshot.objects, (key, value: unknown) => (key === "origin" ? undefined : value)),
  );
}

describe.skipIf(absent)("real input", () => {
  it.each([
    ["healthy.yaml", { pods: 39, services: 29, networkPolicies: 26, endpointSlices: 28, events: 104 }],
    ["faulty.yaml", { pods: 42, services: 32, networkPolicies: 29, endpointSlices: 30, events: 149 }],
    ["support-bundle.tar.gz", { pods: 8, services: 4, networkPolicies: 0, endpointSlices: -1, events: 5 }],
  ])("reads all of %s without a problem", async (path, expected) => {
    const snapshot = await read(path);
    expect(snapshot).toMatchObject({ origin: "dump", problems: [] });
    expect(snapshot.takenAt).toMatch(/^20\d\d-/);
    expect(counts(snapshot)).toEqual(expected);
  });

  it.each([
    ["manifests/online-boutique.yaml", 12],
    ["manifests/online-boutique-for-old-clusters.yaml", 12],
    ["manifests/online-boutique-policies.yaml", 0],
    ["manifests/sock-shop.yaml", 14],
    ["manifests/sock-shop-policies.yaml", 0],
  ])("reads %s as manifests, a template standing for each workload's pods", async (path, pods) => {
    const snapshot = await read(path);
    expect(snapshot).toMatchObject({ origin: "manifests", problems: [], unread: {}, takenAt: undefined });
    expect(snapshot.objects.pods).toHaveLength(pods);
  });

  it("knows which kinds the bundle's cluster did not serve, and its version", async () => {
    const snapshot = await read("support-bundle.tar.gz");
    expect(snapshot.version).toBe("v1.24.4+k3s1");
    expect(snapshot.unread.httpRoutes?.reason).toBe("not-served");
    expect(snapshot.unread.endpointSlices?.reason).toBe("not-collected");
  });

  it("reads the same from YAML and from JSON, in whatever order the objects stand", async () => {
    const text = await readFile(`${folder}/faulty.yaml`, "utf8");
    const expected = content(snapshotFromText(text, "faulty.yaml"));
    const list: unknown = load(text);
    if (typeof list !== "object" || list === null || !("items" in list) || !Array.isArray(list.items))
      throw new Error("no list");
    const { items } = list;
    expect(content(snapshotFromText(JSON.stringify(list, null, 4), "faulty.json"))).toEqual(expected);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length }),
        (shuffled) => {
          const json = JSON.stringify({ apiVersion: "v1", kind: "List", items: shuffled });
          expect(content(snapshotFromText(json, "shuffled.json"))).toEqual(expected);
        },
      ),
      { numRuns: 5 },
    );
  });

  it("keeps what comes before any cut of a dump, and never more", async () => {
    const text = await readFile(`${folder}/faulty.yaml`, "utf8");
    const whole = snapshotFromText(text, "faulty.yaml").objects.pods ?? [];
    const ids = new Set(whole.map(({ id }) => id));
    fc.assert(
      fc.property(fc.integer({ min: text.indexOf("kind: Pod"), max: text.length - 200 }), (end) => {
        const cut = snapshotFromText(text.slice(0, end), "faulty.yaml");
        expect(cut.problems.length).toBeGreaterThan(0);
        for (const pod of cut.objects.pods ?? []) expect(ids.has(pod.id)).toBe(true);
        if (cut.objects.pods !== undefined) expect(cut.unread.pods).toMatchObject({ reason: "failed" });
      }),
      { numRuns: 15 },
    );
  });
});
