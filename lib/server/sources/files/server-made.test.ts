import { describe, expect, it } from "vitest";
import { writtenBy } from "./server-made.ts";
import { snapshotFromText } from "./snapshot-from-text.ts";

const status = { phase: "Running", podIP: "10.0.0.1" };

describe("who wrote an object", () => {
  it.each([
    ["server", { metadata: { uid: "1-2-3" } }],
    ["server", { metadata: { resourceVersion: "7" }, status }],
    ["server", { metadata: { creationTimestamp: "2026-01-01T00:00:00Z" }, status }],
    ["server", { metadata: { generation: 3 }, status }],
    ["hand", { metadata: { name: "a" }, status }],
    ["manifest", { metadata: { name: "a" } }],
    ["manifest", { metadata: { creationTimestamp: null }, status: {} }],
    ["manifest", { metadata: { creationTimestamp: "2026-01-01T00:00:00Z" }, status: { loadBalancer: {} } }],
    ["manifest", { metadata: { generation: 1 } }],
    ["manifest", null],
    ["manifest", []],
  ])("is %s of %j", (by, value) => {
    expect(writtenBy(value)).toBe(by);
  });

  const pod = (metadata: string) => `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: x${metadata}}
spec: {containers: [{name: c}]}
status: {phase: Running, podIP: 10.0.0.1}
`;

  it("takes a cluster that someone wrote down as all there is, and pods as they are given", () => {
    const { origin, objects, unread } = snapshotFromText(pod(""), "cluster.yaml");
    expect({ origin, pods: objects.pods?.length, policies: objects.networkPolicies }).toEqual({
      origin: "dump",
      pods: 1,
      policies: [],
    });
    expect(unread).toEqual({});
  });

  it.each([", uid: 1-2-3", ', creationTimestamp: "2026-01-01T00:00:00Z"'])(
    "takes what a server made (%s) as what someone chose to collect",
    (metadata) => {
      const { origin, objects, unread } = snapshotFromText(pod(metadata), "cluster.yaml");
      expect(origin).toBe("dump");
      expect(objects.networkPolicies).toBeUndefined();
      expect(unread.networkPolicies).toMatchObject({ reason: "not-collected" });
    },
  );
});
