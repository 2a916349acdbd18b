/**
 * Writes what a release is made of into `release/`, as CycloneDX: every package that is needed to run it, with the sum
 * that the lock file holds it to. Asks nobody: the lock file has it all. With `--print` it goes to stdout.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { version } from "../cli/version.ts";

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), "utf8"));

const component = z.looseObject({
  "bom-ref": z.string(),
  name: z.string(),
  version: z.string(),
  hashes: z.array(z.unknown()).default([]),
});
const bomShape = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ "bom-ref": z.string(), name: z.string() }) }),
  components: z.array(component),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
});
const lockShape = z.object({
  name: z.string(),
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string().optional(),
      dev: z.boolean().default(false),
    }),
  ),
});

const { status, stdout, stderr } = spawnSync(
  "npm",
  ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application", "--package-lock-only"],
  { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
);
if (status !== 0) fail(stderr);
const bom = bomShape.parse(JSON.parse(stdout));
const lock = lockShape.parse(read("package-lock.json"));

// `npm sbom --omit dev` leaves out as well what is needed for both, so the lock file is asked what is for developing only.
const needed = new Set(
  Object.entries(lock.packages)
    .filter(([place, { dev }]) => place !== "" && !dev)
    .map(([place, { name, version: its }]) => `${name ?? place.replace(/^.*node_modules\//, "")}@${its}`),
);
const components = bom.components.filter((each) => needed.has(`${each.name}@${each.version}`));
const known = new Set(components.map((each) => `${each.name}@${each.version}`));
const missing = [...needed].filter((each) => !known.has(each));
if (missing.length > 0) fail(`Not in npm's list: ${missing.join(", ")}.`);
const unsummed = components.filter(({ hashes }) => hashes.length === 0).map(({ name }) => name);
if (unsummed.length > 0) fail(`Without a sum in package-lock.json: ${unsummed.join(", ")}.`);

const itself = bom.metadata.component;
const refs = new Set([itself["bom-ref"], ...components.map((each) => each["bom-ref"])]);
const text = `${JSON.stringify(
  {
    ...bom,
    // npm names it after the folder that it lies in.
    metadata: { ...bom.metadata, component: { ...itself, name: lock.name } },
    components,
    dependencies: bom.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map((each) => ({ ...each, dependsOn: each.dependsOn.filter((ref) => refs.has(ref)) })),
  },
  undefined,
  2,
)}\n`;
if (process.argv.includes("--print")) {
  process.stdout.write(text);
} else {
  const file = path.join(root, "release", `throughline-${version}.cdx.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`${path.relative(root, file)}: ${components.length} packages`);
}

function fail(why: string): never {
  console.error(why);
  process.exit(2);
}
