/**
 * The manifests against a real API server: it takes them, and the ClusterRole is enough and no more than that. Needs
 * kubectl, and REAL_CLUSTER_KUBECONFIG, the kubeconfig of an administrator (skipped where it is not set).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { dump, load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { allKinds, kinds } from "#lib/model/kinds.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import type { KubeOptions } from "#lib/server/sources/kube/kube-options.ts";
import { kubeSource } from "#lib/server/sources/kube/kube-source.ts";
import { listKubeContexts } from "#lib/server/sources/kube/list-kube-contexts.ts";
import { resourcesOf } from "#lib/server/sources/kube/resources.ts";
import { kustomizedText, type Manifest, manifestsIn, type Rule, resourcesIn } from "./manifests.ts";

const admin = process.env.REAL_CLUSTER_KUBECONFIG ?? "";
if (admin === "")
  console.error("deploy/manifests.real.test.ts is skipped: REAL_CLUSTER_KUBECONFIG is not set");

const base = "deploy/kustomize/base";
const account = "system:serviceaccount:throughline:throughline";

function kubectl(args: readonly string[], input = ""): { readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync("kubectl", ["--kubeconfig", admin, ...args], {
    encoding: "utf8",
    input,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
  return { out: stdout, err: stderr };
}

const yaml = (objects: readonly unknown[]) => objects.map((object) => dump(object)).join("---\n");
const isRbac = ({ kind }: Manifest) => /Role|ServiceAccount/.test(kind);

describe.skipIf(admin === "")("a real API server (set REAL_CLUSTER_KUBECONFIG to run)", () => {
  let folder: string;
  let kubeconfig: string;
  let hadCoredns = true;
  /** An installation that was there before is left alone. */
  let isOurs = false;
  /** What the server serves, `apps/deployments`. */
  let served: ReadonlySet<string>;
  const installed = () => manifestsIn(kustomizedText(base));
  const roleWith = (rules: readonly Rule[]) => {
    const role = installed().find(({ kind }) => kind === "ClusterRole");
    return { ...role, rules };
  };
  const allRules = () => installed().find(({ kind }) => kind === "ClusterRole")?.rules ?? [];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "deploy-"));
    hadCoredns = kubectl([
      "-n",
      "kube-system",
      "get",
      "configmap",
      "--ignore-not-found",
      "coredns",
      "-o",
      "name",
    ]).out.includes("coredns");
    if (!hadCoredns)
      kubectl(["-n", "kube-system", "create", "configmap", "coredns", "--from-literal=Corefile=.:53 {}"]);
    kubectl(["create", "namespace", "throughline"]);
    isOurs = true;
    kubectl(["apply", "-f", "-"], yaml(installed().filter(isRbac)));
    const token = kubectl(["-n", "throughline", "create", "token", "throughline"]).out.trim();
    const cluster = z
      .object({ clusters: z.array(z.object({ cluster: z.unknown() })) })
      .parse(load(kubectl(["config", "view", "--raw"]).out)).clusters[0]?.cluster;
    kubeconfig = path.join(folder, "kubeconfig");
    const context = { cluster: "real", user: "throughline" };
    writeFileSync(
      kubeconfig,
      dump({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "real",
        clusters: [{ name: "real", cluster }],
        users: [{ name: "throughline", user: { token } }],
        contexts: [{ name: "real", context }],
      }),
    );
    served = new Set(
      kubectl(["api-resources", "-o", "name", "--verbs=list"])
        .out.split("\n")
        .map((name) => {
          const [resource = "", ...group] = name.trim().split(".");
          return `${group.join(".")}/${resource}`;
        }),
    );
  }, 120_000);

  afterAll(() => {
    if (!isOurs) return;
    kubectl(["delete", "--ignore-not-found", "--wait=false", "-f", "-"], yaml(installed().filter(isRbac)));
    kubectl(["delete", "namespace", "throughline", "throughline-a", "--ignore-not-found", "--wait=false"]);
    if (!hadCoredns) kubectl(["-n", "kube-system", "delete", "configmap", "coredns", "--ignore-not-found"]);
    rmSync(folder, { recursive: true });
  }, 60_000);

  async function read(options: Partial<KubeOptions> = {}): Promise<Snapshot> {
    const env = { KUBECONFIG: kubeconfig };
    const listed = listKubeContexts(env);
    const context = listed.kind === "none" ? undefined : listed.contexts[0];
    if (context === undefined) throw new Error("the kubeconfig has no context");
    const result = await kubeSource(context, { ...options, env }).read(
      () => {},
      new AbortController().signal,
    );
    if (result.kind === "failed") throw new Error(`${result.failure.title} ${result.failure.detail}`);
    return result.snapshot;
  }

  it.each(["base", "overlays/token", "overlays/oidc", "overlays/proxy", "overlays/namespaced"])(
    "takes %s",
    (name) => {
      // A server before 1.21 has PodDisruptionBudgets under their older version, with the same fields.
      const isOld = !kubectl(["api-versions"]).out.split("\n").includes("policy/v1");
      const text = kustomizedText(`deploy/kustomize/${name}`);
      const sent = isOld ? text.replaceAll("apiVersion: policy/v1\n", "apiVersion: policy/v1beta1\n") : text;
      // What is named by Roles has to be there, even for a server that only tries.
      const fitting = sent.replaceAll(/namespace: (shop|payments)$/gm, "namespace: throughline");
      const { out } = kubectl(["apply", "--dry-run=server", "--validate=true", "-f", "-"], fitting);
      expect(out.trim().split("\n")).toHaveLength(manifestsIn(text).length);
      expect(out).toContain("deployment.apps/throughline");
    },
  );

  it("lets the account read every kind, and nothing is missing", async () => {
    const snapshot = await read();
    const others = Object.entries(snapshot.unread).filter(([, why]) => why?.reason !== "not-served");
    // By choice: no rule for them is in the base.
    expect(others.map(([plural, why]) => `${plural} ${why?.reason}`)).toEqual(["secrets switched-off"]);
    for (const plural of ["namespaces", "configMaps", "services"] as const)
      expect(snapshot.objects[plural], plural).not.toEqual([]);
    expect(snapshot.objects.namespaces?.map(({ name }) => name)).toContain("throughline");
  });

  it("lets it read also what this server does not serve, were it there, and do nothing else", () => {
    const may = [
      ...resourcesIn(allRules()).flatMap((each) => ["get", "list", "watch"].map((verb) => ({ each, verb }))),
      { each: "/configmaps", verb: "get", name: "coredns", namespace: "kube-system" },
    ];
    const mayNot = [
      ...resourcesIn(allRules()).flatMap((each) =>
        ["create", "update", "patch", "delete", "deletecollection"].map((verb) => ({ each, verb })),
      ),
      ...["list", "get", "watch"].map((verb) => ({ each: "/secrets", verb })),
      ...["list", "get"].map((verb) => ({ each: "/configmaps", verb, namespace: "kube-system" })),
      { each: "/pods", verb: "get", subresource: "log" },
      { each: "/pods", verb: "create", subresource: "exec" },
      { each: "/serviceaccounts", verb: "create", subresource: "token" },
      { each: "/users", verb: "impersonate" },
      { each: "/nodes", verb: "get", subresource: "proxy" },
      { each: "authorization.k8s.io/subjectaccessreviews", verb: "create" },
      { each: "rbac.authorization.k8s.io/clusterroles", verb: "list" },
    ];
    expect(allowed(may).filter((answer) => !answer)).toEqual([]);
    expect(allowed(mayNot).filter((answer) => answer)).toEqual([]);
  });

  it("loses what any rule is taken away for, and says so, with the rule", async () => {
    const rules = allRules();
    const tried: string[] = [];
    const unserved: string[] = [];
    for (const kind of allKinds) {
      const { plural } = kinds[kind];
      const from = resourcesOf(kind).find(({ group, resource }) => served.has(`${group}/${resource}`));
      if (kind === "config-map" || kind === "secret") continue;
      if (from === undefined) {
        unserved.push(kind);
        continue;
      }
      const { group, resource } = from;
      kubectl(["apply", "-f", "-"], yaml([roleWith(without(rules, group, resource))]));
      await vi.waitFor(
        async () => {
          const { objects, unread } = await read();
          expect(objects[plural], plural).toBeUndefined();
          expect(unread[plural], plural).toMatchObject({
            reason: "forbidden",
            message: expect.stringContaining(account),
            remedy: expect.stringContaining(`apiGroups: ["${group}"]\n  resources: ["${resource}"]`),
          });
        },
        { timeout: 10_000, interval: 200 },
      );
      tried.push(kind);
    }
    kubectl(["apply", "-f", "-"], yaml([roleWith(rules)]));
    await vi.waitFor(
      async () => {
        const { unread } = await read();
        expect(Object.values(unread).filter((why) => why?.reason === "forbidden")).toEqual([]);
      },
      { timeout: 10_000, interval: 200 },
    );
    console.error(
      `each of ${tried.length} kinds was taken away; this server does not serve ${unserved.join(", ")}`,
    );
    expect(tried).toEqual(
      expect.arrayContaining(["pod", "service", "endpoint-slice", "network-policy", "gateway"]),
    );
  }, 240_000);

  it("loses CoreDNS's ConfigMap with its Role, and says so", async () => {
    const role = installed().filter(
      ({ kind, metadata }) => kind === "RoleBinding" && metadata.name === "throughline-dns",
    );
    kubectl(["delete", "-f", "-"], yaml(role));
    await vi.waitFor(async () => {
      const { objects, unread } = await read();
      expect(objects.configMaps).toBeUndefined();
      expect(unread.configMaps).toMatchObject({
        reason: "forbidden",
        remedy: expect.stringContaining('resourceNames: ["coredns"]'),
      });
    }, 10_000);
    kubectl(["apply", "-f", "-"], yaml(role));
  }, 30_000);

  it("lets it read some namespaces by Roles alone", async () => {
    kubectl(["create", "namespace", "throughline-a"]);
    kubectl(["-n", "throughline-a", "create", "service", "clusterip", "web", "--tcp=80"]);
    const binding = installed().filter(
      ({ kind, metadata }) => kind === "ClusterRoleBinding" && metadata.name === "throughline",
    );
    kubectl(["delete", "-f", "-"], yaml(binding));
    const roles = manifestsIn(kustomizedText("deploy/kustomize/overlays/namespaced"))
      .filter(({ kind, metadata }) => /^Role/.test(kind) && metadata.namespace === "shop")
      .map((each) => ({ ...each, metadata: { ...each.metadata, namespace: "throughline-a" } }));
    kubectl(["apply", "-f", "-"], yaml(roles));
    await vi.waitFor(async () => {
      const { objects, unread } = await read({ namespaces: ["throughline-a"] });
      expect(objects.services?.map(({ id }) => id)).toEqual(["service/throughline-a/web"]);
      expect(objects.namespaces?.map(({ name }) => name)).toEqual(["throughline-a"]);
      expect(unread.services).toMatchObject({ reason: "switched-off" });
      expect(unread.nodes).toMatchObject({ reason: "forbidden" });
      const forbidden = allKinds.filter((kind) => unread[kinds[kind].plural]?.reason === "forbidden");
      expect(forbidden.filter((kind) => kinds[kind].namespaced && kind !== "config-map")).toEqual([]);
    }, 10_000);
    kubectl(["apply", "-f", "-"], yaml(binding));
  }, 60_000);
});

/** Whether the account may, by the API server's own word, one answer for each question. */
function allowed(
  questions: readonly {
    readonly each: string;
    readonly verb: string;
    readonly subresource?: string;
    readonly name?: string;
    readonly namespace?: string;
  }[],
): readonly boolean[] {
  const reviews = questions.map(({ each, ...attributes }) => {
    const [group, resource] = each.split("/");
    return {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user: account, resourceAttributes: { group, resource, ...attributes } },
    };
  });
  const { out } = kubectl(["create", "-o", "jsonpath={.status.allowed} ", "-f", "-"], yaml(reviews));
  const answers = out.trim().split(/\s+/);
  expect(answers).toHaveLength(questions.length);
  return answers.map((answer) => answer === "true");
}

function without(rules: readonly Rule[], group: string, resource: string): readonly Rule[] {
  return rules.flatMap((rule) => {
    if (!rule.apiGroups.includes(group)) return [rule];
    const resources = rule.resources.filter((each) => each !== resource);
    return resources.length === 0 ? [] : [{ ...rule, resources }];
  });
}
