/**
 * Checks: `node bench/measure-checks.ts PODS SERVICES POLICIES`, in a process of its own. All of them over one cluster,
 * and which cost most. Prints figures as JSON.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { checks } from "#lib/diagnosis/registry.ts";
import { runCheck, runChecks } from "#lib/diagnosis/run-checks.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { Figure } from "./figure.ts";
import { generatedSnapshot } from "./generated-snapshot.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");

/** The others are told together. */
const costliest = 8;

export function measureChecks(pods: number, services: number, policies: number): readonly Figure[] {
  const snapshot = generatedSnapshot({
    pods,
    services,
    policies,
    nodes: Math.ceil(pods / 30),
    namespaces: 2_000,
  });
  const factsFrom = () => compileFacts(snapshot, snapshot.takenAt ?? "");
  const size = `${pods.toLocaleString("en")} pods`;
  const facts = factsFrom();
  const startMb = heapMb();
  // Each by itself, the first ones pay for what later ones find ready.
  const each = checks.map((check) => {
    const startMs = performance.now();
    const { findings } = runCheck(check, facts);
    return { check, ms: performance.now() - startMs, findings: findings.length };
  });
  const grown = heapMb() - startMb;
  const fresh = factsFrom();
  const startMs = performance.now();
  const { findings, problems } = runChecks(fresh);
  const allMs = performance.now() - startMs;
  const sorted = each.toSorted((a, b) => b.ms - a.ms);
  const rest = sorted.slice(costliest).reduce((sum, { ms }) => sum + ms, 0);
  const name = (what: string) => `${size}: ${what}`;
  return [
    { name: name(`all ${checks.length} checks, with causes`), unit: "ms", values: [allMs] },
    { name: name("findings"), unit: "", values: [findings.length] },
    { name: name("problems"), unit: "", values: [problems.length] },
    { name: name("memory that the checks' facts take"), unit: "MB", values: [grown] },
    ...sorted
      .slice(0, costliest)
      .map(
        ({ check, ms }): Figure => ({ name: name(`${check.code} ${check.id}`), unit: "ms", values: [ms] }),
      ),
    { name: name("all others"), unit: "ms", values: [rest] },
  ];
}

function heapMb(): number {
  if (typeof collectGarbage === "function") collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1_000_000;
}

if (import.meta.main) {
  const [pods = "2000", services = "300", policies = "100"] = process.argv.slice(2);
  console.log(JSON.stringify(measureChecks(Number(pods), Number(services), Number(policies))));
}
