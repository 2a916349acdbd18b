import { type ClientPods, clientPods, leftWithout } from "#lib/engine/client-pods.ts";
import type { EndpointFact, ServiceFacts } from "#lib/engine/facts.ts";
import { mergePatch } from "#lib/engine/fix/patch.ts";
import { counted, listed, listedUpTo, objectInWords } from "#lib/engine/object-words.ts";
import { isHeadless } from "#lib/engine/ports.ts";
import type { Fix } from "#lib/model/finding.ts";
import { type ObjectId, objectId, refOf } from "#lib/model/ids.ts";
import type { Node, Service } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";
import { behind, endpointName, followsOf, kubectlEndpoints, shortList } from "../../endpoint-reasons.ts";

type Judged = Pick<ServiceFacts, "service" | "endpoints" | "ready">;

export const serviceLocalTrafficPolicyHole = defineCheck({
  id: "service/local-traffic-policy-hole",
  code: "NET-109",
  severity: "warning",
  summary: "A traffic policy Local drops traffic on nodes without an endpoint",
  inputs: ["services", "pods"],
  ifRead: ["endpointSlices", "nodes"],
  *find({ services, objects, unread }) {
    const clientsOf = clientPods(objects.pods, ({ nodeName }) => nodeName);
    const nodes = objects.nodes === undefined ? undefined : everyNode(objects.nodes);
    for (const facts of services) {
      const { service, source, endpoints } = facts;
      const isInternal = service.internalTrafficPolicy === "Local" && !isHeadless(service);
      // A load balancer asks `healthCheckNodePort` and leaves out nodes that have no endpoint: nothing is lost.
      const isExternal = service.externalTrafficPolicy === "Local" && service.type === "NodePort";
      if (service.type === "ExternalName" || !(isInternal || isExternal)) continue;
      // An endpoint that was not read may be on the very node.
      const missing = source === "computed" ? ("pods" as const) : ("endpointSlices" as const);
      if (source === "unknown" || unread.includes(missing)) {
        yield unjudged(missing);
        continue;
      }
      if (endpoints.length === 0) continue;
      if (isInternal) yield* internalHole(facts, clientsOf(service.namespace), clientsOf());
      if (isExternal) yield* nodes === undefined ? [unjudged("nodes")] : externalHole(facts, nodes);
    }
  },
});

function* internalHole(facts: Judged, own: ClientPods, all: ClientPods): Generator<Found> {
  const { service, endpoints, ready } = facts;
  const { id, name, namespace } = service;
  const { present, covered } = nodesOf(facts);
  const near = leftWithout(own, present);
  const bare = near.places > 0 ? near : leftWithout(all, present);
  const lame = servingNobody(facts, covered, own, all);
  const lameNodes = [...new Set(lame.flatMap(({ node }) => node ?? []))].sort();
  if ((bare.places === 0 && lame.length === 0) || (ready === 0 && present.size === 0)) return;
  const whose = near.places > 0 ? `of ${namespace}` : "of other namespaces";
  const pods = `${counted(bare.pods, `pod ${whose} runs`, `pods ${whose} run`)} on ${counted(bare.places, "node")}`;
  const parts = [
    ...(bare.places === 0 ? [] : [`${pods} without one: ${firstOf(bare)}`]),
    ...(lame.length === 0
      ? []
      : [`no endpoint on ${listedUpTo(lameNodes, 3)} is ready: ${shortList(lame.map(endpointName))}`]),
  ];
  // A DaemonSet that leaves nodes out does so by its own choice, and that others would call at all is a guess.
  const isMeant = lame.length === 0 && (near.places === 0 || daemonSets(endpoints).length > 0);
  yield {
    subject: id,
    part: "spec.internalTrafficPolicy",
    severity: present.size === 0 ? "error" : isMeant ? "info" : "warning",
    message: `${name} takes traffic only from nodes with an endpoint of it (internalTrafficPolicy Local): ${parts.join("; ")}`,
    evidence: evidenceOf(service, "internalTrafficPolicy", endpoints),
    fix: fixPolicy(service, "internalTrafficPolicy", endpoints, bare.places === 0 ? lame : []),
    kubectl: kubectlEndpoints(service),
    touches: [
      ...behind(endpoints),
      ...[...bare.first, ...lameNodes].map((node) => objectId("node", undefined, node)),
    ],
    follows: bare.places === 0 ? followsOf(service, lame) : [],
  };
}

/** Endpoints that take nothing on nodes where none does, and where pods other than these may call. */
function servingNobody(
  { endpoints }: Judged,
  covered: ReadonlySet<string>,
  own: ClientPods,
  all: ClientPods,
): readonly EndpointFact[] {
  const idle = endpoints.filter(
    ({ node, terminating }) => node !== undefined && !terminating && !covered.has(node),
  );
  const byNode = Map.groupBy(idle, ({ node }) => node ?? "");
  return [...byNode].flatMap(([node, here]) => {
    const pods = Math.max(all.counts.get(node) ?? 0, own.counts.get(node) ?? 0);
    return pods > here.length ? here : [];
  });
}

/** Without a load balancer whoever sends has to know which nodes answer, and may well have arranged for it. */
function* externalHole(facts: Judged, nodes: ClientPods): Generator<Found> {
  const { service, endpoints, ready } = facts;
  const { id, name, ports } = service;
  const silent = leftWithout(nodes, nodesOf(facts).covered);
  const nodePorts = ports.flatMap(({ nodePort }) => (nodePort === undefined ? [] : `${nodePort}`));
  if (ready === 0 || silent.places === 0 || nodePorts.length === 0 || daemonSets(endpoints).length > 0)
    return;
  const what = nodePorts.length === 1 ? "Node port" : "Node ports";
  const answers = nodePorts.length === 1 ? "answers" : "answer";
  const some = `${nodes.total - silent.places} of ${counted(nodes.total, "node")}`;
  yield {
    subject: id,
    part: "spec.externalTrafficPolicy",
    severity: "info",
    message: `${what} ${listed(nodePorts)} of ${name} ${answers} on ${some} only (externalTrafficPolicy Local), not on ${firstOf(silent)}`,
    evidence: evidenceOf(service, "externalTrafficPolicy", endpoints),
    fix: fixPolicy(service, "externalTrafficPolicy", endpoints, []),
    kubectl: kubectlEndpoints(service),
    touches: behind(endpoints),
  };
}

function firstOf({ first, places }: ReturnType<typeof leftWithout>): string {
  return listed([...first, ...(places > first.length ? [`${places - first.length} more`] : [])]);
}

function everyNode(nodes: readonly Node[]): ClientPods {
  const places = nodes.map(({ name }) => name).sort();
  return { places, counts: new Map(places.map((name) => [name, 1])), total: places.length };
}

/**
 * Nodes with endpoints, and those on which one takes traffic: a ready one, or the last that serves while it terminates.
 * Where none is ready anywhere that is a fault of its own (NET-102), and only nodes without any are looked at.
 */
function nodesOf({ endpoints, ready }: Judged) {
  const takes = (endpoint: EndpointFact) =>
    ready === 0 || endpoint.ready || (endpoint.serving && endpoint.terminating);
  return {
    present: new Set(endpoints.flatMap(({ node }) => node ?? [])),
    covered: new Set(endpoints.filter(takes).flatMap(({ node }) => node ?? [])),
  };
}

/** The DaemonSets behind a Service, where there is nothing else behind it. */
function daemonSets(endpoints: readonly EndpointFact[]): readonly ObjectId[] {
  const workloads = [...new Set(endpoints.map(({ workload }) => workload))];
  const found = workloads.flatMap((id) => (id !== undefined && refOf(id).kind === "daemon-set" ? [id] : []));
  return found.length === workloads.length ? found : [];
}

type Policy = "internalTrafficPolicy" | "externalTrafficPolicy";

function evidenceOf({ id }: Service, policy: Policy, endpoints: readonly EndpointFact[]) {
  return [
    { object: id, path: `spec.${policy}`, value: "Local" },
    ...endpoints
      .slice(0, 5)
      .flatMap(({ pod, node }) =>
        pod === undefined ? [] : [{ object: pod, path: "spec.nodeName", value: node ?? "none" }],
      ),
  ];
}

function fixPolicy(
  { id, name, selector }: Service,
  policy: Policy,
  endpoints: readonly EndpointFact[],
  lame: readonly EndpointFact[],
): Fix {
  const [daemonSet] = daemonSets(endpoints);
  const runEverywhere =
    Object.keys(selector).length > 0
      ? `run the pods of ${name} on every node`
      : "give its endpoints the nodes that they are on";
  const other =
    lame.length > 0
      ? `repair ${shortList(lame.map(endpointName))}`
      : daemonSet === undefined
        ? runEverywhere
        : `let ${objectInWords(daemonSet)} run on those nodes too`;
  const cost = policy === "externalTrafficPolicy" ? ", which hides clients' addresses from the pods" : "";
  return {
    text: `Set ${policy} to Cluster${cost}, or ${other}`,
    patch: mergePatch(id, { spec: { [policy]: "Cluster" } }),
  };
}
