import { describe, expect, it } from "vitest";
import type { Pod } from "#lib/model/objects.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { portAdmits, type ServedPort, someAdmitted } from "./port-clause.ts";

const facts = factsFromYaml(`
kind: Pod
apiVersion: v1
metadata: {name: web, namespace: shop}
spec:
  containers:
    - {name: web, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}, {name: sig, containerPort: 36412, protocol: SCTP}]}
  initContainers:
    - {name: proxy, restartPolicy: Always, ports: [{name: metrics, containerPort: 9102}]}
    - {name: setup, ports: [{name: setup, containerPort: 7000}]}
---
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: clauses, namespace: shop}
spec:
  podSelector: {}
  ingress:
    - ports: []
    - ports: [{protocol: TCP}]
    - ports: [{protocol: UDP}]
    - ports: [{port: 8080}]
    - ports: [{port: http}]
    - ports: [{port: http, protocol: UDP}]
    - ports: [{port: metrics}]
    - ports: [{port: setup}]
    - ports: [{port: 8000, endPort: 8100}]
    - ports: [{port: 8081, endPort: 8100}]
    - ports: [{port: 36412, protocol: SCTP}]
    - ports: [{port: 1}, {port: 8080}]
`);

const rows = [
  "no clause",
  "protocol TCP",
  "protocol UDP",
  "8080",
  "http",
  "http for UDP",
  "metrics, of a sidecar",
  "setup, of an init container",
  "8000–8100",
  "8081–8100",
  "36412/SCTP",
  "1 or 8080",
];

const pod = [...facts.index.byId.values()].find((object): object is Pod => object.kind === "pod");
const policy = [...facts.policies.values()][0]?.policy;
const clauses = policy?.kind === "network-policy" ? policy.ingress.map((rule) => rule.ports) : [];

function served(target: number | string, protocol: ServedPort["protocol"] = "TCP"): ServedPort {
  return { target, protocol, words: `${target}/${protocol}` };
}

describe("port clauses", () => {
  it.each([
    [
      "8080/TCP by number",
      served(8080),
      ["no clause", "protocol TCP", "8080", "http", "8000–8100", "1 or 8080"],
    ],
    [
      "8080/TCP by name",
      served("http"),
      ["no clause", "protocol TCP", "8080", "http", "8000–8100", "1 or 8080"],
    ],
    ["8080/UDP", served(8080, "UDP"), ["no clause", "protocol UDP"]],
    ["the sidecar's port", served(9102), ["no clause", "protocol TCP", "metrics, of a sidecar"]],
    ["an SCTP port", served("sig", "SCTP"), ["no clause", "36412/SCTP"]],
    ["the last of a range", served(8100), ["no clause", "protocol TCP", "8000–8100", "8081–8100"]],
    ["one past a range", served(8101), ["no clause", "protocol TCP"]],
    ["the first of a range", served(8081), ["no clause", "protocol TCP", "8000–8100", "8081–8100"]],
    ["a name that the pod lacks", served("nope"), ["no clause", "protocol TCP"]],
  ])("let in %s only by number, name, range and protocol together", (_what, asked, expected) => {
    if (pod === undefined) throw new Error("no pod");
    expect(clauses).toHaveLength(rows.length);
    expect(
      rows.filter((_, i) => portAdmits(clauses[i] ?? [{ protocol: "SCTP", port: 1 }], pod, asked)),
    ).toEqual(expected);
  });

  it("open something of a pod unless they only name what it does not declare", () => {
    if (pod === undefined) throw new Error("no pod");
    expect(rows.filter((_, i) => !someAdmitted(clauses[i] ?? [], pod))).toEqual([
      "http for UDP",
      "setup, of an init container",
    ]);
  });

  it("ignore an endPort behind a name, which the API would not take", () => {
    if (pod === undefined) throw new Error("no pod");
    const named = [{ protocol: "TCP", port: "http", endPort: 9000 }] as const;
    expect(portAdmits(named, pod, served(8080))).toBe(true);
    expect(portAdmits(named, pod, served(8500))).toBe(false);
  });
});
