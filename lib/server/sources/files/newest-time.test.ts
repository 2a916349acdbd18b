import { describe, expect, it } from "vitest";
import { snapshotFromText } from "./snapshot-from-text.ts";

const takenAt = (yaml: string) => snapshotFromText(yaml, "a.yaml", "dump").takenAt;

describe("a dump's time", () => {
  it.each([
    ["none", "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}", undefined],
    [
      "the creation",
      "{apiVersion: v1, kind: Pod, metadata: {name: a, creationTimestamp: 2026-11-21T07:58:10Z}, spec: {}}",
      "2026-11-21T07:58:10Z",
    ],
    [
      "a condition's transition",
      "{apiVersion: v1, kind: Pod, metadata: {name: a, creationTimestamp: 2026-11-21T07:58:10Z}, spec: {}, status: {conditions: [{type: Ready, status: 'True', lastTransitionTime: 2026-11-21T07:59:10Z}]}}",
      "2026-11-21T07:59:10Z",
    ],
    [
      "an event, with parts of a second",
      "{apiVersion: v1, kind: Event, metadata: {name: a, creationTimestamp: 2026-11-21T07:58:10Z}, eventTime: 2026-11-21T07:58:10.250000Z, involvedObject: {}}",
      "2026-11-21T07:58:10.250000Z",
    ],
    [
      "another time zone's",
      "{apiVersion: v1, kind: Event, metadata: {name: a, creationTimestamp: 2026-11-21T09:00:00Z}, lastTimestamp: 2026-11-21T08:30:00-02:00, involvedObject: {}}",
      "2026-11-21T08:30:00-02:00",
    ],
    [
      "no deletion time, which lies ahead",
      "{apiVersion: v1, kind: Pod, metadata: {name: a, creationTimestamp: 2026-11-21T07:58:10Z, deletionTimestamp: 2026-11-21T09:00:00Z}, spec: {}}",
      "2026-11-21T07:58:10Z",
    ],
    [
      "nothing that is no time",
      "{apiVersion: v1, kind: Pod, metadata: {name: a, creationTimestamp: yesterday}, spec: {}}",
      undefined,
    ],
  ])("is %s", (_, yaml, expected) => {
    expect(takenAt(yaml)).toBe(expected);
  });
});

describe("what text is taken for", () => {
  it.each([
    [
      "manifests",
      "{apiVersion: v1, kind: Service, metadata: {name: a, creationTimestamp: null}, spec: {}, status: {loadBalancer: {}}}",
    ],
    ["dump", "{apiVersion: v1, kind: Service, metadata: {name: a, resourceVersion: '1'}, spec: {}}"],
    [
      "dump",
      "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {}, status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}}",
    ],
    ["dump", "{apiVersion: v1, kind: ServiceList, items: []}"],
  ])("is %s for %s", (origin, yaml) => {
    expect(snapshotFromText(yaml, "a.yaml").origin).toBe(origin);
  });
});
