import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readObject } from "./read-object.ts";

describe("readTieredPolicy", () => {
  it.each([
    [
      "ClusterNetworkPolicy",
      "{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: a}, spec: {tier: Baseline, priority: 5, subject: {namespaces: {}}, ingress: [{}, {}]}}",
      {
        plural: "clusterNetworkPolicies",
        object: {
          tier: "Baseline",
          priority: 5,
          ingressRules: 2,
          egressRules: 0,
          subject: { namespaceSelector: { matchLabels: {} } },
        },
      },
    ],
    [
      "AdminNetworkPolicy",
      "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: a}, spec: {priority: 5, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}}, egress: [{}]}}",
      {
        plural: "adminNetworkPolicies",
        object: { tier: "Admin", egressRules: 1, subject: { podSelector: { matchLabels: { a: "b" } } } },
      },
    ],
    [
      "BaselineAdminNetworkPolicy",
      "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: BaselineAdminNetworkPolicy, metadata: {name: default}, spec: {subject: {namespaces: {}}}}",
      { plural: "baselineAdminNetworkPolicies", object: { tier: "Baseline", priority: 0 } },
    ],
  ])("reads %s", (_, yaml, expected) => {
    expect(readObject(load(yaml))).toMatchObject(expected);
  });

  it("refuses one without a subject, a tier or a priority", () => {
    const cluster = (spec: string) =>
      readObject(
        load(
          `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: a}, spec: ${spec}}`,
        ),
      );
    expect(cluster("{tier: Admin, priority: 1}")).toMatchObject({ path: "spec.subject", why: "is required" });
    expect(cluster("{priority: 1, subject: {namespaces: {}}}")).toMatchObject({
      path: "spec.tier",
      why: "is required",
    });
    expect(cluster("{tier: Admin, subject: {namespaces: {}}}")).toMatchObject({
      path: "spec.priority",
      why: "is required",
    });
  });
});
