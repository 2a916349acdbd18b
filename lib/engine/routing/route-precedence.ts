import type { RouteMatch } from "#lib/model/objects.ts";
import type { EntryRoute } from "./gateway-entries.ts";
import { byAge } from "./http-age.ts";
import { compareHostFits, type HostFit } from "./http-host.ts";
import { isPattern, type Matching } from "./route-match.ts";

/** One match of one rule of a route that is about the host of a request. */
export interface Candidate {
  readonly route: EntryRoute;
  /** How the route's hostname fits the host. */
  readonly fit: HostFit;
  /** Index in `spec.rules`. */
  readonly rule: number;
  /** Undefined: the kind of route has no matches. */
  readonly match: RouteMatch | undefined;
  readonly matching: Matching;
}

/**
 * Which of several matches takes the request, the first of all first: by the route's hostname, by the match, then "the
 * oldest Route", "{namespace}/{name}", and the first rule in the list (HTTPRouteRule.matches). For paths that are
 * regular expressions the order is the implementation's; they stand between the others here.
 */
export function byPrecedence(a: Candidate, b: Candidate): number {
  return compareHostFits(a.fit, b.fit) || byMatch(a, b);
}

export function byMatch(a: Candidate, b: Candidate): number {
  const specific = isGrpcRoute(a) && isGrpcRoute(b) ? compareCalls(a, b) : compareMatches(a, b);
  return specific || byAge(a.route.facts.route, b.route.facts.route) || a.rule - b.rule;
}

export function sameRule(a: Candidate, b: Candidate): boolean {
  return a.route.facts.route.id === b.route.facts.route.id && a.rule === b.rule;
}

function isGrpcRoute({ route }: Candidate): boolean {
  return route.facts.route.kind === "grpc-route";
}

/** HTTPRoute: Exact, the longest prefix, a method, most headers, most query parameters. */
function compareMatches({ match: a }: Candidate, { match: b }: Candidate): number {
  return (
    pathRank(a?.path) - pathRank(b?.path) ||
    lengthOf(b?.path) - lengthOf(a?.path) ||
    Number(b?.method !== undefined) - Number(a?.method !== undefined) ||
    (b?.headers.length ?? 0) - (a?.headers.length ?? 0) ||
    (b?.query.length ?? 0) - (a?.query.length ?? 0)
  );
}

function pathRank(path: RouteMatch["path"]): number {
  if (path?.type === "Exact") return 0;
  return isPattern(path) ? 1 : 2;
}

function lengthOf(path: RouteMatch["path"]): number {
  return path?.value.length ?? 0;
}

/** GRPCRoute: "Characters in a matching service", "Characters in a matching method", "Header matches". */
function compareCalls({ match: a }: Candidate, { match: b }: Candidate): number {
  const [callA, callB] = [callOf(a?.path), callOf(b?.path)];
  return (
    callB.service - callA.service ||
    callB.method - callA.method ||
    (b?.headers.length ?? 0) - (a?.headers.length ?? 0)
  );
}

/** `/service/method`, as the path of the call has them; a service that may be any counts no characters. */
function callOf(path: RouteMatch["path"]): { readonly service: number; readonly method: number } {
  const [, service = "", method = ""] = path?.value.split(/(?<!\[\^)\//) ?? [];
  return {
    service: service === "[^/]+" ? 0 : service.length,
    method: method === "[^/]+" ? 0 : method.length,
  };
}
