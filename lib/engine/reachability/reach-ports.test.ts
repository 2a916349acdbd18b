/** On which ports, and on which of the pods (docs/spec/policy.md, 3 and 6.3). */
import { describe, expect, it } from "vitest";
import { pod, policy, service } from "#lib/testing/cluster-yaml.ts";
import { allow, clients, linesOf, reachUnder, told } from "#lib/testing/reach-cluster.ts";

describe("on which ports", () => {
  it("a named port is looked up on each pod (3.4)", () => {
    expect(told(reachUnder(allow("{ ports: [{ port: http }] }")))).toEqual({ reachable: clients });
  });

  it("a number that only some of the pods listen on makes it depend on the pod", () => {
    const found = reachUnder(allow("{ ports: [{ port: 8081 }] }"));
    expect(told(found)).toEqual({ depends: clients });
    expect(linesOf(found, "lab")).toEqual(["depends lab: proxy-0; no rule of shop/p admits it"]);
  });

  it("a policy over some of the pods makes it depend on the pod", () => {
    const canary = policy("shop/canary", "podSelector: { matchLabels: { track: canary } }");
    expect(told(reachUnder(canary))).toEqual({ depends: clients });
  });

  it.each([
    ["the last of a range", "{ port: 8000, endPort: 8081 }", { reachable: clients }],
    ["the first of a range", "{ port: 8080, endPort: 8090 }", { reachable: clients }],
    ["past a range", "{ port: 8000, endPort: 8079 }", { blocked: clients }],
    ["every port of the protocol", "{ protocol: TCP }", { reachable: clients }],
    ["every port of another protocol", "{ protocol: UDP }", { blocked: clients }],
    ["the name for another protocol", "{ port: http, protocol: UDP }", { blocked: clients }],
    ["a name that no pod declares", "{ port: nope }", { blocked: clients }],
  ])("%s (3.3)", (_what, port, verdicts) => {
    expect(told(reachUnder(allow(`{ ports: [${port}] }`)))).toEqual(verdicts);
  });

  it("a sidecar's port is one of the pods, an init container's is not (3.4)", () => {
    const metrics = service("shop/metrics", { selector: "app=web", ports: "9102:metrics" });
    const setup = service("shop/setup", { selector: "app=web", ports: "7000:setup" });
    const rules = allow("{ ports: [{ port: metrics }, { port: setup }] }");
    expect(told(reachUnder(metrics + rules, {}, "shop/service/metrics"))).toEqual({ reachable: clients });
    expect(reachUnder(setup + rules, {}, "shop/service/setup").sentence).toBe(
      "port 7000 lands on no pod: its target port has no number there",
    );
  });

  it("what is admitted on some of a Service's ports is told with those ports", () => {
    const two = service("shop/two", { selector: "app=web", ports: "http:80:http metrics:9102:metrics" });
    const rule = allow("{ from: [{ namespaceSelector: {} }], ports: [{ port: metrics }] }");
    const found = reachUnder(two + rule, {}, "shop/service/two");
    expect(told(found)).toEqual({ "some-ports": clients });
    expect(linesOf(found, "lab")).toEqual([
      "some-ports [9102] lab: proxy-0; admitted by shop/p rule 1: every pod of every namespace, metrics/TCP",
    ]);
  });
});

describe("on the node's network", () => {
  const agent = pod("edge/agent-0", { ips: ["192.168.0.1"], node: "n1", spec: "hostNetwork: true" });
  const admitted = allow(
    "{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: agent } } }] }",
  );

  it.each([
    ["no peer that selects pods means it where it is as a node", "as-node", "blocked"],
    ["it is a peer like any other where it is as a pod", "as-pod", "reachable"],
    ["it is not known where nothing tells", "undefined", "unknown"],
  ] as const)("a sender: %s (6.3)", (_what, hostNetworkPods, verdict) => {
    expect(told(reachUnder(agent + admitted, { hostNetworkPods }))[verdict]).toContain("edge/agent-0");
  });

  it.each([
    ["no policy keeps anyone from it where it is as a node", "as-node", { reachable: clients }],
    ["policies bind it where it is as a pod", "as-pod", { blocked: clients }],
    ["it is not known where nothing tells", "undefined", { unknown: clients }],
  ] as const)("a target: %s (6.3)", (_what, hostNetworkPods, verdicts) => {
    const host = pod("shop/host-0", { ips: ["192.168.0.1"], ports: "80", spec: "hostNetwork: true" });
    const deny = policy("shop/deny", "podSelector: { matchLabels: { app: host } }");
    expect(told(reachUnder(host + deny, { hostNetworkPods }, "shop/host-0"))).toEqual(verdicts);
  });
});
