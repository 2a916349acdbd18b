import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { requestsOfRule } from "#lib/engine/route-facts.ts";
import type { Fix } from "#lib/model/finding.ts";
import { objectId } from "#lib/model/ids.ts";
import type { Route, RouteRule } from "#lib/model/objects.ts";
import { routePlurals } from "#lib/model/snapshot.ts";
import { requestsOf } from "../../backend-words.ts";
import { defineCheck } from "../../check.ts";

export const routeAllWeightsZero = defineCheck({
  id: "route/all-weights-zero",
  code: "NET-304",
  severity: "error",
  summary: "All backends of a route's rule have weight 0, so its requests fail",
  inputs: [],
  each: routePlurals,
  *find({ routes }) {
    for (const { route } of routes) {
      for (const [i, rule] of route.rules.entries()) {
        const { backendRefs, filters } = rule;
        if (backendRefs.length === 0 || backendRefs.some(({ weight }) => weight > 0)) continue;
        // It may answer by itself.
        if (filters.some((filter) => filter === "RequestRedirect" || filter === "ExtensionRef")) continue;
        const all =
          backendRefs.length === 1 ? "its only backend has" : `all ${backendRefs.length} backends have`;
        yield {
          subject: route.id,
          part: `spec.rules[${i}].backendRefs`,
          message: `Requests for ${requestsOf(requestsOfRule(route, rule))} are sent to nobody by ${route.name}: ${all} weight 0`,
          evidence: backendRefs.map(({ name }, j) => ({
            object: route.id,
            path: `spec.rules[${i}].backendRefs[${j}].weight`,
            value: `0 (${name})`,
          })),
          fix: fixOf(route, rule, i),
          kubectl: kubectlGet(route.id),
          touches: backendRefs
            .filter(({ group, apiKind }) => group === "" && apiKind === "Service")
            .map(({ namespace, name }) => objectId("service", namespace, name)),
        };
      }
    }
  },
});

/** Which of several is to get the requests, nothing tells. */
function fixOf(route: Route, { backendRefs }: RouteRule, i: number): Fix {
  const [only, ...more] = backendRefs;
  if (only === undefined || more.length > 0)
    return {
      text: `Give one of ${listedUpTo(
        backendRefs.map(({ name }) => name),
        3,
      )} a weight above 0`,
    };
  return {
    text: `Give ${only.name} a weight above 0`,
    patch: jsonPatch(route.id, {
      op: "replace",
      path: pointer(`spec.rules[${i}].backendRefs[0].weight`),
      value: 1,
    }),
  };
}
