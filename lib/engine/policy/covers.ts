/**
 * Whether one clause of a NetworkPolicy holds all that another does, told from what they say and never from the pods
 * that happen to run: what is covered today stays covered whatever comes. Clauses that only amount to the same by way
 * of values are not seen; then the answer is no.
 */
import type {
  LabelSelector,
  MatchExpression,
  NetworkPolicy,
  PolicyPeer,
  PolicyPort,
  PolicyRule,
} from "#lib/model/objects.ts";
import type { Direction } from "#lib/model/verdict.ts";
import { type Cidr, contains, parseCidr } from "../cidr.ts";
import { isEmptySelector, labelValue } from "../selector.ts";

/** Whether `wide` isolates every pod that `narrow` does in that direction, and allows all that `narrow` allows. */
export function policyCovers(wide: NetworkPolicy, narrow: NetworkPolicy, direction: Direction): boolean {
  const type = direction === "ingress" ? "Ingress" : "Egress";
  return (
    wide.namespace === narrow.namespace &&
    wide.policyTypes.includes(type) &&
    selectorCovers(wide.podSelector, narrow.podSelector) &&
    narrow[direction].every((rule) => wide[direction].some((other) => ruleCovers(other, rule)))
  );
}

/** Whether everything that `narrow` selects is selected by `wide`. */
export function selectorCovers(wide: LabelSelector, narrow: LabelSelector): boolean {
  const labels = Object.entries(wide.matchLabels).every(([key, value]) =>
    implies(narrow, { key, operator: "In", values: [value] }),
  );
  return labels && wide.matchExpressions.every((expression) => implies(narrow, expression));
}

/** Whether whatever a selector selects meets an expression. */
function implies(selector: LabelSelector, { key, operator, values }: MatchExpression): boolean {
  const label = labelValue(selector.matchLabels, key);
  const about = selector.matchExpressions.filter((each) => each.key === key);
  const among = [
    ...(label === undefined ? [] : [[label]]),
    ...about.flatMap((each) => (each.operator === "In" ? [each.values] : [])),
  ];
  switch (operator) {
    case "In":
      return among.some((own) => own.every((value) => values.includes(value)));
    case "NotIn":
      return (
        among.some((own) => own.every((value) => !values.includes(value))) ||
        about.some(
          (each) =>
            each.operator === "DoesNotExist" ||
            (each.operator === "NotIn" && values.every((value) => each.values.includes(value))),
        )
      );
    case "Exists":
      return among.length > 0 || about.some((each) => each.operator === "Exists");
    case "DoesNotExist":
      return about.some((each) => each.operator === "DoesNotExist");
  }
}

/** Both rules stand in policies of one namespace. */
function ruleCovers(wide: PolicyRule, narrow: PolicyRule): boolean {
  return (
    (wide.peers.length === 0 ||
      (narrow.peers.length > 0 &&
        narrow.peers.every((peer) => wide.peers.some((other) => peerCovers(other, peer))))) &&
    (wide.ports.length === 0 ||
      (narrow.ports.length > 0 &&
        narrow.ports.every((port) => wide.ports.some((other) => portCovers(other, port)))))
  );
}

function peerCovers(wide: PolicyPeer, narrow: PolicyPeer): boolean {
  if (wide.kind === "ip-block" || narrow.kind === "ip-block")
    return wide.kind === "ip-block" && narrow.kind === "ip-block" && blockCovers(wide, narrow);
  const pods =
    wide.podSelector === undefined || selectorCovers(wide.podSelector, narrow.podSelector ?? everything);
  const { namespaceSelector } = wide;
  // Without a namespaceSelector a peer looks in the policies' own namespace, whose labels are not looked at here.
  const places =
    namespaceSelector === undefined
      ? narrow.namespaceSelector === undefined
      : isEmptySelector(namespaceSelector) ||
        (narrow.namespaceSelector !== undefined &&
          selectorCovers(namespaceSelector, narrow.namespaceSelector));
  return pods && places;
}

const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] };

type Block = Extract<PolicyPeer, { kind: "ip-block" }>;

function blockCovers(wide: Block, narrow: Block): boolean {
  const [outer, inner] = [parseCidr(wide.cidr), parseCidr(narrow.cidr)];
  if (outer === undefined || inner === undefined || !contains(outer, inner)) return false;
  const holes = narrow.except.flatMap((text) => parseCidr(text) ?? []);
  return wide.except
    .flatMap((text) => parseCidr(text) ?? [])
    .every((hole) => areApart(hole, inner) || holes.some((own) => contains(own, hole)));
}

function areApart(a: Cidr, b: Cidr): boolean {
  return a.family !== b.family || a.end < b.start || b.end < a.start;
}

function portCovers(wide: PolicyPort, narrow: PolicyPort): boolean {
  if (wide.protocol !== narrow.protocol) return false;
  if (wide.port === undefined) return true;
  if (typeof wide.port === "string" || typeof narrow.port !== "number") return wide.port === narrow.port;
  return wide.port <= narrow.port && (narrow.endPort ?? narrow.port) <= (wide.endPort ?? wide.port);
}
