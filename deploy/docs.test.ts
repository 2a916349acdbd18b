/** What the documents say there is, is there; and what there is, they say. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";
import { allKinds } from "#lib/model/kinds.ts";
import { resourcesOf } from "#lib/server/sources/kube/resources.ts";

const read = (file: string) => readFileSync(file, "utf8");
const variablesIn = (text: string) => new Set(text.match(/\bTHROUGHLINE_[A-Z_]+[A-Z]\b/g));

it("docs/auth.md has every variable of who may come in, and no other of them", () => {
  const known = variablesIn(read("lib/server/auth/auth-settings.ts"));
  const told = variablesIn(read("docs/auth.md"));
  expect(known.size).toBeGreaterThan(15);
  for (const name of known) expect(told).toContain(name);
  for (const name of told) expect(known).toContain(name.replace(/_FILE$/, ""));
});

it("manifests and documents name variables that there are", () => {
  const known = new Set(
    [
      "lib/server/auth/auth-settings.ts",
      "lib/server/settings.ts",
      "lib/server/ending/end-on-signals.ts",
      "lib/server/gate/request-limits.ts",
    ].flatMap((file) => [...variablesIn(read(file))]),
  );
  const overlays = ["token", "oidc", "proxy", "namespaced"].map((name) => `kustomize/overlays/${name}`);
  const components = ["login", "monitoring", "tls-secrets"].map((name) => `kustomize/components/${name}`);
  const files = [
    ...[...overlays, ...components, "kustomize/base"].map((name) => `deploy/${name}/deployment.yaml`),
    "deploy/helm/throughline/templates/deployment.yaml",
    "deploy/helm/throughline/values.yaml",
    "deploy/Dockerfile",
    "docs/install.md",
    "docs/threat-model.md",
  ];
  for (const file of files)
    for (const name of variablesIn(read(file))) expect(known, file).toContain(name.replace(/_FILE$/, ""));
});

it("docs/limits.md has every limit that can be set, and no other", () => {
  expect(variablesIn(read("docs/limits.md"))).toEqual(variablesIn(read("lib/server/gate/request-limits.ts")));
});

it("docs/what-it-reads.md has every kind", () => {
  const text = read("docs/what-it-reads.md");
  for (const { resource } of allKinds.flatMap(resourcesOf)) expect(text).toContain(`\`${resource}\``);
});

/** Rows of the threat model's tables of promises: what is promised, and the tests by file and name. */
function promises(): readonly string[] {
  const [, text = ""] = read("docs/threat-model.md").split("## Promises, and the tests that keep them");
  return text.split("\n").filter((line) => line.startsWith("| ") && !/^\| (promise|-+) /.test(line));
}

it("each promise of the threat model is kept by a test that there is, by file and name", () => {
  const rows = promises();
  expect(rows.length).toBeGreaterThan(30);
  for (const line of rows) {
    const named = [...line.matchAll(/`([\w/.-]+\.(?:test|spec)\.ts)`: ((?:"[^"]+"(?: \*)?(?:, )?)+)/g)];
    expect(named.length, line).toBeGreaterThan(0);
    expect(line.match(/\.(test|spec)\.ts`/g), line).toHaveLength(named.length);
    for (const [, file = "", names = ""] of named) {
      const text = read(file);
      for (const [, name = ""] of names.matchAll(/"([^"]+)"/g))
        expect(text, `${file}: ${name}`).toContain(name);
    }
  }
});

it("actions in examples are pinned by commit", () => {
  const documents = readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`);
  const used = [...documents, "README.md", "SECURITY.md"].flatMap((file) =>
    [...read(file).matchAll(/uses: (\S+)(.*)/g)].map(([line]) => line),
  );
  expect(used.length).toBeGreaterThan(4);
  for (const line of used) expect(line).toMatch(/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

it("the SBOM has every package that is asked for, with its sum", () => {
  const asked = z
    .object({ dependencies: z.record(z.string(), z.string()), scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read("package.json")));
  expect(asked.scripts.sbom).toBe("node scripts/sbom.ts");
  const { status, stdout } = spawnSync(process.execPath, ["scripts/sbom.ts", "--print"], {
    encoding: "utf8",
  });
  expect(status).toBe(0);
  const bom = z
    .object({
      bomFormat: z.literal("CycloneDX"),
      metadata: z.object({ component: z.object({ name: z.literal("throughline") }) }),
      components: z.array(
        z.object({ name: z.string(), hashes: z.array(z.object({ alg: z.string() })).min(1) }),
      ),
    })
    .parse(JSON.parse(stdout));
  const names = new Set(bom.components.map(({ name }) => name));
  for (const name of Object.keys(asked.dependencies)) expect(names).toContain(name);
  expect(names).not.toContain("vitest");
}, 30_000);

it.each([
  "docs/install.md",
  "docs/auth.md",
  "docs/limits.md",
  "docs/logs.md",
  "docs/releasing.md",
  "docs/http-api.md",
  "docs/what-it-reads.md",
  "docs/threat-model.md",
  "SECURITY.md",
  "README.md",
])("%s links to files that there are", (file) => {
  const folder = file.includes("/") ? "docs/" : "";
  for (const [, link = ""] of read(file).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
    expect(existsSync(`${folder}${link}`), link).toBe(true);
});

it("the image has what its commands and probes name", () => {
  const dockerfile = read("deploy/Dockerfile");
  for (const part of ["dist/throughline.mjs", ".next/standalone", "deploy/probe.mjs"]) {
    expect(dockerfile).toContain(part);
  }
  expect(read("scripts/build.ts")).toContain('"dist/alone/throughline.mjs"');
  // Whatever the build reads goes into its context.
  const context = read(".dockerignore");
  for (const part of ["app", "cli", "components", "demo", "lib", "package-lock.json", "next.config.js"])
    expect(context).toContain(`\n!${part}\n`);
});
