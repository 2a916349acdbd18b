/**
 * Over what real people run: the faults that were put there are found, and everything else that is found is argued.
 * The data is third-party and not part of this project; without it these tests are skipped.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { Finding } from "#lib/model/finding.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { filesSource } from "#lib/server/sources/files/files-source.ts";
import { type CheckResults, runChecks } from "./run-checks.ts";

const folder = fileURLToPath(new URL("../../../shared/real-input/", import.meta.url));
const absent = !existsSync(folder);
if (absent) console.error(`real-input.test.ts is skipped: there is no ${folder}`);

async function read(name: string): Promise<{ readonly snapshot: Snapshot; readonly results: CheckResults }> {
  const source = filesSource(`${folder}${name}`, { id: "files", name });
  const result = await source.read(() => {}, new AbortController().signal);
  if (result.kind === "failed") throw new Error(result.failure.title);
  const { snapshot } = result;
  return { snapshot, results: runChecks(compileFacts(snapshot, snapshot.takenAt ?? "2026-01-01T00:00:00Z")) };
}

function lines(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`);
}

/** Exactly these, in any order: that of findings is promised elsewhere. */
function expectLines(findings: readonly Finding[], expected: readonly string[]): void {
  expect(lines(findings).toSorted()).toEqual(expected.toSorted());
}

const aboutReadiness = new Set(["NET-102", "NET-103"]);

/** Ready endpoints and all endpoints of each Service with slices, straight from the slices. */
function sliced(snapshot: Snapshot): ReadonlyMap<string, { readonly ready: number; readonly all: number }> {
  const counts = new Map<string, { ready: number; all: number }>();
  for (const slice of snapshot.objects.endpointSlices ?? []) {
    const count = counts.get(`service/${slice.namespace}/${slice.serviceName}`) ?? { ready: 0, all: 0 };
    count.all += slice.endpoints.length;
    count.ready += slice.endpoints.filter((endpoint) => endpoint.ready).length;
    counts.set(`service/${slice.namespace}/${slice.serviceName}`, count);
  }
  return counts;
}

describe.skipIf(absent)("over the cluster with faults", () => {
  it.each([
    // Fault, code, subject, what the message names, what the near miss says, what would mend it.
    [
      1,
      "NET-101",
      "service/boutique/emailservice",
      /app=emailservices$/,
      /carry app=emailservice$/,
      '{"spec":{"selector":{"app":"emailservice"}}}',
    ],
    [
      2,
      "NET-104",
      "service/boutique/recommendationservice",
      /grpc-web/,
      /without names: 8080/,
      '[{"op":"replace","path":"/spec/ports/0/targetPort","value":8080}]',
    ],
    [
      3,
      "NET-102",
      "service/boutique/productcatalogservice",
      /CrashLoopBackOff, 12 restarts/,
      undefined,
      undefined,
    ],
    [4, "NET-103", "service/boutique/cartservice", /cartservice-canary-/, undefined, undefined],
    [5, "NET-201", "ingress/boutique/admin", /admin\.example\.com\/ .*adminservice/, undefined, undefined],
    [
      5,
      "NET-202",
      "ingress/boutique/admin",
      /\/cart .*7071 of cartservice/,
      /port 7070/,
      '[{"op":"replace","path":"/spec/rules/0/http/paths/1/backend/service/port","value":{"number":7070}}]',
    ],
    [
      6,
      "NET-603",
      "network-policy/sock-shop/payment-egress",
      /deployment\/payment from asking DNS \(53\/UDP and 53\/TCP\)/,
      undefined,
      '[{"op":"add","path":"/spec/egress/-","value":{"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}},"podSelector":{"matchLabels":{"k8s-app":"kube-dns"}}}],"ports":[{"protocol":"UDP","port":53},{"protocol":"TCP","port":53}]}}]',
    ],
    [
      7,
      "NET-403",
      "network-policy/sock-shop/front-end-ingress",
      /80\/TCP, the port of Service front-end.* 8079$/,
      /leads to the pods' 8079/,
      '[{"op":"replace","path":"/spec/ingress/0/ports/0/port","value":8079}]',
    ],
    [
      8,
      "NET-402",
      "network-policy/sock-shop/queue-from-boutique",
      /app=checkoutservice in sock-shop/,
      /exist in namespace boutique; the peer has no namespaceSelector/,
      '[{"op":"add","path":"/spec/ingress/0/from/0/namespaceSelector","value":{"matchLabels":{"kubernetes.io/metadata.name":"boutique"}}}]',
    ],
    [
      9,
      "NET-302",
      "http-route/sock-shop/checkout",
      /boutique\/checkoutservice.*no ReferenceGrant/,
      undefined,
      undefined,
    ],
    [
      10,
      "NET-301",
      "http-route/boutique/shop",
      /NotAllowedByListeners/,
      /expose=true; boutique is not/,
      '{"metadata":{"labels":{"expose":"true"}}}',
    ],
    [
      11,
      "NET-107",
      "service/boutique/shipping-udp",
      /sends UDP to 50051, .* for TCP only/,
      undefined,
      '[{"op":"add","path":"/spec/ports/0/protocol","value":"TCP"}]',
    ],
    [12, "NET-105", "service/sock-shop/front-end", /no address/, undefined, undefined],
    [
      13,
      "NET-109",
      "service/boutique/redis-cart",
      /pods of boutique run on 2 nodes without one: node-0 and node-2/,
      undefined,
      '{"spec":{"internalTrafficPolicy":"Cluster"}}',
    ],
    [
      15,
      "NET-501",
      "pod/sock-shop/session-db-757895b95b-vmvr4",
      /catalogue-db-6964fddd57-9cxws have the same address, 10\.244\.0\.7/,
      undefined,
      undefined,
    ],
    [
      16,
      "NET-108",
      "endpoint-slice/sock-shop/legacy-db-1",
      /lists 10\.244\.9\.9, which no pod has/,
      undefined,
      undefined,
    ],
    [17, "NET-111", "service/boutique/billing", /names the IP address 203\.0\.113\.9/, undefined, undefined],
    [
      18,
      "NET-116",
      "stateful-set/boutique/ledger",
      /ledger-headless, which does not exist/,
      undefined,
      undefined,
    ],
    [19, "NET-103", "service/kube-system/kube-dns", /1 of 2 .*coredns-/, undefined, undefined],
  ])("finds fault %i: %s %s", async (_, code, subject, message, nearMiss, patch) => {
    const { results } = await read("faulty.yaml");
    const found = results.findings.filter((finding) => finding.code === code && finding.subject === subject);
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toMatch(message);
    if (nearMiss === undefined) expect(found[0]?.nearMiss).toBeUndefined();
    else expect(found[0]?.nearMiss).toMatch(nearMiss);
    expect(found[0]?.fix.patch?.body).toBe(patch);
  });

  it("finds nothing else, but pods that the stopped kubelets left not ready and what the originals bring", async () => {
    const { snapshot, results } = await read("faulty.yaml");
    const others = results.findings.filter(({ code }) => !aboutReadiness.has(code));
    expectLines(others, [
      "error NET-101 service/boutique/emailservice",
      "error NET-104 service/boutique/recommendationservice",
      "error NET-111 service/boutique/billing",
      "error NET-201 ingress/boutique/admin",
      "error NET-202 ingress/boutique/admin",
      "error NET-301 http-route/boutique/shop",
      "error NET-302 http-route/sock-shop/checkout",
      // The only endpoint of front-end is on a node whose kubelet had stopped.
      "error NET-306 http-route/sock-shop/front-end",
      // A UDP port that the policy does not open, which follows from fault 11.
      "error NET-404 service/boutique/shipping-udp",
      // As in the healthy cluster, and queue-master by fault 8.
      "error NET-404 service/sock-shop/carts",
      "error NET-404 service/sock-shop/carts-db",
      "error NET-404 service/sock-shop/queue-master",
      "error NET-501 pod/sock-shop/session-db-757895b95b-vmvr4",
      "error NET-603 network-policy/sock-shop/payment-egress",
      "warning NET-105 service/sock-shop/front-end",
      "warning NET-107 service/boutique/shipping-udp",
      "warning NET-108 endpoint-slice/sock-shop/legacy-db-1",
      "warning NET-109 service/boutique/redis-cart",
      "warning NET-116 stateful-set/boutique/ledger",
      // Sock Shop's own: its pods carry name=carts.
      "warning NET-401 network-policy/sock-shop/cart-access",
      "warning NET-402 network-policy/sock-shop/carts-db-access",
      "warning NET-402 network-policy/sock-shop/queue-from-boutique",
      "warning NET-403 network-policy/sock-shop/front-end-ingress",
      "warning NET-404 service/sock-shop/session-db",
      "info NET-404 service/sock-shop/rabbitmq",
      // Sock Shop's own: shipping would send its traces to a Zipkin that nobody deploys.
      "info NET-604 namespace/sock-shop",
      // The one namespace with pods that has no policy, but for the cluster's own: anyone may reach the controller,
      // and with fault 6 most namespaces have policies for egress, too.
      "info NET-408 namespace/ingress-nginx",
      // Both shops open their front to everybody, by policies that say so: meant, and worth knowing all the same.
      "info NET-117 service/boutique/frontend-external",
      "info NET-117 service/sock-shop/front-end",
    ]);
    expectReadinessAsSliced(snapshot, results);
  });

  it("groups every finding by its cause, once", async () => {
    const { findings, problems } = (await read("faulty.yaml")).results;
    const grouped = problems.flatMap(({ root, consequences }) => [
      root,
      ...consequences.map(({ finding }) => finding),
    ]);
    expect(new Set(grouped)).toEqual(new Set(findings));
    expect(grouped).toHaveLength(findings.length);
    const wrongLabel = problems.find(({ root }) => root.subject === "service/boutique/emailservice");
    expect(wrongLabel?.affects.services).toEqual(["service/boutique/emailservice"]);
    const wrongPort = problems.find(({ root }) => root.code === "NET-202");
    expect(wrongPort?.affects.hosts).toEqual(["admin.example.com"]);
  });

  it("shows a Service's trouble on the Ingress or route in front of it", async () => {
    const { results } = await read("faulty.yaml");
    const frontEnd = results.findings.find(
      ({ code, subject }) => code === "NET-102" && subject === "service/sock-shop/front-end",
    );
    expect(frontEnd?.touches).toContain("http-route/sock-shop/front-end");
  });
});

describe.skipIf(absent)("over the cluster with faults, with the one that its dump lacks", () => {
  it("finds fault 14 where node-2 carries its condition", async () => {
    const { snapshot } = await read("faulty.yaml");
    const conditionsOf = (nodes: Snapshot["objects"]["nodes"]) =>
      nodes?.map(({ name, conditions }) => [name, conditions.map(({ type }) => type)]);
    expect(conditionsOf(snapshot.objects.nodes)).toContainEqual(["node-2", ["Ready"]]);
    const down = {
      type: "NetworkUnavailable",
      status: "True",
      reason: "CalicoIsDown",
      message: "Calico is shutting down on this node",
    } as const;
    const nodes = snapshot.objects.nodes?.map((node) =>
      node.name === "node-2" ? { ...node, conditions: [...node.conditions, down] } : node,
    );
    const faulty = { ...snapshot, objects: { ...snapshot.objects, nodes } };
    const { findings } = runChecks(compileFacts(faulty, snapshot.takenAt ?? ""));
    const found = findings.filter(({ code }) => code === "NET-510");
    expect(found.map(({ severity, subject }) => [severity, subject])).toEqual([["error", "node/node-2"]]);
    expect(found[0]?.message).toMatch(
      /^Pods on node-2 have no network: CalicoIsDown, Calico is shutting down on this node; 11 pods hang on it, and boutique\/checkoutservice, .* have endpoints nowhere else$/,
    );
    expect(found[0]?.touches).toContain("service/sock-shop/orders");
  });
});

describe.skipIf(absent)("over the healthy cluster", () => {
  it("finds only what is really so", async () => {
    const { snapshot, results } = await read("healthy.yaml");
    const others = results.findings.filter(({ code }) => !aboutReadiness.has(code));
    expectLines(others, [
      // The stand-ins for kubelets had stopped when the dump was taken: all three are Unknown, Kubelet stopped posting.
      "error NET-511 node/node-0",
      "error NET-511 node/node-1",
      "error NET-511 node/node-2",
      // The only endpoint of front-end is on a node whose kubelet had stopped, as that of most Services: see below.
      "error NET-306 http-route/sock-shop/front-end",
      // `cart-access` selects name=cart and the pods carry name=carts: its rules are for nobody.
      "warning NET-401 network-policy/sock-shop/cart-access",
      // The same slip in a peer: carts, the only client of carts-db, is not let in.
      "warning NET-402 network-policy/sock-shop/carts-db-access",
      // `cortex-access` isolates every pod of the namespace and admits pods that nobody runs. So carts and carts-db are
      // closed to everybody by these two slips,
      "error NET-404 service/sock-shop/carts",
      "error NET-404 service/sock-shop/carts-db",
      // these have no policy that opens them,
      "warning NET-404 service/sock-shop/queue-master",
      "warning NET-404 service/sock-shop/session-db",
      // and `rabbitmq-access` opens 5672 alone: the exporter's 9090 is for Weave Cortex.
      "info NET-404 service/sock-shop/rabbitmq",
      // Sock Shop's own: shipping would send its traces to a Zipkin that nobody deploys.
      "info NET-604 namespace/sock-shop",
      // The one namespace with pods that has no policy, but for the cluster's own: anyone may reach the controller.
      "info NET-408 namespace/ingress-nginx",
      // As in the other cluster: the shops' own fronts, whose policies let everybody in.
      "info NET-117 service/boutique/frontend-external",
      "info NET-117 service/sock-shop/front-end",
    ]);
    // The stand-ins for kubelets had stopped when the dump was taken, so the node controller marked most pods not
    // ready, and their Services have no ready endpoint in the dump's own EndpointSlices.
    expectReadinessAsSliced(snapshot, results);
    const readiness = results.findings.filter(({ code }) => aboutReadiness.has(code));
    const other = readiness.filter(({ message }) => !/its node node-\d stopped reporting/.test(message));
    // This API server runs on a loopback address and does not publish itself: `kubernetes` has no EndpointSlice.
    expect(lines(other)).toEqual(["warning NET-102 service/default/kubernetes"]);
  });

  it("cannot tell about a peer without a near miss while Jobs were not collected", async () => {
    const { results } = await read("healthy.yaml");
    const peers = results.cannotTell.find(({ code }) => code === "NET-402");
    expect(peers?.missing.map(({ kind }) => kind)).toEqual(["cronJobs", "jobs", "statefulSets"]);
  });
});

describe.skipIf(absent)("over manifests and a support bundle", () => {
  it.each([
    "manifests/online-boutique.yaml",
    "manifests/online-boutique-for-old-clusters.yaml",
    "manifests/sock-shop.yaml",
    // Policies alone: whether the pods that they mean exist is for other files to say.
    "manifests/online-boutique-policies.yaml",
    "manifests/sock-shop-policies.yaml",
    "support-bundle.tar.gz",
  ])("finds nothing in %s", async (name) => {
    const { results } = await read(name);
    expect(lines(results.findings)).toEqual([]);
    expect(results.cannotTell.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it("says of policies alone that their pods are not in the files", async () => {
    const { results } = await read("manifests/sock-shop-policies.yaml");
    expect(results.cannotTell.map(({ code, missing }) => [code, missing[0]?.why])).toEqual([
      ["NET-401", "The manifests hold none of namespace sock-shop."],
      ["NET-402", "The manifests hold none of namespace sock-shop."],
    ]);
  });

  it("finds the slips of Sock Shop's policies beside its workloads", async () => {
    const { results } = await read("manifests");
    expect(lines(results.findings)).toEqual([
      // What these slips come to, with `cortex-access` over every pod: as in the healthy cluster.
      "error NET-404 service/sock-shop/carts",
      "error NET-404 service/sock-shop/carts-db",
      "warning NET-401 network-policy/sock-shop/cart-access",
      "warning NET-402 network-policy/sock-shop/carts-db-access",
      "warning NET-404 service/sock-shop/queue-master",
      "warning NET-404 service/sock-shop/session-db",
      // The shops' own fronts, whose policies let everybody in.
      "info NET-117 service/default/frontend-external",
      "info NET-117 service/sock-shop/front-end",
      // Admits the pods of Weave Cortex, which nobody deploys here: worth knowing, and no more.
      "info NET-402 network-policy/sock-shop/cortex-access",
      "info NET-404 service/sock-shop/rabbitmq",
    ]);
  });
});

/** Exactly the Services whose slices hold no ready endpoint, or not only ready ones, are reported as such. */
function expectReadinessAsSliced(snapshot: Snapshot, { findings }: CheckResults): void {
  const unready: string[] = [];
  const partly: string[] = [];
  for (const [service, { ready, all }] of sliced(snapshot)) {
    if (all > 0 && ready === 0 && isKnown(snapshot, service)) unready.push(service);
    if (ready > 0 && ready < all) partly.push(service);
  }
  const found = (code: string) =>
    findings.filter((finding) => finding.code === code).map(({ subject }) => subject);
  expect(
    found("NET-102")
      .filter((subject) => subject !== "service/default/kubernetes")
      .sort(),
  ).toEqual(unready.sort());
  expect(found("NET-103").sort()).toEqual(partly.sort());
}

function isKnown(snapshot: Snapshot, service: string): boolean {
  return snapshot.objects.services?.some(({ id }) => id === service) === true;
}
