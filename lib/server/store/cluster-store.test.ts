import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import { allKinds, kinds } from "#lib/model/kinds.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { PluralKind, Snapshot, Unread } from "#lib/model/snapshot.ts";
import { assembleSnapshot } from "../sources/assemble-snapshot.ts";
import { readObject } from "../sources/objects/read-object.ts";
import type { Update } from "../sources/source.ts";
import { ClusterStore } from "./cluster-store.ts";
import { intakeOf } from "./intake.ts";
import type { Entry } from "./shelf.ts";

const now = "2026-01-01T00:00:00Z";

type Name = "a" | "b" | "c" | "d";
type Step =
  | {
      readonly do: "put";
      readonly kind: "Pod" | "Service" | "Namespace";
      readonly name: Name;
      readonly label: string;
    }
  | { readonly do: "remove"; readonly kind: "Pod" | "Service" | "Namespace"; readonly name: Name }
  | { readonly do: "break"; readonly name: Name }
  | { readonly do: "list"; readonly names: readonly Name[]; readonly label: string }
  | { readonly do: "unread"; readonly plural: "services" | "namespaces" }
  | { readonly do: "read"; readonly plural: "services" | "namespaces" }
  | { readonly do: "take" };

const pluralOf = { Pod: "pods", Service: "services", Namespace: "namespaces" } as const;
const forbidden: Unread = { reason: "forbidden", message: "no" };

function entry(kind: "Pod" | "Service" | "Namespace", name: Name, label: string): Entry {
  const outcome = readObject({
    apiVersion: "v1",
    kind,
    // A namespace for two names, so that one is often still in use when an object of it goes.
    metadata: { name, namespace: name < "c" ? "first" : "second", labels: { label } },
    spec: kind === "Namespace" ? undefined : { containers: [], ports: [] },
  });
  if (outcome.kind !== "object") throw new Error("the object is sound");
  return { id: outcome.object.id, object: outcome.object, problems: [] };
}

const name = fc.constantFrom<Name>("a", "b", "c", "d");
const kind = fc.constantFrom("Pod" as const, "Service" as const, "Namespace" as const);
const plural = fc.constantFrom("services" as const, "namespaces" as const);
const label = fc.constantFrom("x", "y");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("put" as const), kind, name, label }),
  fc.record({ do: fc.constant("remove" as const), kind, name }),
  fc.record({ do: fc.constant("break" as const), name }),
  fc.record({ do: fc.constant("list" as const), names: fc.uniqueArray(name), label }),
  fc.record({ do: fc.constant("unread" as const), plural }),
  fc.record({ do: fc.constant("read" as const), plural }),
  fc.record({ do: fc.constant("take" as const) }),
);

/** The same history in the simplest way there is. */
class Reference {
  readonly objects = new Map<string, ClusterObject>();
  readonly broken = new Set<Name>();
  readonly unread = new Set<PluralKind>();

  snapshot(): Snapshot {
    return assembleSnapshot({
      objects: [...this.objects.values()].filter((each) => !this.unread.has(kinds[each.kind].plural)),
      problems: [...this.broken].map((name) => problemOf(name)),
      unread: Object.fromEntries([...this.unread].map((each) => [each, forbidden])),
      origin: "cluster",
      takenAt: now,
      complete: true,
    });
  }
}

const problemOf = (name: Name) =>
  ({ kind: "invalid", where: "/pods", why: "is broken", subject: name }) as const;

function act(store: ClusterStore, reference: Reference, step: Exclude<Step, { do: "take" }>): void {
  switch (step.do) {
    case "put": {
      const each = entry(step.kind, step.name, step.label);
      if (reference.unread.has(pluralOf[step.kind]) || each.object === undefined) return;
      store.put(pluralOf[step.kind], each);
      reference.objects.set(each.id, each.object);
      if (step.kind === "Pod") reference.broken.delete(step.name);
      return;
    }
    case "remove": {
      const { id } = entry(step.kind, step.name, "x");
      store.remove(pluralOf[step.kind], id);
      reference.objects.delete(id);
      if (step.kind === "Pod") reference.broken.delete(step.name);
      return;
    }
    case "break": {
      const { id } = entry("Pod", step.name, "x");
      store.put("pods", { id, object: undefined, problems: [problemOf(step.name)] });
      reference.objects.delete(id);
      reference.broken.add(step.name);
      return;
    }
    case "list": {
      const intake = intakeOf(store, "pods");
      for (const id of [...reference.objects.keys()]) if (id.startsWith("pod/")) reference.objects.delete(id);
      reference.broken.clear();
      for (const each of step.names) {
        const listed = entry("Pod", each, step.label);
        intake.put(listed);
        if (listed.object !== undefined) reference.objects.set(listed.id, listed.object);
      }
      intake.commit();
      return;
    }
    case "unread":
      store.setUnread(step.plural, forbidden);
      reference.unread.add(step.plural);
      for (const [id, object] of reference.objects)
        if (kinds[object.kind].plural === step.plural) reference.objects.delete(id);
      return;
    case "read":
      store.markRead(step.plural);
      reference.unread.delete(step.plural);
      return;
  }
}

/** The lists of a snapshot by id, after the changes of an update. */
function applied(before: Snapshot, { changes }: Update): Map<string, ClusterObject> {
  const byId = new Map<string, ClusterObject>();
  for (const list of Object.values(before.objects)) for (const each of list ?? []) byId.set(each.id, each);
  for (const { id, before: was, after } of changes) {
    expect(byId.get(id)).toEqual(was);
    if (after === undefined) byId.delete(id);
    else byId.set(id, after);
  }
  return byId;
}

function objectsIn(snapshot: Snapshot): Map<string, ClusterObject> {
  return new Map(
    Object.values(snapshot.objects).flatMap((list) => (list ?? []).map((each) => [each.id, each])),
  );
}

describe("ClusterStore", () => {
  it("gives after any history what a fresh start would, and the changes that lead there", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const store = new ClusterStore();
        const reference = new Reference();
        let last: Snapshot | undefined;
        for (const each of [...steps, { do: "take" } as const]) {
          if (each.do !== "take") {
            act(store, reference, each);
            continue;
          }
          const update = store.take(now);
          if (update === undefined) {
            expect(last).toEqual(reference.snapshot());
            continue;
          }
          expect(update.snapshot).toEqual(reference.snapshot());
          if (last !== undefined && !update.wide)
            expect(applied(last, update)).toEqual(objectsIn(update.snapshot));
          last = update.snapshot;
        }
      }),
      { numRuns: 300 },
    );
  });

  it("shares the lists of kinds that did not change, and never changes one that it gave out", () => {
    const store = new ClusterStore();
    store.put("pods", entry("Pod", "a", "x"));
    store.put("services", entry("Service", "a", "x"));
    const first = store.take(now)?.snapshot;
    expect(store.take(now)).toBeUndefined();
    store.put("pods", entry("Pod", "a", "y"));
    const second = store.take(now);
    expect(second?.wide).toBe(false);
    expect(second?.snapshot.objects.services).toBe(first?.objects.services);
    expect(second?.snapshot.objects.namespaces).toBe(first?.objects.namespaces);
    expect(first?.objects.pods?.map(({ labels }) => labels.label)).toEqual(["x"]);
    expect(second?.changes.map(({ id }) => id)).toEqual([objectId("pod", "first", "a")]);
  });

  it("makes a list when someone looks at it, and the same for all who do until the kind changes", () => {
    const store = new ClusterStore();
    for (const each of ["a", "b"] as const) store.put("pods", entry("Pod", each, "x"));
    const first = store.take(now)?.snapshot;
    store.put("services", entry("Service", "a", "x"));
    const second = store.take(now)?.snapshot;
    store.put("pods", entry("Pod", "a", "y"));
    const third = store.take(now)?.snapshot;
    expect(second?.objects.pods).toBe(first?.objects.pods);
    expect(third?.objects.pods).not.toBe(first?.objects.pods);
    expect(third?.objects.pods).toBe(store.list("pods"));
  });

  it("says nothing of an object that was put as it was, or that came and went between two looks", () => {
    const store = new ClusterStore();
    store.put("pods", entry("Pod", "a", "x"));
    store.take(now);
    store.put("pods", entry("Pod", "a", "x"));
    expect(store.take(now)).toBeUndefined();
    store.put("pods", entry("Pod", "b", "x"));
    store.remove("pods", entry("Pod", "b", "x").id);
    expect(store.take(now)?.changes).toEqual([]);
  });

  it("has a list for every kind", () => {
    const objects = new ClusterStore().take(now)?.snapshot.objects;
    for (const each of allKinds) expect(objects?.[kinds[each].plural]).toEqual([]);
  });
});
