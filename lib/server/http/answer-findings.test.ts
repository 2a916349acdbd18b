import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findingsAnswerSchema } from "#lib/protocol/answers.ts";
import { readDemo } from "#lib/testing/demo-answers.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { answerFindings } from "./answer-findings.ts";

beforeAll(async () => {
  const yaml =
    "{kind: Service, apiVersion: v1, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}}}";
  serveSources(
    sourceOf("demo", await readDemo(), "demo"),
    sourceOf("little", { kind: "snapshot", snapshot: snapshotFromYaml(yaml, "dump") }, "files"),
  );
});
afterAll(() => serveRegistry(undefined));

const ask = (id: string) => answerFindings(get(`/api/v1/clusters/${id}/findings`), id);

describe("the findings", () => {
  it("come by cause, each in one problem, with the counts of those", async () => {
    const { findings, problems, counts } = await jsonOf(await ask("demo"), findingsAnswerSchema);
    const grouped = problems.flatMap(({ root, consequences }) => [
      root,
      ...consequences.map((c) => c.finding),
    ]);
    expect(grouped.sort((a, b) => a - b)).toEqual([...findings.keys()]);
    expect(counts.error).toBeGreaterThan(0);
    for (const severity of ["error", "warning", "info"] as const)
      expect(problems.filter((problem) => problem.severity === severity)).toHaveLength(counts[severity]);
  });

  it("count what hangs on a problem", async () => {
    const { findings, problems } = await jsonOf(await ask("demo"), findingsAnswerSchema);
    const at = findings.findIndex(({ subject }) => subject === "service/shop/recommendations");
    const problem = problems.find(({ root }) => root === at);
    expect(problem?.affects.services).toContain("service/shop/recommendations");
  });

  it("carry patches as commands", async () => {
    const { findings } = await jsonOf(await ask("demo"), findingsAnswerSchema);
    const wrongLabel = findings.find((finding) => finding.subject === "service/shop/recommendations");
    expect(wrongLabel?.fix.command).toMatch(/^kubectl -n shop patch service recommendations /);
  });

  it("say what could not be told, and of what was missing", async () => {
    const { cannotTell } = await jsonOf(await ask("little"), findingsAnswerSchema);
    expect(cannotTell.length).toBeGreaterThan(0);
    expect(cannotTell.flatMap(({ missing }) => missing.map(({ kind }) => kind))).toContain("pods");
    expect(cannotTell.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it("are 404 for a cluster that is not there", async () => {
    expect((await problemOf(await ask("nope"))).status).toBe(404);
  });
});
