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
    ["{podSelector: {}, ingress: [{from: [{}]}]}", "spec.ingress[0].from[0]", /needs a podSelector/],
    [
      "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]}",
      "spec.egress[0].to[0]",
      /one or the other/,
    ],
    ["{podSelector: {}, policyTypes: [Both]}", "spec.policyTypes[0]", /must be Ingress or Egress/],
    [
      "{podSelector: {matchExpressions: [{key: a, operator: Like}]}}",
      "spec.podSelector.matchExpressions[0].operator",
      /must be In, NotIn/,
    ],
    [
      "{podSelector: {matchExpressions: [{key: a, operator: In}]}}",
      "spec.podSelector.matchExpressions[0].values",
      /must not be empty for In/,
    ],
    [
      "{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}",
      "spec.podSelector.matchExpressions[0].values",
      /must be empty for Exists/,
    ],
    ["{podSelector: {matchLabels: {tier: 1}}}", "spec.podSelector.matchLabels.tier", /quote it/],
    [
      "{podSelector: {}, ingress: [{from: [{podSelector: {}}], form: []}]}",
      "spec.ingress[0].form",
      /is no field of the API; from is the closest/,
    ],
    ["{podSelector: {}, egres: [{}]}", "spec.egres", /egress is the closest/],
    [
      "{podSelector: {}, ingress: [{ports: [{port: 8080, endPort: 80}]}]}",
      "spec.ingress[0].ports[0].endPort",
      /is below port 8080/,
    ],
    [
      "{podSelector: {}, ingress: [{ports: [{port: http, endPort: 80}]}]}",
      "spec.ingress[0].ports[0].endPort",
      /needs a port that is a number/,
    ],
    ["{podSelector: {}, ingress: [{ports: [{port: ''}]}]}", "spec.ingress[0].ports[0].port", /./],
    ["{podSelector: {}, ingress: [{ports: [{port: 70000}]}]}", "spec.ingress[0].ports[0].port", /./],
    [
      "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0}}]}]}",
      "spec.ingress[0].from[0].ipBlock.cidr",
      /no block of addresses/,
    ],
    [
      "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}]}",
      "spec.ingress[0].from[0].ipBlock.except[0]",
      /is not a part of 10.0.0.0\/8/,
    ],
  ])("keeps %s, which the API server refuses, with its fault and without rules", (spec, path, why) => {
    const outcome = policy(spec);
    expect(outcome).toMatchObject({
      kind: "object",
      object: { ingress: [], egress: [], faults: [{ path, why: expect.stringMatching(why) }] },
    });
  });

  it("takes a faulty policy to concern the most that it may", () => {
    expect(
      policy("{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], ingress: 3}"),
    ).toMatchObject({
      object: { podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Egress"] },
    });
    expect(policy("{podselector: {matchLabels: {app: web}}}")).toMatchObject({
      object: { podSelector: { matchLabels: {} }, policyTypes: ["Ingress", "Egress"] },
    });
  });

  it("keeps a policy without a name, with a fault", () => {
    const nameless = readObject(
      load(
        '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: "", namespace: shop}, spec: {podSelector: {}}}',
      ),
      { file: "a.yaml", line: 7 },
    );
    expect(nameless).toMatchObject({
      kind: "object",
      object: {
        id: "network-policy/shop/unnamed-at-line-7",
        faults: [{ path: "metadata.name", why: "is required" }],
      },
    });
  });
});
