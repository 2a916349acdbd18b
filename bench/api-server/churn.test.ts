import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Churn } from "./churn.ts";
import type { PutObject } from "./commands.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("keeps a cluster as it is, however long it lasts", () => {
  const pods = new Map<string, PutObject>();
  for (let at = 0; at < 300; at++)
    pods.set(`shop/web-${at}`, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `web-${at}`, namespace: "shop" },
      status: { conditions: [{ type: "Ready", status: "True", lastTransitionTime: "" }] },
    });
  let changes = 0;
  const churn = new Churn({
    keys: (resource) => (resource === "pods" ? [...pods.keys()] : []),
    read: (_, key) => Buffer.from(JSON.stringify(pods.get(key))),
    put(_, key, pod) {
      changes += 1;
      pods.set(key, pod);
    },
  });
  churn.start(200, 1);
  const down = () => [...pods.values()].filter((pod) => JSON.stringify(pod).includes('"False"')).length;
  for (let second = 0; second < 20; second++) {
    vi.advanceTimersByTime(1_000);
    expect(down()).toBeGreaterThan(0);
    expect(down()).toBeLessThanOrEqual(2);
  }
  churn.stop();
  expect(changes).toBe(4_000);
});
