/**
 * Packs the built command and server as krew installs a plugin, into `release/`, and prints krew's manifest with the
 * archive's sum. `npm run build` comes first.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { version } from "../cli/version.ts";

const root = path.resolve(import.meta.dirname, "..");
const release = path.join(root, "release");
const parts: readonly (readonly [from: string, to: string])[] = [
  ["dist/alone/throughline.mjs", "dist/throughline.mjs"],
  [".next/standalone", ".next/standalone"],
  ["demo", "demo"],
  ["package.json", "package.json"],
  ["LICENSE", "LICENSE"],
];

const folder = mkdtempSync(path.join(tmpdir(), "plugin-"));
for (const [from, to] of parts) {
  if (!existsSync(path.join(root, from))) {
    console.error(`There is no ${from}; run npm run build first.`);
    process.exit(2);
  }
  mkdirSync(path.dirname(path.join(folder, to)), { recursive: true });
  cpSync(path.join(root, from), path.join(folder, to), { recursive: true, verbatimSymlinks: true });
}
const checks = path.join(root, "lib/diagnosis/checks");
cpSync(checks, path.join(folder, "lib/diagnosis/checks"), {
  recursive: true,
  filter: (name) => !/\.(ts|yaml)$/.test(name),
});

mkdirSync(release, { recursive: true });
const archive = path.join(release, `kubectl-throughline-${version}.tar.gz`);
// Owner and times are the same whoever packs it.
const { status } = spawnSync(
  "tar",
  ["--owner=0", "--group=0", "--sort=name", "--mtime=@0", "-czf", archive, "-C", folder, "."],
  { stdio: "inherit" },
);
rmSync(folder, { recursive: true });
if (status !== 0) process.exit(status ?? 1);
const sum = createHash("sha256").update(readFileSync(archive)).digest("hex");
const manifest = readFileSync(path.join(root, "deploy/krew/throughline.yaml"), "utf8");
process.stdout.write(manifest.replaceAll("0.1.0", version).replace(/"0{64}"/, `"${sum}"`));
