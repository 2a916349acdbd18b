import { z } from "zod";
import type { ForeignPolicy, LabelSelector, MatchExpression } from "#lib/model/objects.ts";
import { flag, list, selectorOf } from "./api-shapes.ts";
import { strictSelector } from "./policy-shapes.ts";
import type { Raw } from "./read-body.ts";
import {
  bothWays,
  type Concern,
  covering,
  everyPodEverywhere,
  expressionsOf,
  selectorOfExpressions,
} from "./read-foreign-concern.ts";
import { namespaceNameLabel } from "./read-namespace.ts";

const present = z.unknown().optional();

const rule = z.object({
  endpointSelector: strictSelector.nullish(),
  nodeSelector: present,
  ingress: present,
  ingressDeny: present,
  egress: present,
  egressDeny: present,
  enableDefaultDeny: z.object({ ingress: flag, egress: flag }).nullish(),
});

const shape = z.object({ spec: rule.nullish(), specs: list(rule) });

type Rule = z.infer<typeof rule>;

/**
 * Whom a CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy (cilium.io/v2) may concern, all of its rules taken
 * together; undefined for a malformed one.
 */
export function ciliumConcern(raw: Raw, scope: "namespace" | "cluster"): Concern | undefined {
  const parsed = shape.safeParse(raw);
  if (!parsed.success) return undefined;
  const { spec, specs } = parsed.data;
  const rules = [...(spec ? [spec] : []), ...(specs ?? [])];
  if (rules.length === 0) return undefined;
  const directions = bothWays.filter((way) => rules.some((each) => governs(each, way)));
  return {
    subject: covering(rules.map((each) => subjectOf(each, scope))),
    directions: directions.length === 0 ? bothWays : directions,
  };
}

/** `enableDefaultDeny: false` takes back that the rule isolates, not what it denies and allows: it still governs. */
function governs(each: Rule, way: "ingress" | "egress"): boolean {
  return isGiven(each[way]) || isGiven(each[`${way}Deny`]) || each.enableDefaultDeny?.[way] === true;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function subjectOf(
  { endpointSelector, nodeSelector }: Rule,
  scope: "namespace" | "cluster",
): ForeignPolicy["subject"] {
  // A host policy is for nodes, and so for pods on their node's network, which have no labels of their own there.
  if (isGiven(nodeSelector) || !endpointSelector) return undefined;
  const requirements = expressionsOf(selectorOf(endpointSelector)).map(requirementOf);
  // `reserved:init` means pods of which no label is known yet, of whatever namespace.
  if (requirements.some(({ of }) => of === "reserved")) return everyPodEverywhere;
  const podSelector = selectorOfExpressions(
    requirements.flatMap(({ of, expression }) => (of === "pod" ? [expression] : [])),
  );
  // A namespaced policy stays in its namespace whatever it asks of namespaces.
  return scope === "namespace"
    ? { podSelector }
    : { namespaceSelector: namespaceSelectorOf(requirements), podSelector };
}

function namespaceSelectorOf(requirements: readonly Requirement[]): LabelSelector | undefined {
  const expressions = requirements.flatMap(({ of, expression }) => (of === "namespace" ? [expression] : []));
  return expressions.length === 0 ? undefined : selectorOfExpressions(expressions);
}

interface Requirement {
  /** `other`: nothing that is read here, to be left out. */
  readonly of: "pod" | "namespace" | "reserved" | "other";
  readonly expression: MatchExpression;
}

const podNamespace = "io.kubernetes.pod.namespace";
const namespaceLabels = "io.cilium.k8s.namespace.labels.";

/**
 * What a requirement on a key is about. A key may start with the source of the label (`k8s:`, `any:` or nothing, which
 * is any).
 *
 * Cilium sees only those labels that are "identity-relevant", by a list that has exceptions as it comes
 * (`pod-template-hash`, `kubernetes.io/…`) and that can be set. A label off the list is absent to it: `NotIn` and
 * `DoesNotExist` then match a pod that carries it, so they are left out, but for the namespace's name, which is on
 * every list. (docs.cilium.io, Limiting Identity-Relevant Labels.)
 */
function requirementOf(expression: MatchExpression): Requirement {
  const { key, operator } = expression;
  if (/^(\$|reserved[:.])/.test(key)) return { of: "reserved", expression };
  const [, source = "any", name = ""] = /^(?:([^:]*):)?(.*)$/s.exec(key) ?? [];
  const other: Requirement = { of: "other", expression };
  if ((source !== "k8s" && source !== "any") || name === "" || name.includes(":")) return other;
  if (name === podNamespace) {
    return operator === "In" || operator === "NotIn"
      ? { of: "namespace", expression: { ...expression, key: namespaceNameLabel } }
      : other;
  }
  if (operator === "NotIn" || operator === "DoesNotExist") return other;
  if (name.startsWith(namespaceLabels))
    return { of: "namespace", expression: { ...expression, key: name.slice(namespaceLabels.length) } };
  if (/^io\.(cilium\.k8s|kubernetes)\./.test(name)) return other;
  return { of: "pod", expression: { ...expression, key: name } };
}
