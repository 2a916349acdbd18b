/** A trace or a panel through what somebody may not see says what to ask for, and nothing of what there is. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { parseQuestion } from "#lib/engine/trace/question.ts";
import { trace } from "#lib/engine/trace/trace.ts";
import { traceWorld } from "#lib/engine/trace/world.ts";
import { allKinds, kinds } from "#lib/model/kinds.ts";
import { foreignPlurals, type Snapshot, tieredPlurals } from "#lib/model/snapshot.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { answerObject, answerService } from "../http/answer-object.ts";
import { answerTrace } from "../http/answer-trace.ts";
import type { Access, AccessAsk } from "../sources/source.ts";
import { identityHeader, writeIdentity } from "./identity.ts";
import { askRights } from "./rights.ts";
import { snapshotFor } from "./view.ts";

const workload = (namespace: string, name: string, ip: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace}, labels: { kubernetes.io/metadata.name: ${namespace}, team: team-of-${namespace} } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: label-of-${name} } }
  template:
    metadata: { labels: { app: label-of-${name} } }
    spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: ${name}-rs, namespace: ${namespace}, ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: ${name}, uid: u, controller: true }] }
spec: { selector: { matchLabels: { app: label-of-${name} } }, template: { metadata: { labels: { app: label-of-${name} } }, spec: { containers: [{ name: c, image: i }] } } }
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}-pod, namespace: ${namespace}, labels: { app: label-of-${name} }, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: ${name}-rs, uid: u, controller: true }] }
spec: { nodeName: node-1, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }
status: { phase: Running, podIP: ${ip}, podIPs: [{ ip: ${ip} }], conditions: [{ type: Ready, status: "True" }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { type: ClusterIP, clusterIP: 10.96.0.${ip.at(-1)}, clusterIPs: [10.96.0.${ip.at(-1)}], selector: { app: label-of-${name} }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}-slice, namespace: ${namespace}, labels: { kubernetes.io/service-name: ${name} } }
addressType: IPv4
endpoints: [{ addresses: [${ip}], conditions: { ready: true }, nodeName: node-1, targetRef: { kind: Pod, name: ${name}-pod, namespace: ${namespace} } }]
ports: [{ port: 8080, protocol: TCP }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: guard-of-${name}, namespace: ${namespace} }
spec:
  podSelector: { matchLabels: { app: label-of-${name} } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: team-of-shop } } }] }]
`;

const yaml = [
  "apiVersion: v1\nkind: Node\nmetadata: { name: node-1 }\nspec: {}\nstatus: { addresses: [{ type: InternalIP, address: 192.168.0.1 }] }\n",
  workload("shop", "cart", "10.0.0.1"),
  workload("payments", "ledger", "10.0.0.2"),
  workload("vault", "keys", "10.0.0.3"),
].join("---\n");
const snapshot = snapshotFromYaml(yaml, "cluster");
const namespaces = ["shop", "payments", "vault"];
/** `pods`, `pods in shop`, `* in shop`; kinds outside of the core group with their group. */
const reviewFor =
  (allowed: readonly string[]) =>
  (asks: readonly AccessAsk[]): Access[] =>
    asks.map(({ group, resource, namespace }) => {
      const name = group === "" ? resource : `${resource}.${group}`;
      return [name, `${name} in ${namespace}`, `* in ${namespace}`].some((each) => allowed.includes(each))
        ? "allowed"
        : "denied";
    });

const rightsWith = (...allowed: readonly string[]) =>
  askRights(async (asks) => reviewFor(allowed)(asks), namespaces);

const viewWith = async (...allowed: readonly string[]) => snapshotFor(snapshot, await rightsWith(...allowed));

function ask(view: Snapshot, from: string, to: string) {
  const question = parseQuestion({ from, to, port: undefined, protocol: undefined });
  if (question.kind === "problem") throw new Error(question.problem.sentence);
  return trace(traceWorld(compileFacts(view, "2026-01-01T00:00:00Z")), question.value);
}

const slices = "endpointslices.discovery.k8s.io";
const policies = "networkpolicies.networking.k8s.io";
/** What is about the cluster, and no business of a namespace's. */
const ofCluster = [
  "nodes",
  "namespaces",
  "daemonsets.apps",
  ...[...tieredPlurals, ...foreignPlurals].flatMap((plural) =>
    allKinds
      .filter((kind) => kinds[kind].plural === plural)
      .map((kind) => `${kinds[kind].resource}.${kinds[kind].group}`),
  ),
];

describe("a trace through what is hidden", () => {
  it.each<[string, readonly string[], string]>([
    ["pods of the other namespace", ["services", slices, policies], "pods in payments"],
    ["its endpoints and pods", ["services", policies], `${slices} and pods in payments`],
    ["its policies", ["pods", "services", slices], `${policies} in payments`],
    ["labels of namespaces", ["pods", "services", slices, policies], "namespaces"],
  ])("says what to ask for: %s", async (what, allowed, resources) => {
    const cluster = what.includes("labels") ? ofCluster.filter((each) => each !== "namespaces") : ofCluster;
    const view = await viewWith(...cluster, "* in shop", ...allowed);
    const asked = ask(view, "shop/deployment/cart", "payments/service/ledger");
    if (asked.kind === "problem") throw new Error(asked.problem.sentence);
    expect(asked.trace.verdict).toBe("unknown");
    const words = `hidden: ask for get and list ${resources}`;
    expect(asked.trace.hops.map(({ sentence }) => sentence).join("\n")).toContain(words);
    expect(asked.trace.sentence).toContain(words);
  });

  it("to an end that is hidden says the same, whether it is there or not", async () => {
    const view = await viewWith(...ofCluster, "* in shop");
    for (const name of ["ledger", "no-such-thing"])
      expect(ask(view, "shop/deployment/cart", `payments/deployment/${name}`)).toMatchObject({
        kind: "problem",
        problem: {
          sentence: `Deployment ${name} in payments is not among what could be read; hidden: ask for get and list deployments.apps in payments`,
          nearest: [],
        },
      });
  });

  it("says nothing of permissions where nothing is hidden", () => {
    const asked = ask(snapshot, "shop/deployment/cart", "payments/service/ledger");
    expect(asked.kind).toBe("trace");
    expect(JSON.stringify(asked)).not.toContain("hidden");
  });

  it("comes to what all of the cluster comes to, or to unknown, whatever is hidden", async () => {
    const resources = [
      "pods",
      "services",
      slices,
      policies,
      "namespaces",
      "nodes",
      "deployments.apps",
      "replicasets.apps",
    ];
    const possible = resources.flatMap((resource) => [
      resource,
      ...namespaces.map((namespace) => `${resource} in ${namespace}`),
    ]);
    const ends = namespaces.flatMap((namespace, i) => {
      const name = ["cart", "ledger", "keys"][i] ?? "";
      return [`${namespace}/deployment/${name}`, `${namespace}/${name}-pod`, `${namespace}/service/${name}`];
    });
    const senders = ends.filter((end) => !end.includes("service"));
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(possible),
        fc.constantFrom(...senders),
        fc.constantFrom(...ends),
        async (allowed, from, to) => {
          // A pod reaches itself past any policy, and one of its template is another pod.
          fc.pre(from.split("/")[0] !== to.split("/")[0]);
          const whole = ask(snapshot, from, to);
          const asked = ask(await viewWith(...ofCluster.slice(2), ...allowed), from, to);
          if (asked.kind === "problem" || whole.kind === "problem") return;
          expect(["unknown", whole.trace.verdict], asked.trace.sentence).toContain(asked.trace.verdict);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("over HTTP", () => {
  const base = "/api/v1/clusters/prod";
  const asAda = (path: string) =>
    new Request(`http://x${base}${path}`, {
      headers: { [identityHeader]: writeIdentity({ user: "ada", groups: [] }) },
    });
  const serve = (...allowed: readonly string[]) =>
    serveSources({
      ...sourceOf("prod", { kind: "snapshot", snapshot }),
      review: async (_who, asks) => reviewFor(allowed)(asks),
    });
  const text = async (response: Promise<Response>) => (await response).text();

  it("a trace, a panel and a missing object say what to ask for, and nothing that is hidden", async () => {
    serve(...ofCluster, "* in shop", "services", policies);
    const told = {
      trace: await text(
        answerTrace(asAda("/trace?from=shop/deployment/cart&to=payments/service/ledger&map=1"), "prod"),
      ),
      panel: await text(
        answerService(asAda("/x"), "prod", { kind: "service", namespace: "payments", name: "ledger" }),
      ),
      missing: await text(answerObject(asAda("/x"), "prod", "pod", "payments", "nothing-here")),
    };
    serveRegistry(undefined);
    expect(told.trace).toContain("hidden: ask for get and list ");
    expect(told.trace).toContain(" in payments");
    expect(told.panel).toContain('"label":"hidden"');
    expect(told.panel).toContain("ask for get and list pods, endpointslices.discovery.k8s.io");
    expect(told.missing).toContain("hidden: ask for get and list pods in payments");
    for (const [what, said] of Object.entries(told))
      for (const secret of ["ledger-pod", "ledger-rs", "10.0.0.2"])
        expect([what, secret, said.includes(secret)]).toEqual([what, secret, false]);
  });

  it("a panel of what is seen whole says nothing of permissions", async () => {
    serve(...ofCluster, "* in shop");
    const said = await text(
      answerService(asAda("/x"), "prod", { kind: "service", namespace: "shop", name: "cart" }),
    );
    serveRegistry(undefined);
    expect(said).not.toContain("hidden");
  });
});
