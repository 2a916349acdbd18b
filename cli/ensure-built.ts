import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

/** What the built server is made of; newer than the build means build again. */
const ingredients = [
  "app",
  "cli",
  "components",
  "lib",
  "demo",
  "public",
  "next.config.js",
  "package-lock.json",
];

/**
 * The path of the built server. In a package it is there; in the repository it is built when it is missing or older
 * than its sources. Undefined when the build failed.
 */
export async function ensureBuilt(root: string): Promise<string | undefined> {
  const server = path.join(root, ".next/standalone/server.js");
  const stamp = path.join(root, ".next/standalone/built");
  const isRepository = existsSync(path.join(root, "scripts/build.ts"));
  if (!isRepository) return existsSync(server) ? server : undefined;
  if (existsSync(stamp) && existsSync(server) && newest(root) <= statSync(stamp).mtimeMs) return server;
  console.error("throughline: building the dashboard, once for these sources (about half a minute)");
  const code = await new Promise<number>((resolve) => {
    // On stderr, so that --json keeps stdout to itself.
    const build = spawn(process.execPath, [path.join(root, "scripts/build.ts")], {
      cwd: root,
      stdio: ["ignore", 2, 2],
    });
    build.once("error", () => resolve(1));
    build.once("exit", (status) => resolve(status ?? 1));
  });
  return code === 0 ? server : undefined;
}

function newest(root: string): number {
  return Math.max(...ingredients.map((name) => newestBelow(path.join(root, name))));
}

function newestBelow(place: string): number {
  if (!existsSync(place)) return 0;
  const stat = statSync(place);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(place).map((name) => newestBelow(path.join(place, name))));
}
