import { describe, expect, it } from "vitest";
import { foreignPolicyFromYaml, whom } from "#lib/testing/foreign-concern.ts";

const inNamespace = (spec: string) =>
  foreignPolicyFromYaml(
    `{apiVersion: crd.antrea.io/v1beta1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: ${spec}}`,
  );
const clusterwide = (spec: string, version = "v1beta1") =>
  foreignPolicyFromYaml(
    `{apiVersion: crd.antrea.io/${version}, kind: ClusterNetworkPolicy, metadata: {name: p}, spec: ${spec}}`,
  );
const web = "{podSelector: {matchLabels: {app: web}}}";

describe("a NetworkPolicy of Antrea", () => {
  it.each([
    ["[{podSelector: {}}]", "every pod"],
    [`[${web}]`, "app=web"],
    [`[${web}, ${web}]`, "app=web"],
    ["[{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [db]}]}}]", "app notin (db)"],
    [`[${web}, {podSelector: {matchLabels: {app: api}}}]`, "anyone"],
    ["[{group: web}]", "anyone"],
    ["[{podSelector: {matchLabels: {app: web}}, group: web}]", "anyone"],
    ["[{externalEntitySelector: {}}]", "anyone"],
    ["[{namespaceSelector: {}}]", "anyone"],
    ["[{}]", "anyone"],
    ["[]", "anyone"],
  ])("applied to %s concerns %s of its namespace", (appliedTo, expected) => {
    const policy = inNamespace(`{appliedTo: ${appliedTo}, ingress: [{action: Drop}]}`);
    expect(policy).toMatchObject({
      kind: "antrea-network-policy",
      namespace: "shop",
      directions: ["ingress"],
      effect: "opens-and-closes",
    });
    expect(whom(policy)).toBe(expected);
  });

  it.each([
    [`{ingress: [{appliedTo: [${web}]}], egress: [{appliedTo: [${web}]}]}`, "app=web"],
    [`{ingress: [{appliedTo: [${web}]}, {appliedTo: [{podSelector: {}}]}]}`, "anyone"],
    [`{ingress: [{appliedTo: [${web}]}, {action: Drop}]}`, "anyone"],
    [`{appliedTo: [${web}], ingress: [{appliedTo: [{podSelector: {}}]}]}`, "anyone"],
  ])("applied rule by rule, as in %s, concerns %s", (spec, expected) => {
    expect(whom(inNamespace(spec))).toBe(expected);
  });

  it.each([
    [`{appliedTo: [${web}], egress: []}`, ["egress"]],
    [`{appliedTo: [${web}], ingress: [{}], egress: [{}]}`, ["ingress", "egress"]],
    [`{appliedTo: [${web}]}`, ["ingress", "egress"]],
  ])("of %s is about %j", (spec, directions) => {
    expect(inNamespace(spec).directions).toEqual(directions);
  });

  it.each([
    "null",
    "{appliedTo: {podSelector: {}}}",
    "{appliedTo: [{podSelector: {matchLabels: [a]}}], ingress: [{}]}",
    "{appliedTo: [{podSelector: {matchExpressions: [{key: a, operator: In}]}}], ingress: [{}]}",
  ])("that is malformed, as %s is, may concern anyone both ways", (spec) => {
    const policy = inNamespace(spec);
    expect(whom(policy)).toBe("anyone");
    expect(policy.directions).toEqual(["ingress", "egress"]);
  });
});

describe("a ClusterNetworkPolicy of Antrea", () => {
  it.each([
    [`[${web}]`, "app=web"],
    ["[{namespaceSelector: {matchLabels: {env: prod}}}]", "every pod of env=prod"],
    ["[{namespaceSelector: {}}]", "every pod of every namespace"],
    [
      "[{podSelector: {matchLabels: {app: web}}, namespaceSelector: {matchLabels: {env: prod}}}]",
      "app=web of env=prod",
    ],
    ["[{nodeSelector: {}}]", "anyone"],
    ["[{serviceAccount: {name: a, namespace: shop}}]", "anyone"],
    ["[{service: {name: a, namespace: shop}}]", "anyone"],
    ["[{namespaceSelector: {matchLabels: {a: x}}}, {namespaceSelector: {matchLabels: {b: y}}}]", /every/],
  ])("applied to %s concerns %s", (appliedTo, expected) => {
    const policy = clusterwide(`{appliedTo: ${appliedTo}, ingress: [{action: Drop}]}`);
    expect(policy).toMatchObject({ kind: "antrea-cluster-network-policy", directions: ["ingress"] });
    expect(whom(policy)).toMatch(expected);
  });

  it("is told from the ClusterNetworkPolicy of Kubernetes by its group, in both of its versions", () => {
    expect(clusterwide("{}", "v1alpha1").id).toBe("antrea-cluster-network-policy/p");
  });
});
