/** For tests only: random graphs of the shape that clusters have. */
import fc from "fast-check";
import type { EdgeKind, Graph, GraphEdge, GraphNode, Health, Lane, NodeKind } from "#lib/model/graph.ts";
import { objectId } from "#lib/model/ids.ts";

const healths = [
  "ok",
  "ok",
  "ok",
  "ok",
  "partial",
  "broken",
  "unknown",
  "idle",
] as const satisfies readonly Health[];

export interface GraphSize {
  readonly namespaces: number;
  /** Of each lane, in each namespace. */
  readonly each: number;
}

/** Graphs with the internet, outside addresses, pods behind workloads, and edges that run to the right, also across namespaces. */
export function arbitraryGraph({ namespaces, each }: GraphSize): fc.Arbitrary<Graph> {
  return fc
    .record({
      sizes: fc.array(
        fc.record({
          entry: fc.nat({ max: Math.ceil(each / 3) }),
          route: fc.nat({ max: Math.ceil(each / 3) }),
          service: fc.nat({ max: each }),
          workload: fc.nat({ max: each }),
        }),
        { minLength: 1, maxLength: namespaces },
      ),
      seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
      trouble: fc.constantFrom(0, 0.05, 0.4, 1),
    })
    .map(({ sizes, seed, trouble }) => growGraph(sizes, generator(seed), trouble));
}

type Sizes = Readonly<Record<"entry" | "route" | "service" | "workload", number>>;

function growGraph(sizes: readonly Sizes[], random: () => number, trouble: number): Graph {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const health = () => (random() < trouble ? (pick(healths) ?? "ok") : "ok");
  const connect = (kind: EdgeKind, source: GraphNode | undefined, target: GraphNode | undefined) => {
    if (source === undefined || target === undefined) return;
    const id = `${source.id}>${target.id}`;
    if (edges.some((edge) => edge.id === id)) return;
    const because = { object: objectId("service", "any", "any"), path: "spec", value: "" };
    edges.push({
      id,
      kind,
      source: source.id,
      target: target.id,
      health: health(),
      because,
      note: `about ${id}`,
      count: 1,
    });
  };
  const add = (kind: NodeKind, lane: Lane, namespace: string | undefined, name: string, id: string) => {
    const node = { ...plainNode(kind, lane, namespace, name, id), health: health() };
    nodes.push(node);
    return node;
  };

  const internet = add("internet", "internet", undefined, "Internet", "internet");
  const parts = sizes.map((size, at) => {
    const namespace = at === 0 ? "kube-system" : `team-${at}`;
    const lane = (kind: NodeKind, of: keyof Sizes) =>
      Array.from({ length: size[of] }, (_, n) =>
        add(kind, of, namespace, `${of}-${n}`, `${kind}/${namespace}/${of}-${n}`),
      );
    return {
      entries: lane("ingress", "entry"),
      routes: lane("http-route", "route"),
      services: lane("service", "service"),
      workloads: lane("deployment", "workload"),
    };
  });
  const anyService = parts.flatMap((part) => part.services);
  const anyEntry = parts.flatMap((part) => part.entries);
  for (const { entries, routes, services, workloads } of parts) {
    for (const entry of entries) {
      connect("internet-reaches-ingress", internet, entry);
      for (let n = 0; n < 3; n++) connect("ingress-routes-to-service", entry, pick(services));
    }
    for (const route of routes) {
      connect("gateway-admits-route", pick(anyEntry), route);
      connect("route-routes-to-service", route, random() < 0.8 ? pick(services) : pick(anyService));
    }
    for (const service of services) {
      if (random() < 0.8) connect("service-selects-workload", service, pick(workloads));
      if (random() < 0.05) connect("internet-reaches-service", internet, service);
      if (random() < 0.1) {
        const host = `10.0.0.${Math.floor(random() * 20)}`;
        const known = nodes.find((node) => node.id === `external/${host}`);
        connect(
          "service-points-outside",
          service,
          known ?? add("external-address", "outside", undefined, host, `external/${host}`),
        );
      }
    }
    for (const workload of workloads) {
      for (let n = Math.floor(random() * 4); n > 0; n--) {
        const name = `${workload.name}-${n}`;
        const pod = add("pod", "pod", workload.namespace, name, `pod/${workload.namespace ?? ""}/${name}`);
        connect("workload-runs-pod", workload, pod);
      }
    }
  }
  return layered(nodes, edges);
}

/** With the pods behind workloads in their layer. */
function layered(all: readonly GraphNode[], allEdges: readonly GraphEdge[]): Graph {
  const pods = new Map(all.filter(({ lane }) => lane === "pod").map((pod) => [pod.id, pod]));
  const runs = allEdges.filter(({ kind }) => kind === "workload-runs-pod");
  const workloads = new Map(runs.map(({ source, target }) => [target, source]));
  const byWorkload = new Map(
    [...Map.groupBy(runs, ({ source }) => source)].map(([workload, edges]) => {
      const nodes = edges.flatMap(({ target }) => pods.get(target) ?? []);
      return [workload, { nodes: () => nodes, edges: () => edges }];
    }),
  );
  return {
    nodes: all.filter(({ lane }) => lane !== "pod"),
    edges: allEdges.filter(({ kind }) => kind !== "workload-runs-pod"),
    pods: {
      podsOf: (workload) => byWorkload.get(workload),
      all: () => [...byWorkload].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, own]) => own),
      workloadOf: (pod) => workloads.get(pod),
    },
  };
}

function plainNode(
  kind: NodeKind,
  lane: Lane,
  namespace: string | undefined,
  name: string,
  id: string,
): GraphNode {
  return {
    id,
    kind,
    lane,
    namespace,
    name,
    line: "",
    health: "ok",
    isolated: [],
    pods: { ready: 1, total: 1 },
    findings: { error: 0, warning: 0, info: 0 },
  };
}

/** Park and Miller's generator: the same seed gives the same graph, so that a failure can be run again. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}
