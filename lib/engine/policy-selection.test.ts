import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";

const pod = (
  name: string,
  { namespace = "shop", labels = "app: web", phase = "Running", spec = "" } = {},
) => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { ${labels} } }
spec: { ${spec} containers: [{ name: web, image: web }] }
status: { phase: ${phase} }`;

const policy = (selector: string, types = "[Ingress]") => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: shop }
spec: { podSelector: ${selector}, policyTypes: ${types} }`;

const tiered = (subject: string) => `
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: p }
spec:
  priority: 10
  subject: ${subject}
  ingress: [{ action: Deny, from: [{ namespaces: {} }] }]`;

const namespace = (name: string, labels: string) => `
---
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }`;

const deployment = (replicas: number) => `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } }`;

function only(yaml: string, as: "cluster" | "dump" | "manifests" = "cluster") {
  const [first] = factsFromYaml(yaml, as).policies.values();
  if (first === undefined) throw new Error("the YAML holds no policy");
  return first;
}

const web = "{ matchLabels: { app: web } }";

describe("what a NetworkPolicy selects", () => {
  const cases: readonly (readonly [string, string, number, string])[] = [
    [
      "pods of its own namespace",
      policy(web) + pod("a") + pod("b", { namespace: "other" }),
      1,
      "isolates ingress of 1 pod of 1 workload",
    ],
    [
      "every pod, when its selector is empty",
      policy("{}", "[Ingress, Egress]") + pod("a") + pod("b", { labels: "app: api" }),
      2,
      "isolates ingress and egress of 2 pods of 2 workloads",
    ],
    [
      "no pod that has finished",
      policy(web) + pod("a") + pod("b", { phase: "Succeeded" }),
      1,
      "isolates ingress of 1 pod of 1 workload",
    ],
    [
      "pods on the host network, apart",
      policy(web) + pod("a") + pod("b", { spec: "hostNetwork: true," }),
      1,
      "isolates ingress of 1 pod of 1 workload; also selects 1 pod on the host network, where it is undefined whether policies bind",
    ],
    [
      "only pods on the host network",
      policy(web) + pod("b", { spec: "hostNetwork: true," }),
      0,
      "selects only 1 pod on the host network, where it is undefined whether policies bind",
    ],
    ["nothing yet, in an empty namespace", policy("{}"), 0, "selects every pod of shop, which has none"],
    [
      "nothing while its workload is scaled to 0",
      policy(web) + deployment(0),
      0,
      "selects no pod at the moment: scaled to 0: deployment/web",
    ],
    ["nothing at all", policy(web) + pod("a", { labels: "app: orders" }), 0, "selects no pod: app=web"],
  ];
  it.each(cases)("is %s", (_, yaml, pods, sentence) => {
    const facts = only(yaml);
    expect([facts.pods, facts.sentence]).toEqual([pods, sentence]);
  });

  it("comes with what it nearly selected, only where it selects nothing", () => {
    expect(only(policy(web) + pod("a", { labels: "app: webs" })).nearMiss?.differs).toEqual([
      { key: "app", wanted: "web", actual: "webs" },
    ]);
    expect(only(policy(web) + pod("a") + pod("b", { labels: "app: webs" })).nearMiss).toBeUndefined();
    expect(
      only(policy(web) + pod("b", { spec: "hostNetwork: true," }) + pod("a", { labels: "app: webs" }))
        .nearMiss,
    ).toBeUndefined();
  });

  it("cannot be told when pods were not read", () => {
    expect(only(policy(web), "dump")).toMatchObject({
      workloads: undefined,
      pods: undefined,
      sentence: "pods could not be read",
    });
  });

  it("cannot be told from manifests without any pod of its namespace", () => {
    expect(only(policy(web), "manifests")).toMatchObject({
      sentence: "these files hold no pods of shop that it could select: app=web",
    });
  });
});

describe("what a tiered policy selects", () => {
  const pods = pod("a") + pod("b", { namespace: "other" }) + pod("c", { labels: "app: api" });
  const namespaces = namespace("shop", "team: red") + namespace("other", "team: blue");

  it.each([
    ["{ namespaces: {} }", 3],
    ["{ namespaces: { matchLabels: { team: red } } }", 2],
    ["{ namespaces: { matchLabels: { kubernetes.io/metadata.name: other } } }", 1],
    [
      "{ pods: { namespaceSelector: { matchLabels: { team: red } }, podSelector: { matchLabels: { app: web } } } }",
      1,
    ],
    ["{ namespaces: { matchLabels: { team: green } } }", 0],
  ])("by %s: %i pods", (subject, count) => {
    expect(only(tiered(subject) + pods + namespaces)).toMatchObject({ pods: count, directions: ["ingress"] });
  });

  it("cannot be told when namespaces were not read", () => {
    expect(only(tiered("{ namespaces: {} }") + pods, "dump").pods).toBeUndefined();
  });
});
