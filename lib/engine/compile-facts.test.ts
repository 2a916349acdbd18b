import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allKinds, kinds } from "#lib/model/kinds.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { compileFacts } from "./compile-facts.ts";
import type { Facts } from "./facts.ts";

const now = "2026-05-04T10:00:00Z";

const pods = [
  ["cart-0", "cart", "True", "10.0.0.1"],
  ["cart-1", "cart", "False", "10.0.0.2"],
  ["front-0", "front", "True", "10.0.0.3"],
  ["front-1", "front", "True", "10.0.0.3"],
  ["fronts-0", "fronts", "True", "10.0.0.5"],
]
  .map(
    ([name, app, ready, ip]) => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${app} }, ownerReferences: [{ kind: StatefulSet, name: ${app}, controller: true }] }
spec: { nodeName: node-1, containers: [{ name: web, image: web, ports: [{ name: http, containerPort: 8080 }] }] }
status: { phase: Running, podIP: ${ip}, conditions: [{ type: Ready, status: "${ready}" }] }`,
  )
  .join("");

const services = ["cart", "front", "frontt", "gone"]
  .map(
    (name) => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: { podSelector: { matchLabels: { app: ${name} } } }`,
  )
  .join("");

const rest = `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: cart-a, namespace: shop, labels: { kubernetes.io/service-name: cart } }
addressType: IPv4
ports: [{ port: 8080, protocol: TCP, name: "" }]
endpoints: [{ addresses: [10.0.0.1], conditions: { ready: true }, targetRef: { kind: Pod, name: cart-0 } }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: cart-b, namespace: shop, labels: { kubernetes.io/service-name: cart } }
addressType: IPv4
ports: [{ port: 8080, protocol: TCP, name: "" }]
endpoints:
  - { addresses: [10.0.0.2], conditions: { ready: true }, targetRef: { kind: Pod, name: cart-1 } }
  - { addresses: ["fd00::1"], conditions: { ready: true }, targetRef: { kind: Pod, name: cart-0 } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  rules:
    - http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: front, port: { number: 80 } } } }
          - { path: /x, pathType: Prefix, backend: { service: { name: frons, port: { number: 80 } } } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { gatewayClassName: c, listeners: [{ name: a, port: 80, protocol: HTTP }, { name: b, port: 81, protocol: HTTP }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec: { parentRefs: [{ name: public }], rules: [{ backendRefs: [{ name: cart, port: 80 }] }] }`;

const snapshot = snapshotFromYaml(pods + services + rest);

/** What is asked of facts, without the maps' order, which is the snapshot's. */
function answers(facts: Facts): unknown {
  const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const { index } = facts;
  return [
    sorted(facts.services),
    sorted(facts.workloads),
    sorted(facts.ingresses),
    sorted(facts.gateways),
    sorted(facts.routes),
    sorted(facts.policies),
    sorted(index.podByIp),
    sorted(index.ownerOf),
    sorted(index.podsByNamespace),
    index.namespaceNames,
  ];
}

describe("compileFacts", () => {
  it("gives the same facts whatever the order of objects", () => {
    const expected = answers(compileFacts(snapshot, now));
    const shuffles = Object.entries(snapshot.objects).flatMap(([plural, list]) =>
      list === undefined || list.length < 2
        ? []
        : [
            fc
              .shuffledSubarray([...list], { minLength: list.length })
              .map((shuffled) => [plural, shuffled] as const),
          ],
    );
    fc.assert(
      fc.property(fc.tuple(...shuffles), (lists) => {
        const objects: Snapshot["objects"] = { ...snapshot.objects, ...Object.fromEntries(lists) };
        expect(answers(compileFacts({ ...snapshot, objects }, now))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it.each(allKinds)("raises no alarm about what could not be seen, were %s forbidden", (kind) => {
    const { plural } = kinds[kind];
    const unread = { [plural]: { reason: "forbidden", message: "no" } } as const;
    const facts = compileFacts(
      { ...snapshot, objects: { ...snapshot.objects, [plural]: undefined }, unread },
      now,
    );
    expect(alarms(facts).filter((alarm) => !alarms(compileFacts(snapshot, now)).includes(alarm))).toEqual([]);
  });

  it("knows nothing of selected pods, and so of no drift, where pods could not be read", () => {
    const unread = { pods: { reason: "forbidden", message: "no" } } as const;
    const facts = compileFacts(
      { ...snapshot, objects: { ...snapshot.objects, pods: undefined }, unread },
      now,
    );
    for (const service of facts.services.values())
      expect(service).toMatchObject({ selected: undefined, drift: [] });
    for (const policy of facts.policies.values())
      expect(policy).toMatchObject({ pods: undefined, workloads: undefined });
    expect([...facts.workloads.values()].map(({ health }) => health)).toEqual([]);
  });

  it("takes nothing as missing that a partial reading left out", () => {
    const partial = { reason: "failed", message: "cut short" } as const;
    const facts = compileFacts({ ...snapshot, unread: { pods: partial, services: partial } }, now);
    expect(facts.services.get(serviceId("gone"))?.health).not.toBe("idle");
    expect([...facts.ingresses.values()][0]?.backends[1]?.state).toBe("unknown");
    expect(
      [...facts.services.values()]
        .flatMap(({ drift }) => drift)
        .filter((each) => each.includes("does not exist")),
    ).toEqual([]);
  });
});

/** What facts say is missing, refused or at odds. */
function alarms(facts: Facts): readonly string[] {
  const backends = [...facts.ingresses.values(), ...facts.routes.values()].flatMap((each) => each.backends);
  const attachments = [...facts.routes.values()].flatMap((each) => each.attachments);
  return [
    ...backends
      .filter(({ state }) => state.endsWith("-missing") || state === "not-permitted")
      .map((each) => each.sentence),
    ...attachments
      .filter(({ state }) => state === "rejected" || state === "parent-missing")
      .map((each) => each.sentence),
    ...[...facts.ingresses.values()]
      .map((each) => `class ${each.class.state}`)
      .filter((each) => !/found|unknown/.test(each)),
    ...[...facts.services.values()].flatMap(({ drift }) => drift),
  ];
}

function serviceId(name: string) {
  const id = snapshot.objects.services?.find((service) => service.name === name)?.id;
  if (id === undefined) throw new Error(`no Service ${name}`);
  return id;
}
