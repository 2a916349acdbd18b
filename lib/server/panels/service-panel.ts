import type { BackendFact, Facts, ServiceFacts } from "#lib/engine/facts.ts";
import { type Admission, admissionOf } from "#lib/engine/policy/admission.ts";
import type { ServedPort } from "#lib/engine/policy/port-clause.ts";
import { backendHealth } from "#lib/graph/entry-words.ts";
import type { Finding } from "#lib/model/finding.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Origin, Service } from "#lib/model/objects.ts";
import type {
  AdmissionView,
  EndpointView,
  FactView,
  RelatedView,
  ServicePanel,
} from "#lib/protocol/panel.ts";
import { findingsAbout, findingView } from "./finding-view.ts";
import { related } from "./related.ts";
import { eventViews } from "./warnings.ts";

/** More rows than anyone reads; the count above them is of all. */
const mostEndpoints = 200;
const mostWorkloads = 12;

const sources: Readonly<Record<ServiceFacts["source"], string>> = {
  "endpoint-slices": "from EndpointSlices",
  endpoints: "from Endpoints (deprecated, cut at 1,000)",
  computed: "computed from selector and pods",
  unknown: "not known",
};

/** Everything that a Service's panel shows; undefined when there is no such Service. */
export function servicePanel(
  facts: Facts,
  findings: readonly Finding[],
  id: ObjectId,
): ServicePanel | undefined {
  const found = facts.services.get(id);
  if (found === undefined) return undefined;
  const { service } = found;
  const pods = podsBehind(facts, found);
  return {
    id,
    kind: "Service",
    namespace: service.namespace,
    name: service.name,
    health: found.health,
    sentence: found.sentence,
    createdAt: service.createdAt,
    origin: originWords(service.origin),
    type: typeWords(service),
    addresses: addressesOf(found),
    dnsNames: [...found.dnsNames],
    facts: settingsOf(service),
    labels: { ...service.labels },
    endpointSource: sources[found.source],
    ready: found.ready,
    total: found.total,
    endpoints: sorted(found)
      .slice(0, mostEndpoints)
      .map((endpoint) => endpointView(facts, endpoint)),
    ports: found.ports.map(({ port, health, sentence, nearMiss, targets }) => ({
      name: port.name,
      port: port.port,
      protocol: port.protocol,
      nodePort: port.nodePort,
      targetPort: port.targetPort,
      health,
      sentence,
      nearMiss,
      targets: [...targets],
    })),
    selector: selectorView(facts, found),
    comesIn: routesInto(facts, id),
    admission: admissionView(
      found.backing === "external-name"
        ? {
            state: "open",
            sentence: "An ExternalName is only a DNS alias: no NetworkPolicy stands here.",
            admits: [],
            isolatedBy: [],
            notes: [],
          }
        : admissionOf(facts, pods, servedPorts(service)),
    ),
    drift: [...found.drift],
    findings: findingsAbout(findings, id).map(findingView),
    breaks: found.health === "broken" || found.health === "partial" ? broken(facts, id) : [],
    kubectl: kubectlLines(service),
  };
}

function sorted(found: ServiceFacts): readonly ServiceFacts["endpoints"][number][] {
  // What does not serve is what the reader came for.
  return [...found.endpoints].sort((a, b) => Number(a.ready) - Number(b.ready));
}

function endpointView(facts: Facts, endpoint: ServiceFacts["endpoints"][number]): EndpointView {
  const { pod } = endpoint;
  return {
    key: endpoint.key,
    addresses: [...endpoint.addresses],
    pod,
    podName: pod === undefined ? undefined : refOf(pod).name,
    workload: endpoint.workload,
    node: endpoint.node,
    zone: endpoint.zone,
    ready: endpoint.ready,
    serving: endpoint.serving,
    terminating: endpoint.terminating,
    since: endpoint.since,
    count: endpoint.count,
    reasons: endpoint.reasons.map(({ text, evidence }) => ({ text, evidence })),
    drift: endpoint.drift,
    events: pod === undefined || endpoint.ready ? [] : eventViews(facts, pod, 3),
  };
}

function podsBehind(facts: Facts, found: ServiceFacts) {
  if (found.selected !== undefined) return found.selected;
  const pods = found.endpoints.flatMap(({ pod }) => (pod === undefined ? [] : [facts.index.byId.get(pod)]));
  return facts.snapshot.objects.pods === undefined
    ? undefined
    : pods.flatMap((pod) => (pod?.kind === "pod" ? [pod] : []));
}

function servedPorts(service: Service): readonly ServedPort[] {
  return service.ports.map(({ targetPort, protocol }) => ({
    target: targetPort,
    protocol,
    words: `${targetPort}/${protocol}`,
  }));
}

export function admissionView(admission: Admission): AdmissionView {
  return {
    state: admission.state,
    sentence: admission.sentence,
    admits: admission.admits.map(({ who, workloads, ports, policy, rule, note }) => ({
      who,
      workloads: workloads
        .slice(0, mostWorkloads)
        .map(({ id, namespace, name }) => ({ id, namespace, name })),
      workloadCount: workloads.length,
      ports,
      policy,
      rule,
      note,
    })),
    isolatedBy: [...admission.isolatedBy],
    notes: [...admission.notes],
  };
}

function selectorView(facts: Facts, found: ServiceFacts): ServicePanel["selector"] {
  const byWorkload = new Map<ObjectId, number>();
  for (const pod of found.selected ?? []) {
    const owner = facts.index.ownerOf.get(pod.id) ?? pod.id;
    byWorkload.set(owner, (byWorkload.get(owner) ?? 0) + (pod.template?.count ?? 1));
  }
  const near = found.nearMiss;
  return {
    backing: found.backing,
    labels: { ...found.service.selector },
    pods: found.selected?.reduce((sum, pod) => sum + (pod.template?.count ?? 1), 0),
    workloads: [...byWorkload].map(([id, pods]) => ({
      id,
      name: refOf(id).name,
      kind: kinds[refOf(id).kind].api,
      pods,
    })),
    nearMiss:
      near === undefined
        ? undefined
        : {
            workload: near.workload,
            sentence: near.sentence,
            differs: [...near.differs],
            labels: nearLabels(facts, near.workload, found.service),
          },
  };
}

/** Of the near pods' labels, those that the selector is about: the rest only distracts. */
function nearLabels(facts: Facts, workload: ObjectId, service: Service): Record<string, string> {
  const near = facts.workloads.get(workload);
  const labels = near?.pods[0]?.labels ?? facts.index.workloads.get(workload)?.template.labels ?? {};
  return Object.fromEntries(
    Object.keys(service.selector).flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]])),
  );
}

function routesInto(facts: Facts, id: ObjectId): RelatedView[] {
  const lines: RelatedView[] = [];
  for (const { ingress, backends } of facts.ingresses.values()) {
    for (const backend of backends) {
      if (backend.service !== id) continue;
      lines.push(
        related(
          ingress.id,
          `Ingress · ${backend.host ?? "any host"}${backend.match} → port ${backend.servicePort ?? "?"}`,
          { health: backendHealth(backend.state), note: noteOf(backend) },
        ),
      );
    }
  }
  for (const { route, attachments, backends } of facts.routes.values()) {
    const detached =
      attachments.length > 0 &&
      attachments.every((a) => a.state === "rejected" || a.state === "parent-missing");
    for (const backend of backends) {
      if (backend.service !== id) continue;
      const rejected = detached ? attachments[0] : undefined;
      lines.push(
        related(
          route.id,
          `${kinds[route.kind].api} · ${route.hostnames.join(", ") || "any host"} ${backend.match}`,
          {
            health: rejected === undefined ? backendHealth(backend.state) : "broken",
            note: rejected?.sentence ?? noteOf(backend),
          },
        ),
      );
    }
  }
  const service = facts.services.get(id)?.service;
  if (service?.type === "LoadBalancer" || service?.type === "NodePort") {
    const loadBalancer = facts.services.get(id)?.loadBalancer;
    lines.unshift({
      id: "internet",
      kind: "internet",
      namespace: undefined,
      name: "internet",
      relation:
        service.type === "LoadBalancer"
          ? `load balancer ${loadBalancer?.addresses.join(", ") ?? ""}`
          : `node port ${service.ports.map((p) => p.nodePort ?? "?").join(", ")}`,
      health: loadBalancer !== undefined && loadBalancer.addresses.length === 0 ? "broken" : "ok",
      note: loadBalancer?.pendingWhy,
    });
  }
  return lines;
}

function noteOf(backend: BackendFact): string | undefined {
  return backend.state === "ok" ? undefined : backend.sentence;
}

/** What sends traffic to this Service and therefore fails with it. */
function broken(facts: Facts, id: ObjectId): RelatedView[] {
  const seen = new Map<string, RelatedView>();
  for (const { ingress, backends } of facts.ingresses.values()) {
    for (const backend of backends) {
      if (
        backend.service === id &&
        (backend.state === "no-endpoints" || backend.state === "some-endpoints")
      ) {
        seen.set(
          ingress.id,
          related(ingress.id, `${backend.host ?? "any host"}${backend.match}`, {
            health: backend.state === "no-endpoints" ? "broken" : "partial",
            note: backend.sentence,
          }),
        );
      }
    }
  }
  for (const { route, backends } of facts.routes.values()) {
    for (const backend of backends) {
      if (
        backend.service === id &&
        (backend.state === "no-endpoints" || backend.state === "some-endpoints")
      ) {
        seen.set(
          route.id,
          related(route.id, route.hostnames.join(", ") || "any host", {
            health: backend.state === "no-endpoints" ? "broken" : "partial",
            note: backend.sentence,
          }),
        );
      }
    }
  }
  return [...seen.values()];
}

function typeWords(service: Service): string {
  return service.clusterIPs[0] === "None" ? "headless" : service.type;
}

function addressesOf({ service, loadBalancer }: ServiceFacts): ServicePanel["addresses"] {
  return [
    ...service.clusterIPs
      .filter((ip) => ip !== "None" && ip !== "")
      .map((value) => ({ label: "cluster IP", value })),
    ...(service.externalName === undefined ? [] : [{ label: "alias of", value: service.externalName }]),
    ...(loadBalancer?.addresses ?? []).map((value) => ({ label: "load balancer", value })),
    ...service.externalIPs.map((value) => ({ label: "external IP", value })),
  ];
}

/** Settings that differ from the defaults: the ones that explain a surprise. */
function settingsOf(service: Service): FactView[] {
  const facts: FactView[] = [];
  const add = (label: string, value: string) => facts.push({ label, value });
  if (service.internalTrafficPolicy === "Local")
    add("internal traffic", "Local: only endpoints on the client's node");
  if (service.externalTrafficPolicy === "Local")
    add("external traffic", "Local: only endpoints on the node that takes it");
  if (service.publishNotReadyAddresses) add("not-ready addresses", "published");
  if (service.sessionAffinity !== "None") add("session affinity", service.sessionAffinity);
  if (service.trafficDistribution !== undefined) add("traffic distribution", service.trafficDistribution);
  if (service.loadBalancerSourceRanges.length > 0)
    add("source ranges", service.loadBalancerSourceRanges.join(", "));
  if (service.loadBalancerClass !== undefined) add("load balancer class", service.loadBalancerClass);
  if (service.ipFamilies.length > 1) add("IP families", service.ipFamilies.join(", "));
  return facts;
}

function kubectlLines(service: Service): string {
  const ns = `kubectl -n ${service.namespace}`;
  const lines = [`${ns} describe service ${service.name}`];
  if (service.type !== "ExternalName")
    lines.push(`${ns} get endpointslices -l kubernetes.io/service-name=${service.name} -o yaml`);
  const labels = Object.entries(service.selector);
  if (labels.length > 0)
    lines.push(`${ns} get pods -l ${labels.map(([k, v]) => `${k}=${v}`).join(",")} -o wide`);
  return lines.join("\n");
}

export function originWords(origin: Origin | undefined): string | undefined {
  if (origin === undefined) return undefined;
  return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
}
