/**
 * Shapes that many kinds share. The API decodes null as absent everywhere, and an absent list or mapping as an empty
 * one, so these do too; a key that is not named here is dropped.
 */
import { z } from "zod";
import type { Condition, LabelSelector, Labels, LoadBalancerAddress, Protocol } from "#lib/model/objects.ts";
import { share } from "./share.ts";
import { intern, internTime } from "./string-pool.ts";

export const text = z.string().nullish();
export const requiredText = z.string().min(1);
export const flag = z.boolean().nullish();
export const whole = z.int().nullish();
export const port = z.int().min(1).max(65_535);

/** A number, or the name of a port. The API refuses a name without a letter, which is a number put in quotes. */
export const portOrName = z.union([
  port,
  z.string().regex(/[a-z]/i, "is a number in quotes; remove the quotes"),
]);

/** A null value decodes as the empty string. */
export const stringMap = z.record(z.string(), z.string().nullable()).nullish();

export function list<T extends z.ZodType>(item: T) {
  return z.array(item).nullish();
}

export const protocol = z.enum(["TCP", "UDP", "SCTP", ""]).nullish();

/** The API server fills in TCP. */
export function protocolOf(value: z.infer<typeof protocol>): Protocol {
  return value || "TCP";
}

export const labelSelector = z.object({
  matchLabels: stringMap,
  matchExpressions: list(
    z.object({
      key: requiredText,
      operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
      values: list(z.string()),
    }),
  ),
});

export function selectorOf(value: z.infer<typeof labelSelector> | null | undefined): LabelSelector {
  return {
    matchLabels: mapOf(value?.matchLabels),
    matchExpressions: (value?.matchExpressions ?? []).map((e) => ({
      key: intern(e.key),
      operator: e.operator,
      values: (e.values ?? []).map(intern),
    })),
  };
}

export function mapOf(value: z.infer<typeof stringMap>): Labels {
  const map: Record<string, string> = {};
  for (const key in value) map[key] = intern(value[key] ?? "");
  return share(map);
}

const condition = z.object({
  type: z.string(),
  status: z.string().nullish(),
  reason: text,
  message: text,
  lastTransitionTime: text,
});

export const conditions = list(condition);

/** A status that is neither True nor False is Unknown; one odd condition must not lose the object. */
export function conditionsOf(value: z.infer<typeof conditions>): readonly Condition[] {
  return (value ?? []).map((c) =>
    share({
      type: intern(c.type),
      status: c.status === "True" || c.status === "False" ? c.status : ("Unknown" as const),
      ...(c.reason ? { reason: intern(c.reason) } : {}),
      ...(c.message ? { message: intern(c.message) } : {}),
      since: internTime(c.lastTransitionTime),
    }),
  );
}

export const loadBalancerStatus = z
  .object({
    loadBalancer: z.object({ ingress: list(z.object({ ip: text, hostname: text, ipMode: text })) }).nullish(),
  })
  .nullish();

/** Undefined when no status was given; empty when it says that no address has been assigned. */
export function loadBalancerOf(
  status: z.infer<typeof loadBalancerStatus>,
): readonly LoadBalancerAddress[] | undefined {
  if (status?.loadBalancer === undefined || status.loadBalancer === null) return undefined;
  return (status.loadBalancer.ingress ?? []).map((address) => ({
    ip: address.ip || undefined,
    hostname: address.hostname || undefined,
    ...(address.ipMode === "Proxy" ? { ipMode: "Proxy" as const } : {}),
  }));
}
