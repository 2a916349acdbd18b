import { describe, expect, it } from "vitest";
import type { GraphView, NodeId } from "#lib/model/graph.ts";
import type { PathSegment } from "#lib/model/path-overlay.ts";
import type { Hop, Trace } from "#lib/model/trace.ts";
import { traceOf, worldFromYaml } from "#lib/testing/ask.ts";
import { base, pod, policy, service } from "#lib/testing/cluster-yaml.ts";
import { buildGraph } from "./build-graph.ts";
import { curveOf, edgePath, roundPath } from "./edge-path.ts";
import { everything } from "./everything.ts";
import { measures } from "./map-measures.ts";
import { nodeLabels } from "./node-labels.ts";
import { pathOverlay } from "./path-overlay.ts";
import { viewGraph } from "./view-graph.ts";

const web = pod("shop/web-0", { ips: ["10.244.1.10"], node: "node-1", ports: "http:8080" });
const ledger = pod("payments/ledger-0", { ips: ["10.244.2.10"], node: "node-2", ports: "5432" });
const app = base + web + ledger + service("payments/ledger", { ip: "10.96.0.50", ports: "5432" });
const front = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: front, namespace: shop }
spec: { ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
status: { loadBalancer: { ingress: [{ ip: 203.0.113.7 }] } }
---${service("shop/web", { ip: "10.96.0.51", ports: "80:http" })}`;
const deny = policy("payments/deny", "podSelector: {}");
const out = (rules: string) =>
  policy("shop/out", `podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]\negress: [${rules}]`);
const anywhere = "{ to: [{ namespaceSelector: {} }] }";

function drawn(yaml: string, question: string) {
  const world = worldFromYaml(yaml);
  const trace = traceOf(world, question);
  const query = { ...everything, pinned: trace.path };
  const view = viewGraph(buildGraph(world.facts, []), query, { labelsOf: nodeLabels(world.facts) });
  return { view, trace, overlay: pathOverlay(view, trace) };
}

/** "web-0 → ledger: pass", with what stands on it and the hop that this is: "block, barred-shield of ingress-policy". */
function told({ hops }: Trace, segments: readonly PathSegment[]): readonly string[] {
  const name = (id: NodeId) => id.split("/").at(-1);
  return segments.map(({ from, to, outcome, mark, hop }) => {
    const stands =
      mark === undefined ? "" : `, ${mark} of ${hop === undefined ? "nothing" : hops[hop]?.kind}`;
    return `${name(from)} → ${name(to)}: ${outcome}${stands}`;
  });
}

function segmentsOf(yaml: string, question: string): readonly string[] {
  const { trace, overlay } = drawn(yaml, question);
  return told(trace, overlay.segments);
}

const toLedger = "shop/web-0 payments/service/ledger 5432";

describe("the way of a packet", () => {
  it("goes from node to node, in the packet's order", () => {
    expect(segmentsOf(app, toLedger)).toEqual(["web-0 → ledger: pass", "ledger → ledger-0: pass"]);
    expect(segmentsOf(app + front, "internet http://shop.example.com/")).toEqual([
      "internet → front: pass",
      "front → web: pass",
      "web → web-0: pass",
    ]);
  });

  it("has a shield where a policy lets it through", () => {
    expect(segmentsOf(app + out(anywhere), toLedger)).toEqual([
      "web-0 → ledger: pass, shield of egress-policy",
      "ledger → ledger-0: pass",
    ]);
  });

  it("has a barred shield where a policy stops it: what is sent, on the way out", () => {
    expect(segmentsOf(app + out(""), toLedger)[0]).toBe(
      "web-0 → ledger: block, barred-shield of egress-policy",
    );
  });

  it("has a barred shield where a policy stops it: what arrives, on the way in", () => {
    expect(segmentsOf(app + deny, toLedger)).toEqual([
      "web-0 → ledger: pass",
      "ledger → ledger-0: block, barred-shield of ingress-policy",
    ]);
  });

  it("has a break where something else stops it", () => {
    const nobody = service("payments/ledger", { selector: "app=other", ip: "10.96.0.50", ports: "5432" });
    const broken = base + web + ledger + nobody;
    expect(segmentsOf(broken, toLedger)[0]).toBe("web-0 → ledger: block, break of service");
    const down = pod("payments/ledger-0", {
      ips: ["10.244.2.10"],
      ready: false,
      waiting: "CrashLoopBackOff",
    });
    expect(segmentsOf(base + web + down, "shop/web-0 payments/ledger-0 5432")).toEqual([
      "web-0 → ledger-0: block, break of destination",
    ]);
  });

  it("has a question where it is not known", () => {
    const foreign = `
kind: CiliumNetworkPolicy
apiVersion: cilium.io/v2
metadata: { name: c, namespace: payments }
spec: { endpointSelector: {}, ingress: [{}] }
---`;
    expect(segmentsOf(app + foreign, toLedger)).toEqual([
      "web-0 → ledger: pass",
      "ledger → ledger-0: unknown, question of ingress-policy",
    ]);
  });

  it("is dim behind what stops it, but for what stops it there as well", () => {
    expect(segmentsOf(app + out(""), toLedger)[1]).toBe("ledger → ledger-0: skipped");
    expect(segmentsOf(app + out("") + deny, toLedger)).toEqual([
      "web-0 → ledger: block, barred-shield of egress-policy",
      "ledger → ledger-0: block, barred-shield of ingress-policy",
    ]);
  });

  it("does not go through the name servers that are asked on it", () => {
    const { trace, overlay } = drawn(app + out(anywhere), "shop/web-0 ledger.payments.svc 5432");
    const asked = trace.hops.find(({ kind }) => kind === "dns");
    expect(asked?.outcome).toBe("pass");
    expect(told(trace, overlay.segments)).toEqual([
      "web-0 → ledger: pass, shield of egress-policy",
      "ledger → ledger-0: pass",
    ]);
  });
});

describe("what the map does not draw", () => {
  it("is left out: nodes and addresses", () => {
    expect(drawn(app, "shop/web-0 node/node-2 9100").overlay).toEqual({
      nodes: ["pod/shop/web-0"],
      segments: [],
    });
    expect(drawn(app, "10.9.0.0/16 payments/ledger-0 5432").overlay).toEqual({
      nodes: ["pod/payments/ledger-0"],
      segments: [],
    });
  });
});

/** A view of these cards, from left to right unless a place is given. */
function viewOf(
  ids: readonly NodeId[],
  places: Readonly<Record<NodeId, readonly [number, number]>> = {},
): GraphView {
  const { view } = drawn(app, toLedger);
  const [card] = view.nodes;
  if (card === undefined) throw new Error("no card");
  return {
    ...view,
    nodes: ids.map((id, n) => {
      const [x, y] = places[id] ?? [n * 300, 0];
      return { ...card, id, box: { x, y, width: 200, height: 44 } };
    }),
  };
}

function hop(kind: Hop["kind"], nodes: readonly NodeId[], outcome: Hop["outcome"] = "pass"): Hop {
  return {
    kind,
    outcome,
    title: "",
    sentence: "",
    evidence: [],
    clauses: [],
    remarks: [],
    doubts: [],
    sides: [],
    nodes,
  };
}

describe("stations", () => {
  it("are one a stop, where pods of several workloads take the packet", () => {
    const path = ["web", "service", "a", "b"];
    const hops = [hop("service", ["service"]), hop("ingress-policy", ["a", "b"]), hop("destination", ["b"])];
    const { nodes, segments } = pathOverlay(viewOf(path), { path, hops });
    expect(nodes).toEqual(path);
    expect(segments.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      "web → service",
      "service → a",
      "a → b",
    ]);
  });

  it("are no name servers, unless they are what is asked for", () => {
    const path = ["web", "dns", "service"];
    const hops = [hop("dns", ["dns"]), hop("service", ["service"])];
    expect(pathOverlay(viewOf(path), { path, hops }).segments).toHaveLength(1);
    const asked = { path: ["web", "dns"], hops: [hop("dns", ["dns"]), hop("destination", ["dns"])] };
    expect(
      pathOverlay(viewOf(["web", "dns"]), asked).segments.map(({ from, to }) => `${from} → ${to}`),
    ).toEqual(["web → dns"]);
  });

  it("bear what is sent from them behind, and what comes to them before", () => {
    const path = ["client", "proxy", "app"];
    const stopped = (kind: Hop["kind"], at: NodeId) =>
      pathOverlay(viewOf(path), { path, hops: [hop("service", ["proxy"]), hop(kind, [at], "block")] })
        .segments.filter(({ outcome }) => outcome === "block")
        .map(({ from, to }) => `${from} → ${to}`);
    expect(stopped("egress-policy", "proxy")).toEqual(["proxy → app"]);
    expect(stopped("ingress-policy", "proxy")).toEqual(["client → proxy"]);
    expect(stopped("ingress-policy", "app")).toEqual(["proxy → app"]);
  });

  it("are none where there is nothing to light", () => {
    expect(pathOverlay(viewOf(["other"]), { path: ["web"], hops: [] })).toEqual({ nodes: [], segments: [] });
  });

  it("bear a block that depends on the path as a break or a barred shield", () => {
    const path = ["web", "db"];
    const marksOf = (kind: Hop["kind"]) =>
      pathOverlay(viewOf(path), { path, hops: [hop(kind, ["db"], "partial")] }).segments.map(
        ({ outcome, mark }) => [outcome, mark],
      );
    expect(marksOf("ingress-policy")).toEqual([["partial", "barred-shield"]]);
    expect(marksOf("destination")).toEqual([["partial", "break"]]);
  });
});

describe("curves", () => {
  const path = ["internet", "web"];
  const curveIn = (
    places: Readonly<Record<NodeId, readonly [number, number]>>,
    ids: readonly NodeId[] = path,
  ) => pathOverlay(viewOf(ids, places), { path: ids, hops: [] }).segments[0]?.curve;
  const card = (x: number, y: number) => ({ x, y, width: 200, height: 44 });

  it("go as an edge goes, from the internet down the free strip", () => {
    expect(curveIn({ internet: [0, 0], web: [900, 400] })).toEqual(
      curveOf(edgePath(card(0, 0), card(900, 400), measures.outerGap)),
    );
    expect(curveIn({ a: [0, 0], b: [900, 400] }, ["a", "b"])).toEqual(
      curveOf(edgePath(card(0, 0), card(900, 400))),
    );
  });

  it("come round into the left side where they go back", () => {
    expect(curveIn({ a: [600, 0], b: [0, 400] }, ["a", "b"])).toEqual(
      curveOf(roundPath(card(600, 0), card(0, 400))),
    );
  });
});
