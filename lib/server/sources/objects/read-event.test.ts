import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readObject } from "./read-object.ts";

describe("readEvent", () => {
  it("reads v1 and events.k8s.io/v1 as the same thing", () => {
    const core = readObject(
      load(`
        apiVersion: v1
        kind: Event
        metadata: {name: cart-0.17, namespace: shop}
        type: Warning
        reason: Unhealthy
        message: Readiness probe failed
        count: 4
        firstTimestamp: 2026-11-21T07:59:00Z
        lastTimestamp: 2026-11-21T08:01:00Z
        involvedObject: {apiVersion: v1, kind: Pod, namespace: shop, name: cart-0}
      `),
    );
    const group = readObject(
      load(`
        apiVersion: events.k8s.io/v1
        kind: Event
        metadata: {name: cart-0.17, namespace: shop}
        type: Warning
        reason: Unhealthy
        note: Readiness probe failed
        deprecatedCount: 4
        deprecatedFirstTimestamp: 2026-11-21T07:59:00Z
        deprecatedLastTimestamp: 2026-11-21T08:01:00Z
        regarding: {apiVersion: v1, kind: Pod, namespace: shop, name: cart-0}
      `),
    );
    expect(core).toEqual(group);
    expect(core).toMatchObject({
      object: { type: "Warning", count: 4, lastSeen: "2026-11-21T08:01:00Z", about: "pod/shop/cart-0" },
    });
  });

  it("counts a series, and is about nothing where the kind is not read", () => {
    const outcome = readObject(
      load(`
        apiVersion: events.k8s.io/v1
        kind: Event
        metadata: {name: a}
        eventTime: 2026-11-21T07:59:00.000000Z
        series: {count: 9, lastObservedTime: 2026-11-21T08:09:00.000000Z}
        regarding: {apiVersion: v1, kind: PersistentVolumeClaim, name: data}
      `),
    );
    expect(outcome).toMatchObject({
      object: { count: 9, lastSeen: "2026-11-21T08:09:00.000000Z", about: undefined, type: "Normal" },
    });
  });
});
