import { describe, expect, it } from "vitest";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { Facts } from "#lib/engine/facts.ts";
import { objectId, parseObjectId } from "#lib/model/ids.ts";
import type { Kind } from "#lib/model/kinds.ts";
import { type ObjectPanel, objectPanelSchema } from "#lib/protocol/panel.ts";
import { factsFromYaml, snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { objectPanel } from "./object-panel.ts";

/** The panel of what is written `kind/namespace/name`; it must parse strictly, whatever the test is about. */
function panelOf(facts: Facts, id: string): ObjectPanel {
  const ref = parseObjectId(id);
  if (ref === undefined) throw new Error(`${id} is no id`);
  const panel = objectPanel(facts, [], objectId(ref.kind, ref.namespace, ref.name));
  if (panel === undefined) throw new Error(`there is no ${id}`);
  expect(objectPanelSchema.parse(JSON.parse(JSON.stringify(panel)))).toEqual(panel);
  return panel;
}

const valueIn = (panel: ObjectPanel, label: string) =>
  panel.facts.find((fact) => fact.label === label)?.value;
const rowsOf = (panel: ObjectPanel) => panel.related.map(({ id, relation }) => `${id} ${relation}`);

const documents = (...parts: readonly string[]) => parts.join("\n---\n");

const nodes = documents(
  `kind: Node
apiVersion: v1
metadata: {name: n1, labels: {topology.kubernetes.io/zone: a}}
spec: {podCIDRs: [10.0.0.0/24], unschedulable: true}
status:
  addresses: [{type: InternalIP, address: 192.0.2.1}]
  conditions: [{type: Ready, status: "True"}, {type: DiskPressure, status: "True"}]`,
  `kind: Node
apiVersion: v1
metadata: {name: n2}
status: {conditions: [{type: Ready, status: "Unknown", reason: NodeStatusUnknown}]}`,
  "{kind: Node, apiVersion: v1, metadata: {name: n3}}",
);

const deployment = `kind: Deployment
apiVersion: apps/v1
metadata: {name: web, namespace: shop}
spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}}}`;

const replicaSet = (name: string, replicas: number) => `kind: ReplicaSet
apiVersion: apps/v1
metadata: {name: ${name}, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true, uid: u}]}
spec: {replicas: ${replicas}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}`;

const workloads = documents(deployment, replicaSet("web-1", 2), replicaSet("web-0", 0));

const owned =
  "ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true, uid: u}]";

function pod(
  name: string,
  labels: string,
  state: string,
  { meta = owned, spec = "nodeName: n1" } = {},
): string {
  const ready = state.startsWith("{running");
  return `kind: Pod
apiVersion: v1
metadata: {name: ${name}, namespace: shop, labels: {${labels}}, ${meta}}
spec: {${spec}, containers: [{name: web, image: web, ports: [{name: http, containerPort: 8080}]}]}
status:
  phase: Running
  podIPs: [{ip: 10.0.0.${name.length}}]
  conditions: [{type: Ready, status: "${ready ? "True" : "False"}"}]
  containerStatuses: [{name: web, ready: ${ready}, state: ${state}}]`;
}

const crashing =
  "{waiting: {reason: CrashLoopBackOff, message: back-off}}, restartCount: 12, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}";
const noImage = "{waiting: {reason: ImagePullBackOff}}";
const unowned = "annotations: {}";
const pods = documents(
  pod("web-1-a", "app: web", "{running: {}}"),
  pod("web-1-b", "app: web, canary: yes-it-is", crashing),
  pod("alone", "app: alone", noImage, { meta: unowned }),
);

const cluster = documents(
  nodes,
  workloads,
  pods,
  `kind: Service
apiVersion: v1
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}], clusterIP: 10.96.0.1}`,
  `kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: canary, namespace: shop}
spec: {podSelector: {matchLabels: {canary: yes-it-is}}, ingress: [{from: [{podSelector: {}}], ports: [{port: http}]}]}`,
  `kind: Event
apiVersion: v1
metadata: {name: e1, namespace: shop}
involvedObject: {kind: Pod, namespace: shop, name: web-1-b, apiVersion: v1}
type: Warning
reason: BackOff
message: Back-off restarting failed container
count: 3
lastTimestamp: "2026-01-01T00:00:00Z"`,
);

describe("the panel of a pod", () => {
  const facts = factsFromYaml(cluster);

  it("says that a ready one is ready, who owns it, who sends to it and where it runs", () => {
    const panel = panelOf(facts, "pod/shop/web-1-a");
    expect(panel).toMatchObject({ kind: "Pod", health: "ok", sentence: "Running and ready" });
    expect(panel.kubectl).toBe("kubectl -n shop describe pod web-1-a");
    expect(rowsOf(panel)).toEqual([
      "deployment/shop/web owns it",
      "service/shop/web sends traffic to it",
      "node/n1 its node",
    ]);
  });

  it("says why one in a crash loop takes no traffic, with its events and how the container ended", () => {
    const panel = panelOf(facts, "pod/shop/web-1-b");
    expect(panel).toMatchObject({ health: "broken", sentence: expect.stringContaining("CrashLoopBackOff") });
    expect(panel.facts).toContainEqual({
      label: "container web",
      value: "CrashLoopBackOff: back-off, 12 restarts, last exit 137 (OOMKilled)",
      tone: "partial",
    });
    expect(panel.events).toMatchObject([{ reason: "BackOff", count: 3 }]);
    expect(rowsOf(panel)).toContain("service/shop/web selects it, sends no traffic");
  });

  it("names only policies that select this very pod, not its siblings", () => {
    const isolation = "network-policy/shop/canary isolates its ingress · canary=yes-it-is";
    expect(rowsOf(panelOf(facts, "pod/shop/web-1-b"))).toContain(isolation);
    expect(rowsOf(panelOf(facts, "pod/shop/web-1-a"))).not.toContain(isolation);
  });

  it("says why a pod without any Service is not ready", () => {
    const dump = factsFromYaml(cluster, "dump");
    expect(panelOf(dump, "pod/shop/alone")).toMatchObject({
      health: "broken",
      sentence: expect.stringContaining("ImagePullBackOff"),
    });
  });

  it.each([
    ["finished", "status: {phase: Succeeded}", "idle", "Finished (Succeeded)"],
    ["evicted", "status: {phase: Failed, reason: Evicted}", "idle", "Finished (Failed)"],
    ["pending", "status: {phase: Pending}", "broken", "Pending, not ready"],
    ["lost", "status: {phase: Unknown, reason: NodeLost}", "unknown", "Unknown: NodeLost, not ready"],
  ])("judges one that is %s", (name, status, health, sentence) => {
    const yaml = `{kind: Pod, apiVersion: v1, metadata: {name: ${name}, namespace: shop}, spec: {containers: []}, ${status}}`;
    expect(panelOf(factsFromYaml(yaml), `pod/shop/${name}`)).toMatchObject({ health, sentence });
  });

  it("does not call one on its way out ready", () => {
    const yaml = `
kind: Pod
apiVersion: v1
metadata: {name: old, namespace: shop, deletionTimestamp: "2026-01-01T00:00:30Z"}
spec: {containers: [{name: c}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
`;
    expect(panelOf(factsFromYaml(yaml), "pod/shop/old")).toMatchObject({
      health: "idle",
      sentence: expect.stringMatching(/^terminating/i),
    });
  });

  it("says that a template's pod is one of manifests, and claims no address or node", () => {
    const panel = panelOf(factsFromYaml(deployment, "manifests"), "pod/shop/web");
    expect(panel.sentence).toBe("Stands for 2 pods of these files, taken as running and ready");
    expect(panel.facts.map(({ label }) => label)).toEqual(["DNS policy", "container web"]);
    expect(panel).toMatchObject({ conditions: [], origin: expect.stringMatching(/^test\.yaml:\d+$/) });
  });
});

describe("the panel of a workload", () => {
  it("counts its pods, the troubled ones first, and offers to trace to it and from it", () => {
    const panel = panelOf(factsFromYaml(cluster), "deployment/shop/web");
    expect(panel).toMatchObject({ kind: "Deployment", health: "partial" });
    expect(valueIn(panel, "pods ready")).toBe("1 of 2");
    expect(valueIn(panel, "ports declared")).toBe("8080/TCP (http)");
    expect(panel.questions).toEqual([
      { words: "Trace to here", to: "shop/deployment/web" },
      { words: "Trace from here", from: "shop/deployment/web" },
    ]);
    expect(rowsOf(panel)).toEqual([
      "service/shop/web Service that selects its pods",
      "network-policy/shop/canary isolates its ingress",
      "pod/shop/web-1-b its pod on n1",
      "pod/shop/web-1-a its pod on n1",
    ]);
  });

  it("shows a ReplicaSet under its Deployment with its own pods, an old one without", () => {
    const facts = factsFromYaml(cluster);
    expect(panelOf(facts, "replica-set/shop/web-1")).toMatchObject({
      health: "partial",
      sentence: "Belongs to Deployment web; 1 of 2 pods ready",
      related: [{ id: "deployment/shop/web", relation: "owns it" }, {}, {}],
    });
    expect(panelOf(facts, "replica-set/shop/web-0")).toMatchObject({
      health: "idle",
      sentence: "Belongs to Deployment web; it has no pods now",
    });
  });

  it("stands for a workload that was not read itself, as the map does", () => {
    const panel = panelOf(factsFromYaml(pods, "dump"), "replica-set/shop/web-1");
    expect(panel).toMatchObject({ kind: "ReplicaSet", name: "web-1", health: "partial" });
    expect(valueIn(panel, "note")).toContain("was not read");
  });

  it("claims no count where pods could not be read", () => {
    const facts = factsFromYaml(workloads, "dump");
    const panel = panelOf(facts, "deployment/shop/web");
    expect(panel.health).toBe("unknown");
    expect(valueIn(panel, "pods ready")).toBe("not read");
    expect(panelOf(facts, "replica-set/shop/web-1")).toMatchObject({ health: "unknown" });
  });

  it("says rules over for tiered policies, isolates for NetworkPolicies", () => {
    const yaml = `${cluster}
---
kind: AdminNetworkPolicy
apiVersion: policy.networking.k8s.io/v1alpha1
metadata: {name: tenants}
spec: {priority: 5, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
`;
    const facts = factsFromYaml(yaml);
    expect(rowsOf(panelOf(facts, "deployment/shop/web"))).toContain(
      "admin-network-policy/tenants rules over its ingress",
    );
    const panel = panelOf(facts, "admin-network-policy/tenants");
    expect(panel).toMatchObject({
      kind: "AdminNetworkPolicy",
      health: "ok",
      kubectl: "kubectl describe adminnetworkpolicy tenants",
    });
    expect(panel.namespace).toBeUndefined();
    expect(valueIn(panel, "rules over")).toBe("every pod of every namespace");
  });
});

describe("the panel of a node", () => {
  const facts = factsFromYaml(cluster);

  it.each([
    ["n1", "partial", "Ready, but with DiskPressure"],
    ["n2", "broken", "It stopped reporting: NodeStatusUnknown"],
    ["n3", "unknown", "It reports no Ready condition"],
  ])("says how %s is", (name, health, sentence) => {
    expect(panelOf(facts, `node/${name}`)).toMatchObject({
      health,
      sentence,
      kubectl: `kubectl describe node ${name}`,
    });
  });

  it("lists its pods, the troubled ones first", () => {
    const panel = panelOf(facts, "node/n1");
    expect(valueIn(panel, "pods")).toBe("3");
    expect(valueIn(panel, "scheduling")).toContain("cordoned");
    expect(panel.related.map(({ health }) => health)).toEqual(["broken", "broken", "ok"]);
  });

  it("does not say that there are no pods where they could not be read", () => {
    const alone = factsFromYaml(nodes, "dump");
    expect(valueIn(panelOf(alone, "node/n1"), "pods")).toBe("not read");
  });

  it("says how many rows it leaves out, and leaves out none that is broken", () => {
    const many = Array.from({ length: 70 }, (_, i) =>
      pod(`p-${i}`, "app: many", i === 69 ? noImage : "{running: {}}"),
    );
    const panel = panelOf(factsFromYaml(documents(cluster, ...many)), "node/n1");
    expect(panel.related).toHaveLength(60);
    expect(valueIn(panel, "related")).toBe("13 more are not listed");
    expect(panel.related.map(({ id }) => id)).toContain("pod/shop/p-69");
  });
});

describe("the panel of a namespace", () => {
  it("sums up what stands in it, the troubled first", () => {
    const panel = panelOf(factsFromYaml(cluster), "namespace/shop");
    expect(panel).toMatchObject({ health: "partial", sentence: "1 Service; 2 workloads; 1 NetworkPolicy" });
    expect(panel.related[0]).toMatchObject({ id: "pod/shop/alone", health: "broken" });
    expect(valueIn(panel, "note")).toContain("no Namespace object was read");
  });

  it("is unknown, not empty, where Services and pods could not be read", () => {
    const yaml = "{kind: Namespace, apiVersion: v1, metadata: {name: shop}}";
    expect(panelOf(factsFromYaml(yaml, "dump"), "namespace/shop")).toMatchObject({
      health: "unknown",
      sentence: "Services could not be read; pods could not be read; NetworkPolicies could not be read",
    });
    expect(panelOf(factsFromYaml(yaml), "namespace/shop")).toMatchObject({
      health: "idle",
      sentence: "0 Services; 0 workloads; 0 NetworkPolicies",
    });
  });

  it("says that it is being deleted", () => {
    const yaml = `{kind: Namespace, apiVersion: v1, metadata: {name: shop, deletionTimestamp: "2026-01-01T00:00:00Z"}}`;
    expect(valueIn(panelOf(factsFromYaml(yaml), "namespace/shop"), "deletion")).toBe(
      "asked for at 2026-01-01T00:00:00Z",
    );
  });
});

describe("the panel of a NetworkPolicy", () => {
  const policy = (spec: string) => `kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: p, namespace: shop}
spec: {${spec}}`;
  const panel = (spec: string) =>
    panelOf(factsFromYaml(documents(cluster, policy(spec))), "network-policy/shop/p");

  it("says whom it isolates and what its rules let through", () => {
    const rules =
      "ingress: [{from: [{podSelector: {}}, {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}}], ports: [{port: 8080}, {protocol: UDP}]}], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 30000, endPort: 32767}]}]";
    const found = panel(`podSelector: {matchLabels: {app: web}}, ${rules}`);
    expect(found).toMatchObject({
      health: "ok",
      sentence: "isolates ingress and egress of 2 pods of 1 workload",
    });
    expect(valueIn(found, "ingress[0]")).toBe(
      "from every pod of shop; every pod of edge: 8080/TCP, every UDP port",
    );
    expect(valueIn(found, "egress[0]")).toBe("to addresses in 10.0.0.0/8: 30000–32767/TCP");
    expect(rowsOf(found)).toEqual(["deployment/shop/web its pods are selected"]);
  });

  it("tells default-deny from allow-all", () => {
    expect(valueIn(panel("podSelector: {}"), "ingress")).toBe("nothing is allowed");
    expect(valueIn(panel("podSelector: {}, ingress: [{}]"), "ingress[0]")).toBe("from anyone: every port");
    expect(panel("podSelector: {}, policyTypes: [Egress]").facts.map(({ label }) => label)).not.toContain(
      "ingress",
    );
  });

  it("offers what it nearly selects", () => {
    const found = panel("podSelector: {matchLabels: {app: webb}}");
    expect(found).toMatchObject({ health: "partial", sentence: expect.stringContaining("1 label differs") });
    expect(rowsOf(found)).toEqual(["deployment/shop/web nearly selected"]);
  });

  it("is idle where its pods are merely not there yet", () => {
    const facts = factsFromYaml(documents(workloads, policy("podSelector: {matchLabels: {app: web}}")));
    expect(panelOf(facts, "network-policy/shop/p").health).toBe("idle");
  });

  it("is unknown for pods of the host network only", () => {
    const host = pod("host", "app: host", "{running: {}}", { meta: unowned, spec: "hostNetwork: true" });
    const facts = factsFromYaml(documents(host, policy("podSelector: {matchLabels: {app: host}}")));
    expect(panelOf(facts, "network-policy/shop/p").health).toBe("unknown");
    expect(rowsOf(panelOf(facts, "pod/shop/host"))).toEqual([
      "network-policy/shop/p selects it; whether it binds pods of the host network is undefined · app=host",
    ]);
  });
});

describe("other panels", () => {
  it.each<[Kind, string, string, object]>([
    [
      "event",
      "event/shop/e1",
      "",
      {
        health: "partial",
        sentence: "Back-off restarting failed container",
        related: [{ id: "pod/shop/web-1-b" }],
      },
    ],
    [
      "endpoint-slice",
      "endpoint-slice/shop/web-x",
      `{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}}, addressType: IPv4, ports: [{name: "", port: 8080}], endpoints: [{addresses: [10.0.0.7], conditions: {ready: true}, targetRef: {kind: Pod, name: web-1-a, namespace: shop}}, {addresses: [10.0.0.8], conditions: {ready: false, serving: true, terminating: true}}, {addresses: [10.0.0.9], conditions: {ready: false}}]}`,
      {
        health: "partial",
        sentence: "1 of 3 endpoints ready",
        facts: expect.arrayContaining([
          { label: "ports", value: "8080/TCP", mono: true },
          { label: "10.0.0.8", value: "terminating, still serving", tone: "partial" },
        ]),
        related: [{ id: "service/shop/web" }, { id: "pod/shop/web-1-a" }],
      },
    ],
    [
      "config-map",
      "config-map/kube-system/coredns",
      "{kind: ConfigMap, apiVersion: v1, metadata: {name: coredns, namespace: kube-system}, data: {Corefile: '.:53 {}'}}",
      { sentence: "Configures the cluster's DNS" },
    ],
  ])("of a %s", (_kind, id, yaml, expected) => {
    expect(panelOf(factsFromYaml(yaml === "" ? cluster : documents(cluster, yaml)), id)).toMatchObject(
      expected,
    );
  });

  it("quotes for the shell what a file may have as a name", () => {
    const snapshot = snapshotFromYaml("{kind: Node, apiVersion: v1, metadata: {name: n1}}");
    const nodes = snapshot.objects.nodes?.map((node) => ({
      ...node,
      id: objectId("node", undefined, "$(rm -rf)"),
      name: "$(rm -rf)",
    }));
    const facts = compileFacts(
      { ...snapshot, objects: { ...snapshot.objects, nodes } },
      "2026-01-01T00:00:00Z",
    );
    expect(panelOf(facts, "node/$(rm -rf)").kubectl).toBe("kubectl describe node '$(rm -rf)'");
  });

  it("are absent for what is not there", () => {
    expect(objectPanel(factsFromYaml(cluster), [], objectId("pod", "shop", "nope"))).toBeUndefined();
  });
});
