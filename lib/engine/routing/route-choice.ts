import { kinds } from "#lib/model/kinds.ts";
import type { RouteRule } from "#lib/model/objects.ts";
import type { EntryRoute } from "./gateway-entries.ts";
import { compareHostFits, type HostFit } from "./http-host.ts";
import type { Fitting } from "./http-host-index.ts";
import type { HttpRequest } from "./http-way.ts";
import { isPattern, matchInWords, matchRequest } from "./route-match.ts";
import { byMatch, byPrecedence, type Candidate, sameRule } from "./route-precedence.ts";

/** Which rule of the routes on a listener takes a request. */
export type RouteChoice =
  | { readonly kind: "rule"; readonly chosen: Candidate; readonly remarks: readonly string[] }
  /** A regular expression decides. `otherwise`: what takes the request if it does not match. */
  | {
      readonly kind: "pattern";
      readonly pattern: Candidate;
      readonly tried: boolean;
      readonly otherwise: Candidate | undefined;
    }
  /** No rule takes it; all that were asked. */
  | { readonly kind: "none"; readonly asked: readonly Candidate[] };

/** `routes` are about the host and on the listener, of one protocol; `listener`: how its hostname fits the host. */
export function chooseRoute(
  routes: readonly Fitting<EntryRoute>[],
  listener: HostFit,
  request: HttpRequest,
): RouteChoice {
  const asked = candidatesOf(routes, request);
  const sure = asked.filter(({ matching }) => matching.kind === "yes").sort(byPrecedence);
  const [chosen] = sure;
  const patterns = asked
    .filter(({ matching }) => matching.kind === "pattern")
    .filter((each) => chosen === undefined || (!sameRule(each, chosen) && mayPrecede(each, chosen)))
    .sort(byPrecedence);
  const [pattern] = patterns;
  if (pattern?.matching.kind === "pattern")
    return { kind: "pattern", pattern, tried: pattern.matching.tried, otherwise: chosen };
  if (chosen === undefined) return { kind: "none", asked };
  const remarks = [
    ...headerRemarks(chosen, asked),
    ...closerHostRemarks(chosen, asked),
    ...sharedHostRemarks(chosen, sure, listener),
  ];
  return { kind: "rule", chosen, remarks };
}

/** One for every match of every rule; of a route's several hostnames the closest counts. */
export function candidatesOf(
  routes: readonly Fitting<EntryRoute>[],
  request: HttpRequest,
): readonly Candidate[] {
  const seen = new Set<EntryRoute>();
  return routes.flatMap(({ item: route, fit }) => {
    if (seen.has(route)) return [];
    seen.add(route);
    return route.facts.route.rules.flatMap((rule, index) =>
      matchesOf(rule).map((match) => ({
        route,
        fit,
        rule: index,
        match,
        matching: matchRequest(match, request),
      })),
    );
  });
}

/** Kinds without matches take every connection. */
function matchesOf(rule: RouteRule): readonly (RouteRule["matches"][number] | undefined)[] {
  return rule.matches.length === 0 ? [undefined] : rule.matches;
}

/**
 * Whether a match that hangs on a regular expression could come before another. "The precedence of RegularExpression
 * path matches are implementation-specific" (HTTPRouteRule.matches), but for Exact, which comes before all others.
 */
function mayPrecede(pattern: Candidate, chosen: Candidate): boolean {
  const hosts = compareHostFits(pattern.fit, chosen.fit);
  if (hosts !== 0) return hosts < 0;
  return isPattern(pattern.match?.path) ? chosen.match?.path?.type !== "Exact" : byMatch(pattern, chosen) < 0;
}

function headerRemarks(chosen: Candidate, asked: readonly Candidate[]): readonly string[] {
  const before = asked.filter(
    (each) => each.matching.kind === "headers" && !sameRule(each, chosen) && byPrecedence(each, chosen) < 0,
  );
  return [
    ...new Set(before.map((each) => `${routeInWords(each.route)} takes ${matchInWords(each.match)} instead`)),
  ];
}

/**
 * By the API all rules that match compete. Proxies that look the host up first answer 404 where the closest hostname
 * has no rule for the path.
 */
function closerHostRemarks(chosen: Candidate, asked: readonly Candidate[]): readonly string[] {
  const [closer] = asked
    .filter(({ fit }) => compareHostFits(fit, chosen.fit) < 0)
    .sort((a, b) => compareHostFits(a.fit, b.fit));
  return closer === undefined
    ? []
    : [
        `${routeInWords(closer.route)} fits the host more closely and has no rule for this; proxies that choose the host before the path answer 404`,
      ];
}

/**
 * The API counts the characters of the hostnames that routes give. Many implementations count those of the hostname
 * that route and listener share, which is one and the same for a wildcard route and a route without hostnames.
 */
function sharedHostRemarks(
  chosen: Candidate,
  sure: readonly Candidate[],
  listener: HostFit,
): readonly string[] {
  const shared = ({ fit }: Candidate) => (compareHostFits(fit, listener) < 0 ? fit : listener);
  const [other] = sure.toSorted((a, b) => compareHostFits(shared(a), shared(b)) || byMatch(a, b));
  return other === undefined || sameRule(other, chosen)
    ? []
    : [
        `${routeInWords(other.route)} (${matchInWords(other.match)}) takes it with implementations that compare the hostnames which route and listener share`,
      ];
}

/** "HTTPRoute shop/web". */
export function routeInWords({ facts: { route } }: EntryRoute): string {
  return `${kinds[route.kind].api} ${route.namespace}/${route.name}`;
}
