import type { EndpointFact } from "#lib/engine/facts.ts";
import { lacksFamilies } from "#lib/engine/families.ts";
import { kubectl, labelsArgument } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import type { Evidence, Follows } from "#lib/model/finding.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { Service } from "#lib/model/objects.ts";

/** How many of each are spelled out in a sentence; the evidence has them all. */
const spelledOut = 3;

/** "cart-0 and cart-1: readiness probe failing; cart-2: CrashLoopBackOff". Empty when no reason is known. */
export function whyNotReady(endpoints: readonly EndpointFact[]): string {
  const byReason = Map.groupBy(
    endpoints.filter((endpoint) => endpoint.reasons.length > 0),
    (endpoint) => endpoint.reasons[0]?.text ?? "",
  );
  const parts = [...byReason]
    .map(([reason, affected]) => `${shortList(affected.map(endpointName))}: ${reason}`)
    .sort();
  const rest = parts.length - spelledOut;
  return parts.slice(0, spelledOut).join("; ") + (rest > 0 ? `; and ${rest} more reasons` : "");
}

export function reasonsAsEvidence(endpoints: readonly EndpointFact[]): readonly Evidence[] {
  return endpoints.flatMap(({ reasons }) => reasons.flatMap(({ evidence }) => evidence ?? []));
}

/** The pods and workloads behind endpoints, so that a finding shows on them too. */
export function behind(endpoints: readonly EndpointFact[]): readonly ObjectId[] {
  return endpoints.flatMap(({ pod, workload }) => [...(workload ? [workload] : []), ...(pod ? [pod] : [])]);
}

/** What would explain that these endpoints of a Service are not ready, where it explains every one of them. */
export function followsOf(service: Service, endpoints: readonly EndpointFact[]): readonly Follows[] {
  const nodes = followsNodes(endpoints);
  if (nodes.length > 0 || endpoints.length === 0) return nodes;
  const workloads = followsWorkloads(endpoints);
  if (workloads.length > 0) return workloads;
  if (endpoints.every(({ addresses }) => lacksFamilies(service, addresses)))
    return [{ object: service.id, checks: ["service/ip-family-mismatch"] }];
  const behind = endpoints.flatMap(({ drift }) =>
    drift?.kind === "said-not-ready" || drift?.kind === "unlisted" ? [drift.slice ?? service.id] : [],
  );
  if (behind.length < endpoints.length) return [];
  return [...new Set(behind)].map((object) => ({ object, checks: ["service/endpoints-drift"] }));
}

/**
 * The nodes that keep endpoints from being ready, where that is what keeps every one of them: a pod that crashes beside
 * them is repaired by itself.
 */
function followsNodes(endpoints: readonly EndpointFact[]): readonly Follows[] {
  return followsIfNodes(endpoints.map(({ reasons }) => reasons[0]?.evidence?.object));
}

/** The same of whatever says why; undefined: nothing does. */
export function followsIfNodes(reasons: readonly (ObjectId | undefined)[]): readonly Follows[] {
  const nodes = reasons.flatMap((id) => (id !== undefined && refOf(id).kind === "node" ? [id] : []));
  if (nodes.length < reasons.length) return [];
  return [...new Set(nodes)].map((object) => ({
    object,
    checks: ["node/not-ready", "node/network-unavailable"],
  }));
}

/** What a workload's pods have in common where they wait for an answer to a probe, or for a node with their ports free. */
function followsWorkloads(endpoints: readonly EndpointFact[]): readonly Follows[] {
  const found = endpoints.flatMap(({ reasons, workload, pod }): readonly Follows[] => {
    const object = workload ?? pod;
    const text = reasons[0]?.text ?? "";
    const check = /\bprobe\b/.test(text)
      ? "pod/probe-port-unserved"
      : /\bfree ports\b/.test(text)
        ? "pod/host-port-conflict"
        : undefined;
    return object === undefined || check === undefined ? [] : [{ object, checks: [check] }];
  });
  return found.length < endpoints.length ? [] : found;
}

export function endpointName(endpoint: EndpointFact): string {
  return endpoint.pod === undefined ? (endpoint.addresses[0] ?? endpoint.key) : refOf(endpoint.pod).name;
}

export function shortList(names: readonly string[]): string {
  return listedUpTo([...names].sort(), spelledOut);
}

/** A line that shows a Service's endpoints: its pods, or the EndpointSlices that someone wrote for it. */
export function kubectlEndpoints({ name, namespace, selector }: Service): string {
  return Object.keys(selector).length > 0
    ? kubectl(namespace, "get", "pods", "-l", labelsArgument(selector), "-o", "wide")
    : kubectl(namespace, "get", "endpointslices", "-l", `kubernetes.io/service-name=${name}`, "-o", "yaml");
}
