import { type ClientPods, clientPods } from "#lib/engine/client-pods.ts";
import type { EndpointFact, ServiceFacts } from "#lib/engine/facts.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { mergePatch } from "#lib/engine/fix/patch.ts";
import { counted, listedUpTo } from "#lib/engine/object-words.ts";
import { slicesByService } from "#lib/engine/slice-endpoints.ts";
import type { Patch } from "#lib/model/finding.ts";
import type { EndpointSlice, Service } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";
import { behind } from "../../endpoint-reasons.ts";

const modeAnnotation = "service.kubernetes.io/topology-mode";

/** So many times the load of the average endpoint. Below that, zones differ as they will. */
const starvingFactor = 3;

export const serviceHintsStarveZone = defineCheck({
  id: "service/hints-starve-zone",
  code: "NET-110",
  severity: "warning",
  summary: "Topology hints send a zone's traffic to too few endpoints, or leave it none",
  inputs: ["services", "endpointSlices", "pods", "nodes"],
  *find({ services, objects, unread, nodeNamed }) {
    const clientsOf = clientPods(objects.pods, ({ nodeName }) => nodeNamed(nodeName)?.zone);
    let slices: ReturnType<typeof slicesByService> | undefined;
    for (const facts of services) {
      const asked = askedBy(facts.service);
      const ready = facts.endpoints.filter((endpoint) => endpoint.ready);
      // kube-proxy follows hints only if every ready endpoint has some (pkg/proxy/topology.go).
      if (asked === undefined || ready.length === 0 || ready.some(({ hintZones }) => hintZones.length === 0))
        continue;
      // Both shares hang on what was not read.
      if (unread.length > 0) {
        yield unjudged(...unread);
        continue;
      }
      slices ??= slicesByService(objects.endpointSlices);
      yield* judged(facts, ready, asked, {
        own: clientsOf(facts.service.namespace),
        all: clientsOf(),
        slices: slices.get(facts.service.id) ?? [],
      });
    }
  },
});

interface Asked {
  /** "trafficDistribution PreferClose". */
  readonly words: string;
  readonly path: string;
  readonly value: string;
  readonly patch: Patch;
}

/** What makes the controller write hints. Local asks for endpoints on the node and looks at no hint. */
function askedBy({
  id,
  annotations,
  trafficDistribution,
  internalTrafficPolicy,
}: Service): Asked | undefined {
  if (internalTrafficPolicy === "Local") return undefined;
  if (trafficDistribution !== undefined) {
    return {
      words: `trafficDistribution ${trafficDistribution}`,
      path: "spec.trafficDistribution",
      value: trafficDistribution,
      patch: mergePatch(id, { spec: { trafficDistribution: null } }),
    };
  }
  const mode = annotations[modeAnnotation];
  if (mode?.toLowerCase() !== "auto") return undefined;
  return {
    words: `annotation ${modeAnnotation}`,
    path: `metadata.annotations[${modeAnnotation}]`,
    value: mode,
    patch: mergePatch(id, { metadata: { annotations: { [modeAnnotation]: null } } }),
  };
}

interface Around {
  readonly own: ClientPods;
  readonly all: ClientPods;
  readonly slices: readonly EndpointSlice[];
}

function* judged(
  { service, endpoints }: Pick<ServiceFacts, "service" | "endpoints">,
  ready: readonly EndpointFact[],
  asked: Asked,
  { own, all, slices }: Around,
): Generator<Found> {
  const hinted = countBy(ready.flatMap(({ hintZones }) => hintZones));
  const itself = countBy(endpoints.flatMap(({ zone }) => zone ?? []));
  const loads = all.places.map((zone) => ({
    zone,
    pods: Math.max(0, (all.counts.get(zone) ?? 0) - (itself.get(zone) ?? 0)),
    endpoints: hinted.get(zone) ?? 0,
  }));
  const pods = loads.reduce((sum, load) => sum + load.pods, 0);
  // Hints for nodes come first, and share the load out in another way.
  const byZone = ready.every(({ hintNodes }) => hintNodes.length === 0);
  const starved = loads.filter(
    (load) =>
      byZone && load.endpoints > 0 && load.pods * ready.length > starvingFactor * pods * load.endpoints,
  );
  // Only pods beside the Service are likely enough to call it.
  const without = own.places.filter(
    (zone) => !hinted.has(zone) && (own.counts.get(zone) ?? 0) > (itself.get(zone) ?? 0),
  );
  if (starved.length === 0 && without.length === 0) return;
  const { id, name, namespace } = service;
  const parts = [
    ...starved.map(
      (load) =>
        `${load.endpoints} of ${counted(ready.length, "ready endpoint")} for ${load.zone}, where ${load.pods} of ${pods} pods run`,
    ),
    ...(without.length === 0 ? [] : [`no endpoint for ${listedUpTo(without, 3)}`]),
  ];
  yield {
    subject: id,
    part: asked.path,
    // A zone without an endpoint of its own is served by all the others.
    severity: starved.length > 0 ? "warning" : "info",
    message: `Hints leave ${name} ${parts.join("; ")} (${asked.words})`,
    evidence: [
      { object: id, path: asked.path, value: asked.value },
      ...slices.slice(0, 3).map((slice) => ({
        object: slice.id,
        path: "endpoints[].hints.forZones",
        value: [...countBy(slice.endpoints.flatMap(({ hintZones }) => hintZones))]
          .map(([zone, count]) => `${zone}: ${count}`)
          .sort()
          .join(", "),
      })),
    ],
    fix: {
      text: `Spread the pods of ${name} over the zones as those that call it are (topologySpreadConstraints), or let it do without hints`,
      patch: asked.patch,
    },
    kubectl: kubectl(
      namespace,
      "get",
      "endpointslices",
      "-l",
      `kubernetes.io/service-name=${name}`,
      "-o",
      "custom-columns=ADDRESSES:.endpoints[*].addresses,ZONES:.endpoints[*].zone,HINTS:.endpoints[*].hints.forZones[*].name",
    ),
    touches: behind(ready),
  };
}

function countBy(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
