/** Whatever somebody may not see, nothing is called broken to them that is not, and nothing healthy that is broken. */
import { describe, expect, it } from "vitest";
import { runChecks } from "#lib/diagnosis/run-checks.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { allKinds, kinds } from "#lib/model/kinds.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { demoAnswers } from "#lib/testing/demo-answers.ts";
import type { Access, AccessAsk } from "../sources/source.ts";
import { askRights } from "./rights.ts";
import { snapshotFor } from "./view.ts";

const { snapshot: dump } = await demoAnswers();
// A cluster that was read whole, with all that the demo does not hold of it not there.
const snapshot: Snapshot = { ...dump, origin: "cluster" };
const now = snapshot.takenAt ?? "2026-01-01T00:00:00Z";
const namespaces = [...new Set((snapshot.objects.pods ?? []).map(({ namespace }) => namespace))].sort();
const nameOf = (kind: (typeof allKinds)[number]) => {
  const { group, resource } = kinds[kind];
  return group === "" ? resource : `${resource}.${group}`;
};
const present = allKinds.filter((kind) => (snapshot.objects[kinds[kind].plural]?.length ?? 0) > 0);
const everything = allKinds.map(nameOf);

const reviewFor =
  (allowed: readonly string[]) =>
  async (asks: readonly AccessAsk[]): Promise<Access[]> =>
    asks.map(({ group, resource, namespace }) => {
      const name = group === "" ? resource : `${resource}.${group}`;
      return [name, `${name} in ${namespace}`, `* in ${namespace}`].some((each) => allowed.includes(each))
        ? "allowed"
        : "denied";
    });

/** What is wrong by the eyes of who may see this, by code and subject; what is broken, and what is healthy. */
function judged(view: Snapshot) {
  const facts = compileFacts(view, now);
  const services = [...facts.services];
  const having = (wanted: string) => services.filter(([, { health }]) => health === wanted).map(([id]) => id);
  return {
    alarms: [
      ...runChecks(facts).findings.map(({ code, subject }) => `${code} ${subject}`),
      ...having("broken").map((id) => `broken ${id}`),
    ],
    healthy: having("ok"),
  };
}

const all = judged(snapshot);
const whole = new Set(all.alarms);

/** What is called wrong that is not, and healthy that is broken. (What is broken in part may show in what is hidden.) */
const newTo = async (...allowed: readonly string[]) => {
  const { alarms, healthy } = judged(snapshotFor(snapshot, await askRights(reviewFor(allowed), namespaces)));
  return [
    ...alarms.filter((alarm) => !whole.has(alarm)),
    ...healthy.filter((id) => whole.has(`broken ${id}`)).map((id) => `healthy ${id}`),
  ];
};

describe("nothing is other than it is to who may see", () => {
  it.each(present.map(nameOf))("everything but %s", async (name) => {
    expect(await newTo(...everything.filter((each) => each !== name))).toEqual([]);
  });

  it.each(present.filter((kind) => kinds[kind].namespaced).map(nameOf))(
    "everything, of %s those of one namespace",
    async (name) => {
      for (const namespace of namespaces)
        expect([
          namespace,
          await newTo(...everything.filter((each) => each !== name), `${name} in ${namespace}`),
        ]).toEqual([namespace, []]);
    },
  );

  it.each(namespaces)(
    "one namespace alone, %s, with and without what is the cluster's",
    async (namespace) => {
      expect(await newTo(`* in ${namespace}`)).toEqual([]);
      expect(await newTo(`* in ${namespace}`, "nodes", "namespaces", "services")).toEqual([]);
    },
  );
});

it("is asked of a cluster in which something is wrong", () => {
  expect(whole.size).toBeGreaterThan(15);
});
