import { z } from "zod";
import type { ForeignPolicy } from "#lib/model/objects.ts";
import { list, selectorOf } from "./api-shapes.ts";
import { strictSelector } from "./policy-shapes.ts";
import type { Raw } from "./read-body.ts";
import { bothWays, type Concern, covering } from "./read-foreign-concern.ts";

const place = z.looseObject({
  podSelector: strictSelector.nullish(),
  namespaceSelector: strictSelector.nullish(),
});
const appliedTo = list(place);
const rules = list(z.object({ appliedTo }));

const shape = z.object({ spec: z.object({ appliedTo, ingress: rules, egress: rules }) });

type Place = z.infer<typeof place>;

/**
 * Whom a NetworkPolicy or ClusterNetworkPolicy of Antrea (crd.antrea.io) may concern; undefined for a malformed one.
 * It is applied as a whole or rule by rule.
 */
export function antreaConcern(raw: Raw, scope: "namespace" | "cluster"): Concern | undefined {
  const parsed = shape.safeParse(raw);
  if (!parsed.success) return undefined;
  const { spec } = parsed.data;
  const whole = spec.appliedTo ?? [];
  const ruled = [...(spec.ingress ?? []), ...(spec.egress ?? [])].map((rule) => rule.appliedTo ?? []);
  const isPlaced = whole.length > 0 || (ruled.length > 0 && ruled.every((places) => places.length > 0));
  const directions = bothWays.filter((way) => spec[way] !== undefined && spec[way] !== null);
  return {
    subject: isPlaced
      ? covering([...whole, ...ruled.flat()].map((each) => subjectOf(each, scope)))
      : undefined,
    directions: directions.length === 0 ? bothWays : directions,
  };
}

/** Groups, Services, service accounts, nodes and what is outside Kubernetes are not looked up. */
function subjectOf(each: Place, scope: "namespace" | "cluster"): ForeignPolicy["subject"] {
  const { podSelector, namespaceSelector, ...rest } = each;
  const isPlain = Object.values(rest).every((value) => value === undefined || value === null);
  if (!isPlain || (!podSelector && !namespaceSelector)) return undefined;
  if (scope === "cluster") {
    return {
      namespaceSelector: namespaceSelector ? selectorOf(namespaceSelector) : undefined,
      podSelector: selectorOf(podSelector),
    };
  }
  return namespaceSelector ? undefined : { podSelector: selectorOf(podSelector) };
}
