/** Rules of routes that get no request, since another with the very same match comes before them. */
import type { ObjectId } from "#lib/model/ids.ts";
import type { Route, RouteMatch, RouteRule } from "#lib/model/objects.ts";
import type { Facts } from "../facts.ts";
import { hostnamesIntersect, normalHostname } from "../hostname.ts";
import type { EntryListener, EntryRoute, GatewayEntry } from "./gateway-entries.ts";
import { isOn } from "./gateway-routes.ts";
import { httpConfiguration } from "./http-ways.ts";
import { byMatch, type Candidate } from "./route-precedence.ts";

/** A match of a rule, on one listener and for one hostname. */
export interface LostClaim {
  readonly gateway: ObjectId;
  /** The listener's name. */
  readonly listener: string;
  /** The route's; undefined: every hostname. */
  readonly hostname: string | undefined;
  readonly match: RouteMatch | undefined;
  readonly winner: { readonly route: Route; readonly rule: number };
}

export interface ShadowedRule {
  readonly route: Route;
  /** Index in `spec.rules`. */
  readonly rule: number;
  /** Never empty. */
  readonly lost: readonly LostClaim[];
  /** How many matches of it get requests on some listener for some hostname. */
  readonly kept: number;
}

interface Claim {
  readonly candidate: Candidate;
  readonly listener: EntryListener;
  readonly hostname: string | undefined;
}

/**
 * Of rules that match the same for the same hostname on one listener the first by precedence takes all requests
 * (HTTPRouteRule.matches: "the oldest Route", "{namespace}/{name}", the first rule). A rule that does the same as the one
 * before it is left out. By route and rule.
 */
export function shadowedRules(facts: Facts): readonly ShadowedRule[] {
  const found = new Map<string, { route: Route; rule: number; lost: LostClaim[]; kept: number }>();
  for (const entry of httpConfiguration(facts).gateways) {
    for (const claims of Map.groupBy(claimsOf(entry), keyOf).values()) {
      const [winner, ...others] = claims.sort((a, b) => byMatch(a.candidate, b.candidate));
      if (winner === undefined) continue;
      count(found, winner).kept++;
      for (const claim of others) {
        if (doTheSame(claim.candidate, winner.candidate)) count(found, claim).kept++;
        else count(found, claim).lost.push(lostTo(winner, claim, entry.id));
      }
    }
  }
  return [...found.values()].filter(({ lost }) => lost.length > 0);
}

function count<T>(
  found: Map<string, T | { route: Route; rule: number; lost: LostClaim[]; kept: number }>,
  claim: Claim,
) {
  const { route, rule } = placeOf(claim);
  const key = `${route.id} ${rule}`;
  const known = found.get(key) ?? { route, rule, lost: [], kept: 0 };
  found.set(key, known);
  return known;
}

function placeOf({ candidate }: Claim): LostClaim["winner"] {
  return { route: candidate.route.facts.route, rule: candidate.rule };
}

function lostTo(winner: Claim, { candidate, listener, hostname }: Claim, gateway: ObjectId): LostClaim {
  return {
    gateway,
    listener: listener.listener.name,
    hostname,
    match: candidate.match,
    winner: placeOf(winner),
  };
}

function claimsOf(entry: GatewayEntry): readonly Claim[] {
  return entry.named.flatMap((route) =>
    entry.listeners
      .filter((listener) => route.attachment.state === "attached" && isOn(route, listener))
      .flatMap((listener) =>
        hostnamesOn(route, listener).flatMap((hostname) =>
          candidatesOf(route).map((candidate) => ({ candidate, listener, hostname })),
        ),
      ),
  );
}

/** TCP and UDP know no hostnames. */
function hostnamesOn({ facts: { route } }: EntryRoute, { listener }: EntryListener) {
  const { hostname } = listener;
  if (route.hostnames.length === 0 || route.kind === "tcp-route" || route.kind === "udp-route")
    return [undefined];
  const shared = route.hostnames.filter(
    (each) => hostname === undefined || hostnamesIntersect(each, hostname),
  );
  return [...new Set(shared.map(normalHostname))];
}

const exact = { kind: "exact", characters: 0 } as const;

function candidatesOf(route: EntryRoute): readonly Candidate[] {
  return route.facts.route.rules.flatMap(({ matches }, rule) =>
    (matches.length === 0 ? [undefined] : matches).map(
      (match): Candidate => ({ route, fit: exact, rule, match, matching: { kind: "yes" } }),
    ),
  );
}

/** Claims of one key are for the very same requests. */
function keyOf({
  candidate: { route, match, rule },
  listener: { owner, listener },
  hostname = "",
}: Claim): string {
  const { kind, id } = route.facts.route;
  // What several rules of one stream route come to is for its controller to say: only other routes are in the way.
  const own = match === undefined && rule > 0 ? `${id} ${rule}` : "";
  return JSON.stringify([owner.id, listener.name, kind, hostname, matchKey(match), own]);
}

/** A match as it is compared: names of headers in lower case, conditions in any order, a prefix without its last slash. */
function matchKey(match: RouteMatch | undefined): unknown {
  if (match === undefined) return undefined;
  const { path, method, headers, query } = match;
  const value =
    path?.type === "PathPrefix" && path.value.length > 1 ? path.value.replace(/\/$/, "") : path?.value;
  return [
    path?.type,
    value,
    method,
    headers.map((each) => [each.name.toLowerCase(), each.type, each.value].join("\0")).sort(),
    query.map((each) => [each.name, each.type, each.value].join("\0")).sort(),
  ];
}

/** Filters are not read beyond their types, so that rules with any may differ. */
function doTheSame(a: Candidate, b: Candidate): boolean {
  const [ruleA, ruleB] = [ruleOf(a), ruleOf(b)];
  if (ruleA === undefined || ruleB === undefined) return false;
  if (ruleA.filters.length > 0 || ruleB.filters.length > 0) return false;
  return JSON.stringify(ruleA.backendRefs) === JSON.stringify(ruleB.backendRefs);
}

function ruleOf({ route, rule }: Candidate): RouteRule | undefined {
  return route.facts.route.rules[rule];
}
