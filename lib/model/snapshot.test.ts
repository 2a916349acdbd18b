import { describe, expect, it } from "vitest";
import { ClusterStore } from "#lib/server/store/cluster-store.ts";
import { isKnown, isRead, type Snapshot } from "./snapshot.ts";

const store = new ClusterStore();
store.setUnread("pods", { reason: "forbidden", message: "no" });
store.setUnread("gateways", { reason: "not-served", message: "no such kind" });
const taken = store.take("2026-01-01T00:00:00Z")?.snapshot;
if (taken === undefined) throw new Error("there is a first snapshot");

describe("isRead and isKnown", () => {
  const snapshots: readonly (readonly [string, Snapshot])[] = [
    ["with lists made on demand", taken],
    ["with plain lists", { ...taken, objects: { ...taken.objects } }],
    ["behind a proxy", { ...taken, objects: new Proxy(taken.objects, {}) }],
  ];
  it.each(snapshots)("tell what was read of a snapshot %s", (_, snapshot) => {
    expect([isRead(snapshot, "services"), isKnown(snapshot, "services")]).toEqual([true, true]);
    expect([isRead(snapshot, "pods"), isKnown(snapshot, "pods")]).toEqual([false, false]);
    expect([isRead(snapshot, "gateways"), isKnown(snapshot, "gateways")]).toEqual([false, true]);
  });
});
