import { describe, expect, it } from "vitest";
import { foreignPolicyFromYaml, whom } from "#lib/testing/foreign-concern.ts";

const inNamespace = (body: string) =>
  foreignPolicyFromYaml(
    `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: shop}, ${body}}`,
  );
const clusterwide = (body: string) =>
  foreignPolicyFromYaml(
    `{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: p}, ${body}}`,
  );
const selecting = (selector: string) => `spec: {endpointSelector: ${selector}, ingress: [{}]}`;

describe("a CiliumNetworkPolicy", () => {
  it.each([
    ["{}", "every pod"],
    ["{matchLabels: {app: web}}", "app=web"],
    ['{matchLabels: {"k8s:app": web, "any:tier": front}}', "app=web, tier=front"],
    ["{matchExpressions: [{key: app, operator: In, values: [web, api]}]}", "app in (web, api)"],
    ['{matchExpressions: [{key: "k8s:app", operator: Exists}]}', "app"],
    // Both must hold, and neither may hide the other.
    ['{matchLabels: {app: web, "k8s:app": api}}', "app=web, app in (api)"],
  ])("with endpointSelector %s concerns %s of its namespace", (selector, expected) => {
    const policy = inNamespace(selecting(selector));
    expect(policy).toMatchObject({ namespace: "shop", effect: "opens-and-closes" });
    expect(whom(policy)).toBe(expected);
  });

  it.each([
    ["a label that Cilium may not look at, so that it counts as absent", "NotIn, values: [web]", "app"],
    ["the absence of such a label", "DoesNotExist", "pod-template-hash"],
    ["labels of its namespace, which it never leaves", "Exists", "k8s:io.cilium.k8s.namespace.labels.env"],
    ["another namespace", "In, values: [pay]", "k8s:io.kubernetes.pod.namespace"],
    ["a service account", "In, values: [default]", "io.cilium.k8s.policy.serviceaccount"],
    ["a label from elsewhere", "In, values: [x]", "container:app"],
    ["a key that is none", "Exists", "any:k8s:app"],
  ])("leaves out what it asks about %s", (_, operator, key) => {
    const asked = `{key: "${key}", operator: ${operator}}`;
    const selector = `{matchLabels: {tier: front}, matchExpressions: [${asked}]}`;
    expect(whom(inNamespace(selecting(selector)))).toBe("tier=front");
  });

  it.each([
    '{matchLabels: {"reserved:init": ""}}',
    "{matchLabels: {$init: x}}",
    "{matchLabels: {reserved.all: x}}",
  ])("with the reserved label of %s may concern pods of any namespace", (selector) => {
    expect(whom(inNamespace(selecting(selector)))).toBe("every pod of every namespace");
  });

  it.each([
    ["no selector", "spec: {ingress: [{}]}"],
    ["a selector of nodes", "spec: {nodeSelector: {matchLabels: {role: edge}}, ingress: [{}]}"],
    ["both", "spec: {endpointSelector: {matchLabels: {app: web}}, nodeSelector: {}, ingress: [{}]}"],
    [
      "rules for different pods",
      "specs: [{endpointSelector: {matchLabels: {a: x}}, ingress: [{}]}, {endpointSelector: {matchLabels: {b: y}}, ingress: [{}]}]",
    ],
    [
      "a spec and specs for different pods",
      "spec: {endpointSelector: {matchLabels: {a: x}}, ingress: [{}]}, specs: [{endpointSelector: {}, ingress: [{}]}]",
    ],
  ])("with %s may concern anyone", (_, body) => {
    const policy = inNamespace(body);
    expect(whom(policy)).toBe("anyone");
    expect(policy.directions).toEqual(["ingress"]);
  });

  it("takes rules for the same pods together", () => {
    const rule = (direction: string) => `{endpointSelector: {matchLabels: {app: web}}, ${direction}: [{}]}`;
    const policy = inNamespace(`specs: [${rule("ingress")}, ${rule("egressDeny")}]`);
    expect(whom(policy)).toBe("app=web");
    expect(policy.directions).toEqual(["ingress", "egress"]);
  });

  it.each([
    ["ingress: [{}]", ["ingress"]],
    ["ingressDeny: [{fromEntities: [world]}]", ["ingress"]],
    ["egress: []", ["egress"]],
    ["egressDeny: [{}], ingress: null", ["egress"]],
    ["ingress: [{}], enableDefaultDeny: {egress: true}", ["ingress", "egress"]],
    // It isolates nothing, and still allows what NetworkPolicies refuse.
    ["ingress: [{}], enableDefaultDeny: {ingress: false, egress: false}", ["ingress"]],
    ["description: nothing", ["ingress", "egress"]],
  ])("with %s is about %j", (rules, directions) => {
    expect(inNamespace(`spec: {endpointSelector: {}, ${rules}}`).directions).toEqual(directions);
  });

  it.each([
    "spec: null",
    "specs: []",
    "spec: [1]",
    "spec: {endpointSelector: {matchLabels: {app: 1}}, ingress: [{}]}",
    "spec: {endpointSelector: {matchLabel: {app: web}}, ingress: [{}]}",
    "spec: {endpointSelector: {matchExpressions: [{key: app, operator: In}]}, ingress: [{}]}",
  ])("that is malformed, as %s is, may concern anyone both ways", (body) => {
    const policy = inNamespace(body);
    expect(whom(policy)).toBe("anyone");
    expect(policy.directions).toEqual(["ingress", "egress"]);
  });
});

describe("a CiliumClusterwideNetworkPolicy", () => {
  it.each([
    ["{}", "every pod"],
    ["{matchLabels: {app: web}}", "app=web"],
    [
      '{matchLabels: {"k8s:io.kubernetes.pod.namespace": shop, app: web}}',
      "app=web of kubernetes.io/metadata.name=shop",
    ],
    [
      "{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: NotIn, values: [kube-system, monitoring]}]}",
      "every pod of kubernetes.io/metadata.name notin (kube-system, monitoring)",
    ],
    ['{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.env": prod}}', "every pod of env=prod"],
    [
      '{matchExpressions: [{key: "any:io.cilium.k8s.namespace.labels.team.example.com/name", operator: Exists}]}',
      "every pod of team.example.com/name",
    ],
    [
      "{matchExpressions: [{key: io.cilium.k8s.namespace.labels.env, operator: NotIn, values: [prod]}]}",
      "every pod",
    ],
    ["{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: Exists}]}", "every pod"],
    ["{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: DoesNotExist}]}", "every pod"],
    ['{matchLabels: {"reserved:host": ""}}', "every pod of every namespace"],
  ])("with endpointSelector %s concerns %s", (selector, expected) => {
    const policy = clusterwide(selecting(selector));
    expect(policy.namespace).toBeUndefined();
    expect(whom(policy)).toBe(expected);
  });

  it("for hosts may concern anyone, as pods may be on the node's network", () => {
    expect(whom(clusterwide("spec: {nodeSelector: {}, ingress: [{}]}"))).toBe("anyone");
  });
});
