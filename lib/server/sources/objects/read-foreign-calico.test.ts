import { describe, expect, it } from "vitest";
import { foreignPolicyFromYaml, whom } from "#lib/testing/foreign-concern.ts";

const inNamespace = (spec: string, apiVersion = "projectcalico.org/v3") =>
  foreignPolicyFromYaml(
    `{apiVersion: ${apiVersion}, kind: NetworkPolicy, metadata: {name: default.p, namespace: shop}, spec: ${spec}}`,
  );
const global = (spec: string) =>
  foreignPolicyFromYaml(
    `{apiVersion: crd.projectcalico.org/v1, kind: GlobalNetworkPolicy, metadata: {name: p}, spec: ${spec}}`,
  );

describe("a NetworkPolicy of Calico", () => {
  it.each(["projectcalico.org/v3", "crd.projectcalico.org/v1"])("is known by its group %s", (apiVersion) => {
    const policy = inNamespace("{selector: app == 'web', types: [Ingress]}", apiVersion);
    expect(policy).toMatchObject({
      kind: "calico-network-policy",
      id: "calico-network-policy/shop/default.p",
      effect: "opens-and-closes",
      directions: ["ingress"],
    });
    expect(whom(policy)).toBe("app=web");
  });

  it.each([
    ["{}", "every pod"],
    ["{selector: ''}", "every pod"],
    ["{selector: all()}", "every pod"],
    ["{selector: \"app == 'web' && tier != 'db'\"}", "app=web, tier notin (db)"],
    // It narrows, so that leaving it out misses nobody.
    ["{selector: app == 'web', serviceAccountSelector: role == 'x'}", "app=web"],
    // Given to the pod by Calico, not by its labels.
    ["{selector: \"app == 'web' && projectcalico.org/orchestrator == 'k8s'\"}", "app=web"],
    ["{selector: \"app == 'web' && projectcalico.org/namespace == 'pay'\"}", "app=web"],
    ["{selector: \"app == 'web' && pcns.env == 'prod' && has(pcsa.role)\"}", "app=web"],
    ["{selector: \"app == 'web' || app == 'api'\"}", "anyone"],
    ["{selector: app starts with 'w'}", "anyone"],
  ])("with %s concerns %s of its namespace", (spec, expected) => {
    expect(whom(inNamespace(spec))).toBe(expected);
  });

  it.each([
    ["types: [Ingress]", ["ingress"]],
    ["types: [egress]", ["egress"]],
    ["types: [Egress, Ingress]", ["ingress", "egress"]],
    // Where nobody filled it in, Felix enforces both.
    ["ingress: [{action: Allow}]", ["ingress", "egress"]],
    ["types: []", ["ingress", "egress"]],
  ])("with %s is about %j", (fields, directions) => {
    expect(inNamespace(`{${fields}}`).directions).toEqual(directions);
  });

  it.each(["null", "[]", "{selector: 1, types: [Ingress]}", "{types: [Both]}", "{types: Ingress}"])(
    "that is malformed, as %s is, may concern anyone both ways",
    (spec) => {
      const policy = inNamespace(spec);
      expect(whom(policy)).toBe("anyone");
      expect(policy.directions).toEqual(["ingress", "egress"]);
    },
  );
});

describe("a GlobalNetworkPolicy of Calico", () => {
  it.each([
    ["{selector: app == 'web'}", "app=web"],
    ["{selector: app == 'web', namespaceSelector: ''}", "app=web"],
    ["{namespaceSelector: all()}", "every pod"],
    [
      "{selector: app == 'web', namespaceSelector: \"env == 'prod' && has(team)\"}",
      "app=web of env=prod, team",
    ],
    [
      "{namespaceSelector: \"has(projectcalico.org/name) && projectcalico.org/name not in {'kube-system', 'calico-system'}\"}",
      "every pod of kubernetes.io/metadata.name notin (kube-system, calico-system)",
    ],
    [
      "{selector: \"projectcalico.org/namespace == 'shop' && app == 'web'\"}",
      "app=web of kubernetes.io/metadata.name=shop",
    ],
    [
      "{selector: \"projectcalico.org/namespace in {'shop'}\", namespaceSelector: \"projectcalico.org/name in {'shop', 'pay'}\"}",
      "every pod of kubernetes.io/metadata.name=shop, kubernetes.io/metadata.name in (shop, pay)",
    ],
    ["{selector: has(projectcalico.org/namespace)}", "every pod"],
    ["{selector: \"app == 'web' && projectcalico.org/serviceaccount == 'x'\"}", "app=web"],
    // Hosts: their pods cannot be told.
    ["{selector: '!has(projectcalico.org/namespace)'}", "anyone"],
    ["{selector: app == 'web', namespaceSelector: '!has(projectcalico.org/name)'}", "anyone"],
    ["{selector: app == 'web', namespaceSelector: global()}", "anyone"],
    ["{selector: app == 'web', namespaceSelector: \"a == 'x' || b == 'y'\"}", "anyone"],
    ["{selector: app contains 'w', namespaceSelector: env == 'prod'}", "anyone"],
  ])("with %s concerns %s", (spec, expected) => {
    const policy = global(spec);
    expect(policy).toMatchObject({ kind: "calico-global-network-policy", effect: "opens-and-closes" });
    expect(policy.namespace).toBeUndefined();
    expect(whom(policy)).toBe(expected);
  });

  it.each([
    ["preDNAT: true", ["ingress"]],
    ["applyOnForward: true", ["ingress"]],
    // What is not tracked has no replies that pass by themselves.
    ["doNotTrack: true, applyOnForward: true", ["ingress", "egress"]],
  ])("with %s is enforced at hosts, on traffic of anyone, %j", (fields, directions) => {
    const policy = global(`{selector: role == 'edge', types: [Ingress], ${fields}}`);
    expect(whom(policy)).toBe("anyone");
    expect(policy.directions).toEqual(directions);
  });

  it("is not a staged one, which is not enforced", () => {
    expect(() =>
      foreignPolicyFromYaml(
        "{apiVersion: projectcalico.org/v3, kind: StagedGlobalNetworkPolicy, metadata: {name: p}, spec: {}}",
      ),
    ).toThrow("ignored");
  });
});
