import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { EndpointSlice, Service, SliceEndpoint } from "#lib/model/objects.ts";

export type SlicePort = EndpointSlice["ports"][number];

/** One endpoint of a Service as its EndpointSlices have it, the slices (families, overflow, port sets) merged. */
export interface SlicedEndpoint {
  /** Pod id, else the first address. */
  readonly key: string;
  readonly pod: ObjectId | undefined;
  readonly addresses: readonly string[];
  readonly nodeName: string | undefined;
  readonly zone: string | undefined;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** Ports that the slices listing it open. None where a named target port resolved to nothing. */
  readonly ports: readonly SlicePort[];
  readonly hintZones: readonly string[];
  readonly hintNodes: readonly string[];
  /** The first slice that lists it: what is told of it, without the other endpoints that it lists. */
  readonly slice: SliceOrigin;
}

export type SliceOrigin = Pick<EndpointSlice, "id" | "name" | "from" | "managedBy">;

/** An endpoint as one slice has it. */
export interface Listing {
  readonly slice: EndpointSlice;
  readonly endpoint: SliceEndpoint;
}

/** The Service that a slice says it belongs to. */
export function serviceOfSlice({ namespace, serviceName }: EndpointSlice): ObjectId | undefined {
  return serviceName === undefined ? undefined : objectId("service", namespace, serviceName);
}

/** Slices by Service, matched as kube-proxy does: by label, within the namespace. */
export function slicesByService(
  slices: readonly EndpointSlice[],
): ReadonlyMap<ObjectId, readonly EndpointSlice[]> {
  const byService = new Map<ObjectId, EndpointSlice[]>();
  for (const slice of slices) {
    const id = serviceOfSlice(slice);
    if (id === undefined) continue;
    const list = byService.get(id);
    if (list === undefined) byService.set(id, [slice]);
    else list.push(slice);
  }
  for (const list of byService.values()) list.sort((a, b) => (a.name < b.name ? -1 : 1));
  return byService;
}

/**
 * Merges a Service's slices. A dual-stack pod stands in one slice a family and is one endpoint here; where a pod is
 * listed twice while it moves between slices, it is ready if either says so, as kube-proxy takes it.
 */
export function mergeSlices(slices: readonly EndpointSlice[]): readonly SlicedEndpoint[] {
  const byKey = new Map<string, SlicedEndpoint>();
  for (const slice of slices) {
    for (const endpoint of slice.endpoints) {
      const key = keyOfEndpoint(endpoint);
      if (key !== undefined) byKey.set(key, withListing(byKey.get(key), key, { slice, endpoint }));
    }
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Pod id, else the first address; undefined for an entry that names neither. */
export function keyOfEndpoint(endpoint: SliceEndpoint): string | undefined {
  return endpoint.pod ?? endpoint.addresses[0];
}

/** An endpoint with what one more slice says of it, the slices in their order. */
export function withListing(
  other: SlicedEndpoint | undefined,
  key: string,
  { slice, endpoint }: Listing,
): SlicedEndpoint {
  return {
    key,
    pod: endpoint.pod,
    addresses: other === undefined ? endpoint.addresses : union(other.addresses, endpoint.addresses),
    nodeName: other?.nodeName ?? endpoint.nodeName,
    zone: other?.zone ?? endpoint.zone,
    ready: endpoint.ready || other?.ready === true,
    serving: endpoint.serving || other?.serving === true,
    terminating: endpoint.terminating && other?.terminating !== false,
    ports: other === undefined ? slice.ports : [...other.ports, ...slice.ports],
    hintZones: other === undefined ? endpoint.hintZones : union(other.hintZones, endpoint.hintZones),
    hintNodes: other === undefined ? endpoint.hintNodes : union(other.hintNodes, endpoint.hintNodes),
    slice: other?.slice ?? {
      id: slice.id,
      name: slice.name,
      from: slice.from,
      managedBy: slice.managedBy,
    },
  };
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...a, ...b.filter((value) => !a.includes(value))];
}

/**
 * Whether a slice of a Service with a selector is the controller's own mirror of selector and pods. The Endpoints
 * controller leaves no mark, and neither do tools that copy slices; other writers name themselves in the label.
 */
export function isControllerSlice(slice: Pick<EndpointSlice, "managedBy">): boolean {
  return slice.managedBy === undefined || slice.managedBy === "endpointslice-controller.k8s.io";
}

/** Whether a slice's ports open a Service port: kube-proxy joins them by name and protocol, not by number. */
export function openedPort(
  ports: readonly SlicePort[],
  servicePort: Service["ports"][number],
): SlicePort | undefined {
  return ports.find(
    (port) => port.name === (servicePort.name ?? "") && port.protocol === servicePort.protocol,
  );
}
