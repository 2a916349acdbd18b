import { z } from "zod";
import type { Node, Origin } from "#lib/model/objects.ts";
import { conditions, conditionsOf, flag, list, text } from "./api-shapes.ts";
import { type Raw, readClusterScoped } from "./read-body.ts";
import type { Reading } from "./reading.ts";
import { intern, internOptional } from "./string-pool.ts";

const shape = z.object({
  spec: z
    .object({
      podCIDR: text,
      podCIDRs: list(z.string()),
      unschedulable: flag,
      taints: list(z.object({ key: text })),
    })
    .nullish(),
  status: z
    .object({ addresses: list(z.object({ type: z.string(), address: z.string() })), conditions })
    .nullish(),
});

export function readNode(raw: Raw, origin: Origin | undefined): Reading<Node> {
  return readClusterScoped("node", raw, origin, shape, (meta, { spec, status }) => ({
    kind: "node",
    ...meta,
    addresses: (status?.addresses ?? []).map(({ type, address }) => ({ type: intern(type), address })),
    podCIDRs: spec?.podCIDRs?.length ? spec.podCIDRs : spec?.podCIDR ? [spec.podCIDR] : [],
    unschedulable: spec?.unschedulable ?? false,
    taints: (spec?.taints ?? []).flatMap(({ key }) => internOptional(key) ?? []),
    conditions: conditionsOf(status?.conditions),
    zone: internOptional(
      meta.labels["topology.kubernetes.io/zone"] ?? meta.labels["failure-domain.beta.kubernetes.io/zone"],
    ),
  }));
}
