import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readObject } from "./read-object.ts";

const policy = (spec: string) =>
  readObject(
    load(`{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web}, spec: ${spec}}`),
  );

describe("readNetworkPolicy", () => {
  it.each([
    ["{podSelector: {}}", ["Ingress"]],
    ["{podSelector: {}, ingress: []}", ["Ingress"]],
    ["{podSelector: {}, egress: []}", ["Ingress"]],
    ["{podSelector: {}, egress: [{}]}", ["Ingress", "Egress"]],
    ["{podSelector: {}, policyTypes: []}", ["Ingress"]],
    ["{podSelector: {}, policyTypes: [Egress]}", ["Egress"]],
  ])("takes %s to be of types %s", (spec, policyTypes) => {
    expect(policy(spec)).toMatchObject({ kind: "object", object: { policyTypes } });
  });

  it("tells an absent selector from an empty one, and defaults ports to TCP", () => {
    const outcome = policy(`{podSelector: {matchLabels: {app: web}}, ingress: [
      {},
      {from: null, ports: [{port: 80}, {protocol: UDP}, {port: 8000, endPort: 8010}, {port: http}]},
      {from: [{podSelector: {}}, {namespaceSelector: {matchExpressions: [{key: team, operator: Exists}]}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}
    ]}`);
    expect(outcome).toMatchObject({
      object: {
        ingress: [
          { peers: [], ports: [] },
          {
            peers: [],
            ports: [
              { protocol: "TCP", port: 80 },
              { protocol: "UDP", port: undefined },
              { protocol: "TCP", port: 8000, endPort: 8010 },
              { protocol: "TCP", port: "http" },
            ],
          },
          {
            peers: [
              {
                kind: "pods",
                podSelector: { matchLabels: {}, matchExpressions: [] },
                namespaceSelector: undefined,
              },
              {
                kind: "pods",
                podSelector: undefined,
                namespaceSelector: { matchExpressions: [{ key: "team", operator: "Exists", values: [] }] },
              },
              { kind: "ip-block", cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] },
            ],
          },
        ],
      },
    });
  });

  it.each([
    ["{podSelector: {}, ingress: [{from: [{}]}]}", "spec.ingress[0].from[0]"],
    [
      "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]}",
      "spec.egress[0].to[0]",
    ],
    ["{podSelector: {}, policyTypes: [Both]}", "spec.policyTypes[0]"],
    [
      "{podSelector: {matchExpressions: [{key: a, operator: Like}]}}",
      "spec.podSelector.matchExpressions[0].operator",
    ],
    ["{podSelector: {matchLabels: {tier: 1}}}", "spec.podSelector.matchLabels.tier"],
  ])("refuses %s as the API server does", (spec, path) => {
    expect(policy(spec)).toMatchObject({ kind: "invalid", path });
  });
});
