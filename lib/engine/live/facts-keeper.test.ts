import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryHistory, through } from "#lib/testing/arbitrary-history.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { compileFacts } from "../compile-facts.ts";
import type { Facts } from "../facts.ts";
import { FactsKeeper } from "./facts-keeper.ts";

function ended<T>(steps: Generator<undefined, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** All but what is asked of them by functions, and what the index's own law is about. */
function contentOf({ services, workloads, ingresses, gateways, routes, policies, tls, now }: Facts) {
  return {
    services: new Map(services),
    workloads: new Map(workloads),
    ingresses: new Map(ingresses),
    gateways: new Map(gateways),
    routes: new Map(routes),
    policies: new Map(policies),
    tls,
    now,
  };
}

const times = [
  "2026-01-01T00:05:00Z",
  "2026-01-01T00:05:00Z",
  "2026-01-01T00:06:00Z",
  "2026-01-01T01:00:00Z",
];

describe("facts that are carried along", () => {
  it("are after any history the ones that are compiled from its end", () => {
    fc.assert(
      fc.property(arbitraryHistory(12), fc.array(fc.nat({ max: 3 })), (history, clock) => {
        const keeper = new FactsKeeper();
        let at = 0;
        for (const { snapshot, changes, wide } of through(history)) {
          const now = times[clock[at++] ?? 0] ?? "";
          const facts = ended(keeper.next(snapshot, wide ? undefined : changes, now));
          expect(contentOf(facts)).toEqual(contentOf(compileFacts(snapshot, now)));
          expect(facts.snapshot).toBe(snapshot);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("leave those of before as they were", () => {
    fc.assert(
      fc.property(arbitraryHistory(6), (history) => {
        const keeper = new FactsKeeper();
        const kept: [Facts, ReturnType<typeof contentOf>][] = [];
        for (const { snapshot, changes, wide } of through(history)) {
          const facts = ended(keeper.next(snapshot, wide ? undefined : changes, times[0] ?? ""));
          kept.push([facts, structuredClone(contentOf(facts))]);
        }
        for (const [facts, then] of kept) expect(contentOf(facts)).toEqual(then);
      }),
      { numRuns: 30 },
    );
  });

  it("are worked out anew after they were left half way", () => {
    const keeper = new FactsKeeper();
    const first = factsFromYaml(
      "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {containers: []}}",
    );
    const steps = keeper.next(first.snapshot, undefined, times[0] ?? "");
    steps.next();
    steps.return(first);
    const facts = ended(keeper.next(first.snapshot, [], times[0] ?? ""));
    expect(contentOf(facts)).toEqual(contentOf(compileFacts(first.snapshot, times[0] ?? "")));
  });

  it("share what nothing happened to", () => {
    const keeper = new FactsKeeper();
    const [first, second] = [...through(twoServices)];
    if (first === undefined || second === undefined) throw new Error("there are two bursts");
    const before = ended(keeper.next(first.snapshot, undefined, times[0] ?? ""));
    const after = ended(keeper.next(second.snapshot, second.changes, times[0] ?? ""));
    const same = [...after.services].filter(([id, facts]) => before.services.get(id) === facts);
    expect(same.map(([id]) => id)).toEqual(["service/shop/api"]);
  });
});

const service = (name: string) => ({
  gone: false,
  object: {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop" },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  },
});
const pod = (name: string, ready: string) => ({
  gone: false,
  object: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", labels: { app: name } },
    spec: { containers: [{ name: "main" }] },
    status: { phase: "Running", podIP: "10.0.0.1", conditions: [{ type: "Ready", status: ready }] },
  },
});
const twoServices = [
  [service("web"), service("api"), pod("web", "True"), pod("api", "False")],
  [pod("web", "False")],
];
