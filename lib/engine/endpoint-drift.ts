/** Where EndpointSlices and pods disagree. Only what a lagging controller or a wrong object explains is told. */
import type { Evidence } from "#lib/model/finding.ts";
import { refOf } from "#lib/model/ids.ts";
import type { Pod, Service } from "#lib/model/objects.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import type { Drift } from "./facts.ts";
import { lacksFamilies } from "./families.ts";
import type { NotReadyReasons } from "./not-ready-reasons.ts";
import { listed } from "./object-words.ts";
import type { PodRange } from "./pod-range.ts";
import { hasAddress, isFinished, isReady, isTerminating, readySince } from "./pod-readiness.ts";
import { labelsInWords, labelsMatch } from "./selector.ts";
import { isControllerSlice, openedPort, type SlicedEndpoint, type SliceOrigin } from "./slice-endpoints.ts";
import { targetPortOn } from "./target-port.ts";

/**
 * Lists of different kinds are read a moment apart, and controllers work in batches: a pod that changed within this
 * time of the reading is not held against its EndpointSlices.
 */
const settleMs = 10_000;

/** An endpoint in the slices against the pod it names (undefined: there is none); call it only where pods were read. */
export function endpointDrift(
  service: Service,
  endpoint: SlicedEndpoint,
  pod: Pod | undefined,
  inputs: DriftInputs,
): Drift | undefined {
  const { slice } = endpoint;
  const source = sliceInWords(slice);
  const drift = (kind: Drift["kind"], sentence: string, evidence?: Evidence): Drift => ({
    kind,
    sentence,
    slice: slice.id,
    evidence,
  });
  if (pod === undefined) {
    return endpoint.pod === undefined
      ? undefined
      : drift("pod-missing", `${source} lists pod ${refOf(endpoint.pod).name}, which does not exist`);
  }
  if (isFinished(pod)) {
    return drift("pod-finished", `${source} lists pod ${pod.name}, which has finished (${pod.phase})`, {
      object: pod.id,
      path: "status.phase",
      value: pod.phase,
    });
  }
  const foreign = endpoint.addresses.find((address) => pod.ips.length > 0 && !pod.ips.includes(address));
  if (foreign !== undefined) {
    return drift(
      "other-address",
      `${source} lists pod ${pod.name} at ${foreign}; the pod's address is ${listed(pod.ips)}`,
      { object: pod.id, path: "status.podIPs", value: pod.ips.join(", ") },
    );
  }
  // Whom a slice lists that is not the controller's work is for its writer to say.
  if (!isControllerSlice(slice) || Object.keys(service.selector).length === 0) return undefined;
  if (!labelsMatch(service.selector, pod.labels)) {
    return drift(
      "not-selected",
      `${source} lists pod ${pod.name}, which the selector ${labelsInWords(service.selector)} does not match`,
      { object: pod.id, path: "metadata.labels", value: labelsInWords(pod.labels) },
    );
  }
  if (saysOtherwise(service, endpoint, pod, inputs)) {
    return isReady(pod)
      ? drift("said-not-ready", `pod ${pod.name} is ready, but ${source} says that it is not`, {
          object: pod.id,
          path: "status.conditions[Ready].status",
          value: "True",
        })
      : drift(
          "said-ready",
          `pod ${pod.name} is not ready, but ${source} says that it is`,
          inputs.reasons(pod)[0]?.evidence,
        );
  }
  const port = otherPort(service, endpoint, pod);
  return port === undefined ? undefined : drift("other-port", port);
}

interface DriftInputs {
  readonly index: Pick<ClusterIndex, "podByIp">;
  readonly podRange: PodRange | undefined;
  readonly reasons: NotReadyReasons;
  readonly now: number;
}

/** Whether slice and pod differ on readiness. While a pod goes away, both change from second to second. */
function saysOtherwise(service: Service, endpoint: SlicedEndpoint, pod: Pod, inputs: DriftInputs): boolean {
  if (service.publishNotReadyAddresses || isTerminating(pod) || endpoint.terminating) return false;
  return isReady(pod) !== endpoint.ready && !isSettling(pod, inputs.now);
}

function otherPort(service: Service, endpoint: SlicedEndpoint, pod: Pod): string | undefined {
  for (const port of service.ports) {
    const wanted = targetPortOn(pod, port).number;
    const opened = openedPort(endpoint.ports, port);
    if (
      wanted === undefined ||
      (opened !== undefined && (opened.port === undefined || opened.port === wanted))
    )
      continue;
    const source = sliceInWords(endpoint.slice);
    const words = port.name === undefined ? `port ${port.port}` : `port ${port.name}`;
    return opened === undefined
      ? `${source} does not open ${words} on pod ${pod.name}`
      : `${source} sends ${words} to ${opened.port} on pod ${pod.name}; by the Service it goes to ${wanted}`;
  }
  return undefined;
}

/** A pod that should be listed and is in no slice: ready, with an address that the Service takes, and not just so. */
export function missingFromSlices(service: Service, pod: Pod, now: number): Drift | undefined {
  const due = isReady(pod) || service.publishNotReadyAddresses;
  if (!due || !hasAddress(pod) || isTerminating(pod) || isSettling(pod, now)) return undefined;
  if (lacksFamilies(service, pod.ips)) return undefined;
  return {
    kind: "unlisted",
    sentence: `pod ${pod.name} is ${isReady(pod) ? "ready" : "selected"}, but no EndpointSlice lists it`,
    evidence: { object: pod.id, path: "status.podIPs", value: pod.ips.join(", ") },
  };
}

/**
 * A written-down address in the range that nodes give to pods, which no pod has: usually copied from a pod that is
 * gone. Addresses elsewhere are left alone, since pointing outside is what such slices are for.
 */
export function addressWithoutPod(endpoint: SlicedEndpoint, inputs: DriftInputs): Drift | undefined {
  if (endpoint.pod !== undefined) return undefined;
  const { index, podRange: range } = inputs;
  const lost = endpoint.addresses.find(
    (address) => range?.holds(address) === true && !index.podByIp.has(address),
  );
  if (lost === undefined) return undefined;
  const { slice } = endpoint;
  return {
    kind: "nobodys-address",
    sentence: `${sliceInWords(slice)} lists ${lost}, which no pod has; it lies beside the nodes' pod ranges (${range?.words})`,
    slice: slice.id,
    evidence: { object: slice.id, path: "endpoints[].addresses", value: lost },
  };
}

function isSettling(pod: Pod, now: number): boolean {
  const since = Date.parse(readySince(pod) ?? "");
  return !Number.isNaN(since) && now - since < settleMs;
}

function sliceInWords(slice: SliceOrigin): string {
  return `${slice.from === "endpoints" ? "Endpoints" : "EndpointSlice"} ${slice.name}`;
}
