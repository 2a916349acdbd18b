import { z } from "zod";
import type { ForeignPolicy } from "#lib/model/objects.ts";
import { list, mapOf, stringMap, text } from "./api-shapes.ts";
import type { Raw } from "./read-body.ts";
import { bothWays, type Concern, everyPodEverywhere } from "./read-foreign-concern.ts";

const target = z.object({ kind: text, namespace: text });

const shape = z.object({
  spec: z
    .object({
      selector: z.object({ matchLabels: stringMap }).nullish(),
      targetRef: target.nullish(),
      targetRefs: list(target),
    })
    .nullish(),
});

type Target = z.infer<typeof target>;

/**
 * Whom an AuthorizationPolicy (security.istio.io) may concern: what the pods receive that it selects. One in the mesh's
 * root namespace is for all namespaces.
 */
export function istioConcern(raw: Raw, namespace: string): Concern {
  // Which namespace is the root is a setting of the mesh; these are the names that it has where it was not changed.
  const isRoot = /istio-system/.test(namespace);
  const widest = isRoot ? everyPodEverywhere : undefined;
  const parsed = shape.safeParse(raw);
  if (!parsed.success) return { subject: widest, directions: bothWays };
  const spec = parsed.data.spec ?? {};
  const targets = [...(spec.targetRef ? [spec.targetRef] : []), ...(spec.targetRefs ?? [])];
  if (targets.length > 0) {
    return {
      subject: targets.every((each) => isOwnService(each, namespace)) ? widest : everyPodEverywhere,
      directions: targets.every(isOfReceivers) ? ["ingress"] : bothWays,
    };
  }
  const matchLabels = mapOf(spec.selector?.matchLabels);
  // Istio refuses wildcards here, and a label of a pod cannot hold one.
  const isOdd = Object.entries(matchLabels)
    .flat()
    .some((part) => part.includes("*"));
  const selected: ForeignPolicy["subject"] = {
    ...(isRoot ? { namespaceSelector: { matchLabels: {}, matchExpressions: [] } } : {}),
    podSelector: { matchLabels, matchExpressions: [] },
  };
  return { subject: isOdd ? widest : selected, directions: ["ingress"] };
}

/** A Service's pods are in its namespace. A Gateway may be a waypoint that other namespaces use. */
function isOwnService({ kind, namespace }: Target, own: string): boolean {
  return kind === "Service" && (!namespace || namespace === own);
}

/** A ServiceEntry stands for what is outside, which pods send to. */
function isOfReceivers({ kind }: Target): boolean {
  return kind === "Service" || kind === "Gateway" || kind === "GatewayClass";
}
