import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";

const gateway = (
  status = "",
  listeners = "{ name: http, port: 80, protocol: HTTP }, { name: https, port: 443, protocol: HTTPS }",
) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { gatewayClassName: envoy, listeners: [${listeners}] }
${status === "" ? "" : `status: { ${status} }`}`;

const gatewayClass = (accepted = "True") => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: envoy }
spec: { controllerName: example.com/envoy }
status: { conditions: [{ type: Accepted, status: "${accepted}", reason: InvalidParameters }] }`;

const route = (name: string) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: edge }
spec: { parentRefs: [{ name: public }], rules: [] }`;

function only(yaml: string, as: "cluster" | "dump" | "manifests" = "cluster") {
  const [first] = factsFromYaml(yaml, as).gateways.values();
  if (first === undefined) throw new Error("the YAML holds no Gateway");
  return first;
}

const address = "addresses: [{ type: IPAddress, value: 198.51.100.20 }]";
const condition = (type: string, status: string, reason: string) =>
  `conditions: [{ type: ${type}, status: "${status}", reason: ${reason} }]`;
const listener = (name: string, type: string, status: string, reason: string) =>
  `listeners: [{ name: ${name}, ${condition(type, status, reason)} }]`;

describe("a Gateway's health and sentence", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    [
      "well",
      gateway(address) + gatewayClass() + route("a") + route("b"),
      "ok",
      "2 listeners, 2 routes attached, 198.51.100.20",
    ],
    [
      "without an address",
      gateway("addresses: []") + gatewayClass(),
      "partial",
      "2 listeners, 0 routes attached, no address yet",
    ],
    [
      "of no class",
      gateway(address),
      "broken",
      "2 listeners, 0 routes attached, 198.51.100.20, GatewayClass envoy does not exist",
    ],
    [
      "of a class not accepted",
      gateway(address) + gatewayClass("False"),
      "broken",
      "2 listeners, 0 routes attached, 198.51.100.20, class envoy is not accepted: InvalidParameters",
    ],
    [
      "not programmed",
      gateway(`${address}, ${condition("Programmed", "False", "NoResources")}`) + gatewayClass(),
      "broken",
      "2 listeners, 0 routes attached, 198.51.100.20, not Programmed: NoResources",
    ],
    [
      "not accepted as a whole for one of its listeners, while the other works",
      gateway(
        `${address}, ${condition("Accepted", "False", "ListenersNotValid")}, ${listener("http", "Conflicted", "True", "HostnameConflict")}`,
      ) + gatewayClass(),
      "partial",
      "2 listeners, 0 routes attached, 198.51.100.20, listener http: HostnameConflict",
    ],
    [
      "that no controller has accepted yet",
      gateway(`${address}, ${condition("Accepted", "Unknown", "Pending")}`) + gatewayClass(),
      "unknown",
      "2 listeners, 0 routes attached, 198.51.100.20, no controller has accepted it yet",
    ],
    [
      "of a class that no controller has accepted yet",
      gateway("addresses: []") + gatewayClass("Unknown"),
      "unknown",
      "2 listeners, 0 routes attached, no address yet, no controller has accepted class envoy yet",
    ],
    [
      "accepted and not programmed yet",
      gateway(`${address}, ${condition("Programmed", "Unknown", "Pending")}`) + gatewayClass(),
      "unknown",
      "2 listeners, 0 routes attached, 198.51.100.20, not programmed yet",
    ],
    [
      "with a listener in conflict",
      gateway(`${address}, ${listener("http", "Conflicted", "True", "HostnameConflict")}`) + gatewayClass(),
      "partial",
      "2 listeners, 0 routes attached, 198.51.100.20, listener http: HostnameConflict",
    ],
    [
      "whose only listener has a bad certificate",
      gateway(
        `${address}, ${listener("https", "ResolvedRefs", "False", "InvalidCertificateRef")}`,
        "{ name: https, port: 443, protocol: HTTPS }",
      ) + gatewayClass(),
      "broken",
      "1 listener, 0 routes attached, 198.51.100.20, listener https: InvalidCertificateRef",
    ],
  ];
  it.each(cases)("%s", (_, yaml, health, sentence) => {
    const facts = only(yaml);
    expect([facts.health, facts.sentence]).toEqual([health, sentence]);
  });

  it("says nothing about a class, addresses or routes that were not read", () => {
    expect(only(gateway(), "dump")).toMatchObject({
      class: undefined,
      health: "ok",
      sentence: "2 listeners",
    });
    expect(only(gateway(), "manifests").health).toBe("ok");
  });
});
