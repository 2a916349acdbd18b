import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryHistory, type History, through } from "#lib/testing/arbitrary-history.ts";
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

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Something in each that asks for pods; what was looked at for it is noted when a pod there changes. */
const namespaces = Array.from({ length: 20 }, (_, at) => `team-${at}`);
const services: History[number] = namespaces.flatMap((namespace) => [
  {
    gone: false,
    object: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace },
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    },
  },
  { gone: false, object: podOf(namespace, 0) },
]);

function podOf(namespace: string, round: number) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace, labels: { app: "web", round: String(round) } },
    spec: { containers: [{ name: "main" }] },
    status: { phase: "Running", podIP: "10.0.0.1" },
  };
}

describe("facts that are carried along", () => {
  it("hold nothing of the states that they came by", async () => {
    const rounds = [...namespaces, ...namespaces.slice(0, 5)].map((namespace, round) => [
      { gone: false, object: podOf(namespace, round + 1) },
    ]);
    const keeper = new FactsKeeper(0);
    const indexes: WeakRef<object>[] = [];
    for (const { snapshot, changes, wide } of through([services, ...rounds])) {
      const { index } = ended(keeper.next(snapshot, wide ? undefined : changes, times[0] ?? ""));
      indexes.push(new WeakRef(index.podsByNamespace));
      await new Promise((resolve) => setImmediate(resolve));
    }
    collectGarbage();
    expect(indexes.length).toBe(26);
    expect(indexes.slice(0, -4).filter((index) => index.deref() !== undefined)).toEqual([]);
  });

  it.each([
    ["with every Service's endpoints as one", Number.POSITIVE_INFINITY],
    ["with every endpoint by itself", 0],
    ["with those of larger Services by themselves", 3],
  ])("are after any history the ones that are compiled from its end, %s", (_, partsFrom) => {
    fc.assert(
      fc.property(arbitraryHistory(12), fc.array(fc.nat({ max: 3 })), (history, clock) => {
        const keeper = new FactsKeeper(partsFrom);
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

  it.each([Number.POSITIVE_INFINITY, 0])("leave those of before as they were (%d)", (partsFrom) => {
    fc.assert(
      fc.property(arbitraryHistory(6), (history) => {
        const keeper = new FactsKeeper(partsFrom);
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
