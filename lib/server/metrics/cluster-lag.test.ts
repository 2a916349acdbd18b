import { setImmediate as turn } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { clusterMetrics } from "./metrics.ts";

const lag = async () => {
  const told = await clusterMetrics().registry.getMetricsAsJSON();
  const own = told.find(({ name }) => name === "throughline_clusters_event_loop_lag_p99_seconds");
  return own?.values[0]?.value ?? Number.NaN;
};

it("tells how late its thread was since the last scrape, and nothing of before", async () => {
  // Anew each time: what comes right after a scrape, before it has looked again, is not measured.
  await vi.waitFor(async () => {
    const blockedUntil = performance.now() + 200;
    while (performance.now() < blockedUntil);
    await turn();
    await turn();
    expect(await lag()).toBeGreaterThan(0.15);
  });
  await vi.waitFor(async () => expect(await lag()).toBeLessThan(0.15));
});
