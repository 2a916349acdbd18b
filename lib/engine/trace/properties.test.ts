import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endText } from "#lib/model/end-text.ts";
import { refOf } from "#lib/model/ids.ts";
import type { Labels, Pod } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import type { Trace } from "#lib/model/trace.ts";
import {
  arbitraryDialect,
  arbitraryManifests,
  factsFromManifests,
  type Manifest,
} from "#lib/testing/arbitrary-cluster.ts";
import { ask, told, traceOf, worldOf } from "#lib/testing/ask.ts";
import { lawlessFixes } from "#lib/testing/fix-law.ts";
import { unsound } from "#lib/testing/trace-case.ts";
import type { Dialect } from "../policy/dialect.ts";
import { targetPortOn } from "../target-port.ts";
import { commonFamilies, packetEnd } from "./party.ts";
import type { World } from "./world.ts";

const service = fc.record({
  namespace: fc.nat({ max: 3 }),
  selector: fc.constantFrom({ app: "web" }, { app: "db" }, { app: "wep" }, undefined),
  type: fc.constantFrom("ClusterIP", "ClusterIP", "NodePort", "LoadBalancer"),
  headless: fc.constantFrom(false, false, false, true),
  local: fc.constantFrom("Cluster", "Local"),
  port: fc.constantFrom(80, 8080),
  targetPort: fc.constantFrom(8080, "http", "admin"),
});

/** Clusters with Services over their pods, every pod ready. */
const clusters = fc
  .tuple(arbitraryManifests, fc.array(service, { maxLength: 3 }))
  .map(([manifests, services]) => {
    const namespaces = manifests.filter(({ kind }) => kind === "Namespace").length;
    return [
      ...manifests.map(ready),
      ...services.map(({ namespace, selector, type, headless, local, port, targetPort }, n) => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: `svc-${n}`, namespace: `ns-${namespace % namespaces}` },
        spec: {
          selector,
          ports: [{ port, targetPort, ...(type === "ClusterIP" ? {} : { nodePort: 30_000 + n }) }],
          internalTrafficPolicy: local,
          ...(headless ? { clusterIP: "None" } : { type, clusterIP: `10.96.0.${n + 1}` }),
          ...(type === "ClusterIP" || headless ? {} : { externalTrafficPolicy: local }),
        },
        status: { loadBalancer: type === "LoadBalancer" ? { ingress: [{ ip: `198.51.100.${n + 1}` }] } : {} },
      })),
    ];
  });

function ready(manifest: Manifest): Manifest {
  if (manifest.kind !== "Pod") return manifest;
  const status = { ...(manifest.status as object), conditions: [{ type: "Ready", status: "True" }] };
  return { ...manifest, status };
}

function worldFrom(manifests: readonly Manifest[], dialect: Dialect): World {
  return worldOf(factsFromManifests(manifests), dialect);
}

/** Ends of each kind, by text. */
function endsOf({ facts }: World): { readonly from: readonly string[]; readonly to: readonly string[] } {
  const pods = seen(facts.snapshot, "pods").map(({ namespace, name }) => `${namespace}/${name}`);
  const nodes = seen(facts.snapshot, "nodes").map(({ name }) => `node/${name}`);
  const services = [...facts.services.values()].map(
    ({ service: { namespace, name } }) => `${namespace}/service/${name}`,
  );
  return {
    from: [...pods, ...nodes, "internet", "198.51.100.7", "10.0.0.0/24"],
    to: [...pods, ...services, ...nodes, "203.0.113.7", "10.0.0.0/24"],
  };
}

const question = fc.record({
  from: fc.nat({ max: 20 }),
  to: fc.nat({ max: 20 }),
  port: fc.constantFrom(80, 80, 8080, 53, "http", undefined),
  protocol: fc.constantFrom("TCP", "TCP", "UDP"),
});

type Asked = typeof question extends fc.Arbitrary<infer T> ? T : never;

function textOf(world: World, { from, to, port, protocol }: Asked): string | undefined {
  const ends = endsOf(world);
  const source = ends.from[from % ends.from.length];
  const target = ends.to[to % ends.to.length] ?? "";
  const isOutside = source === "internet" || source === "198.51.100.7";
  if (target === "203.0.113.7" && isOutside) return undefined;
  const hasNames = !/^(node\/|203\.|10\.)/.test(target);
  const asked = port === "http" && !hasNames ? 80 : port;
  return `${source} ${target} ${asked ?? "-"} ${protocol}`;
}

const questions = fc.array(question, { minLength: 4, maxLength: 12 });

function tracesOf(world: World, asked: readonly Asked[]): readonly Trace[] {
  return asked.flatMap((each) => {
    const text = textOf(world, each);
    const trace = text === undefined ? undefined : traced(world, text);
    return trace === undefined ? [] : [trace];
  });
}

/** Undefined where no packet comes of the question. */
function traced(world: World, text: string): Trace | undefined {
  const result = ask(world, text);
  return result.kind === "trace" ? result.trace : undefined;
}

describe("a trace", () => {
  it("does not depend on the order of the objects", () => {
    fc.assert(
      fc.property(
        clusters.chain((manifests) =>
          fc.tuple(fc.constant(manifests), fc.shuffledSubarray(manifests, { minLength: manifests.length })),
        ),
        arbitraryDialect,
        questions,
        ([manifests, shuffled], dialect, asked) => {
          expect(tracesOf(worldFrom(shuffled, dialect), asked)).toEqual(
            tracesOf(worldFrom(manifests, dialect), asked),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("is sound, whatever is asked: what blocks is named, and so is what is not known", () => {
    fc.assert(
      fc.property(clusters, arbitraryDialect, questions, (manifests, dialect, asked) => {
        for (const trace of tracesOf(worldFrom(manifests, dialect), asked))
          expect(unsound(trace), told(trace).join("\n")).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("from pod to pod says what policies say", () => {
    fc.assert(
      fc.property(clusters, arbitraryDialect, questions, (manifests, dialect, asked) => {
        const world = worldFrom(manifests, dialect);
        const pods = seen(world.facts.snapshot, "pods").filter(({ phase }) => phase === "Running");
        for (const { from, to, port, protocol } of asked) {
          const [source, destination] = [pods[from % pods.length], pods[to % pods.length]];
          if (source === undefined || destination === undefined || typeof port !== "number") continue;
          const ends = [source, destination].map((pod) => ({ kind: "pods", pods: [pod] }) as const);
          const [sender, receiver] = ends;
          if (sender === undefined || receiver === undefined) continue;
          const decisions = commonFamilies(sender, receiver).map(
            (family) =>
              world.policies.verdict({
                source: packetEnd(sender, family),
                destination: packetEnd(receiver, family),
                port,
                protocol: protocol === "UDP" ? "UDP" : "TCP",
              }).decision,
          );
          const text = `${source.namespace}/${source.name} ${destination.namespace}/${destination.name} ${port} ${protocol}`;
          expect(traceOf(world, text).verdict, text).toBe(together(decisions));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("from workload to workload says what policies say of each pair of their pods", () => {
    fc.assert(
      fc.property(clusters, arbitraryDialect, questions, (manifests, dialect, asked) => {
        const world = worldFrom(owned(manifests), dialect);
        const workloads = [...world.facts.workloads.values()].filter(({ pods }) => pods.length > 0);
        for (const { from, to, port } of asked) {
          const [source, destination] = [
            workloads[from % workloads.length],
            workloads[to % workloads.length],
          ];
          if (source === undefined || destination === undefined || source === destination) continue;
          if (typeof port !== "number") continue;
          const decisions = source.pods.flatMap((sender) =>
            destination.pods.flatMap((receiver) => {
              const ends = [sender, receiver].map((pod) => ({ kind: "pods", pods: [pod] }) as const);
              const [one, other] = ends;
              if (one === undefined || other === undefined) return [];
              return commonFamilies(one, other).map(
                (family) =>
                  world.policies.verdict({
                    source: packetEnd(one, family),
                    destination: packetEnd(other, family),
                    port,
                    protocol: "TCP",
                  }).decision,
              );
            }),
          );
          const text = `${endText(refOf(source.id))} ${endText(refOf(destination.id))} ${port}`;
          const trace = traceOf(world, text);
          expect(trace.verdict, told(trace).join("\n")).toBe(together(decisions));
        }
      }),
      { numRuns: 400 },
    );
  });

  it("to a cluster IP says what policies say of each endpoint that is chosen", () => {
    fc.assert(
      fc.property(clusters, arbitraryDialect, questions, (manifests, dialect, asked) => {
        const world = worldFrom(manifests, dialect);
        const pods = seen(world.facts.snapshot, "pods").filter(({ phase }) => phase === "Running");
        const services = [...world.facts.services.values()].filter(
          ({ service: { clusterIPs } }) => !clusterIPs.includes("None"),
        );
        for (const { from, to } of asked) {
          const sender = pods[from % pods.length];
          const chosen = services[to % services.length]?.service;
          const [port] = chosen?.ports ?? [];
          if (sender === undefined || chosen === undefined || port === undefined) continue;
          const decisions = pods
            .filter(
              ({ namespace, labels }) => namespace === chosen.namespace && selects(chosen.selector, labels),
            )
            .filter(
              ({ nodeName }) => chosen.internalTrafficPolicy === "Cluster" || nodeName === sender.nodeName,
            )
            .flatMap((pod) => {
              const number = targetPortOn(pod, port).number;
              const end = (of: Pod) => packetEnd({ kind: "pods", pods: [of] }, 4);
              const packet = { source: end(sender), destination: end(pod), protocol: "TCP" } as const;
              return number === undefined
                ? []
                : [world.policies.verdict({ ...packet, port: number }).decision];
            });
          const text = `${sender.namespace}/${sender.name} ${chosen.clusterIPs[0]} ${port.port}`;
          const trace = traceOf(world, text);
          expect(trace.verdict, told(trace).join("\n")).toBe(together(decisions));
        }
      }),
      { numRuns: 600 },
    );
  });

  it("that is reachable stays so where a policy that allows everything is added", () => {
    fc.assert(
      fc.property(
        clusters,
        arbitraryDialect,
        questions,
        fc.nat({ max: 3 }),
        (manifests, dialect, asked, n) => {
          const before = worldFrom(manifests, dialect);
          const namespaces = before.facts.index.namespaceNames;
          const open = {
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicy",
            metadata: { name: "open", namespace: namespaces[n % namespaces.length] },
            spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [{}] },
          };
          const after = worldFrom([...manifests, open], dialect);
          for (const each of asked) {
            const text = textOf(before, each);
            if (text === undefined || traced(before, text)?.verdict !== "reachable") continue;
            const trace = traceOf(after, text);
            expect(trace.verdict, told(trace).join("\n")).toBe("reachable");
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is mended by its fixes", () => {
    let mends = 0;
    fc.assert(
      fc.property(clusters, arbitraryDialect, questions, (manifests, dialect, asked) => {
        const world = worldFrom(manifests, dialect);
        for (const each of asked) {
          const text = textOf(world, each);
          // Without a port the best one counts, and which one that is changes with every fix.
          if (each.port === undefined || text === undefined || traced(world, text) === undefined) continue;
          const law = lawlessFixes(manifests, (changed) => traceOf(worldFrom(changed, dialect), text));
          mends += law.mends;
          expect(law.faults, text).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
    expect(mends).toBeGreaterThan(50);
  });
});

function together(decisions: readonly ("allowed" | "denied" | "unknown")[]): string {
  const found = new Set(decisions);
  if (found.has("allowed"))
    return found.has("denied") ? "depends" : found.has("unknown") ? "unknown" : "reachable";
  return found.has("unknown") ? "unknown" : "blocked";
}

/** A Service without a selector selects nothing. */
function selects(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** Pods in pairs and triples, as those of one StatefulSet, wherever they run. */
function owned(manifests: readonly Manifest[]): readonly Manifest[] {
  let pods = 0;
  return manifests.map((manifest) => {
    if (manifest.kind !== "Pod") return manifest;
    const owner = ["a", "b", "a", undefined][pods++ % 4];
    if (owner === undefined) return manifest;
    const ownerReferences = [{ apiVersion: "apps/v1", kind: "StatefulSet", name: owner, controller: true }];
    return { ...manifest, metadata: { ...(manifest.metadata as object), ownerReferences } };
  });
}
