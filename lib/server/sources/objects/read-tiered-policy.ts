import { z } from "zod";
import type { Origin, TieredPolicy } from "#lib/model/objects.ts";
import { labelSelector, list, selectorOf } from "./api-shapes.ts";
import { type Raw, readClusterScoped } from "./read-body.ts";
import type { Reading } from "./reading.ts";

const subject = z
  .object({
    namespaces: labelSelector.nullish(),
    pods: z
      .object({ namespaceSelector: labelSelector.nullish(), podSelector: labelSelector.nullish() })
      .nullish(),
  })
  .transform((s, context): TieredPolicy["subject"] => {
    if (s.pods) {
      return {
        namespaceSelector: selectorOf(s.pods.namespaceSelector),
        podSelector: selectorOf(s.pods.podSelector),
      };
    }
    if (s.namespaces) return { namespaceSelector: selectorOf(s.namespaces) };
    context.addIssue({ code: "custom", message: "needs namespaces or pods" });
    return z.NEVER;
  });

/** The rules are counted and otherwise left alone, whatever the version writes in them. */
const rules = list(z.unknown());

const shape = z.object({
  spec: z.object({
    tier: z.enum(["Admin", "Baseline"]).nullish(),
    priority: z.int().nullish(),
    subject,
    ingress: rules,
    egress: rules,
  }),
});

/** ClusterNetworkPolicy (v1alpha2), AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1). */
export function readTieredPolicy(
  kind: TieredPolicy["kind"],
  raw: Raw,
  origin: Origin | undefined,
): Reading<TieredPolicy> {
  const reading = readClusterScoped(kind, raw, origin, shape, (meta, { spec }) => ({
    meta,
    spec,
    tier:
      kind === "admin-network-policy"
        ? "Admin"
        : kind === "baseline-admin-network-policy"
          ? "Baseline"
          : spec.tier,
    // There is one BaselineAdminNetworkPolicy a cluster, so it has no priority.
    priority: kind === "baseline-admin-network-policy" ? 0 : spec.priority,
  }));
  if (reading.kind !== "object") return reading;
  const { meta, spec, tier, priority } = reading.object;
  if (!tier) return { kind: "invalid", path: "spec.tier", why: "is required" };
  if (priority === undefined || priority === null)
    return { kind: "invalid", path: "spec.priority", why: "is required" };
  return {
    kind: "object",
    object: {
      kind,
      ...meta,
      tier,
      priority,
      subject: spec.subject,
      ingressRules: spec.ingress?.length ?? 0,
      egressRules: spec.egress?.length ?? 0,
    },
  };
}
