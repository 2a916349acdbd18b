import { describe, expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { buildIndex } from "./build-index.ts";

const pod = (name: string, ip: string, extra = "phase: Running", spec = "") => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: web, image: web }], ${spec} }
status: { ${extra}, podIP: ${ip} }`;

const warning = (name: string, time: string, type = "Warning") => `
---
apiVersion: v1
kind: Event
metadata: { name: ${name}, namespace: shop }
type: ${type}
reason: ${name}
involvedObject: { apiVersion: v1, kind: Pod, name: web-1, namespace: shop }
lastTimestamp: ${time}`;

describe("buildIndex", () => {
  const index = buildIndex(
    snapshotFromYaml(
      pod("web-2", "10.0.0.1") +
        pod("web-1", "10.0.0.1") +
        pod("done", "10.0.0.2", "phase: Succeeded") +
        pod("agent", "192.0.2.1", "phase: Running", "hostNetwork: true") +
        warning("older", "2026-01-01T00:00:00Z") +
        warning("newer", "2026-01-01T00:05:00Z") +
        warning("normal", "2026-01-01T00:06:00Z", "Normal"),
    ),
  );

  it("finds a pod by its address: of two the first by name, finished and hostNetwork ones never", () => {
    expect(index.podByIp.get("10.0.0.1")?.name).toBe("web-1");
    expect(index.podByIp.get("10.0.0.2")).toBeUndefined();
    expect(index.podByIp.get("192.0.2.1")).toBeUndefined();
  });

  it("keeps only warnings, newest first", () => {
    const [about] = [...index.warnings.keys()];
    expect(about === undefined ? [] : index.warnings.get(about)?.map((event) => event.reason)).toEqual([
      "newer",
      "older",
    ]);
  });

  it("counts finished pods among the selected, and knows each namespace that is used", () => {
    expect(index.podsSelectedBy("shop", { app: "web" }).map((each) => each.name)).toEqual([
      "agent",
      "done",
      "web-1",
      "web-2",
    ]);
    expect(index.podsSelectedBy("elsewhere", { app: "web" })).toEqual([]);
    expect(index.namespaceNames).toEqual(["shop"]);
  });
});
