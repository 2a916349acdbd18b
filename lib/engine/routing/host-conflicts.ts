/** Hosts and paths that several Ingresses, or an Ingress and a route, claim. */
import type { Ingress, IngressPath, Route, RouteMatch } from "#lib/model/objects.ts";
import type { Facts } from "../facts.ts";
import { hostnamesIntersect, normalHostname } from "../hostname.ts";
import { nginxAnnotations } from "../nginx-annotations.ts";
import type { EntryListener, EntryRoute, GatewayEntry } from "./gateway-entries.ts";
import { isOn } from "./gateway-routes.ts";
import { byAge } from "./http-age.ts";
import { httpConfiguration } from "./http-ways.ts";
import type { IngressGroup } from "./ingress-groups.ts";
import {
  type IngressPathAt,
  type IngressRuleAt,
  pathKey,
  pathOf,
  pathsOf,
  rulesOf,
  sameBackend,
} from "./ingress-paths.ts";
import { addressesOf } from "./ingress-serving.ts";
import { isUnconditional } from "./shadowed-paths.ts";

export interface HostConflict {
  /** Its claim is the weaker one, or it is the Ingress beside a route. */
  readonly at: IngressRuleAt;
  /** Never empty. */
  readonly claims: readonly ContestedClaim[];
}

export interface ContestedClaim {
  /** Of the Ingress's own. */
  readonly own: IngressPathAt;
  readonly other: Ingress | Route;
  /** Field path of the other's claim. */
  readonly place: string;
  /**
   * `one-class`: the same controller reads both, and takes one. `one-address`: both are reached by the same address.
   * `elsewhere`: they are reached by different ones, so that DNS decides.
   */
  readonly how: "one-class" | "one-address" | "elsewhere";
}

/**
 * Claims of the same host, type of path and path. Ingresses of one class compete by age; of different classes they do
 * only where both have the same address (one host through two controllers, inside and outside, is common). A canary is
 * no claim, and neither is one that leads to the very same backend. By Ingress and rule.
 */
export function hostConflicts(facts: Facts): readonly HostConflict[] {
  const { groups, gateways } = httpConfiguration(facts);
  const byKey = groups.filter(({ serving }) => serving.kind === "served").map(claimsOf);
  const contested = [
    ...byKey.flatMap((claims) => [...claims.values()].flatMap(withinClass)),
    ...acrossClasses(byKey),
    ...withRoutes(byKey, gateways),
  ];
  const byRule = Map.groupBy(contested, ({ own: { at } }) => `${at.facts.ingress.id} ${at.rule}`);
  return [...byRule.values()].flatMap((claims) =>
    claims[0] === undefined ? [] : [{ at: claims[0].own.at, claims }],
  );
}

type Claims = ReadonlyMap<string, readonly IngressPathAt[]>;

/** Of one class; the strongest first. */
function claimsOf({ members }: IngressGroup): Claims {
  const paths = members
    .filter((member) => !nginxAnnotations(member).isCanary)
    .flatMap(rulesOf)
    .flatMap(pathsOf);
  // What an annotation answers for, or has conditions for, leaves room for others.
  const plain = paths.filter((path) => isUnconditional(path.at.facts.ingress, path));
  return Map.groupBy(plain, ({ at, path }) => pathKey(at.host, path));
}

function withinClass(claims: readonly IngressPathAt[]): readonly ContestedClaim[] {
  const [winner, ...others] = claims;
  if (winner === undefined) return [];
  return others
    .filter(({ at }) => at.facts !== winner.at.facts && isOneProxy(at, winner.at))
    .filter((lost) => !sameBackend(lost, winner))
    .map((own) => ({ own, ...placeOf(winner), how: "one-class" }));
}

/** Controllers of clouds make a load balancer for each Ingress, or for those that are grouped. */
const balancerEach = /aws|amazonaws|gce|gke|google/;

function isOneProxy(a: IngressRuleAt, b: IngressRuleAt): boolean {
  const [ours, theirs] = [addressesOf(a.facts) ?? [], addressesOf(b.facts) ?? []];
  if (ours.length > 0 && theirs.length > 0) return shareAddress(ours, theirs);
  const { class: found, ingress } = a.facts;
  return !balancerEach.test(found.state === "found" ? found.class.controller : (ingress.className ?? ""));
}

function shareAddress(a: readonly string[], b: readonly string[]): boolean {
  return a.some((address) => b.includes(address));
}

function placeOf(claim: IngressPathAt): Pick<ContestedClaim, "other" | "place"> {
  return { other: claim.at.facts.ingress, place: pathOf(claim) };
}

function strongest(byKey: readonly Claims[]): ReadonlyMap<string, readonly IngressPathAt[]> {
  const found = new Map<string, IngressPathAt[]>();
  for (const claims of byKey) {
    for (const [key, [first]] of claims) {
      if (first === undefined) continue;
      const list = found.get(key);
      if (list === undefined) found.set(key, [first]);
      else list.push(first);
    }
  }
  return found;
}

function* acrossClasses(byKey: readonly Claims[]): Generator<ContestedClaim> {
  for (const claims of strongest(byKey).values()) {
    const [winner, ...others] = claims.toSorted((a, b) => byAge(a.at.facts.ingress, b.at.facts.ingress));
    if (winner === undefined) continue;
    for (const own of others) {
      const isShared = shareAddress(addressesOf(own.at.facts) ?? [], addressesOf(winner.at.facts) ?? []);
      if (isShared && !sameBackend(own, winner)) yield { own, ...placeOf(winner), how: "one-address" };
    }
  }
}

function* withRoutes(byKey: readonly Claims[], gateways: readonly GatewayEntry[]): Generator<ContestedClaim> {
  const claims = strongest(byKey);
  for (const entry of gateways) {
    const addresses = entry.gateway?.addresses?.map(({ value }) => value) ?? [];
    const seen = new Set<string>();
    for (const { key, route, place } of routeClaims(entry)) {
      if (seen.has(`${key} ${place} ${route.id}`)) continue;
      seen.add(`${key} ${place} ${route.id}`);
      for (const own of claims.get(key) ?? []) {
        const isShared = shareAddress(addressesOf(own.at.facts) ?? [], addresses);
        yield { own, other: route, place, how: isShared ? "one-address" : "elsewhere" };
      }
    }
  }
}

interface RouteClaim {
  readonly key: string;
  readonly route: Route;
  readonly place: string;
}

function* routeClaims(entry: GatewayEntry): Generator<RouteClaim> {
  for (const named of entry.named) {
    const { route } = named.facts;
    if (route.kind !== "http-route" || named.attachment.state !== "attached") continue;
    const hosts = new Set(
      entry.listeners.filter((each) => isOn(named, each)).flatMap((each) => hostsOn(named, each)),
    );
    for (const [i, { matches }] of route.rules.entries()) {
      for (const type of matches.flatMap(plainPath)) {
        for (const host of hosts) yield { key: pathKey(host, type), route, place: `spec.rules[${i}]` };
      }
    }
  }
}

/** Those of the route that the listener serves, else the listener's own. */
function hostsOn({ facts: { route } }: EntryRoute, { listener: { hostname } }: EntryListener) {
  if (route.hostnames.length === 0) return [hostname];
  return route.hostnames
    .filter((each) => hostname === undefined || hostnamesIntersect(each, hostname))
    .map(normalHostname);
}

/** As Ingresses write it; nothing where a match asks for more than a path. */
function plainPath({
  path,
  method,
  headers,
  query,
}: RouteMatch): readonly Pick<IngressPath, "pathType" | "path">[] {
  if (method !== undefined || headers.length > 0 || query.length > 0 || path === undefined) return [];
  if (path.type === "Exact") return [{ pathType: "Exact", path: path.value }];
  if (path.type !== "PathPrefix") return [];
  return (["Prefix", "ImplementationSpecific"] as const).map((pathType) => ({ pathType, path: path.value }));
}
