/** The examples in `deploy/` ask for metrics that there are, as Prometheus takes it. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { clusterMetrics, metrics } from "./metrics.ts";

const rules = "deploy/prometheus/rules.yaml";
const tests = "deploy/prometheus/rules.test.yaml";
const dashboard = "deploy/grafana/dashboard.json";
const promtool = spawnSync("promtool", ["--version"]).status === 0;
if (!promtool) console.error("part of deploy.test.ts is skipped: there is no promtool");

describe("the examples for Prometheus and Grafana", () => {
  it.each([rules, dashboard])("%s names metrics that there are", async (file) => {
    const told = [metrics(), clusterMetrics()].map(({ registry }) => registry.getMetricsAsJSON());
    const known = (await Promise.all(told)).flat().map(({ name }) => name);
    const used = new Set(readFileSync(file, "utf8").match(/\b(throughline|nodejs|process)_\w+/g) ?? []);
    expect(used.size).toBeGreaterThan(3);
    for (const name of used) expect(known).toContain(name.replace(/_(bucket|count|sum)$/, ""));
  });

  it("a dashboard that asks a data source of one's choice", () => {
    const target = z.object({
      expr: z.string().min(1),
      datasource: z.object({ uid: z.string().startsWith("$") }),
    });
    const shape = z.object({
      title: z.literal("Throughline"),
      panels: z.array(
        z.object({ id: z.number(), title: z.string().min(1), targets: z.array(target).min(1) }),
      ),
    });
    const { panels } = shape.parse(JSON.parse(readFileSync(dashboard, "utf8")));
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it.skipIf(!promtool)("rules that Prometheus takes", () => {
    const { status, stdout, stderr } = spawnSync("promtool", ["check", "rules", rules], { encoding: "utf8" });
    expect(`${stdout}${stderr}`).toContain("SUCCESS");
    expect(status).toBe(0);
  });

  it.skipIf(!promtool)("rules that fire on what is found, and end with it", () => {
    const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", tests], { encoding: "utf8" });
    expect(`${stdout}${stderr}`).toContain("SUCCESS");
    expect(status).toBe(0);
  });
});
