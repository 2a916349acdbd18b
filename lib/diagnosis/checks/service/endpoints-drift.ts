import type { Drift, EndpointFact, ServiceFacts } from "#lib/engine/facts.ts";
import { kubectl, kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, mergePatch } from "#lib/engine/fix/patch.ts";
import { nearestOf } from "#lib/engine/near-words.ts";
import { isControllerSlice } from "#lib/engine/slice-endpoints.ts";
import type { Fix, Severity } from "#lib/model/finding.ts";
import { objectId } from "#lib/model/ids.ts";
import type { EndpointSlice, Service } from "#lib/model/objects.ts";
import { defineCheck, type Found, notInManifests, unjudged } from "../../check.ts";
import { followsIfNodes } from "../../endpoint-reasons.ts";

type Drifting = EndpointFact & { readonly drift: Drift };
type Judged = Pick<ServiceFacts, "service" | "endpoints">;

const serviceLabel = "kubernetes.io/service-name";

export const serviceEndpointsDrift = defineCheck({
  id: "service/endpoints-drift",
  code: "NET-108",
  severity: "warning",
  summary: "EndpointSlices do not say what Services and pods do",
  inputs: ["services", "endpointSlices"],
  ifRead: ["pods", "nodes"],
  *find({ services, objects, origin, unread }) {
    const slices = new Map(objects.endpointSlices.map((slice) => [slice.id, slice]));
    for (const facts of services) {
      const { source, endpoints } = facts;
      // Nothing runs in manifests that a slice could be held against.
      if (origin === "manifests" || source === "computed" || endpoints.length === 0) continue;
      // Which pods and addresses there are is what slices are held against.
      if (unread.includes("pods")) yield unjudged("pods");
      if (unread.includes("nodes") && endpoints.some(({ pod }) => pod === undefined)) yield unjudged("nodes");
      if (!endpoints.some(({ drift }) => drift !== undefined)) continue;
      const drifting = endpoints
        .filter((endpoint): endpoint is Drifting => endpoint.drift !== undefined)
        // On its way out already: it is gone from the slice in a moment.
        .filter(({ terminating }) => !terminating)
        .filter(({ drift }) => !unread.some((kind) => dependsOn(drift, kind)));
      for (const group of Map.groupBy(drifting, placeOf).values())
        yield drifted(facts, group, slices.get(group[0]?.drift.slice ?? facts.service.id));
    }
    yield* orphans(objects.endpointSlices, services, origin === "manifests", unread.includes("services"));
  },
});

/** Whether what was not read of a kind could explain it. */
function dependsOn({ kind }: Drift, unread: "services" | "endpointSlices" | "pods" | "nodes"): boolean {
  // The rest of a pod's readiness and ports may stand in another slice, the rest of the ranges in another node.
  if (unread === "endpointSlices") return ["said-not-ready", "other-port", "unlisted"].includes(kind);
  return unread === "nodes" && kind === "nobodys-address";
}

const parts: Readonly<Record<Drift["kind"], string>> = {
  "pod-missing": "endpoints[].targetRef",
  "pod-finished": "endpoints[].targetRef",
  "not-selected": "endpoints[].targetRef",
  "other-address": "endpoints[].addresses",
  "nobodys-address": "endpoints[].addresses",
  "said-ready": "endpoints[].conditions.ready",
  "said-not-ready": "endpoints[].conditions.ready",
  "other-port": "ports",
  unlisted: "endpoints",
};

function placeOf({ drift }: Drifting): string {
  return `${drift.slice} ${parts[drift.kind]}`;
}

function drifted(facts: Judged, group: readonly Drifting[], slice: EndpointSlice | undefined): Found {
  const { service } = facts;
  const { id, name, namespace } = service;
  const [first, ...more] = group.map(({ drift }) => drift.sentence).sort();
  return {
    subject: slice?.id ?? id,
    part: parts[group[0]?.drift.kind ?? "unlisted"],
    severity: severityOf(facts, group),
    message: `${first}${more.length === 0 ? "" : `; and ${more.length} more like it`}`,
    evidence: group.map(({ drift, addresses }) => ({
      ...(drift.evidence ?? {
        object: drift.slice ?? id,
        path: parts[drift.kind],
        value: addresses.join(", ") || "none",
      }),
    })),
    fix: fixDrift(service, group, slice),
    kubectl:
      slice === undefined
        ? kubectl(namespace, "get", "endpointslices", "-l", `${serviceLabel}=${name}`, "-o", "yaml")
        : kubectlGet(slice.id),
    touches: [
      id,
      ...group.flatMap(({ pod, drift }) => (pod === undefined || drift.kind === "pod-missing" ? [] : [pod])),
    ],
    follows: followsIfNodes(group.map(({ drift }) => drift.evidence?.object)),
  };
}

/** Kinds of drift by which a packet comes to nobody. */
const astray: ReadonlySet<Drift["kind"]> = new Set(["pod-missing", "pod-finished", "other-address"]);

function severityOf({ endpoints }: Judged, group: readonly Drifting[]): Severity {
  const isLost = ({ drift }: EndpointFact) => drift !== undefined && astray.has(drift.kind);
  const lost = group.filter(isLost);
  // What takes no traffic loses none.
  if (lost.length === group.length && lost.every(({ ready }) => !ready)) return "info";
  return lost.some(({ ready }) => ready) && endpoints.every((each) => !each.ready || isLost(each))
    ? "error"
    : "warning";
}

function fixDrift(service: Service, group: readonly Drifting[], slice: EndpointSlice | undefined): Fix {
  const { name, selector } = service;
  if (slice === undefined)
    return {
      text: `Look at kube-controller-manager, whose EndpointSlice controller lists the pods of ${name}`,
    };
  if (Object.keys(selector).length > 0)
    return isControllerSlice(slice)
      ? {
          text: `Delete ${slice.name}: the EndpointSlice controller writes it anew; where it does not, look at kube-controller-manager`,
        }
      : { text: `Look at what writes ${slice.name}: ${slice.managedBy}` };
  const stale = new Set(group.flatMap(({ addresses }) => addresses));
  const gone = [...slice.endpoints.keys()].filter((index) =>
    slice.endpoints[index]?.addresses.some((address) => stale.has(address)),
  );
  // Without any endpoint the Service is no better off.
  if (gone.length === slice.endpoints.length)
    return {
      text: `Write the address that ${name} is meant to lead to into ${slice.name}, or give ${name} a selector`,
    };
  return {
    text: `Remove ${[...stale].sort().join(" and ")} from ${slice.name}`,
    patch: jsonPatch(
      slice.id,
      // From the end, so that none moves the next.
      ...gone.reverse().map((index) => ({ op: "remove" as const, path: `/endpoints/${index}` })),
    ),
  };
}

/** Slices for a Service that is not there: nobody reads them. */
function* orphans(
  slices: readonly EndpointSlice[],
  services: readonly Judged[],
  fromManifests: boolean,
  isPart: boolean,
) {
  const byNamespace = Map.groupBy(services, ({ service }) => service.namespace);
  const existing = new Set(services.map(({ service }) => service.id));
  for (const slice of slices) {
    const { namespace, serviceName, owners } = slice;
    if (slice.from === "endpoints" || slice.endpoints.length === 0 || serviceName === undefined) continue;
    if (existing.has(objectId("service", namespace, serviceName))) continue;
    // Of a Service that was deleted a moment ago: the garbage collector is on its way.
    if (slice.deletingAt !== undefined || owners.some(({ apiKind }) => apiKind === "Service")) continue;
    const beside = byNamespace.get(namespace);
    if (isPart) yield unjudged("services");
    else if (fromManifests && beside === undefined) yield notInManifests("services", namespace);
    else yield orphaned(slice, serviceName, beside ?? []);
  }
}

function orphaned(slice: EndpointSlice, wanted: string, services: readonly Judged[]): Found {
  const { id, name, namespace } = slice;
  // Only Services without a selector are for others to write slices for.
  const waiting = services.filter(
    ({ service, endpoints }) =>
      endpoints.length === 0 && service.type !== "ExternalName" && Object.keys(service.selector).length === 0,
  );
  const meant = nearestOf(
    wanted,
    waiting.map(({ service }) => service.name),
  );
  return {
    subject: id,
    part: "metadata.labels",
    severity: meant === undefined ? "info" : "warning",
    message: `EndpointSlice ${name} belongs to the Service ${wanted}, which does not exist in ${namespace}`,
    evidence: [{ object: id, path: `metadata.labels[${serviceLabel}]`, value: wanted }],
    nearMiss: meant === undefined ? undefined : `the Service ${meant} has no selector and no endpoint`,
    fix:
      meant === undefined
        ? { text: `Delete ${name}, or create the Service ${wanted}` }
        : {
            text: `Label ${name} with ${serviceLabel}=${meant}`,
            patch: mergePatch(id, { metadata: { labels: { [serviceLabel]: meant } } }),
          },
    kubectl: kubectl(namespace, "get", "endpointslice", name, "--show-labels"),
    touches: meant === undefined ? [] : [objectId("service", namespace, meant)],
  };
}
