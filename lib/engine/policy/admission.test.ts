import { describe, expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import type { Pod } from "#lib/model/objects.ts";
import type { PluralKind, Snapshot, Unread } from "#lib/model/snapshot.ts";
import { factsFromYaml, snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { compileFacts } from "../compile-facts.ts";
import type { Facts } from "../facts.ts";
import { type Admission, admissionOf } from "./admission.ts";
import type { ServedPort } from "./port-clause.ts";

/** Two pods of shop/web on 8080, which a sidecar's metrics port stands beside; clients here and there. */
const cluster = `
kind: Namespace
apiVersion: v1
metadata: {name: shop, labels: {kubernetes.io/metadata.name: shop, team: shop}}
---
kind: Namespace
apiVersion: v1
metadata: {name: edge, labels: {kubernetes.io/metadata.name: edge, team: platform}}
---
kind: Namespace
apiVersion: v1
metadata: {name: lab, labels: {kubernetes.io/metadata.name: lab, team: platform}}
---
${pod("shop", "web-0", "app: web", webSpec(8080))}
---
${pod("shop", "web-1", "app: web, track: canary", webSpec(8081))}
---
${pod("shop", "cart", "app: cart", "containers: [{name: cart}]")}
---
${pod("edge", "cart", "app: cart", "containers: [{name: cart}]")}
---
${pod("edge", "proxy", "app: proxy", "containers: [{name: proxy}]")}
---
${pod("lab", "proxy", "app: proxy", "containers: [{name: proxy}]")}
---
${pod("edge", "agent", "app: agent", "hostNetwork: true, containers: [{name: agent}]")}
---
${pod("edge", "done", "app: done", "containers: [{name: done}]", "Succeeded")}
`;

function pod(namespace: string, name: string, labels: string, spec: string, phase = "Running"): string {
  return `kind: Pod
apiVersion: v1
metadata: {name: ${name}, namespace: ${namespace}, labels: {${labels}}}
spec: {nodeName: n1, ${spec}}
status: {phase: ${phase}, conditions: [{type: Ready, status: "True"}]}`;
}

function webSpec(http: number): string {
  return `containers: [{name: web, ports: [{name: http, containerPort: ${http}}]}], initContainers: [{name: proxy, restartPolicy: Always, ports: [{name: metrics, containerPort: 9102}]}, {name: setup, ports: [{name: setup, containerPort: 7000}]}]`;
}

const policy = (name: string, spec: string, namespace = "shop") => `
---
kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: ${name}, namespace: ${namespace}}
spec: {${spec}}
`;
const web = "podSelector: {matchLabels: {app: web}}";

const http: ServedPort = { target: "http", protocol: "TCP", words: "http/TCP", servicePort: 80 };
const on8080: ServedPort = { target: 8080, protocol: "TCP", words: "8080/TCP", servicePort: 80 };
const everyPort: readonly ServedPort[] = [];

function podsOf(facts: Facts, ...names: readonly string[]): readonly Pod[] {
  return names.map((name) => {
    const found = facts.index.byId.get(objectId("pod", "shop", name));
    if (found?.kind !== "pod") throw new Error(`no pod ${name}`);
    return found;
  });
}

function admission(
  policies: string,
  ports: readonly ServedPort[] = [http],
  names: readonly string[] = ["web-0", "web-1"],
): Admission {
  const facts = factsFromYaml(cluster + policies);
  return admissionOf(facts, podsOf(facts, ...names), ports);
}

/** "who: workloads", a line for each that is admitted. */
function whoMay({ admits }: Admission): readonly string[] {
  return admits.map(({ who, workloads }) =>
    workloads.length === 0 ? who : `${who}: ${workloads.map((w) => `${w.namespace}/${w.name}`).join(" ")}`,
  );
}

describe("who may send", () => {
  it("is everyone where no policy isolates the pods", () => {
    expect(admission("")).toEqual({
      state: "open",
      othersRefused: false,
      sentence: "Every pod may send to it: no NetworkPolicy isolates its pods for ingress.",
      admits: [],
      isolatedBy: [],
      notes: [],
    });
  });

  it.each([
    ["of another namespace", policy("deny", "podSelector: {}", "edge")],
    ["that selects other pods", policy("cart", "podSelector: {matchLabels: {app: cart}}")],
    ["for egress only", policy("out", `${web}, policyTypes: [Egress], egress: []`)],
    [
      "for egress only, though it lists ingress rules",
      policy("out", `${web}, policyTypes: [Egress], ingress: []`),
    ],
  ])("is everyone under a policy %s", (_what, yaml) => {
    expect(admission(yaml)).toMatchObject({ state: "open", isolatedBy: [], admits: [] });
  });

  it.each([
    ["ingress: []", "podSelector: {}, policyTypes: [Ingress], ingress: []"],
    ["no ingress key", "podSelector: {}, policyTypes: [Ingress]"],
    ["no policyTypes either, which mean Ingress", "podSelector: {}"],
    ["egress rules as well, which do not take Ingress away", "podSelector: {}, egress: [{}]"],
  ])("is nobody under default-deny with %s", (_what, spec) => {
    expect(admission(policy("default-deny", spec))).toMatchObject({
      state: "isolated",
      sentence: "No one may send to it: its pods are isolated and no rule admits anyone on its ports.",
      isolatedBy: ["network-policy/shop/default-deny"],
      admits: [],
    });
  });

  it.each([
    ["an empty rule", "ingress: [{}]"],
    ["an empty from", "ingress: [{from: []}]"],
    ["an empty from and empty ports", "ingress: [{from: [], ports: []}]"],
    ["every peer on the pods' port", "ingress: [{ports: [{port: http}]}]"],
    [
      "two rules that cover the ports together",
      "ingress: [{ports: [{port: 8080}]}, {ports: [{port: 8081}]}]",
    ],
  ])("is anyone with %s, and it says by which policy", (_what, rules) => {
    const result = admission(policy("allow-all", `${web}, ${rules}`) + policy("deny", "podSelector: {}"));
    expect(result).toMatchObject({ state: "open", admits: [] });
    expect(result.sentence).toMatch(/^Anyone may send to it: NetworkPolicy allow-all \(spec\.ingress\[0\]\)/);
    expect(result.isolatedBy).toEqual(["network-policy/shop/allow-all", "network-policy/shop/deny"]);
  });

  it.each([
    [
      "a podSelector alone stays in the policy's namespace",
      "{podSelector: {matchLabels: {app: cart}}}",
      ["Pods with app=cart of shop: shop/cart"],
    ],
    [
      "an empty podSelector is every pod of the namespace",
      "{podSelector: {}}",
      ["Every pod of shop: shop/cart shop/web-0 shop/web-1"],
    ],
    [
      "a namespaceSelector is every pod of those namespaces",
      "{namespaceSelector: {matchLabels: {team: platform}}}",
      ["Every pod of namespaces with team=platform: edge/cart edge/proxy lab/proxy"],
    ],
    [
      "an empty namespaceSelector is every namespace",
      "{namespaceSelector: {}, podSelector: {matchLabels: {app: cart}}}",
      ["Pods with app=cart of every namespace: edge/cart shop/cart"],
    ],
    [
      "both selectors in one peer must match",
      "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}, podSelector: {matchLabels: {app: proxy}}}",
      ["Pods with app=proxy of edge: edge/proxy"],
    ],
    [
      "several peers are alternatives",
      "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: lab}}}, {podSelector: {matchLabels: {app: cart}}}",
      ["Every pod of lab: lab/proxy", "Pods with app=cart of shop: shop/cart"],
    ],
    [
      "NotIn matches where the label is missing",
      "{podSelector: {matchExpressions: [{key: track, operator: NotIn, values: [canary]}]}}",
      ["Pods with track notin (canary) of shop: shop/cart shop/web-0"],
    ],
    [
      "finished pods are no peers",
      "{namespaceSelector: {}, podSelector: {matchLabels: {app: done}}}",
      ["Pods with app=done of every namespace"],
    ],
    [
      "an address range is what it says, its exceptions too",
      "{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16]}}",
      ["Addresses in 10.0.0.0/8 except 10.1.0.0/16 and 10.2.0.0/16"],
    ],
  ])("by peers: %s", (_what, peers, expected) => {
    const result = admission(policy("p", `${web}, ingress: [{from: [${peers}]}]`));
    expect(result).toMatchObject({
      state: "isolated",
      sentence: "Only these may send to it; everyone else is refused.",
    });
    expect(whoMay(result)).toEqual(expected);
  });

  it("names rule and peer by their field path, with the ports", () => {
    const rules =
      "{from: [{podSelector: {}}], ports: [{port: 9102}]}, {from: [{ipBlock: {cidr: 10.0.0.0/8}}, {namespaceSelector: {}}], ports: [{port: http}, {port: 53, protocol: UDP}]}";
    const result = admission(policy("p", `${web}, ingress: [${rules}]`));
    expect(result.admits.map(({ rule, ports, policy: by }) => [rule, ports, by])).toEqual([
      ["spec.ingress[1].from[0]", "http/TCP, 53/UDP", "network-policy/shop/p"],
      ["spec.ingress[1].from[1]", "http/TCP, 53/UDP", "network-policy/shop/p"],
    ]);
  });

  it("adds up what several policies allow, in any order of theirs", () => {
    const a = policy("a", `${web}, ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}]}]`);
    const b = policy(
      "b",
      "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: platform}}}]}]",
    );
    const deny = policy("deny", "podSelector: {}");
    const result = admission(a + b + deny);
    expect(whoMay(result)).toHaveLength(2);
    expect(result.isolatedBy).toHaveLength(3);
    expect(admission(deny + b + a)).toEqual(result);
  });

  it("says which peers match nobody now, and that an address range may mean pods or not", () => {
    const peers = "{podSelector: {matchLabels: {app: nobody}}}, {ipBlock: {cidr: 10.0.0.0/8}}";
    const { admits } = admission(policy("p", `${web}, ingress: [{from: [${peers}]}]`));
    expect(admits.map((row) => row.note)).toEqual([
      "No pod is like that now.",
      "Whether this also means pods with such addresses depends on the network plugin.",
    ]);
  });

  it("does not count pods of the host network among the peers, and says why", () => {
    const { admits } = admission(
      policy(
        "p",
        `${web}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: agent}}}]}]`,
      ),
    );
    expect(admits).toMatchObject([
      {
        workloads: [],
        note: "1 pod like that is on the host network, where policies usually see the node instead.",
      },
    ]);
  });

  it("always says that the node and the pod itself get in", () => {
    expect(admission(policy("deny", "podSelector: {}")).notes).toEqual([
      "Its pods' own nodes always get in, for the kubelet's probes, and each pod reaches itself.",
    ]);
  });
});

describe("on which ports", () => {
  const from = "from: [{podSelector: {}}]";

  it("counts the pods' port, and says so where a rule names the Service's", () => {
    const result = admission(policy("p", `${web}, ingress: [{${from}, ports: [{port: 80}]}]`), [on8080]);
    expect(result).toMatchObject({ state: "isolated", admits: [] });
    expect(result.notes.slice(0, 2)).toEqual([
      "p spec.ingress[0] allows 80/TCP; its pods are reached on 8080/TCP, so it admits nothing here.",
      "80 is the Service's port; policies see the pods' own, 8080/TCP.",
    ]);
  });

  it("says so as well where another port of the same rule is right", () => {
    const metrics: ServedPort = { target: 9102, protocol: "TCP", words: "9102/TCP", servicePort: 9102 };
    const result = admission(policy("p", `${web}, ingress: [{${from}, ports: [{port: 80}, {port: 9102}]}]`), [
      on8080,
      metrics,
    ]);
    expect(result.admits).toMatchObject([{ ports: "9102/TCP" }]);
    expect(result.notes[0]).toBe(
      "p spec.ingress[0]: 80 is the Service's port; policies see the pods' own, 8080/TCP.",
    );
  });

  it("stays silent on the Service's port where it is the pods' port too", () => {
    const same: ServedPort = { target: 80, protocol: "TCP", words: "80/TCP", servicePort: 80 };
    const result = admission(policy("p", `${web}, ingress: [{${from}, ports: [{port: 80}]}]`), [same]);
    expect(result.admits).toHaveLength(1);
    expect(result.notes.join()).not.toContain("Service's port");
  });

  it("reports only the ports of the Service that a rule opens", () => {
    const other: ServedPort = { target: 5432, protocol: "TCP", words: "5432/TCP", servicePort: 5432 };
    const result = admission(policy("p", `${web}, ingress: [{${from}, ports: [{port: 8080}, {port: 7}]}]`), [
      on8080,
      other,
    ]);
    expect(result.admits.map((row) => row.ports)).toEqual(["8080/TCP"]);
  });

  it("says on how many pods a rule opens the port, where names mean other numbers", () => {
    const result = admission(policy("p", `${web}, ingress: [{${from}, ports: [{port: 8081}]}]`));
    expect(result.admits).toMatchObject([
      { ports: "8081/TCP", note: "Only on 1 of its 2 pods that are isolated." },
    ]);
  });

  it("says on how many pods a policy counts, where another isolates the rest", () => {
    const canary = policy("canary", `podSelector: {matchLabels: {track: canary}}, ingress: [{${from}}]`);
    const result = admission(canary + policy("deny", "podSelector: {}"));
    expect(result).toMatchObject({
      state: "isolated",
      admits: [{ note: "Only on 1 of its 2 pods that are isolated." }],
    });
  });

  it("takes any port of the pods where no port is asked, unless the name is on none", () => {
    const rules = `ingress: [{${from}, ports: [{port: 1}]}, {${from}, ports: [{port: nope}]}, {${from}, ports: [{port: setup}]}]`;
    const result = admission(policy("p", `${web}, ${rules}`), everyPort);
    expect(result.admits.map((row) => row.rule)).toEqual(["spec.ingress[0].from[0]"]);
    expect(result.notes.slice(0, 2)).toEqual([
      "p spec.ingress[1] allows nope/TCP, a name that none of its pods declares, so it admits nothing here.",
      "p spec.ingress[2] allows setup/TCP, a name that none of its pods declares, so it admits nothing here.",
    ]);
    expect(admission(policy("deny", "podSelector: {}"), everyPort).sentence).toBe(
      "No one may send to it: its pods are isolated and no rule admits anyone.",
    );
  });
});

describe("which of its pods", () => {
  const canary = "podSelector: {matchLabels: {track: canary}}";

  it("says that the others take traffic from anyone where a policy isolates some", () => {
    expect(admission(policy("p", canary))).toMatchObject({
      state: "isolated",
      sentence: "No one may send to 1 of its 2 pods; the others take traffic from anyone.",
    });
    expect(admission(policy("p", `${canary}, ingress: [{from: [{podSelector: {}}]}]`)).sentence).toBe(
      "Only these may send to 1 of its 2 pods; the others take traffic from anyone.",
    );
  });

  it("counts a template as the pods it stands for", () => {
    const deployment = (name: string, labels: string, replicas: number) => `
---
kind: Deployment
apiVersion: apps/v1
metadata: {name: ${name}, namespace: shop}
spec: {replicas: ${replicas}, selector: {matchLabels: {${labels}}}, template: {metadata: {labels: {${labels}}}, spec: {containers: [{name: c}]}}}
`;
    const yaml =
      deployment("a", "app: web, track: canary", 3) + deployment("b", "app: web, track: stable", 4);
    const facts = factsFromYaml(yaml + policy("p", canary), "manifests");
    const pods = facts.index.podsSelectedBy("shop", { app: "web" });
    expect(admissionOf(facts, pods, [http]).sentence).toContain("3 of its 7 pods");
  });

  it("leaves finished pods out, and cannot tell when there are no others", () => {
    const facts = factsFromYaml(cluster + policy("deny", "podSelector: {}"));
    const finished = facts.index.podsSelectedBy("edge", { app: "done" });
    expect(finished).toHaveLength(1);
    const nobody = admissionOf(facts, finished, [http]);
    expect(nobody).toMatchObject({
      state: "unknown",
      sentence: expect.stringContaining("No pod stands behind it"),
    });
    expect(admissionOf(facts, [], [http])).toEqual(nobody);
    expect(admissionOf(facts, [...finished, ...podsOf(facts, "web-0")], [http]).sentence).toContain(
      "No one may send to it:",
    );
  });

  it("cannot tell for pods of the host network that a policy selects", () => {
    const onHost = `---\n${pod("shop", "host", "app: web", "hostNetwork: true, containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]")}`;
    const yaml = onHost + policy("p", `${web}, ingress: [{from: [{podSelector: {}}]}]`);
    expect(admission(yaml, [http], ["host"])).toMatchObject({
      state: "unknown",
      sentence: "Its pods use the host's network; whether NetworkPolicies bind them is undefined by the API.",
    });
    const both = admission(yaml, [http], ["host", "web-0"]);
    expect(both.sentence).toBe("Only these may send to it; everyone else is refused.");
    expect(both.notes).toContain(
      "Some of its pods use the host's network, where the API leaves open whether policies bind them.",
    );
    expect(admission(onHost, [http], ["host"])).toMatchObject({ state: "open", notes: [] });
  });
});

describe("what it cannot tell", () => {
  const snapshotOf = (policies: string) => snapshotFromYaml(cluster + policies);
  const without = (snapshot: Snapshot, plural: PluralKind, unread: Unread, keep = false): Facts =>
    compileFacts(
      {
        ...snapshot,
        objects: keep ? snapshot.objects : { ...snapshot.objects, [plural]: undefined },
        unread: { ...snapshot.unread, [plural]: unread },
      },
      "2026-01-01T00:00:00Z",
    );
  const forbidden: Unread = { reason: "forbidden", message: "no" };
  const isolating = policy(
    "p",
    `${web}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: platform}}}]}]`,
  );

  it("says unknown, never open, where NetworkPolicies could not be read", () => {
    const facts = without(snapshotOf(""), "networkPolicies", forbidden);
    expect(admissionOf(facts, podsOf(facts, "web-0"), [http])).toMatchObject({
      state: "unknown",
      sentence: "NetworkPolicies could not be read, so who may reach it is not known.",
    });
  });

  it("says unknown where only some NetworkPolicies could be read and none of them isolates", () => {
    const facts = without(snapshotOf(""), "networkPolicies", { reason: "failed", message: "no" }, true);
    expect(admissionOf(facts, podsOf(facts, "web-0"), [http]).state).toBe("unknown");
  });

  it("keeps what some NetworkPolicies say and adds that others may admit more", () => {
    const facts = without(
      snapshotOf(isolating),
      "networkPolicies",
      { reason: "failed", message: "no" },
      true,
    );
    const result = admissionOf(facts, podsOf(facts, "web-0"), [http]);
    expect(result.state).toBe("isolated");
    expect(result.notes).toContain("Not all NetworkPolicies could be read: others may admit more.");
  });

  it("takes NetworkPolicies as absent where the API server does not serve them", () => {
    const facts = without(snapshotOf(""), "networkPolicies", { reason: "not-served", message: "no" });
    expect(admissionOf(facts, podsOf(facts, "web-0"), [http]).state).toBe("open");
  });

  it("says unknown where pods could not be read", () => {
    expect(admissionOf(factsFromYaml(cluster), undefined, [http])).toMatchObject({
      state: "unknown",
      sentence: "Pods could not be read, so who may reach them is not known.",
    });
  });

  it("does not say that no pod is like a peer where namespaces or some pods are missing", () => {
    const namespaces = without(snapshotOf(isolating), "namespaces", forbidden);
    expect(admissionOf(namespaces, podsOf(namespaces, "web-0"), [http]).admits).toMatchObject([
      { workloads: [], note: "Namespaces could not be read, so which pods these are is not known." },
    ]);
    const none = policy("p", `${web}, ingress: [{from: [{podSelector: {matchLabels: {app: nobody}}}]}]`);
    const pods = without(snapshotOf(none), "pods", { reason: "failed", message: "no" }, true);
    const result = admissionOf(pods, podsOf(pods, "web-0"), [http]);
    expect(result.admits).toMatchObject([{ note: "None of the pods that could be read is like that." }]);
    expect(result.notes).toContain("Not all pods could be read: there may be others.");
  });

  describe("under policies that are not evaluated", () => {
    const cilium = (spec: string) => `
---
kind: CiliumNetworkPolicy
apiVersion: cilium.io/v2
metadata: {name: deny, namespace: shop}
spec: {${spec}}
`;

    it.each([
      ["all pods", "endpointSelector: {}, ingress: [{}]"],
      ["the pods", "endpointSelector: {matchLabels: {app: web}}, ingressDeny: [{fromEntities: [all]}]"],
      ["pods that cannot be told", "nodeSelector: {}, ingress: [{}]"],
    ])("is unknown where one concerns %s, isolated or not", (_what, spec) => {
      const expected = {
        state: "unknown",
        sentence: expect.stringContaining(
          "CiliumNetworkPolicy deny (cilium.io) also rules over this traffic",
        ),
      };
      expect(admission(cilium(spec))).toMatchObject(expected);
      expect(admission(isolating + cilium(spec))).toMatchObject(expected);
    });

    it.each([
      ["other pods", "endpointSelector: {matchLabels: {app: cart}}, ingress: [{}]"],
      ["what they send", "endpointSelector: {}, egress: [{}]"],
    ])("stays as it is where one concerns %s", (_what, spec) => {
      expect(admission(cilium(spec)).state).toBe("open");
    });

    it("is unknown where there may be some that could not be read, not where a dump merely holds none", () => {
      const unread = without(snapshotOf(""), "ciliumNetworkPolicies", forbidden);
      expect(admissionOf(unread, podsOf(unread, "web-0"), [http])).toMatchObject({
        state: "unknown",
        sentence: expect.stringContaining("CiliumNetworkPolicies could not be read"),
      });
      const dump = without(snapshotOf(""), "ciliumNetworkPolicies", {
        reason: "not-collected",
        message: "no",
      });
      expect(admissionOf(dump, podsOf(dump, "web-0"), [http]).state).toBe("open");
    });
  });

  describe("under tiered policies", () => {
    const tiered = (kind: string, spec: string) => `
---
kind: ${kind}
apiVersion: policy.networking.k8s.io/${kind === "ClusterNetworkPolicy" ? "v1alpha2" : "v1alpha1"}
metadata: {name: ${kind === "BaselineAdminNetworkPolicy" ? "default" : "tier"}}
spec: {${spec}}
`;
    const rule = "ingress: [{action: Deny, from: [{namespaces: {}}]}]";
    const ofShop = "subject: {namespaces: {matchLabels: {team: shop}}}";

    it.each([
      [
        "ClusterNetworkPolicy",
        `tier: Admin, priority: 1, ${ofShop}, ${rule}`,
        "ClusterNetworkPolicy tier also rules",
      ],
      ["AdminNetworkPolicy", `priority: 1, ${ofShop}, ${rule}`, "AdminNetworkPolicy tier also rules"],
      ["BaselineAdminNetworkPolicy", `${ofShop}, ${rule}`, "BaselineAdminNetworkPolicy default also rules"],
      [
        "ClusterNetworkPolicy",
        `tier: Baseline, priority: 1, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}, ${rule}`,
        "ClusterNetworkPolicy tier also rules",
      ],
    ])("is unknown where a %s rules over the pods: %s", (kind, spec, sentence) => {
      expect(admission(tiered(kind, spec))).toMatchObject({
        state: "unknown",
        sentence: expect.stringContaining(sentence),
      });
    });

    it.each([
      [
        "of other namespaces",
        `tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {team: platform}}}, ${rule}`,
      ],
      [
        "of other pods",
        `tier: Admin, priority: 1, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: cart}}}}, ${rule}`,
      ],
      [
        "with egress rules only",
        `tier: Admin, priority: 1, ${ofShop}, egress: [{action: Deny, to: [{namespaces: {}}]}]`,
      ],
    ])("stays as it is under a policy %s", (_what, spec) => {
      expect(admission(tiered("ClusterNetworkPolicy", spec)).state).toBe("open");
    });

    it("is unknown below the Admin tier even for isolated pods, and says what isolates them", () => {
      const result = admission(isolating + tiered("AdminNetworkPolicy", `priority: 1, ${ofShop}, ${rule}`));
      expect(result).toMatchObject({ state: "unknown", admits: [], isolatedBy: ["network-policy/shop/p"] });
    });

    it("never reaches the Baseline tier for pods that a NetworkPolicy isolates", () => {
      const baseline = tiered("BaselineAdminNetworkPolicy", `${ofShop}, ${rule}`);
      expect(admission(isolating + baseline).state).toBe("isolated");
      const some = policy("p", "podSelector: {matchLabels: {track: canary}}");
      expect(admission(some + baseline).state).toBe("unknown");
    });

    it("is unknown where one may rule over the pods and the namespace's labels could not be read", () => {
      const yaml = tiered(
        "AdminNetworkPolicy",
        `priority: 1, subject: {namespaces: {matchLabels: {team: platform}}}, ${rule}`,
      );
      const facts = without(snapshotOf(yaml), "namespaces", forbidden);
      expect(admissionOf(facts, podsOf(facts, "web-0"), [http]).state).toBe("unknown");
    });

    it("is unknown where a tier is served but could not be read, and only remarks on what a dump does not hold", () => {
      const unread = without(snapshotOf(""), "adminNetworkPolicies", forbidden);
      expect(admissionOf(unread, podsOf(unread, "web-0"), [http])).toMatchObject({
        state: "unknown",
        sentence:
          "AdminNetworkPolicies could not be read and may decide otherwise, so who may reach it is not known.",
      });
      const dump = without(snapshotOf(""), "adminNetworkPolicies", {
        reason: "not-collected",
        message: "no",
      });
      expect(admissionOf(dump, podsOf(dump, "web-0"), [http])).toMatchObject({
        state: "open",
        notes: [
          "AdminNetworkPolicies are not in the files; where there are some, they may decide otherwise.",
        ],
      });
    });
  });
});

describe("everyone who is not listed", () => {
  const fromClient = `ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]`;
  const anyoneOnMetrics = `ingress: [{ports: [{port: metrics}]}, {from: [{podSelector: {matchLabels: {app: client}}}]}]`;

  it.each([
    [
      "is refused where all pods are isolated",
      policy("p", `${web}, ${fromClient}`),
      ["web-0", "web-1"],
      [],
      true,
    ],
    [
      "is not refused where a rule lets anyone in on some port",
      policy("p", `${web}, ${anyoneOnMetrics}`),
      ["web-0", "web-1"],
      [],
      false,
    ],
    ["is not refused where nothing is isolated", "", ["web-0", "web-1"], [], false],
  ] as const)("%s", (_, policies, names, ports, refused) => {
    expect(admission(policies, ports, names).othersRefused).toBe(refused);
  });
});
