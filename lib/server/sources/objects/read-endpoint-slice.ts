import { z } from "zod";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { EndpointSlice, Origin, SliceEndpoint } from "#lib/model/objects.ts";
import { flag, list, protocol, protocolOf, requiredText, stringMap, text, whole } from "./api-shapes.ts";
import { type Raw, readNamespaced } from "./read-body.ts";
import type { Reading } from "./reading.ts";
import { share } from "./share.ts";
import { intern, internOptional } from "./string-pool.ts";

const targetRef = z.object({ kind: text, namespace: text, name: text }).nullish();
const ports = list(z.object({ name: text, port: whole, protocol }));

const sliceShape = z.object({
  apiVersion: z.string(),
  addressType: text,
  ports,
  endpoints: list(
    z.object({
      addresses: list(z.string()),
      conditions: z.object({ ready: flag, serving: flag, terminating: flag }).nullish(),
      targetRef,
      nodeName: text,
      zone: text,
      hostname: text,
      /** v1beta1 only. */
      topology: stringMap,
      hints: z
        .object({
          forZones: list(z.object({ name: z.string() })),
          forNodes: list(z.object({ name: z.string() })),
        })
        .nullish(),
    }),
  ),
});

const address = z.object({ ip: requiredText, hostname: text, nodeName: text, targetRef });

const endpointsShape = z.object({
  subsets: list(z.object({ addresses: list(address), notReadyAddresses: list(address), ports })),
});

/** discovery.k8s.io, v1 and v1beta1. */
export function readEndpointSlice(raw: Raw, origin: Origin | undefined): Reading<EndpointSlice> {
  return readNamespaced("endpoint-slice", raw, origin, sliceShape, (meta, body) => ({
    kind: "endpoint-slice",
    ...meta,
    from: "endpoint-slice",
    serviceName: internOptional(meta.labels["kubernetes.io/service-name"]),
    addressType: intern(body.addressType || "IPv4"),
    managedBy: internOptional(meta.labels["endpointslice.kubernetes.io/managed-by"]),
    ports: portsOf(body.ports),
    endpoints: (body.endpoints ?? []).map((e): SliceEndpoint => {
      const ready = e.conditions?.ready ?? true;
      // Old controllers (v1beta1 before 1.20) wrote no `serving`; there, only a ready endpoint served.
      const serving = e.conditions?.serving ?? (body.apiVersion.endsWith("/v1beta1") ? ready : true);
      return {
        addresses: e.addresses ?? [],
        ready,
        serving,
        terminating: e.conditions?.terminating ?? false,
        pod: podOf(e.targetRef, meta.namespace),
        nodeName: internOptional(e.nodeName ?? e.topology?.["kubernetes.io/hostname"]),
        zone: internOptional(e.zone ?? e.topology?.["topology.kubernetes.io/zone"]),
        hostname: internOptional(e.hostname),
        hintZones: share((e.hints?.forZones ?? []).map(({ name }) => intern(name))),
        hintNodes: share((e.hints?.forNodes ?? []).map(({ name }) => intern(name))),
      };
    }),
  }));
}

/**
 * A v1 Endpoints object as a slice, for clusters and dumps that hold nothing else. Several subsets become one list of
 * endpoints and the union of their ports: the model has one port list a slice, and subsets differ in ports only where
 * a named port has different numbers on different pods.
 */
export function readEndpoints(raw: Raw, origin: Origin | undefined): Reading<EndpointSlice> {
  return readNamespaced("endpoint-slice", raw, origin, endpointsShape, (meta, { subsets }) => {
    const endpoints = (subsets ?? []).flatMap((subset) => [
      ...(subset.addresses ?? []).map((a) => endpointOf(a, true, meta.namespace)),
      ...(subset.notReadyAddresses ?? []).map((a) => endpointOf(a, false, meta.namespace)),
    ]);
    const union = new Map<string, EndpointSlice["ports"][number]>();
    for (const subset of subsets ?? []) {
      for (const p of portsOf(subset.ports)) union.set(`${p.name}/${p.protocol}/${p.port ?? ""}`, p);
    }
    return {
      kind: "endpoint-slice",
      ...meta,
      from: "endpoints",
      serviceName: meta.name,
      addressType: endpoints[0]?.addresses[0]?.includes(":") ? "IPv6" : "IPv4",
      managedBy: undefined,
      ports: [...union.values()],
      endpoints,
    };
  });
}

function portsOf(value: z.infer<typeof ports>): EndpointSlice["ports"] {
  return (value ?? []).map((p) => ({
    name: intern(p.name ?? ""),
    port: p.port ?? undefined,
    protocol: protocolOf(p.protocol),
  }));
}

function endpointOf(a: z.infer<typeof address>, ready: boolean, namespace: string): SliceEndpoint {
  return {
    addresses: [a.ip],
    ready,
    serving: ready,
    terminating: false,
    pod: podOf(a.targetRef, namespace),
    nodeName: internOptional(a.nodeName),
    zone: undefined,
    hostname: internOptional(a.hostname),
    hintZones: [],
    hintNodes: [],
  };
}

function podOf(ref: z.infer<typeof targetRef>, namespace: string): ObjectId | undefined {
  return ref?.kind === "Pod" && ref.name ? objectId("pod", ref.namespace || namespace, ref.name) : undefined;
}
