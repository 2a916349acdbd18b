import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runChecks } from "#lib/diagnosis/run-checks.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { buildGraph } from "#lib/graph/build-graph.ts";
import { allKinds, kinds } from "#lib/model/kinds.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import type { Access, AccessAsk } from "../sources/source.ts";
import { askRights, type Rights, seesEverything } from "./rights.ts";
import { snapshotFor } from "./view.ts";

const yaml = ["shop", "payments", "secret-project"]
  .map(
    (namespace) => `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace}, labels: { team: team-of-${namespace} } }
---
apiVersion: v1
kind: Pod
metadata: { name: web-of-${namespace}, namespace: ${namespace}, labels: { app: label-of-${namespace} } }
spec: { containers: [{ name: c, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.0.1 }
---
apiVersion: v1
kind: Service
metadata: { name: svc-of-${namespace}, namespace: ${namespace} }
spec: { selector: { app: nobody-in-${namespace} }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: entry-of-${namespace}, namespace: ${namespace} }
spec: { rules: [{ host: ${namespace}.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: gone-in-${namespace}, port: { number: 80 } } } }] } }] }
`,
  )
  .join("---");
const snapshot = snapshotFromYaml(yaml);

/** A cluster that allows exactly these: `services`, or `services in shop`. */
function cluster(...allowed: readonly string[]) {
  const asks: AccessAsk[] = [];
  const review = async (list: readonly AccessAsk[]): Promise<readonly Access[]> => {
    asks.push(...list);
    return list.map(({ resource, namespace }) =>
      allowed.includes(resource) || allowed.includes(`${resource} in ${namespace}`) || allowed.includes("*")
        ? "allowed"
        : "denied",
    );
  };
  return { review, asks };
}

const rightsWith = (...allowed: readonly string[]) =>
  askRights(cluster(...allowed).review, ["payments", "secret-project", "shop"]);

/** All that any answer is made of, as text. */
function everythingSaid(view: Snapshot): string {
  const facts = compileFacts(view, "2026-01-01T00:00:00Z");
  const results = runChecks(facts);
  const graph = buildGraph(facts, results.findings);
  return JSON.stringify([view, results, graph, [...facts.index.namespaceNames]]);
}

describe("a view", () => {
  it("is everything for who may list everything", async () => {
    expect(seesEverything(await rightsWith("*"))).toBe(true);
  });

  it("says nothing of a namespace that is hidden, by no word of anything that follows from it", async () => {
    const all = ["pods", "services", "ingresses", "endpointslices"].flatMap((resource) =>
      ["shop", "payments"].map((namespace) => `${resource} in ${namespace}`),
    );
    const said = everythingSaid(snapshotFor(snapshot, await rightsWith(...all)));
    expect(said).toContain("svc-of-shop");
    expect(said).toContain("svc-of-payments");
    expect(said).not.toContain("secret-project");
  });

  it("has what it hides as forbidden, and so as not known", async () => {
    const view = snapshotFor(snapshot, await rightsWith("services"));
    expect(view.objects.pods).toBeUndefined();
    expect(view.unread.pods).toEqual({
      reason: "forbidden",
      message: "Your rights in this cluster do not let you list pods everywhere.",
      remedy: '- apiGroups: [""]\n  resources: ["pods"]\n  verbs: ["get", "list", "watch"]',
      hidden: { seenIn: [] },
    });
    expect(view.objects.services).toHaveLength(3);
    expect(
      runChecks(compileFacts(view, "2026-01-01T00:00:00Z")).findings.map(({ code }) => code),
    ).not.toContain("NET-101");
  });

  it("has nothing at all for who may list nothing", async () => {
    const said = everythingSaid(snapshotFor(snapshot, await rightsWith()));
    for (const word of ["shop", "payments", "secret-project", "10.0.0.1"]) expect(said).not.toContain(word);
  });

  it("holds exactly what the cluster allows, whatever that is", async () => {
    const names = ["shop", "payments", "secret-project"];
    const resources = ["pods", "services", "ingresses", "namespaces"] as const;
    const possible = resources.flatMap((resource) => [
      resource,
      ...(resource === "namespaces" ? [] : names.map((namespace) => `${resource} in ${namespace}`)),
    ]);
    await fc.assert(
      fc.asyncProperty(fc.subarray(possible), async (allowed) => {
        const view = snapshotFor(snapshot, await rightsWith(...allowed));
        for (const kind of allKinds) {
          const { plural, resource } = kinds[kind];
          for (const object of snapshot.objects[plural] ?? []) {
            const namespace = "namespace" in object ? object.namespace : undefined;
            const may = allowed.includes(resource) || allowed.includes(`${resource} in ${namespace}`);
            expect([object.id, view.objects[plural]?.includes(object as never) === true]).toEqual([
              object.id,
              may,
            ]);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("asking for rights", () => {
  it("asks of each kind once where all may be seen", async () => {
    const { review, asks } = cluster("*");
    await askRights(review, ["a", "b"]);
    expect(asks).toHaveLength(allKinds.length);
  });

  it("takes what cannot be asked for denied", async () => {
    const rights = await askRights(async (asks) => asks.map(() => "unknown"), ["a"]);
    expect(rights.kinds.size).toBe(0);
  });

  it("gives those who may see the same the same key, and others another", async () => {
    const key = async (...allowed: string[]): Promise<Rights["key"]> => (await rightsWith(...allowed)).key;
    expect(await key("pods", "services in shop")).toBe(await key("services in shop", "pods"));
    expect(await key("pods")).not.toBe(await key("pods in shop"));
  });

  it("asks a cluster of thousands of namespaces for a few kinds in each, and for the rest only where those are", async () => {
    const many = Array.from({ length: 2_000 }, (_, i) => `ns-${i}`);
    const { review, asks } = cluster("pods in ns-7", "deployments in ns-7");
    const rights = await askRights(review, many);
    expect(asks.length).toBeLessThan(9_000);
    expect([...rights.kinds]).toEqual([
      ["pods", new Set(["ns-7"])],
      ["deployments", new Set(["ns-7"])],
    ]);
  });
});
