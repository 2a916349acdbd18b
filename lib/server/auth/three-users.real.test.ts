/**
 * What each of three users gets from every route, against a real API server: REAL_CLUSTER_KUBECONFIG is its admin's
 * kubeconfig. Needs kubectl. Everything is made in namespaces of its own and deleted at the end.
 */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GET as listClusters } from "#app/api/v1/clusters/route.ts";
import { allKinds, kinds } from "#lib/model/kinds.ts";
import { serveRegistry, serveSources } from "#lib/testing/serve-clusters.ts";
import { answerFindings } from "../http/answer-findings.ts";
import { answerGraph } from "../http/answer-graph.ts";
import { answerNamespaces } from "../http/answer-namespaces.ts";
import { answerObject, answerService } from "../http/answer-object.ts";
import { answerReachability } from "../http/answer-reachability.ts";
import { answerReady } from "../http/answer-ready.ts";
import { answerSearch } from "../http/answer-search.ts";
import { answerTrace } from "../http/answer-trace.ts";
import { operations } from "../http/openapi.ts";
import { kubeSource } from "../sources/kube/kube-source.ts";
import { listKubeContexts } from "../sources/kube/list-kube-contexts.ts";
import { streamAnswers } from "../stream/stream-answers.ts";
import { clustersFor } from "./clusters-for.ts";
import { identityHeader, writeIdentity } from "./identity.ts";

const admin = process.env.REAL_CLUSTER_KUBECONFIG;

function kubectl(args: readonly string[], input?: string): string {
  return execFileSync("kubectl", ["--kubeconfig", admin ?? "", ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

const mine = ["throughline-view-a", "throughline-view-b"] as const;
const hidden = "throughline-view-vault";
const namespaces = [...mine, hidden];
const users = { cluster: "view-cluster-reader", two: "view-two-namespaces", nobody: "view-nobody" } as const;

const manifests = `
${namespaces
  .map(
    (namespace) => `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace} }
---
apiVersion: v1
kind: Service
metadata: { name: ledger-${namespace.slice(17)}, namespace: ${namespace}, labels: { holds: treasure-${namespace.slice(17)} } }
spec: { selector: { app: ledger }, ports: [{ port: 7777 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: guard-${namespace.slice(17)}, namespace: ${namespace} }
spec: { podSelector: { matchLabels: { app: ledger } }, policyTypes: [Ingress] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: door-${namespace.slice(17)}, namespace: ${namespace} }
spec: { rules: [{ host: ${namespace.slice(17)}.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ledger-${namespace.slice(17)}, port: { number: 7777 } } } }] } }] }
`,
  )
  .join("---")}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: throughline-view-all }
rules: [{ apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: throughline-view-some }
rules:
  - { apiGroups: ["", "apps", "networking.k8s.io", "discovery.k8s.io"], resources: [pods, services, endpointslices, deployments, ingresses], verbs: [get, list, watch] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: throughline-view-all }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: throughline-view-all }
subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: throughline-view-readers }]
${mine
  .map(
    (namespace) => `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: throughline-view, namespace: ${namespace} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: throughline-view-some }
subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: ${users.two} }]
`,
  )
  .join("")}
`;

/** Words that stand in objects which only the cluster's reader may see. */
const secrets = [hidden, "ledger-vault", "treasure-vault", "guard-vault", "door-vault", "vault.example.com"];

const groupsOf = (user: string) => (user === users.cluster ? ["throughline-view-readers"] : []);
const headersOf = (user: string) => ({
  [identityHeader]: writeIdentity({ user, groups: groupsOf(user) }),
  accept: "application/json",
});
const request = (user: string, path: string) => new Request(`http://x${path}`, { headers: headersOf(user) });

const base = "/api/v1/clusters/real";

/** Every route that tells of a cluster, asked for what is open and for what is hidden. */
const routes: Readonly<Record<string, (user: string) => Promise<Response>>> = {
  "/api/v1/clusters": async (user) => listClusters(request(user, "/api/v1/clusters")),
  "/api/v1/clusters/{id}/graph": (user) => answerGraph(request(user, `${base}/graph`), "real"),
  "/api/v1/clusters/{id}/graph, pinned": (user) =>
    answerGraph(request(user, `${base}/graph?ns=${mine[0]}&show=service/${mine[0]}/ledger-a`), "real"),
  "/api/v1/clusters/{id}/graph, svg": (user) =>
    answerGraph(request(user, `${base}/graph?format=svg`), "real"),
  "/api/v1/clusters/{id}/graph, mermaid": (user) =>
    answerGraph(request(user, `${base}/graph?format=mermaid`), "real"),
  "/api/v1/clusters/{id}/namespaces": (user) => answerNamespaces(request(user, `${base}/namespaces`), "real"),
  "/api/v1/clusters/{id}/findings": (user) => answerFindings(request(user, `${base}/findings`), "real"),
  "/api/v1/clusters/{id}/search": (user) => answerSearch(request(user, `${base}/search?q=ledger`), "real"),
  "/api/v1/clusters/{id}/services/{namespace}/{name}": (user) =>
    answerService(request(user, `${base}/services/${mine[0]}/ledger-a`), "real", {
      kind: "service",
      namespace: mine[0],
      name: "ledger-a",
    }),
  "/api/v1/clusters/{id}/objects/{kind}/{namespace}/{name}": (user) =>
    answerObject(
      request(user, `${base}/objects/service/${mine[0]}/ledgers`),
      "real",
      "service",
      mine[0],
      "ledgers",
    ),
  "/api/v1/clusters/{id}/objects/{kind}/{namespace}/{name}, of a kind": (user) =>
    answerObject(
      request(user, `${base}/objects/namespace/-/throughline-view`),
      "real",
      "namespace",
      "-",
      "throughline-view",
    ),
  "/api/v1/clusters/{id}/trace": (user) =>
    answerTrace(
      request(user, `${base}/trace?from=internet&to=${mine[0]}/service/ledger-a&port=7777&map=1`),
      "real",
    ),
  "/api/v1/clusters/{id}/trace, misspelled": (user) =>
    answerTrace(request(user, `${base}/trace?from=internet&to=throughline-view/service/ledger`), "real"),
  "/api/v1/clusters/{id}/reachability": (user) =>
    answerReachability(request(user, `${base}/reachability`), "real"),
  "/api/v1/clusters/{id}/reachability, csv": (user) =>
    answerReachability(request(user, `${base}/reachability?format=csv`), "real"),
  "/api/v1/clusters/{id}/reachability, namespaces": (user) =>
    answerReachability(request(user, `${base}/reachability?by=namespace`), "real"),
  "/api/v1/clusters/{id}/reachability, to": (user) =>
    answerReachability(request(user, `${base}/reachability?to=${mine[0]}/service/ledger-a`), "real"),
  "/api/v1/clusters/{id}/stream": async (user) => {
    const response = streamAnswers(
      request(
        user,
        `${base}/stream?watch=${encodeURIComponent("/graph")}&watch=${encodeURIComponent("/findings")}`,
      ),
      "real",
    );
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("event: told")) {
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
      if (done) break;
      text += value;
    }
    await reader?.cancel();
    return new Response(text);
  },
};

describe.skipIf(admin === undefined)("three users of one server, on a real cluster", () => {
  beforeAll(async () => {
    process.env.THROUGHLINE_AUTH = "proxy";
    process.env.THROUGHLINE_PROXY_FROM = "127.0.0.1/32";
    kubectl(["apply", "-f", "-"], manifests);
    const env = { ...process.env, KUBECONFIG: admin };
    const listed = listKubeContexts(env);
    if (listed.kind === "none") throw new Error(listed.failure.detail);
    const context = listed.contexts.find(({ current }) => current);
    if (context === undefined) throw new Error("no current context");
    // Read, not watched: what the test has just made has to be in it.
    const { watch: _, ...source } = kubeSource(context, { env });
    serveSources({ ...source, id: "real" });
    await clustersFor(new Headers(headersOf(users.cluster)))
      .get("real")
      ?.answers(60_000);
  }, 120_000);

  afterAll(() => {
    serveRegistry(undefined);
    delete process.env.THROUGHLINE_AUTH;
    delete process.env.THROUGHLINE_PROXY_FROM;
    kubectl(["delete", "namespace", ...namespaces, "--wait=false"]);
    kubectl(["delete", "clusterrolebinding", "throughline-view-all"]);
    kubectl(["delete", "clusterrole", "throughline-view-all", "throughline-view-some"]);
  }, 60_000);

  it.each(Object.values(users))(
    "%s sees exactly what kubectl auth can-i allows",
    async (user) => {
      const { answers } =
        (await clustersFor(new Headers(headersOf(user)))
          .get("real")
          ?.answers(60_000)) ?? {};
      const everything = (
        await clustersFor(new Headers(headersOf(users.cluster)))
          .get("real")
          ?.answers(60_000)
      )?.answers;
      const as = ["--as", user, ...groupsOf(user).flatMap((group) => ["--as-group", group])];
      const may = (resource: string, namespace: string | undefined) => {
        const where = namespace === undefined ? ["--all-namespaces"] : ["-n", namespace];
        try {
          return kubectl(["auth", "can-i", "list", resource, ...where, ...as, "-q"]) === "";
        } catch {
          return false;
        }
      };
      for (const kind of allKinds) {
        const { plural, resource, group, namespaced } = kinds[kind];
        const all = everything?.snapshot.objects[plural] ?? [];
        if (all.length === 0) continue;
        const name = group === "" ? resource : `${resource}.${group}`;
        const everywhere = may(name, undefined);
        const places = new Set(
          everywhere || !namespaced ? [] : namespaces.filter((namespace) => may(name, namespace)),
        );
        const seen = new Set(answers?.snapshot.objects[plural]?.map(({ id }) => id));
        for (const object of all) {
          const namespace = "namespace" in object ? object.namespace : undefined;
          if (namespace !== undefined && !namespaces.includes(namespace) && !everywhere) {
            expect([object.id, seen.has(object.id)]).toEqual([object.id, false]);
            continue;
          }
          const allowed = everywhere || (namespace !== undefined && places.has(namespace));
          expect([object.id, seen.has(object.id)]).toEqual([object.id, allowed]);
        }
      }
    },
    120_000,
  );

  it.each(Object.keys(routes))(
    "%s lets nothing hidden out",
    async (route) => {
      const ask = routes[route];
      const textFor = async (user: string) => (await ask?.(user))?.text() ?? "";
      for (const user of [users.two, users.nobody]) {
        const text = await textFor(user);
        for (const secret of secrets)
          expect([user, secret, text.includes(secret)]).toEqual([user, secret, false]);
      }
      const nothing = await textFor(users.nobody);
      for (const own of mine)
        if (
          !route.includes("services") &&
          !route.includes("trace") &&
          !route.includes(", to") &&
          !route.includes("objects") &&
          !route.includes("pinned")
        )
          expect([own, nothing.includes(own)]).toEqual([own, false]);
    },
    60_000,
  );

  it("shows the reader of the cluster all of it, by the same routes", async () => {
    const graph = await routes["/api/v1/clusters/{id}/graph, mermaid"]?.(users.cluster);
    const findings = await (await routes["/api/v1/clusters/{id}/findings"]?.(users.cluster))?.text();
    expect(graph?.status).toBe(200);
    expect(findings).toContain("ledger-vault");
  });

  it("leaves out no route of the API that tells of a cluster", () => {
    const told = new Set(Object.keys(routes).map((route) => route.split(",")[0]));
    const others = new Set(["/api/v1/openapi.json", "/healthz", "/readyz", "/metrics", "/api/v1/demo"]);
    const missing = operations
      .filter(({ method }) => method === "get")
      .map(({ path }) => path)
      .filter((path) => !told.has(path) && !others.has(path));
    expect(missing).toEqual([]);
  });

  it("tells who probes nothing but that it is ready", async () => {
    expect(await (await answerReady(new Request("http://x/readyz"))).json()).toEqual({ status: "ok" });
  });
});
