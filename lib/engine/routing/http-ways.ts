import type { Facts } from "../facts.ts";
import { normalHostname } from "../hostname.ts";
import { nearestOf } from "../near-words.ts";
import { type GatewayEntry, gatewayEntries } from "./gateway-entries.ts";
import { gatewayWay } from "./gateway-ways.ts";
import type { HttpRequest, HttpWay } from "./http-way.ts";
import { type IngressGroup, ingressGroups } from "./ingress-groups.ts";
import { ingressWay } from "./ingress-ways.ts";

/**
 * Every Gateway and Ingress that would serve a request's host, and what it does with the request: Gateways first, then
 * Ingresses, each by id. DNS, which is not read, decides through which of them the request comes. Where some name the
 * host, those that only take every host are left out.
 *
 * Empty: nothing that was read is for the host. Whether Ingresses, Gateways and routes were read at all is for the
 * caller to ask.
 */
export function httpWays(facts: Facts, request: HttpRequest): readonly HttpWay[] {
  const { gateways, groups } = httpConfiguration(facts);
  const throughGateways = gateways.flatMap((entry) => gatewayWay(facts, entry, request) ?? []);
  const throughIngresses = groups.flatMap((group) => ingressWay(facts, group, request) ?? []);
  const claims = new Set([...throughGateways, ...throughIngresses].map(({ claim }) => claim));
  const claim = (["names-host", "covers-host", "takes-all"] as const).find((each) => claims.has(each));
  const ingresses = throughIngresses.filter((each) => each.claim === claim);
  // What no controller takes is worth telling only where nothing else answers.
  const isServed = ingresses.some(({ serving }) => serving === "served");
  return [
    ...throughGateways.filter((each) => each.claim === claim),
    ...ingresses.filter(({ serving }) => !isServed || serving !== "nobody").sort(byEntry),
  ].map(({ way }) => way);
}

/** A host near the one that was asked, which something is there for: for "did you mean". */
export function nearestHosts(facts: Facts, host: string): string | undefined {
  const { hostnames } = httpConfiguration(facts);
  // One that would be it, if its `*` stood for more labels than one.
  const wider = hostnames.find((hostname) => hostname.startsWith("*.") && host.endsWith(hostname.slice(1)));
  if (wider !== undefined) return wider;
  return nearestOf(
    host,
    hostnames.flatMap((hostname) => inPlaceOf(hostname, host) ?? []),
  );
}

export interface HttpConfiguration {
  /** By id. */
  readonly gateways: readonly GatewayEntry[];
  readonly groups: readonly IngressGroup[];
  /** Of rules, routes and listeners. */
  readonly hostnames: readonly string[];
}

const configurations = new WeakMap<Facts, HttpConfiguration>();

/** Compiled on the first question about these facts. */
export function httpConfiguration(facts: Facts): HttpConfiguration {
  const known = configurations.get(facts);
  if (known !== undefined) return known;
  const gateways = gatewayEntries(facts);
  const groups = ingressGroups(facts);
  const hostnames = new Set([
    ...groups.flatMap(({ rules }) => rules.hostnames),
    ...gateways.flatMap(({ routes }) => routes.hostnames),
    ...gateways.flatMap(({ listeners }) =>
      listeners.flatMap(({ listener: { hostname } }) => (hostname ? normalHostname(hostname) : [])),
    ),
  ]);
  const configuration = { gateways, groups, hostnames: [...hostnames].sort() };
  configurations.set(facts, configuration);
  return configuration;
}

/** The name under a wildcard that someone may have meant: for `shop.exmaple.com`, `shop.example.com` of `*.example.com`. */
function inPlaceOf(hostname: string, host: string): string | undefined {
  if (!hostname.startsWith("*.")) return hostname;
  const labels = host.split(".");
  const own = labels.slice(0, labels.length - hostname.split(".").length + 1);
  return own.length === 0 ? undefined : `${own.join(".")}${hostname.slice(1)}`;
}

function byEntry(a: { readonly way: HttpWay }, b: { readonly way: HttpWay }): number {
  return a.way.entry < b.way.entry ? -1 : 1;
}
