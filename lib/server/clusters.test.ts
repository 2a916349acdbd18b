import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClusters } from "./clusters.ts";
import type { Env } from "./env.ts";
import { silentLog } from "./log.ts";
import { type Offers, offeredSources } from "./offered-sources.ts";
import { Session, sessionTimes } from "./session/session.ts";
import { readSettings } from "./settings.ts";
import type { Source } from "./sources/source.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clusters-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function kubeconfig(names: readonly string[], current: string): string {
  const path = join(folder, "config");
  const contexts = names.map((name) => `{name: "${name}", context: {cluster: c, user: u}}`);
  writeFileSync(
    path,
    `clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: u, user: {}}]
contexts: [${contexts.join(", ")}]
current-context: ${current}
`,
  );
  return path;
}

function offersFor(env: Env): Offers {
  const result = readSettings({ HOME: folder, ...env }, folder);
  if (result.kind === "invalid") throw new Error(result.problems.join(" "));
  return offeredSources(result.settings);
}

const read: Source["read"] = async () => ({
  kind: "failed",
  failure: { code: "x", title: "t", detail: "d", remedy: "r" },
});
const source = (id: string, name = id): Source => ({ id, name, kind: "files", changes: false, read });
const offered = (id: string, name = id) => ({
  id,
  name,
  kind: "kube" as const,
  make: () => ({ ...source(id, name), kind: "kube" as const }),
});

function registry(offers: () => Offers) {
  let nowMs = 0;
  const clock = () => nowMs;
  const engine = {
    compileFacts: () => {
      throw new Error("not asked for here");
    },
    runChecks: () => ({ findings: [], problems: [], ignored: [], cannotTell: [] }),
    buildGraph: () => ({ nodes: [], edges: [] }),
  };
  const open = (s: Source) =>
    new Session(s, engine, { ...sessionTimes, clock, wait: async () => {}, log: silentLog });
  return {
    clusters: createClusters(offers, open, clock, silentLog),
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe("what is offered", () => {
  it.each([
    ["the demo where there is no kubeconfig", {}, ["demo"], "demo"],
    ["only the demo where that is asked for", { THROUGHLINE_DEMO: "1", KUBECONFIG: "USE" }, ["demo"], "demo"],
    [
      "the files, and the demo beside them",
      { THROUGHLINE_FILES: "/dumps/friday/", KUBECONFIG: "USE" },
      ["files", "demo"],
      "files",
    ],
    [
      "all contexts, the current one first asked for, the demo last",
      { KUBECONFIG: "USE" },
      ["dev", "prod-eu", "demo"],
      "prod-eu",
    ],
    [
      "all contexts, the named one first asked for",
      { KUBECONFIG: "USE", THROUGHLINE_CONTEXT: "dev" },
      ["dev", "prod-eu", "demo"],
      "dev",
    ],
  ])("is %s", (_name, env, ids, defaultId) => {
    const path = kubeconfig(["dev", "prod/eu"], "prod/eu");
    const offers = offersFor("KUBECONFIG" in env ? { ...env, KUBECONFIG: path } : env);
    expect(offers.sources.map((s) => s.id)).toEqual(ids);
    expect(offers.defaultId).toBe(defaultId);
  });

  it("is the first context where the kubeconfig names none as current", () => {
    expect(offersFor({ KUBECONFIG: kubeconfig(["a", "b"], "gone") }).defaultId).toBe("a");
  });

  it("names files by the last part of their path", () => {
    expect(offersFor({ THROUGHLINE_FILES: "/dumps/friday/" }).sources[0]).toMatchObject({
      name: "friday",
      kind: "files",
    });
  });

  const read = async (offers: Offers) => {
    const chosen = offers.sources.find((s) => s.id === offers.defaultId)?.make();
    const result = await chosen?.read(() => {}, new AbortController().signal);
    return result?.kind === "failed" ? result.failure : undefined;
  };

  it("is a failure that speaks where the named context is not there, rather than another cluster", async () => {
    const offers = offersFor({
      KUBECONFIG: kubeconfig(["production"], "production"),
      THROUGHLINE_CONTEXT: "prodution",
    });
    expect(offers.sources.map((s) => s.id)).toEqual(["prodution", "production", "demo"]);
    expect(await read(offers)).toMatchObject({
      title: "There is no context prodution in the kubeconfig.",
      detail: "The nearest is production.",
    });
    expect(await read(offersFor({ THROUGHLINE_CONTEXT: "prod" }))).toMatchObject({
      code: "kubeconfig-missing",
    });
  });

  it("is a failure that speaks where the kubeconfig cannot be used, rather than the demo", async () => {
    const path = join(folder, "broken");
    writeFileSync(path, "contexts: [");
    const offers = offersFor({ KUBECONFIG: path });
    expect(offers.defaultId).toBe("kubeconfig");
    expect(await read(offers)).toMatchObject({
      code: "kubeconfig-invalid",
      detail: expect.stringContaining("broken:"),
    });
  });
});

describe("the registry", () => {
  const fixed = (): Offers => ({
    sources: [offered("prod-eu"), offered("demo", "Demo cluster")],
    defaultId: "prod-eu",
    problems: [],
  });

  it("lists without asking any cluster, and opens each once", () => {
    const { clusters } = registry(fixed);
    expect(clusters.list()).toEqual([
      { id: "prod-eu", name: "prod-eu", kind: "kube", isDefault: true, state: { kind: "idle" } },
      { id: "demo", name: "Demo cluster", kind: "kube", isDefault: false, state: { kind: "idle" } },
    ]);
    expect(clusters.get("prod-eu")).toBe(clusters.get("prod-eu"));
    expect(clusters.get("nope")).toBeUndefined();
    expect(clusters.defaultId).toBe("prod-eu");
  });

  it.each([
    ["prod-ue", ["prod-eu"]],
    ["Prod-EU", ["prod-eu"]],
    ["dem", ["demo"]],
    ["something else", []],
  ])("knows what %s may have meant", (id, near) => {
    expect(registry(fixed).clusters.nearest(id)).toEqual(near);
  });

  it("keeps the newest eight dropped files, newest first, and ends the others", () => {
    const { clusters } = registry(fixed);
    const first = clusters.add(source("dump-0"));
    for (let i = 1; i < 9; i++) clusters.add(source(`dump-${i}`));
    expect(clusters.list().map((c) => c.id)).toEqual([
      ...Array.from({ length: 8 }, (_, i) => `dump-${8 - i}`),
      "prod-eu",
      "demo",
    ]);
    expect(clusters.get("dump-0")).toBeUndefined();
    expect(clusters.get("dump-8")?.source.name).toBe("dump-8");
    expect(first.current().state).toEqual({ kind: "idle" });
  });

  it("finds an id for dropped files that nothing else has", () => {
    const { clusters } = registry(fixed);
    expect(clusters.freeId("Friday night.tar.gz")).toBe("friday-night.tar.gz");
    expect(clusters.freeId("demo")).toBe("demo-2");
    clusters.add(source("demo-2"));
    expect(clusters.freeId("demo")).toBe("demo-3");
    expect(clusters.freeId("集群")).toBe("dropped");
    expect(() => clusters.add(source("demo"))).toThrow("freeId");
  });

  it("notices a changed kubeconfig: a new context comes, an old one goes, a renamed one is another", () => {
    let names = [offered("a"), offered("b")];
    const { clusters, pass } = registry(() => ({ sources: names, defaultId: "a", problems: [] }));
    const a = clusters.get("a");
    clusters.get("b");
    names = [offered("a", "A"), offered("c")];
    expect(clusters.list().map((c) => c.id)).toEqual(["a", "b"]);
    pass(5_000);
    expect(clusters.list().map((c) => c.id)).toEqual(["a", "c"]);
    expect(clusters.get("b")).toBeUndefined();
    expect(clusters.get("a")).not.toBe(a);
  });
});
