import { describe, expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { compileFacts } from "./compile-facts.ts";

const now = "2026-05-04T10:00:00Z";

const service = (spec = "selector: { app: web }", name = "web") => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { ${spec}, ports: [{ port: 80, targetPort: 8080 }] }`;

interface PodGiven {
  readonly ready?: boolean;
  readonly ip?: string;
  readonly labels?: string;
  readonly phase?: string;
  readonly meta?: string;
  readonly since?: string;
}

const pod = (name: string, given: PodGiven = {}) => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { ${given.labels ?? "app: web"} }, ${given.meta ?? ""} }
spec: { nodeName: node-1, containers: [{ name: web, image: web }] }
status:
  phase: ${given.phase ?? "Running"}
  podIP: ${given.ip ?? '""'}
  conditions: [{ type: Ready, status: "${given.ready === false ? "False" : "True"}", lastTransitionTime: "${given.since ?? "2026-05-04T09:00:00Z"}" }]`;

const node = `
---
apiVersion: v1
kind: Node
metadata: { name: node-1, labels: { topology.kubernetes.io/zone: zone-a } }
spec: { podCIDRs: [10.0.0.0/24] }
status: { conditions: [{ type: Ready, status: "True" }] }`;

/** Each endpoint: "web-1 10.0.0.1 ready", or just an address for one without a pod. */
function slice(
  name: string,
  endpoints: readonly string[],
  more: { readonly service?: string; readonly ports?: string; readonly by?: string } = {},
) {
  const items = endpoints.map((words) => {
    const [first = "", address, ...flags] = words.split(" ");
    const ip = address ?? first;
    const target = address === undefined ? "" : `, targetRef: { kind: Pod, name: ${first}, namespace: shop }`;
    const flag = (name: string) => flags.includes(name);
    const conditions =
      address === undefined
        ? "ready: true"
        : `ready: ${flag("ready")}, serving: ${flag("ready") || flag("serving")}, terminating: ${flag("terminating")}`;
    return `  - { addresses: ["${ip}"], conditions: { ${conditions} }${target} }`;
  });
  const by =
    more.by === ""
      ? ""
      : `, endpointslice.kubernetes.io/managed-by: ${more.by ?? "endpointslice-controller.k8s.io"}`;
  return `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}, namespace: shop, labels: { kubernetes.io/service-name: ${more.service ?? "web"}${by} } }
addressType: IPv4
ports: ${more.ports ?? '[{ name: "", port: 8080, protocol: TCP }]'}
endpoints:
${items.join("\n")}`;
}

function webIn(yaml: string, as: "cluster" | "dump" | "manifests" = "cluster") {
  const facts = compileFacts(snapshotFromYaml(yaml, as), now);
  const [first] = facts.services.values();
  if (first === undefined) throw new Error("the YAML holds no Service");
  return first;
}

const rows = (yaml: string, as?: "cluster" | "dump") =>
  webIn(yaml, as).endpoints.map(({ key, ready, serving, terminating }) =>
    [key, ready && "ready", serving && "serving", terminating && "terminating"].filter(Boolean).join(" "),
  );

describe("endpoints computed from selector and pods", () => {
  it("lists every selected pod that is not finished, with its node, zone and reasons", () => {
    const yaml =
      service() +
      node +
      pod("web-1", { ip: "10.0.0.1" }) +
      pod("web-2", { ip: "10.0.0.2", ready: false }) +
      pod("done", { phase: "Succeeded" });
    const facts = webIn(yaml);
    expect(facts.source).toBe("computed");
    expect(facts.drift).toEqual([]);
    expect(facts.endpoints).toMatchObject([
      {
        key: "pod/shop/web-1",
        addresses: ["10.0.0.1"],
        node: "node-1",
        zone: "zone-a",
        ready: true,
        reasons: [],
      },
      {
        key: "pod/shop/web-2",
        ready: false,
        since: "2026-05-04T09:00:00Z",
        reasons: [{ text: expect.stringContaining("not ready") }],
      },
    ]);
  });

  it("does not count a ready pod without an address, nor a terminating one", () => {
    expect(
      rows(service() + pod("web-1") + pod("web-2", { ip: "10.0.0.2", meta: `deletionTimestamp: "${now}"` })),
    ).toEqual(["pod/shop/web-1", "pod/shop/web-2 serving terminating"]);
  });

  it("takes every pod with an address as ready with publishNotReadyAddresses", () => {
    const yaml =
      service("selector: { app: web }, publishNotReadyAddresses: true") +
      pod("web-1", { ip: "10.0.0.1", ready: false }) +
      pod("web-2");
    expect(rows(yaml)).toEqual(["pod/shop/web-1 ready", "pod/shop/web-2"]);
  });

  it("counts a template's pods as that many, ready", () => {
    const yaml = `${service()}
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } }`;
    expect(webIn(yaml, "manifests")).toMatchObject({
      source: "computed",
      ready: 3,
      total: 3,
      endpoints: [{ count: 3 }],
    });
  });

  it("cannot tell when neither pods nor slices were read", () => {
    expect(webIn(service(), "dump")).toMatchObject({
      source: "unknown",
      selected: undefined,
      health: "unknown",
    });
  });
});

describe("endpoints read from EndpointSlices", () => {
  it("merges several slices, and addresses of one pod", () => {
    const yaml =
      service() +
      pod("web-1", { ip: "10.0.0.1" }) +
      pod("web-2", { ip: "10.0.0.2" }) +
      slice("web-a", ["web-1 10.0.0.1 ready"]) +
      slice("web-b", ["web-2 10.0.0.2 ready", "web-1 10.0.0.1 ready"]);
    expect(rows(yaml)).toEqual(["pod/shop/web-1 ready serving", "pod/shop/web-2 ready serving"]);
    expect(webIn(yaml).source).toBe("endpoint-slices");
  });

  it("takes a pod as ready that one of two slices says is ready, while it moves between them", () => {
    const moving = (first: string, second: string) =>
      service() + pod("web-1", { ip: "10.0.0.1" }) + slice("a", [first]) + slice("b", [second]);
    for (const yaml of [
      moving("web-1 10.0.0.1 ready", "web-1 10.0.0.1"),
      moving("web-1 10.0.0.1", "web-1 10.0.0.1 ready"),
    ]) {
      expect(rows(yaml)).toEqual(["pod/shop/web-1 ready serving"]);
    }
  });

  it("does not miss a terminating pod that no slice lists any more", () => {
    const gone = pod("web-2", { ip: "10.0.0.2", meta: `deletionTimestamp: "${now}"` });
    const yaml = service() + pod("web-1", { ip: "10.0.0.1" }) + gone + slice("a", ["web-1 10.0.0.1 ready"]);
    expect(rows(yaml)).toEqual(["pod/shop/web-1 ready serving"]);
  });

  it("gives what the slice says where pods were not read", () => {
    const facts = webIn(service() + slice("web-a", ["web-1 10.0.0.1 ready", "web-2 10.0.0.2"]), "dump");
    expect(facts).toMatchObject({ ready: 1, total: 2, drift: [], health: "partial" });
    expect(facts.endpoints[1]?.reasons[0]?.text).toBe("its EndpointSlice says that it is not ready");
  });

  it("adds the selected pods that no slice lists yet, with why", () => {
    const yaml =
      service() +
      pod("web-1", { ip: "10.0.0.1" }) +
      pod("web-2", { ready: false, phase: "Pending" }) +
      pod("web-3", { phase: "Failed" }) +
      slice("web-a", ["web-1 10.0.0.1 ready"]);
    expect(rows(yaml)).toEqual(["pod/shop/web-1 ready serving", "pod/shop/web-2"]);
    expect(webIn(yaml).drift).toEqual([]);
  });

  it("knows the pod of a hand-written address", () => {
    const yaml =
      service("type: ClusterIP") +
      pod("web-1", { ip: "10.0.0.1" }) +
      slice("web-a", ["10.0.0.1"], { by: "" });
    expect(webIn(yaml).endpoints).toMatchObject([{ key: "10.0.0.1", pod: "pod/shop/web-1", ready: true }]);
  });

  it("asks pods instead when not one slice of a selecting Service was taken", () => {
    expect(webIn(service() + pod("web-1", { ip: "10.0.0.1" })).source).toBe("computed");
  });

  it("takes v1 Endpoints where there is nothing else, and makes nothing of who is absent from them", () => {
    const yaml = `${service()}${pod("web-1", { ip: "10.0.0.1" })}${pod("web-2", { ip: "10.0.0.2" })}
---
apiVersion: v1
kind: Endpoints
metadata: { name: web, namespace: shop }
subsets:
  - addresses: [{ ip: 10.0.0.1, targetRef: { kind: Pod, name: web-1, namespace: shop } }]
    ports: [{ port: 8080, protocol: TCP }]`;
    expect(webIn(yaml)).toMatchObject({ source: "endpoints", ready: 1, total: 2, drift: [] });
  });
});

describe("drift", () => {
  const web1 = pod("web-1", { ip: "10.0.0.1" });
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      "a ready pod that its slice calls not ready",
      web1 + slice("s", ["web-1 10.0.0.1"]),
      ["pod web-1 is ready, but EndpointSlice s says that it is not"],
    ],
    [
      "a pod that is not ready and still listed as ready",
      pod("web-1", { ip: "10.0.0.1", ready: false }) + slice("s", ["web-1 10.0.0.1 ready"]),
      ["pod web-1 is not ready, but EndpointSlice s says that it is"],
    ],
    [
      "a pod that is gone",
      slice("s", ["web-9 10.0.0.9 ready"]) + web1 + slice("t", ["web-1 10.0.0.1 ready"]),
      ["EndpointSlice s lists pod web-9, which does not exist"],
    ],
    [
      "a pod that has finished",
      pod("web-1", { ip: "10.0.0.1", phase: "Failed", ready: false }) + slice("s", ["web-1 10.0.0.1 ready"]),
      ["EndpointSlice s lists pod web-1, which has finished (Failed)"],
    ],
    [
      "a pod that the selector no longer matches",
      pod("web-1", { ip: "10.0.0.1", labels: "app: api" }) + slice("s", ["web-1 10.0.0.1 ready"]),
      ["EndpointSlice s lists pod web-1, which the selector app=web does not match"],
    ],
    [
      "an address that is not the pod's",
      web1 + slice("s", ["web-1 10.0.0.7 ready"]),
      ["EndpointSlice s lists pod web-1 at 10.0.0.7; the pod's address is 10.0.0.1"],
    ],
    [
      "a ready pod that no slice lists",
      web1 + pod("web-2", { ip: "10.0.0.2" }) + slice("s", ["web-1 10.0.0.1 ready"]),
      ["pod web-2 is ready, but no EndpointSlice lists it"],
    ],
    [
      "a slice that sends a port elsewhere",
      web1 + slice("s", ["web-1 10.0.0.1 ready"], { ports: '[{ name: "", port: 9090, protocol: TCP }]' }),
      ["EndpointSlice s sends port 80 to 9090 on pod web-1; by the Service it goes to 8080"],
    ],
  ];
  it.each(cases)("tells of %s", (_, yaml, drift) => {
    expect(webIn(service() + yaml).drift).toEqual(drift);
  });

  const healthy: readonly (readonly [string, string])[] = [
    ["slice and pod agree", web1 + slice("s", ["web-1 10.0.0.1 ready"])],
    [
      "a pod without an address is absent",
      web1 + pod("web-2", { ready: false }) + slice("s", ["web-1 10.0.0.1 ready"]),
    ],
    [
      "a finished pod is absent",
      web1 + pod("web-2", { phase: "Succeeded", ip: "10.0.0.2" }) + slice("s", ["web-1 10.0.0.1 ready"]),
    ],
    [
      "a terminating pod is absent, or listed in whatever state",
      web1 +
        pod("web-2", { ip: "10.0.0.2", meta: `deletionTimestamp: "${now}"` }) +
        pod("web-3", { ip: "10.0.0.3", meta: `deletionTimestamp: "${now}"` }) +
        slice("s", ["web-1 10.0.0.1 ready", "web-3 10.0.0.3 serving terminating"]),
    ],
    [
      "a pod changed only seconds ago",
      pod("web-1", { ip: "10.0.0.1", since: "2026-05-04T09:59:55Z" }) +
        pod("web-2", { ip: "10.0.0.2", since: "2026-05-04T09:59:55Z" }) +
        slice("s", ["web-1 10.0.0.1"]),
    ],
    [
      "someone else adds endpoints of their own",
      web1 +
        pod("api-1", { ip: "10.0.0.5", labels: "app: api" }) +
        slice("s", ["web-1 10.0.0.1 ready"]) +
        slice("t", ["api-1 10.0.0.5 ready"], { by: "acme.test" }),
    ],
  ];
  it.each(healthy)("stays silent when %s", (_, yaml) => {
    expect(webIn(service() + yaml).drift).toEqual([]);
  });

  it("stays silent about both families of a dual-stack pod", () => {
    const yaml = `${service()}${pod("web-1", { ip: "10.0.0.1\n  podIPs: [{ ip: 10.0.0.1 }, { ip: 'fd00::1' }]" })}${slice("s", ["web-1 10.0.0.1 ready"])}${slice("t", ["web-1 fd00::1 ready"])}`;
    expect(webIn(yaml)).toMatchObject({
      drift: [],
      total: 1,
      endpoints: [{ addresses: ["10.0.0.1", "fd00::1"] }],
    });
  });

  it("stays silent about a pod without an address of the Service's family, and says so of the pod", () => {
    const yaml = `${service("selector: { app: web }, ipFamilies: [IPv6]")}${web1}${slice("s", [])}`;
    const { drift, endpoints } = webIn(yaml);
    expect([drift, endpoints[0]?.reasons[0]?.text]).toEqual([
      [],
      "it has no IPv6 address, which the Service asks for",
    ]);
  });

  it("cannot tell when pods were not read", () => {
    expect(webIn(service() + slice("s", ["web-9 10.0.0.9 ready"]), "dump").drift).toEqual([]);
  });

  it("tells of a hand-written address in the pods' range that no pod has, and of none outside it", () => {
    const manual = service("type: ClusterIP");
    expect(webIn(manual + node + slice("s", ["10.0.9.9"], { by: "" })).drift).toEqual([
      "EndpointSlice s lists 10.0.9.9, which no pod has; it lies beside the nodes' pod ranges (10.0.0.0/24)",
    ]);
    expect(webIn(manual + node + slice("s", ["192.0.2.7"], { by: "" })).drift).toEqual([]);
  });
});
