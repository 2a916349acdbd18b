import { describe, expect, it } from "vitest";
import { foreignPolicyFromYaml, whom } from "#lib/testing/foreign-concern.ts";

const policyIn = (namespace: string, spec: string, version = "v1") =>
  foreignPolicyFromYaml(
    `{apiVersion: security.istio.io/${version}, kind: AuthorizationPolicy, metadata: {name: p, namespace: ${namespace}}, spec: ${spec}}`,
  );
const targets = (...kinds: readonly string[]) =>
  `{targetRefs: [${kinds.map((kind) => `{group: "", kind: ${kind}, name: a}`).join(", ")}]}`;

describe("an AuthorizationPolicy", () => {
  it.each([
    ["{}", "every pod"],
    ["null", "every pod"],
    ["{selector: {}, rules: [{}]}", "every pod"],
    ["{selector: {matchLabels: {app: web}}, action: DENY}", "app=web"],
    ["{selector: {matchLabels: {app: 'w*'}}}", "anyone"],
  ])("of %s can close what %s of its namespace receives", (spec, expected) => {
    const policy = policyIn("shop", spec);
    expect(policy).toMatchObject({ namespace: "shop", directions: ["ingress"], effect: "closes" });
    expect(whom(policy)).toBe(expected);
  });

  it.each([
    ["{}", "every pod of every namespace"],
    ["{selector: {matchLabels: {app: web}}}", "app=web of every namespace"],
    [targets("Service"), "every pod of every namespace"],
    ["{selector: [1]}", "every pod of every namespace"],
  ])("of %s in the root namespace concerns %s", (spec, expected) => {
    expect(whom(policyIn("istio-system", spec))).toBe(expected);
    expect(whom(policyIn("aks-istio-system", spec))).toBe(expected);
  });

  it.each([
    [targets("Service"), "anyone", ["ingress"]],
    ["{targetRef: {kind: Service, name: a}}", "anyone", ["ingress"]],
    ["{targetRefs: [{kind: Service, name: a, namespace: shop}]}", "anyone", ["ingress"]],
    // A waypoint, which other namespaces may use.
    [targets("Gateway"), "every pod of every namespace", ["ingress"]],
    [targets("Service", "Gateway"), "every pod of every namespace", ["ingress"]],
    ["{targetRefs: [{kind: Service, name: a, namespace: pay}]}", "every pod of every namespace", ["ingress"]],
    // What pods send to the outside.
    [targets("ServiceEntry"), "every pod of every namespace", ["ingress", "egress"]],
  ])("with %s may concern %s", (spec, expected, directions) => {
    const policy = policyIn("shop", spec);
    expect(whom(policy)).toBe(expected);
    expect(policy.directions).toEqual(directions);
  });

  it("is read in its older version", () => {
    expect(whom(policyIn("shop", "{selector: {matchLabels: {app: web}}}", "v1beta1"))).toBe("app=web");
  });

  it("that is malformed may concern anyone of its namespace both ways", () => {
    const policy = policyIn("shop", "{selector: {matchLabels: {app: 1}}}");
    expect(whom(policy)).toBe("anyone");
    expect(policy.directions).toEqual(["ingress", "egress"]);
  });
});
