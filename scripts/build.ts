/** Builds the standalone server and the command. Next leaves static files out of its standalone folder; they go in here. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { threadFile } from "../lib/server/thread/start-thread.ts";

const root = path.resolve(import.meta.dirname, "..");
const standalone = path.join(root, ".next/standalone");

rmSync(standalone, { recursive: true, force: true });
const next = spawnSync(process.execPath, [path.join(root, "node_modules/next/dist/bin/next"), "build"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
});
if (next.status !== 0) process.exit(next.status ?? 1);

cpSync(path.join(root, ".next/static"), path.join(standalone, ".next/static"), { recursive: true });
if (existsSync(path.join(root, "public")))
  cpSync(path.join(root, "public"), path.join(standalone, "public"), { recursive: true });

await build({
  entryPoints: [path.join(root, "cli/main.ts")],
  outfile: path.join(root, "dist/throughline.mjs"),
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  packages: "external",
  logLevel: "warning",
});
/** In one file, for where no node_modules are. */
const alone = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  minify: true,
  keepNames: true,
  legalComments: "none",
  // Some packages are CommonJS, and ask for Node's modules in its way.
  banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
  logLevel: "warning",
} as const;
// The command for the image, and kubectl's plugin.
await build({
  ...alone,
  entryPoints: [path.join(root, "cli/main.ts")],
  outfile: path.join(root, "dist/alone/throughline.mjs"),
});
// What runs beside the web server; Next follows no module that only a thread imports. As it is written, so that a fault
// in the log names the function.
await build({
  ...alone,
  minify: false,
  entryPoints: [path.join(root, "lib/server/thread/main.ts")],
  outfile: path.join(standalone, threadFile),
});
// So that `npx throughline` works here as it will for whoever installs the package.
const link = path.join(root, "node_modules/.bin/throughline");
rmSync(link, { force: true });
symlinkSync("../../dist/throughline.mjs", link);
for (const file of ["dist/throughline.mjs", "dist/alone/throughline.mjs"])
  chmodSync(path.join(root, file), 0o755);
writeFileSync(path.join(standalone, "built"), "");
