import { z } from "zod";
import type { Origin, Service } from "#lib/model/objects.ts";
import {
  flag,
  list,
  loadBalancerOf,
  loadBalancerStatus,
  mapOf,
  port,
  portOrName,
  protocol,
  protocolOf,
  stringMap,
  text,
  whole,
} from "./api-shapes.ts";
import { type Raw, readNamespaced } from "./read-body.ts";
import type { Reading } from "./reading.ts";
import { intern, internOptional } from "./string-pool.ts";

const servicePort = z.object({
  name: text,
  port,
  protocol,
  // 0 and "" are what Go writes for "not set".
  targetPort: z.union([z.literal([0, ""]), portOrName]).nullish(),
  nodePort: whole,
  appProtocol: text,
});

const shape = z.object({
  spec: z.object({
    type: z.enum(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName", ""]).nullish(),
    selector: stringMap,
    ports: list(servicePort),
    clusterIP: text,
    clusterIPs: list(z.string()),
    ipFamilies: list(z.string()),
    externalName: text,
    externalIPs: list(z.string()),
    internalTrafficPolicy: z.enum(["Cluster", "Local", ""]).nullish(),
    externalTrafficPolicy: z.enum(["Cluster", "Local", ""]).nullish(),
    healthCheckNodePort: whole,
    publishNotReadyAddresses: flag,
    sessionAffinity: text,
    trafficDistribution: text,
    loadBalancerClass: text,
    loadBalancerSourceRanges: list(z.string()),
  }),
  status: loadBalancerStatus,
});

export function readService(raw: Raw, origin: Origin | undefined): Reading<Service> {
  return readNamespaced("service", raw, origin, shape, (meta, { spec, status }) => ({
    kind: "service",
    ...meta,
    type: spec.type || "ClusterIP",
    selector: mapOf(spec.selector),
    ports: (spec.ports ?? []).map((p) => ({
      name: internOptional(p.name),
      port: p.port,
      protocol: protocolOf(p.protocol),
      targetPort:
        typeof p.targetPort === "string" && p.targetPort !== ""
          ? intern(p.targetPort)
          : p.targetPort || p.port,
      nodePort: p.nodePort || undefined,
      appProtocol: internOptional(p.appProtocol),
    })),
    clusterIPs: spec.clusterIPs?.length ? spec.clusterIPs : spec.clusterIP ? [spec.clusterIP] : [],
    ipFamilies: (spec.ipFamilies ?? []).map(intern),
    externalName: internOptional(spec.externalName),
    externalIPs: spec.externalIPs ?? [],
    internalTrafficPolicy: spec.internalTrafficPolicy || "Cluster",
    externalTrafficPolicy: spec.externalTrafficPolicy || "Cluster",
    // 0 is what Go writes for "not set".
    healthCheckNodePort: spec.healthCheckNodePort || undefined,
    publishNotReadyAddresses: spec.publishNotReadyAddresses ?? false,
    sessionAffinity: spec.sessionAffinity || "None",
    trafficDistribution: internOptional(spec.trafficDistribution),
    loadBalancerClass: internOptional(spec.loadBalancerClass),
    loadBalancerSourceRanges: spec.loadBalancerSourceRanges ?? [],
    loadBalancer: loadBalancerOf(status),
  }));
}
