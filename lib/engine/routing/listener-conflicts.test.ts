import { expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { listenerConflicts } from "./listener-conflicts.ts";

function conflicts(...listeners: readonly string[]) {
  const yaml = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { gatewayClassName: c, listeners: [${listeners.map((each) => `{ ${each} }`).join(", ")}] }`;
  const [facts] = factsFromYaml(yaml).gateways.values();
  if (facts === undefined) throw new Error("the YAML holds no Gateway");
  const { gateway } = facts;
  return listenerConflicts(gateway.listeners.map((listener) => ({ owner: gateway, listener }))).map(
    ({ listener, other, reason }) => `${listener.listener.name} ${other.listener.name} ${reason}`,
  );
}

it.each<[string, readonly string[], readonly string[]]>([
  ["different ports", ["name: a, port: 80, protocol: HTTP", "name: b, port: 81, protocol: HTTP"], []],
  [
    "different hostnames, of which one covers the other",
    [
      "name: a, port: 80, protocol: HTTP, hostname: '*.example.com'",
      "name: b, port: 80, protocol: HTTP, hostname: a.example.com",
      "name: c, port: 80, protocol: HTTP",
    ],
    [],
  ],
  [
    "HTTPS and TLS of one port with different hostnames",
    [
      "name: a, port: 443, protocol: HTTPS, hostname: a.example.com",
      "name: b, port: 443, protocol: TLS, hostname: b.example.com",
    ],
    [],
  ],
  ["TCP and UDP of one port", ["name: a, port: 53, protocol: TCP", "name: b, port: 53, protocol: UDP"], []],
  [
    "one hostname twice, whatever its case",
    [
      "name: a, port: 80, protocol: HTTP, hostname: a.example.com",
      "name: b, port: 80, protocol: HTTP, hostname: A.example.com",
    ],
    ["b a HostnameConflict"],
  ],
  [
    "HTTPS and TLS of one hostname",
    ["name: a, port: 443, protocol: HTTPS", "name: b, port: 443, protocol: TLS"],
    ["b a HostnameConflict"],
  ],
  [
    "HTTP and HTTPS on one port",
    ["name: a, port: 80, protocol: HTTP", "name: b, port: 80, protocol: HTTPS, hostname: b.example.com"],
    ["b a ProtocolConflict"],
  ],
  [
    "two streams on one port, since TCP knows no hostnames",
    [
      "name: a, port: 5432, protocol: TCP, hostname: a.example.com",
      "name: b, port: 5432, protocol: TCP, hostname: b.example.com",
      "name: c, port: 5432, protocol: example.com/own",
    ],
    ["b a HostnameConflict"],
  ],
])("finds what is not distinct: %s", (_, listeners, expected) => {
  expect(conflicts(...listeners)).toEqual(expected);
});
