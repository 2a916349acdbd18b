import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readObject } from "./read-object.ts";

function cluster(spec: string) {
  return readObject(
    load(
      `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: a}, spec: ${spec}}`,
    ),
  );
}

function admin(spec: string) {
  return readObject(
    load(
      `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: a}, spec: ${spec}}`,
    ),
  );
}

const every = { matchLabels: {}, matchExpressions: [] };

describe("readTieredPolicy", () => {
  it("reads a ClusterNetworkPolicy, rules in their order", () => {
    const outcome = cluster(`{tier: Baseline, priority: 5, subject: {namespaces: {}},
      ingress: [
        {name: monitoring, action: Accept, from: [{namespaces: {matchLabels: {team: ops}}}], protocols: [{tcp: {destinationPort: {number: 9090}}}, {destinationNamedPort: metrics}]},
        {action: Deny, from: [{pods: {podSelector: {matchLabels: {a: b}}}}]}
      ],
      egress: [
        {action: Pass, to: [{nodes: {}}, {networks: [10.0.0.0/8, "fd00::/8"]}, {domainNames: ["*.example.com"]}], protocols: [{udp: {destinationPort: {range: {start: 53, end: 54}}}}]}
      ]}`);
    expect(outcome).toMatchObject({
      kind: "object",
      plural: "clusterNetworkPolicies",
      object: {
        tier: "Baseline",
        priority: 5,
        faults: [],
        subject: { namespaceSelector: every },
        ingress: [
          {
            name: "monitoring",
            action: "Accept",
            peers: [{ kind: "pods", namespaceSelector: { matchLabels: { team: "ops" } } }],
            ports: [
              { kind: "numbers", protocol: "TCP", start: 9090, end: 9090 },
              { kind: "named", name: "metrics" },
            ],
          },
          {
            action: "Deny",
            peers: [{ kind: "pods", namespaceSelector: every, podSelector: { matchLabels: { a: "b" } } }],
            ports: [],
          },
        ],
        egress: [
          {
            action: "Pass",
            peers: [
              { kind: "nodes", selector: every },
              { kind: "networks", cidrs: ["10.0.0.0/8", "fd00::/8"] },
              { kind: "domain-names", names: ["*.example.com"] },
            ],
            ports: [{ kind: "numbers", protocol: "UDP", start: 53, end: 54 }],
          },
        ],
      },
    });
  });

  it("reads an AdminNetworkPolicy: Allow is Accept, ports are written differently", () => {
    const outcome =
      admin(`{priority: 5, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}},
      egress: [{action: Allow, to: [{namespaces: {}}], ports: [{portNumber: {port: 80}}, {portRange: {protocol: SCTP, start: 1, end: 9}}, {namedPort: dns}]}]}`);
    expect(outcome).toMatchObject({
      plural: "adminNetworkPolicies",
      object: {
        tier: "Admin",
        priority: 5,
        subject: { podSelector: { matchLabels: { a: "b" } } },
        egress: [
          {
            action: "Accept",
            ports: [
              { kind: "numbers", protocol: "TCP", start: 80, end: 80 },
              { kind: "numbers", protocol: "SCTP", start: 1, end: 9 },
              { kind: "named", name: "dns" },
            ],
          },
        ],
      },
    });
  });

  it("reads a BaselineAdminNetworkPolicy, which has no priority", () => {
    const outcome = readObject(
      load(
        "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: BaselineAdminNetworkPolicy, metadata: {name: default}, spec: {subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}}",
      ),
    );
    expect(outcome).toMatchObject({
      plural: "baselineAdminNetworkPolicies",
      object: { tier: "Baseline", priority: 0, ingress: [{ action: "Deny" }], faults: [] },
    });
  });

  it("tells a peer without any field from one that is not understood", () => {
    const peer = (yaml: string) =>
      cluster(
        `{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [${yaml}]}]}`,
      );
    expect(peer("{}")).toMatchObject({ object: { ingress: [{ peers: [{ kind: "empty" }] }], faults: [] } });
    expect(peer("{namespace: {}}")).toMatchObject({
      object: {
        ingress: [],
        faults: [
          {
            path: "spec.ingress[0].from[0].namespace",
            why: expect.stringContaining("namespaces is the closest"),
          },
        ],
      },
    });
  });

  it.each([
    ["{tier: Admin, priority: 1}", "spec.subject", /is required/],
    ["{priority: 1, subject: {namespaces: {}}}", "spec.tier", /is required/],
    ["{tier: Admin, subject: {namespaces: {}}}", "spec.priority", /is required/],
    ["{tier: Admin, priority: 1001, subject: {namespaces: {}}}", "spec.priority", /out of range/],
    ["{tier: Admin, priority: 1, subject: {}}", "spec.subject", /needs namespaces or pods/],
    [
      "{tier: Admin, priority: 1, subject: {namespaces: {}, pods: {podSelector: {}}}}",
      "spec.subject",
      /has namespaces and pods; the API takes exactly one/,
    ],
    [
      "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}]}]}",
      "spec.ingress[0].action",
      /must be Accept, Deny or Pass/,
    ],
    [
      "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Accept, from: []}]}",
      "spec.ingress[0].from",
      /must not be empty/,
    ],
    [
      "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [10.0.0.1]}]}]}",
      "spec.egress[0].to[0].networks[0]",
      /no block of addresses/,
    ],
    [
      "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}], protocols: [{destinationNamedPort: dns}]}]}",
      "spec.egress[0]",
      /have no named ports/,
    ],
    [
      "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {range: {start: 9, end: 9}}}}]}]}",
      "spec.ingress[0].protocols[0].tcp.destinationPort.range.end",
      /must be above start 9/,
    ],
  ])("keeps %s, which the API server refuses, with its fault and without rules", (spec, path, why) => {
    expect(cluster(spec)).toMatchObject({
      kind: "object",
      object: { ingress: [], egress: [], faults: [{ path, why: expect.stringMatching(why) }] },
    });
  });
});
