import type { Facts, NearMiss, ServiceFacts } from "#lib/engine/facts.ts";
import { kubectl, labelsArgument } from "#lib/engine/fix/kubectl.ts";
import { podCount } from "#lib/engine/pod-readiness.ts";
import { isHeadless } from "#lib/engine/ports.ts";
import type { Finding } from "#lib/model/finding.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Service } from "#lib/model/objects.ts";
import type { EndpointView, FactView, ServicePanel } from "#lib/protocol/panel.ts";
import { breaksWith, comesInto } from "./comes-in.ts";
import { findingsAbout, findingView } from "./finding-view.ts";
import { originWords } from "./origin-words.ts";
import { traceQuestions } from "./trace-questions.ts";
import { eventViews } from "./warnings.ts";

/** More rows than anyone reads; the count above them is of all. */
const mostEndpoints = 200;

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
  return {
    id,
    kind: "Service",
    namespace: service.namespace,
    name: service.name,
    health: found.health,
    sentence: found.sentence,
    createdAt: service.createdAt,
    origin: originWords(service.origin),
    questions: traceQuestions(facts, id),
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
    comesIn: comesInto(facts, found),
    drift: [...found.drift],
    findings: findingsAbout(findings, id).map(findingView),
    breaks: found.health === "broken" || found.health === "partial" ? breaksWith(facts, id) : [],
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
    drift: endpoint.drift?.sentence,
    events: pod === undefined || endpoint.ready ? [] : eventViews(facts, pod, 3),
  };
}

function selectorView(facts: Facts, found: ServiceFacts): ServicePanel["selector"] {
  const byWorkload = new Map<ObjectId, number>();
  for (const pod of found.selected ?? []) {
    const owner = facts.index.ownerOf.get(pod.id) ?? pod.id;
    byWorkload.set(owner, (byWorkload.get(owner) ?? 0) + podCount(pod));
  }
  const near = found.nearMiss;
  return {
    backing: found.backing,
    labels: { ...found.service.selector },
    pods: found.selected?.reduce((sum, pod) => sum + podCount(pod), 0),
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
            labels: nearLabels(near, found.service),
          },
  };
}

/** Of the near pods' labels, those that the selector is about: the rest only distracts. */
function nearLabels({ differs }: NearMiss, { selector }: Service): Record<string, string> {
  const actual = new Map(differs.map((label) => [label.key, label.actual]));
  return Object.fromEntries(
    Object.entries(selector).flatMap(([key, wanted]) => {
      const value = actual.has(key) ? actual.get(key) : wanted;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function typeWords(service: Service): string {
  return isHeadless(service) ? "headless" : service.type;
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

function kubectlLines({ namespace, name, type, selector }: Service): string {
  const lines = [kubectl(namespace, "describe", "service", name)];
  if (type === "ExternalName") return lines.join("\n");
  const slices = `kubernetes.io/service-name=${name}`;
  lines.push(kubectl(namespace, "get", "endpointslices", "-l", slices, "-o", "yaml"));
  if (Object.keys(selector).length > 0)
    lines.push(kubectl(namespace, "get", "pods", "-l", labelsArgument(selector), "-o", "wide"));
  return lines.join("\n");
}
