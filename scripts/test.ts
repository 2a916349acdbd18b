/**
 * Every check, in the order in which they fail fastest: types, lint, boundaries, dead code, units, then the journeys
 * in a real browser over the built server. Ends with one line, `N passed, N failed`: each check and each test counts.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { ensureBuilt } from "../cli/ensure-built.ts";

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const root = path.resolve(import.meta.dirname, "..");
const bin = (name: string) => path.join(root, "node_modules/.bin", name);
const results = path.join(root, "test-results");
const outcomes: Outcome[] = [];

rmSync(results, { recursive: true, force: true });
check("types of routes", bin("next"), ["typegen"]);
check("types", bin("tsc"), ["--noEmit"]);
check("lint", bin("biome"), ["check", "."]);
check("boundaries", bin("depcruise"), [
  "--config",
  ".dependency-cruiser.cjs",
  "lib",
  "components",
  "app",
  "cli",
]);
check("dead code", bin("knip"), []);
tests(
  "units",
  bin("vitest"),
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${path.join(results, "units.json")}`],
  () => readUnits(path.join(results, "units.json")),
);
const built = await timed("build", () => ensureBuilt(root));
if (built === undefined) outcomes.push({ passed: 0, failed: 1, skipped: 0 });
else tests("journeys", bin("playwright"), ["test"], () => readJourneys(path.join(results, "e2e.json")));

const sum = (key: keyof Outcome) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
process.exit(sum("failed") === 0 ? 0 : 1);

function check(name: string, command: string, args: readonly string[]): void {
  const status = run(name, command, args);
  outcomes.push({ passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 });
}

/** A runner that counts its own tests; one that dies without a count is one failure. */
function tests(
  name: string,
  command: string,
  args: readonly string[],
  read: () => Outcome | undefined,
): void {
  const status = run(name, command, args);
  const outcome = read();
  if (outcome === undefined || (status !== 0 && outcome.failed === 0))
    outcomes.push({ passed: 0, failed: 1, skipped: 0 });
  if (outcome !== undefined) outcomes.push(outcome);
}

function run(name: string, command: string, args: readonly string[]): number {
  console.log(`\n— ${name}`);
  const startedMs = Date.now();
  const { status, error } = spawnSync(command, [...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  if (error !== undefined) console.error(error.message);
  console.log(
    `— ${name}: ${status === 0 ? "ok" : "failed"}, ${((Date.now() - startedMs) / 1000).toFixed(1)} s`,
  );
  return status ?? 1;
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const startedMs = Date.now();
  const result = await work();
  console.log(`— ${name}: ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  return result;
}

function readUnits(file: string): Outcome | undefined {
  const shape = z.object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number(),
  });
  const data = readJson(file, shape);
  return data === undefined
    ? undefined
    : { passed: data.numPassedTests, failed: data.numFailedTests, skipped: data.numPendingTests };
}

function readJourneys(file: string): Outcome | undefined {
  const shape = z.object({
    stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  });
  const data = readJson(file, shape);
  return data === undefined
    ? undefined
    : {
        passed: data.stats.expected,
        failed: data.stats.unexpected + data.stats.flaky,
        skipped: data.stats.skipped,
      };
}

function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> | undefined {
  if (!existsSync(file)) return undefined;
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  return parsed.success ? parsed.data : undefined;
}
