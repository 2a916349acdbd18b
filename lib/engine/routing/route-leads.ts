import type { ObjectId } from "#lib/model/ids.ts";
import type { EntryListener, EntryRoute, GatewayEntry } from "./gateway-entries.ts";
import { listenerFit } from "./gateway-listeners.ts";
import { isOn, names } from "./gateway-routes.ts";
import { matchSamples, sampleHost } from "./http-samples.ts";
import type { HttpRequest } from "./http-way.ts";
import type { HttpLead } from "./http-ways-to.ts";

/**
 * Every rule of the routes that name a Gateway, by the Services that it sends requests to. A connection through a TCP
 * listener is a request for any host there; UDP is none.
 */
export function routeLeads(entry: GatewayEntry): readonly HttpLead[] {
  return entry.named.flatMap((route) => {
    const { kind } = route.facts.route;
    return kind === "udp-route" ? [] : leadsOf(entry, route);
  });
}

function leadsOf(entry: GatewayEntry, named: EntryRoute): readonly HttpLead[] {
  const { route, backends } = named.facts;
  return route.rules.flatMap((_, i) => {
    const path = `spec.rules[${i}]`;
    const own = backends.filter((each) => each.path.startsWith(`${path}.backendRefs[`) && each.weight > 0);
    const services = new Set<ObjectId>(own.flatMap(({ service }) => service ?? []));
    return [...services].map((service) => ({
      service,
      entry: entry.id,
      rule: { object: route.id, path },
      samples: () => requestsOf(entry, named, i),
    }));
  });
}

function* requestsOf(entry: GatewayEntry, named: EntryRoute, rule: number): Iterable<HttpRequest> {
  const { route } = named.facts;
  const isCalls = route.kind === "grpc-route";
  const matches = route.rules[rule]?.matches ?? [];
  const samples = (matches.length === 0 ? [undefined] : matches).flatMap((match) =>
    matchSamples(match, isCalls ? "calls" : "requests"),
  );
  for (const { host, tls, port } of placesOf(entry, named)) {
    const scheme = isCalls ? (tls ? "grpcs" : "grpc") : tls ? "https" : "http";
    for (const sample of samples) yield { scheme, host, port, ...sample };
  }
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** Hosts of the route with the listeners for them, those with TLS first; without hostnames, those of the listeners. */
function placesOf(entry: GatewayEntry, named: EntryRoute): readonly Place[] {
  const { hostnames } = named.facts.route;
  const places = listenersFor(entry, named).flatMap((each) => {
    const hosts = hostnames.length === 0 ? [each.listener.hostname] : hostnames;
    return hosts
      .map((hostname) => placeAt(each, hostname))
      .filter(({ host }) => host === "" || listenerFit(each.listener, host) !== undefined);
  });
  if (places.length > 0) return places;
  // No listener serves its hosts: asked of any, the Gateway tells so.
  const [any] = entry.listeners;
  return hostnames.map((hostname) =>
    any === undefined ? { host: sampleHost(hostname), port: 80, tls: false } : placeAt(any, hostname),
  );
}

function placeAt(entry: EntryListener, hostname: string | undefined): Place {
  return { host: sampleHost(hostname), port: entry.listener.port, tls: hasTls(entry) };
}

/** Those that it is attached to; of a route that is not, those that it names; of one that names none that is there, all. */
function listenersFor(entry: GatewayEntry, named: EntryRoute): readonly EntryListener[] {
  const { parent, ref } = named;
  const attached = entry.listeners.filter((each) => isOn(named, each));
  const meant = entry.listeners.filter(({ owner, listener }) => owner.id === parent && names(ref, listener));
  const [found = entry.listeners] = [attached, meant].filter((each) => each.length > 0);
  return found.toSorted((a, b) => Number(hasTls(b)) - Number(hasTls(a)));
}

function hasTls({ listener }: EntryListener): boolean {
  return listener.protocol === "HTTPS" || listener.protocol === "TLS";
}
