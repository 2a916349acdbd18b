import type { Route } from "#lib/model/objects.ts";
import type { BackendFact, Facts } from "../facts.ts";
import { fixReference, fixRoutePort, fixRouteService, serviceInWords } from "../fix/backend-fix.ts";
import type { HttpAnswer, RuleRef, WeightedBackend } from "./http-way.ts";
import { routeInWords } from "./route-choice.ts";
import { matchInWords } from "./route-match.ts";
import type { Candidate } from "./route-precedence.ts";

export interface RouteAnswer {
  readonly answer: HttpAnswer;
  readonly remarks: readonly string[];
}

/** What a rule does with the requests that it takes. */
export function routeAnswer(facts: Facts, chosen: Candidate): RouteAnswer {
  const { route, backends } = chosen.route.facts;
  const path = `spec.rules[${chosen.rule}]`;
  const rule: RuleRef = { object: route.id, path, words: matchInWords(chosen.match) };
  const filters = route.rules[chosen.rule]?.filters ?? [];
  const own = backends.filter((backend) => backend.path.startsWith(`${path}.backendRefs`));
  if (filters.includes("RequestRedirect")) {
    const sentence = `${routeInWords(chosen.route)} answers with a redirect, and asks no backend`;
    return { answer: { kind: "redirect", rule, sentence }, remarks: [] };
  }
  if (own.length === 0) {
    const sentence = `${routeInWords(chosen.route)} answers ${rule.words} by a filter of its controller's (ExtensionRef), which is not read`;
    return { answer: { kind: "unknown", sentence, objects: [route.id] }, remarks: [] };
  }
  return { answer: toBackends(facts, route, rule, own), remarks: filterRemarks(filters) };
}

function toBackends(facts: Facts, route: Route, rule: RuleRef, own: readonly BackendFact[]): HttpAnswer {
  const [first] = own;
  const isEmpty = route.rules.some(
    ({ backendRefs }, i) => backendRefs.length === 0 && first?.path === `spec.rules[${i}].backendRefs`,
  );
  const weighted = own.filter(({ weight }) => weight > 0);
  const refused = {
    kind: "refused",
    object: route.id,
    evidence: own.map(({ evidence }) => evidence),
  } as const;
  if (isEmpty) {
    return {
      ...refused,
      reason: "NoBackend",
      sentence: `The rule of ${route.name} for ${rule.words} names no backend, so ${failureOf(route)}`,
      fix: { text: `Name a backend in that rule of ${route.name}` },
    };
  }
  if (weighted.length === 0) {
    return {
      ...refused,
      reason: "AllWeightsZero",
      sentence: `All backends of ${route.name} for ${rule.words} have weight 0, so ${failureOf(route)}`,
      fix: { text: `Give a backend of that rule of ${route.name} a weight above 0` },
    };
  }
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const backends = weighted.map(
    (fact): WeightedBackend => ({ fact, share: fact.weight / total, fix: fixOf(facts, route, fact) }),
  );
  return { kind: "backends", rule, backends };
}

/** HTTPRouteRule, GRPCRouteRule and TLSRouteRule.backendRefs. */
function failureOf({ kind }: Route): string {
  switch (kind) {
    case "http-route":
      return "the answer is 500";
    case "grpc-route":
      return "calls fail with UNAVAILABLE";
    default:
      return "connections are rejected";
  }
}

function fixOf({ services }: Facts, route: Route, fact: BackendFact): WeightedBackend["fix"] {
  const { service, state } = fact;
  if (service === undefined) return undefined;
  switch (state) {
    case "service-missing":
      return fixRouteService(service);
    case "port-missing": {
      const object = services.get(service)?.service;
      return fixRoutePort(route, fact, object, serviceInWords(service, route.namespace));
    }
    case "not-permitted":
      return fixReference(route, service);
    default:
      return undefined;
  }
}

function filterRemarks(filters: readonly string[]): readonly string[] {
  const remarks: string[] = [];
  if (filters.includes("URLRewrite"))
    remarks.push("A URLRewrite filter changes the path or the host that the backend sees");
  const unread = filters.filter((filter) => filter === "ExtensionRef" || filter === "ExternalAuth");
  if (unread.length > 0)
    remarks.push(`What its filter ${unread.join(" and ")} does with the request is not read`);
  return remarks;
}
