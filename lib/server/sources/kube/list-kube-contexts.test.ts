import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { kubeSource } from "./kube-source.ts";
import { loadKubeconfig } from "./kubeconfig.ts";
import { type KubeContexts, listKubeContexts } from "./list-kube-contexts.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contexts-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, yaml: string): string {
  const path = join(folder, name);
  writeFileSync(path, yaml);
  return path;
}

function list(...paths: readonly string[]): KubeContexts {
  return listKubeContexts(
    { KUBECONFIG: paths.join(delimiter), HOME: folder },
    join(folder, "no-service-account"),
  );
}

function contextsOf(listed: KubeContexts) {
  if (listed.kind === "none") throw new Error(listed.failure.detail);
  return listed.contexts;
}

const prod = `
apiVersion: v1
kind: Config
current-context: prod
clusters: [{name: prod, cluster: {server: "https://prod.example.com:6443/"}}]
users: [{name: ann, user: {token: secret-token-of-ann}}]
contexts: [{name: prod, context: {cluster: prod, user: ann}}]
`;
const staging = `
apiVersion: v1
kind: Config
current-context: staging
clusters:
- {name: prod, cluster: {server: "https://other.example.com"}}
- {name: staging, cluster: {server: "https://staging.example.com"}}
users: [{name: ann, user: {client-certificate: pki/ann.crt}}]
contexts:
- {name: staging, context: {cluster: staging, user: ann, namespace: shop}}
- {name: lost, context: {cluster: gone, user: ann}}
`;

describe("listing contexts", () => {
  it("joins the files of KUBECONFIG as kubectl does: the first to set a name or the current context wins", () => {
    const listed = list(file("a", prod), join(folder, "not-there"), file("b", staging));
    expect(contextsOf(listed)).toEqual([
      { id: "prod", name: "prod", server: "prod.example.com:6443", user: "ann", current: true },
      { id: "staging", name: "staging", server: "staging.example.com", user: "ann", current: false },
      { id: "lost", name: "lost", server: undefined, user: "ann", current: false },
    ]);
  });

  it("looks in the home folder where KUBECONFIG is not set", () => {
    mkdirSync(join(folder, ".kube"));
    file(join(".kube", "config"), prod);
    expect(contextsOf(list()).map((context) => context.name)).toEqual(["prod"]);
  });

  it("reads relative paths from the file that holds them", () => {
    const path = file("b", staging);
    const loaded = loadKubeconfig({ KUBECONFIG: path });
    expect(loaded.kind === "kubeconfig" && loaded.config.users.get("ann")?.certFile).toBe(
      join(folder, "pki/ann.crt"),
    );
  });

  it("offers the pod's own cluster where there is no kubeconfig", () => {
    mkdirSync(join(folder, "account"));
    file(join("account", "token"), "secret-token");
    const env = { HOME: folder, KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    const listed = listKubeContexts(env, join(folder, "account"));
    expect(contextsOf(listed)).toEqual([
      { id: "in-cluster", name: "in-cluster", server: "[fd00::1]", user: "in-cluster", current: true },
    ]);
  });

  it("says where it looked when there is nothing", () => {
    const listed = list(join(folder, "not-there"));
    expect(listed).toMatchObject({
      kind: "none",
      failure: { code: "kubeconfig-missing", detail: expect.stringContaining("not-there") },
    });
  });

  it.each([
    [
      "a line that is not YAML",
      "users:\n- name: ann\n  user: {token: secret-token\ncontexts: []\n",
      /config:\d+ is not YAML: /,
    ],
    ["no mapping", "- secret-token\n", /config is not a kubeconfig/],
    ["nothing in it", "", /no entry under contexts/],
    ["a list that is none", "contexts: {secret-token: 1}\n", /config: contexts must be a list/],
    [
      "a context without a cluster",
      "contexts: [{name: a, context: {user: secret-token}}]\n",
      /config: contexts\[0\]\.context\.cluster is missing/,
    ],
  ])("says where and why it cannot take %s, and quotes nothing of it", (_name, yaml, detail) => {
    const listed = list(file("config", yaml));
    expect(listed).toMatchObject({
      kind: "none",
      failure: { code: "kubeconfig-invalid", detail: expect.stringMatching(detail) },
    });
    expect(JSON.stringify(listed)).not.toContain("secret-token");
  });

  it("keeps the sound contexts beside broken entries, and reports those", () => {
    const broken = `
clusters: [{name: c, cluster: {server: "ftp://secret-token"}}, {name: d, cluster: {}}]
users: [{name: u, user: {token: [secret-token]}}, {user: {}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
`;
    const listed = list(file("a", broken), file("b", "{{"), file("c", prod));
    expect(contextsOf(listed).map((context) => context.name)).toEqual(["x", "prod"]);
    const problems =
      listed.kind === "contexts"
        ? listed.problems.map((p) => `${p.where.slice(folder.length + 1)} ${p.why}`)
        : [];
    expect(problems).toEqual([
      "a: clusters[0].cluster.server is not an http or https URL",
      "a: clusters[1].cluster.server is missing",
      "a: users[0].user.token must be a string",
      "a: users[1].name is missing",
      expect.stringMatching(/^b:1 is not YAML/),
    ]);
    expect(JSON.stringify(listed)).not.toContain("secret-token");
  });
});

describe("a context that cannot be read", () => {
  it.each([
    ["names a cluster that is not there", "lost", /names the cluster gone, which is not there/],
    ["names a user that is not there", "nobody", /names the user nobody, which is not there/],
    ["has gone since", "removed", /There is no context removed any more/],
  ])("says so when it %s", async (_name, name, detail) => {
    const path = file("config", `${staging}- {name: nobody, context: {cluster: prod, user: nobody}}\n`);
    const source = kubeSource(
      { id: name, name, server: undefined, user: undefined, current: false },
      { env: { KUBECONFIG: path } },
    );
    const result = await source.read(() => {}, new AbortController().signal);
    expect(result).toMatchObject({
      kind: "failed",
      failure: { code: "kubeconfig-incomplete", detail: expect.stringMatching(detail) },
    });
  });
});
