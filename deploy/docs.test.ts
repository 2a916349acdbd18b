/** What the documents say there is, is there; and what there is, they say. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
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

it("the threat model's promises are kept by tests that there are", () => {
  const tests = read("docs/threat-model.md").match(/`[\w/.-]+\.(test|spec)\.ts`/g) ?? [];
  expect(tests.length).toBeGreaterThan(10);
  for (const test of tests) expect(existsSync(test.replaceAll("`", "")), test).toBe(true);
});

it.each([
  "docs/install.md",
  "docs/auth.md",
  "docs/limits.md",
  "docs/logs.md",
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
