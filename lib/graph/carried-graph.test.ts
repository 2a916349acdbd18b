import { describe, expect, it } from "vitest";
import { runChecks } from "#lib/diagnosis/run-checks.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { inOneGo } from "#lib/engine/in-one-go.ts";
import { FactsKeeper } from "#lib/engine/live/facts-keeper.ts";
import type { Graph } from "#lib/model/graph.ts";
import { type Step, through } from "#lib/testing/arbitrary-history.ts";
import { buildGraph, buildGraphInSteps } from "./build-graph.ts";
import { nodesByNamespace } from "./namespace-nodes.ts";
import { withPods } from "./workload-pods.ts";

const now = "2026-01-01T00:05:00Z";

/** The graph after each burst, carried along, and what it would be if it were made anew. */
function* carried(history: readonly (readonly Step[])[]): Generator<{ graph: Graph; anew: Graph }> {
  const keeper = new FactsKeeper();
  let graph: Graph | undefined;
  for (const { snapshot, changes } of through(history)) {
    const facts = inOneGo(keeper.next(snapshot, graph === undefined ? undefined : changes, now));
    // Findings come and go with what they are about.
    const { findings } = runChecks(facts);
    graph = inOneGo(buildGraphInSteps(facts, findings, graph));
    yield { graph, anew: buildGraph(compileFacts(snapshot, now), [...findings]) };
  }
}

const pod = (namespace: string, name: string, ready = true): Step["object"] => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, labels: { app: "web" } },
  spec: { containers: [{ name: "main", ports: [{ name: "http", containerPort: 8080 }] }] },
  status: {
    phase: "Running",
    podIP: "10.0.0.1",
    conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
  },
});

const service = (namespace: string, name: string): Step["object"] => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace },
  spec: {
    type: "NodePort",
    selector: { app: "web" },
    ports: [{ port: 80, targetPort: "http", nodePort: 30080 }],
  },
});

/** Leads to a Service of another namespace. */
const route = (namespace: string, to: string): Step["object"] => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: "www", namespace },
  spec: { rules: [{ backendRefs: [{ name: "web", port: 80, namespace: to }] }] },
});

const put = (object: Step["object"]): Step => ({ object, gone: false });
const take = (object: Step["object"]): Step => ({ object, gone: true });

const start = [
  put(service("shop", "web")),
  put(pod("shop", "b")),
  put(pod("shop", "d")),
  put(service("other", "web")),
  put(pod("other", "b")),
  put(pod("lonely", "b")),
];

describe("a graph that is carried along", () => {
  it.each<readonly [string, readonly (readonly Step[])[]]>([
    [
      "something comes, goes and changes at once",
      [[put(pod("shop", "a")), put(pod("shop", "c")), take(pod("shop", "b")), put(pod("shop", "d", false))]],
    ],
    ["the same thing goes and comes again", [[take(pod("shop", "b"))], [put(pod("shop", "b"))]]],
    ["things come and go in two namespaces", [[put(pod("other", "a")), take(service("shop", "web"))]]],
    [
      "a namespace becomes empty, and is filled again",
      [[take(pod("lonely", "b"))], [put(service("lonely", "web"))]],
    ],
    ["one namespace comes as another goes", [[put(pod("new", "b")), take(pod("lonely", "b"))]]],
    ["all of one kind is replaced by another", [[put(service("lonely", "web")), take(pod("lonely", "b"))]]],
    [
      "what is pointed at from another namespace goes and comes",
      [[put(route("other", "shop"))], [take(service("shop", "web"))], [put(service("shop", "web"))]],
    ],
    [
      "a namespace has nothing but what is missing",
      [[put(route("other", "nowhere"))], [put(pod("nowhere", "a"))], [take(pod("nowhere", "a"))]],
    ],
  ])("is the one that would be made anew: %s", (_, bursts) => {
    for (const { graph, anew } of carried([start, ...bursts])) {
      expect(withPods(graph)).toEqual(withPods(anew));
      // Of a copy nothing is known but its nodes.
      const copied = nodesByNamespace({ ...anew });
      const { byNamespace, outside } = nodesByNamespace(graph);
      expect(outside).toEqual(copied.outside);
      expect(sorted(byNamespace)).toEqual(sorted(copied.byNamespace));
    }
  });

  it("takes over the nodes of namespaces in which nothing changed", () => {
    const burst = [put(pod("shop", "a")), take(pod("shop", "b")), put(pod("shop", "d", false))];
    const [before, after] = [...carried([start, burst])].map(
      ({ graph }) => nodesByNamespace(graph).byNamespace,
    );
    expect(after?.get("shop")).not.toBe(before?.get("shop"));
    for (const namespace of ["other", "lonely"]) expect(after?.get(namespace)).toBe(before?.get(namespace));
  });
});

function sorted(byNamespace: ReturnType<typeof nodesByNamespace>["byNamespace"]) {
  return new Map(
    [...byNamespace].map(([namespace, nodes]) => [
      namespace,
      nodes.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    ]),
  );
}
