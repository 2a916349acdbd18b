import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { requestsOfRule } from "#lib/engine/route-facts.ts";
import type { LostClaim, ShadowedRule } from "#lib/engine/routing/shadowed-rules.ts";
import type { Evidence, Fix, Severity } from "#lib/model/finding.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Route } from "#lib/model/objects.ts";
import { routePlurals } from "#lib/model/snapshot.ts";
import { requestsOf } from "../../backend-words.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

type Place = LostClaim["winner"];

export const routeShadowed = defineCheck({
  id: "route/shadowed",
  code: "NET-305",
  severity: "warning",
  summary: "A rule of a route gets no request, since another one with the same match comes before it",
  inputs: [],
  each: routePlurals,
  // Only rules on the same listener compete.
  ifRead: ["gateways", "listenerSets", "namespaces"],
  *find({ routes, shadowedRules, unread }) {
    for (const { attachments } of routes) {
      const open = attachments.some(
        ({ state, listeners }) => state === "unknown" || (state === "attached" && listeners.length === 0),
      );
      if (open) yield unjudged("gateways", "listenerSets", "namespaces");
    }
    for (const shadowed of shadowedRules()) {
      // One that was not read may come before both, and send the requests where this one would.
      const { plural } = kinds[shadowed.route.kind];
      yield unread.includes(plural) ? unjudged(plural) : found(shadowed);
    }
  },
});

function found(shadowed: ShadowedRule): Found {
  const { route, rule, lost, kept } = shadowed;
  const winners = [...new Map(lost.map(({ winner }) => [keyOf(winner), winner])).values()];
  const requests = [...new Set(lost.map((claim) => requestsIn(shadowed, claim)))].sort();
  const before = listedUpTo(
    winners.map((winner) => `${winnerInWords(winner, route)}, ${whyFirst(winner, route)}`),
    2,
  );
  return {
    subject: route.id,
    part: `spec.rules[${rule}]`,
    severity: severityOf(winners, kept),
    message: `Rule ${rule + 1} of ${route.name} gets ${kept === 0 ? "no request" : "only some of its requests"}: ${listedUpTo(requests, 3)} ${requests.length === 1 ? "goes" : "go"} to ${before}`,
    evidence: [evidenceOf({ route, rule }), ...winners.map(evidenceOf)],
    fix: fixOf(shadowed, winners),
    kubectl: kubectlGet(route.id),
    touches: winners.map((winner) => winner.route.id),
  };
}

function keyOf({ route, rule }: Place): string {
  return `${route.id} ${rule}`;
}

/** With the listener, where it gets the same requests on another one. */
function requestsIn({ route, rule, kept }: ShadowedRule, { hostname, match, listener }: LostClaim): string {
  const own = route.rules[rule];
  if (own === undefined) return "";
  const words = requestsOf(
    requestsOfRule(
      { ...route, hostnames: hostname === undefined ? [] : [hostname] },
      { ...own, matches: match === undefined ? [] : [match] },
    ),
  );
  return kept === 0 ? words : `${words} on listener ${listener}`;
}

function winnerInWords({ route, rule }: Place, loser: Route): string {
  return route.id === loser.id
    ? `rule ${rule + 1}`
    : `rule ${rule + 1} of ${kinds[route.kind].api} ${route.namespace}/${route.name}`;
}

/** The oldest route, then the first by name, then the first rule in the list (HTTPRouteRule.matches). */
function whyFirst({ route }: Place, loser: Route): string {
  if (route.id === loser.id) return "which comes before it";
  const older = Date.parse(route.createdAt ?? "") < Date.parse(loser.createdAt ?? "");
  return older ? "which is older" : "which comes before it by namespace and name";
}

/** A redirect from http on its own listener, beside a route on both: what is meant, as long as the redirect is older. */
function severityOf(winners: readonly Place[], kept: number): Severity {
  const redirects = winners.every(({ route, rule }) =>
    route.rules[rule]?.filters.includes("RequestRedirect"),
  );
  return kept > 0 && redirects ? "info" : "warning";
}

function evidenceOf({ route, rule }: Place): Evidence {
  const own = route.rules[rule];
  return {
    object: route.id,
    path: `spec.rules[${rule}].matches`,
    value: own === undefined ? "none" : requestsOf(requestsOfRule(route, own)),
  };
}

function fixOf({ route, rule, kept }: ShadowedRule, winners: readonly Place[]): Fix {
  const name = `rule ${rule + 1} of ${route.name}`;
  // Nothing changes for anyone when it goes.
  if (kept === 0 && winners.every((winner) => winner.route.id === route.id))
    return {
      text: `Take ${name} away, which has no effect, or give it a match of its own`,
      patch: jsonPatch(route.id, { op: "remove", path: pointer(`spec.rules[${rule}]`) }),
    };
  return { text: `Give ${name} a hostname, path or header of its own, or take one of the two away` };
}
