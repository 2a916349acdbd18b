import { z } from "zod";
import type { MatchExpression } from "#lib/model/objects.ts";
import { flag, list, text } from "./api-shapes.ts";
import type { Raw } from "./read-body.ts";
import { calicoExpressions } from "./read-foreign-calico-selector.ts";
import { bothWays, type Concern, selectorOfExpressions } from "./read-foreign-concern.ts";
import { namespaceNameLabel } from "./read-namespace.ts";

const shape = z.object({
  spec: z.object({
    selector: text,
    namespaceSelector: text,
    types: list(
      z
        .string()
        .toLowerCase()
        .pipe(z.enum(["ingress", "egress"])),
    ),
    preDNAT: flag,
    doNotTrack: flag,
    applyOnForward: flag,
  }),
});

/**
 * Whom a NetworkPolicy or GlobalNetworkPolicy (projectcalico.org/v3; crd.projectcalico.org/v1 has the same spec) may
 * concern; undefined for a malformed one. A `serviceAccountSelector` only narrows, so it is left out.
 */
export function calicoConcern(raw: Raw, scope: "namespace" | "cluster"): Concern | undefined {
  const parsed = shape.safeParse(raw);
  if (!parsed.success) return undefined;
  const { spec } = parsed.data;
  // Calico's client fills `types` in; what was written past it has none, and Felix then enforces both.
  const types = spec.types ?? [];
  const directions = types.length === 0 ? bothWays : bothWays.filter((way) => types.includes(way));
  const pods = calicoExpressions(spec.selector ?? "");
  if (scope === "namespace") {
    if (pods === undefined) return { subject: undefined, directions };
    return { subject: { podSelector: selectorOfExpressions(pods.filter(isOfPod)) }, directions };
  }
  // These are enforced at hosts, on traffic of any pod there. What is not tracked has no replies that pass by themselves.
  if (spec.doNotTrack) return { subject: undefined, directions: bothWays };
  if (spec.preDNAT || spec.applyOnForward) return { subject: undefined, directions };
  const places = calicoExpressions(spec.namespaceSelector ?? "");
  if (pods === undefined || places === undefined) return { subject: undefined, directions };
  const named = [...pods.filter(({ key }) => key === namespaceOfPod), ...places.filter(isOfName)];
  // Every pod has a namespace and every namespace a name; what lacks them is a host, whose pods cannot be told.
  if (named.some(({ operator }) => operator === "DoesNotExist")) return { subject: undefined, directions };
  const namespaces = [
    ...named.filter(({ operator }) => operator !== "Exists").map((e) => ({ ...e, key: namespaceNameLabel })),
    ...places.filter((expression) => !isOfName(expression)),
  ];
  return {
    subject: {
      namespaceSelector: namespaces.length === 0 ? undefined : selectorOfExpressions(namespaces),
      podSelector: selectorOfExpressions(pods.filter(isOfPod)),
    },
    directions,
  };
}

/** Calico puts the namespace's name on every pod, and on the namespace itself. */
const namespaceOfPod = "projectcalico.org/namespace";
const nameOfNamespace = "projectcalico.org/name";

function isOfName({ key }: MatchExpression): boolean {
  return key === nameOfNamespace;
}

/** Labels that Calico gives to pods from elsewhere (their namespace's, their service account's) are not read here. */
function isOfPod({ key }: MatchExpression): boolean {
  return !/^(projectcalico\.org\/|pcns\.|pcsa\.)/.test(key);
}
