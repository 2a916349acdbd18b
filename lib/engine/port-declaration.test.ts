import { expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { declarationOf } from "./port-declaration.ts";

function podWith(containers: string, status = ""): string {
  return `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [${containers}] }
status: { phase: Running, conditions: [{ type: Ready, status: "${status === "" ? "True" : status}" }] }
`;
}

const http = "{ name: app, image: app, ports: [{ containerPort: 8080 }] }";
const silent = "{ name: log, image: log }";
const probed =
  "{ name: app, image: app, ports: [{ containerPort: 8080 }], readinessProbe: { tcpSocket: { port: 9000 } } }";

it.each([
  ["the number itself", podWith(http), 8080, "TCP", "declared"],
  ["the number for another protocol", podWith(http), 8080, "UDP", "other-protocol"],
  ["other numbers", podWith(http), 9000, "TCP", "other-numbers"],
  ["nothing in one container, which may listen", podWith(`${http}, ${silent}`), 9000, "TCP", "untold"],
  ["nothing at all", podWith(silent), 9000, "TCP", "untold"],
  ["a probe on the number, which succeeds", podWith(probed), 9000, "TCP", "untold"],
  ["a probe on the number, which fails", podWith(probed, "False"), 9000, "TCP", "other-numbers"],
  ["a TCP probe, of UDP", podWith(probed), 9000, "UDP", "other-numbers"],
] as const)("tells of a pod that declares %s", (_, yaml, number, protocol, kind) => {
  const [pod] = snapshotFromYaml(yaml).objects.pods ?? [];
  expect(pod === undefined ? "no pod" : declarationOf(pod, number, protocol).kind).toBe(kind);
});

it("names the protocols that are declared instead, and the container", () => {
  const dns =
    "{ name: dns, image: dns, ports: [{ containerPort: 53, protocol: UDP }, { containerPort: 53, protocol: SCTP }] }";
  const [pod] = snapshotFromYaml(podWith(dns)).objects.pods ?? [];
  expect(pod === undefined ? undefined : declarationOf(pod, 53, "TCP")).toEqual({
    kind: "other-protocol",
    protocols: ["SCTP", "UDP"],
    container: "dns",
  });
});
