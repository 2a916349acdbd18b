/**
 * Against a real API server: REAL_CLUSTER_KUBECONFIG is its admin's kubeconfig, REAL_CLUSTER_READER_KUBECONFIG one of a
 * user `reader` without any rights. Needs kubectl. Everything is made in namespaces of its own and deleted at the end.
 */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { objectId } from "#lib/model/ids.ts";
import { allKinds, type Kind, kinds } from "#lib/model/kinds.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { makeCertificate } from "#lib/testing/make-certificate.ts";
import type { ReadProgress, SourceResult } from "../source.ts";
import type { KubeOptions } from "./kube-options.ts";
import { kubeSource } from "./kube-source.ts";
import { listKubeContexts } from "./list-kube-contexts.ts";

const admin = process.env.REAL_CLUSTER_KUBECONFIG;
const reader = process.env.REAL_CLUSTER_READER_KUBECONFIG;

function kubectl(args: readonly string[], input?: string): string {
  return execFileSync("kubectl", ["--kubeconfig", admin ?? "", ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

async function read(kubeconfig: string, options: Partial<KubeOptions> = {}) {
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  const listed = listKubeContexts(env);
  if (listed.kind === "none") throw new Error(listed.failure.detail);
  const current = listed.contexts.find((context) => context.current);
  if (current === undefined) throw new Error(`${kubeconfig} has no current context`);
  const progress: ReadProgress[] = [];
  const source = kubeSource(current, { tlsSecrets: true, ...options, env });
  const result = await source.read((p) => progress.push(p), new AbortController().signal);
  return { result, progress };
}

function snapshotOf(result: SourceResult): Snapshot {
  if (result.kind === "failed") throw new Error(`${result.failure.title} ${result.failure.detail}`);
  return result.snapshot;
}

const made = makeCertificate({ name: "web", from: "2026-01-01T00:00:00Z", until: "2036-01-01T00:00:00Z" });
const base64 = (text: string) => Buffer.from(text).toString("base64");

const namespaces = ["throughline-test-shop", "throughline-test-edge"] as const;

const manifests = `
apiVersion: v1
kind: Namespace
metadata: {name: throughline-test-shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: throughline-test-edge}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: throughline-test-shop}
spec:
  replicas: 7
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "nginx:1", ports: [{containerPort: 8080}]}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: throughline-test-shop}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: once, image: "busybox:1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: throughline-test-shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: throughline-test-shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {}}]}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: throughline-test-shop}
spec:
  tls: [{secretName: web-tls}, {secretName: opaque}, {secretName: gone}]
  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
---
apiVersion: v1
kind: Secret
metadata: {name: web-tls, namespace: throughline-test-shop}
type: kubernetes.io/tls
data: {tls.crt: ${base64(made.cert)}, tls.key: ${base64(made.key)}}
---
apiVersion: v1
kind: Secret
metadata: {name: opaque, namespace: throughline-test-shop}
stringData: {password: do-not-read-this}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: unrelated, namespace: kube-system}
data: {password: do-not-read-this}
`;

const role = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: throughline-test-reader}
rules:
- {apiGroups: [""], resources: [pods, services, namespaces], verbs: [get, list]}
- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: throughline-test-reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: throughline-test-reader}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: reader}]
`;

/** Kinds of which every object is read. */
const told = allKinds.filter((kind) => kind !== "config-map" && kind !== "event" && kind !== "secret");

const listed = z.object({
  items: z.array(z.object({ metadata: z.object({ name: z.string(), namespace: z.string().optional() }) })),
});

/** What kubectl reads, by kind; a kind that is not served is missing. */
function idsByKubectl(): ReadonlyMap<Kind, ReadonlySet<string>> {
  const served = new Set(kubectl(["api-resources", "-o", "name", "--verbs=list"]).split("\n"));
  const read = new Map<Kind, ReadonlySet<string>>();
  for (const kind of told) {
    const { resource, group } = kinds[kind];
    const name = group === "" ? resource : `${resource}.${group}`;
    if (!served.has(name)) continue;
    const { items } = listed.parse(JSON.parse(kubectl(["get", name, "-A", "-o", "json"])));
    read.set(kind, new Set(items.map(({ metadata }) => objectId(kind, metadata.namespace, metadata.name))));
  }
  return read;
}

describe.skipIf(admin === undefined)("a real API server (set REAL_CLUSTER_KUBECONFIG to run)", () => {
  beforeAll(() => {
    kubectl(["apply", "-f", "-"], manifests);
    // The controllers need a moment to make the pods and the slices.
    kubectl([
      "-n",
      namespaces[0],
      "wait",
      "deployment/web",
      "--for=jsonpath={.status.unavailableReplicas}=7",
      "--timeout=60s",
    ]);
  }, 90_000);

  afterAll(() => {
    kubectl(["delete", "namespace", ...namespaces, "--ignore-not-found", "--wait=false"]);
    kubectl(["-n", "kube-system", "delete", "configmap", "unrelated", "--ignore-not-found"]);
    kubectl(["delete", "clusterrolebinding,clusterrole", "throughline-test-reader", "--ignore-not-found"]);
  }, 60_000);

  it("reads of every kind exactly what kubectl reads, in pages of three", async () => {
    const before = idsByKubectl();
    const { result, progress } = await read(admin ?? "", { pageSize: 3 });
    const snapshot = snapshotOf(result);
    const after = idsByKubectl();
    expect(snapshot.problems).toEqual([]);
    expect(snapshot.version).toMatch(/^v\d/);
    // The cluster's controllers go on meanwhile: what was there before and after is read, and nothing that was there at
    // neither time.
    for (const kind of told) {
      const { plural } = kinds[kind];
      const [was, is] = [before.get(kind), after.get(kind)];
      if (snapshot.unread[plural]?.reason === "not-served") {
        expect([was, is], plural).toEqual([undefined, undefined]);
        continue;
      }
      const ids: readonly string[] = snapshot.objects[plural]?.map((object) => object.id) ?? [];
      const stayed = [...(was ?? [])].filter((id) => is?.has(id));
      expect(stayed.filter((id) => !ids.includes(id)).join("\n"), plural).toBe("");
      expect(ids.filter((id) => !was?.has(id) && !is?.has(id)).join("\n"), plural).toBe("");
      expect(new Set(ids).size, plural).toBe(ids.length);
    }
    const made = snapshot.objects.pods?.filter(
      (pod) => pod.namespace === namespaces[0] && pod.labels.app === "web",
    );
    expect(made).toHaveLength(7);
    expect(JSON.stringify(snapshot)).not.toContain("do-not-read-this");
    expect(progress.at(-1)).toMatchObject({ done: allKinds.length, of: allKinds.length });
  });

  it("reads the certificates of TLS Secrets, and of others that are named the type", async () => {
    const snapshot = snapshotOf((await read(admin ?? "")).result);
    const here = snapshot.objects.secrets?.filter(({ namespace }) => namespace === namespaces[0]);
    expect(here).toMatchObject([
      { name: "opaque", type: "Opaque" },
      {
        name: "web-tls",
        type: "kubernetes.io/tls",
        tls: { key: "of-first", chain: [{ subject: "CN=web" }] },
      },
    ]);
    expect(snapshot.unread.secrets).toBeUndefined();
    expect(JSON.stringify(snapshot)).not.toMatch(/do-not-read-this|PRIVATE KEY/);
    expect(
      snapshotOf((await read(admin ?? "", { tlsSecrets: false })).result).objects.secrets,
    ).toBeUndefined();
  });

  it("knows one object from another through the whole way: owners, selectors, slices", async () => {
    const { objects } = snapshotOf((await read(admin ?? "")).result);
    const inShop = { namespace: namespaces[0] };
    expect(objects.services?.find((service) => service.namespace === namespaces[0])).toMatchObject({
      ...inShop,
      selector: { app: "web" },
    });
    expect(objects.endpointSlices?.find((slice) => slice.namespace === namespaces[0])).toMatchObject({
      ...inShop,
      serviceName: "web",
    });
    const [set] = objects.replicaSets?.filter((replicaSet) => replicaSet.namespace === namespaces[0]) ?? [];
    expect(set?.owners).toEqual([{ apiKind: "Deployment", name: "web", controller: true }]);
  });

  describe.skipIf(reader === undefined)(
    "as a user with few rights (set REAL_CLUSTER_READER_KUBECONFIG to run)",
    () => {
      it("says that nothing may be read, and how to change it", async () => {
        kubectl(["delete", "clusterrolebinding", "throughline-test-reader", "--ignore-not-found"]);
        const { result } = await read(reader ?? "");
        expect(result).toMatchObject({
          kind: "failed",
          failure: {
            code: "forbidden",
            remedy: 'kubectl create clusterrolebinding throughline --clusterrole=view --user="reader"',
          },
        });
      });

      it("reads what it may, and asks for the exact rule for the rest", async () => {
        kubectl(["apply", "-f", "-"], role);
        const allowed: readonly string[] = ["pods", "services", "namespaces", "endpointSlices"];
        const { objects, unread } = snapshotOf((await read(reader ?? "")).result);
        for (const kind of allKinds) {
          const { plural, group, resource } = kinds[kind];
          if (allowed.includes(plural)) {
            expect(objects[plural], plural).toBeDefined();
            continue;
          }
          expect(objects[plural], plural).toBeUndefined();
          // Discovery is open to everyone who may log in: what is not served is known as that.
          if (unread[plural]?.reason === "not-served") continue;
          expect(unread[plural], plural).toMatchObject({
            reason: "forbidden",
            message: expect.stringContaining('User "reader"'),
          });
          expect(unread[plural]?.remedy).toContain(`apiGroups: ["${group}"]\n  resources: ["${resource}"]`);
        }
      });

      it("is content with the rules that it asks for", async () => {
        const [given = ""] = role.split("---");
        const rules = new Set<string>();
        const asked = async () => {
          const { unread } = snapshotOf((await read(reader ?? "")).result);
          return Object.values(unread).flatMap((why) => why?.remedy ?? []);
        };
        // Twice: where no ConfigMap has the usual name, there is one more thing to ask for.
        for (let round = 0; round < 2; round++) {
          for (const rule of await asked()) rules.add(rule);
          kubectl(["apply", "-f", "-"], `${given.trimEnd()}\n${[...rules].join("\n")}\n`);
        }
        expect(await asked()).toEqual([]);
      });
    },
  );
});
