import type { ObjectId } from "#lib/model/ids.ts";
import type { EntryListener, EntryRoute, GatewayEntry } from "./gateway-entries.ts";
import { listenerFit } from "./gateway-listeners.ts";
import { isOn, names } from "./gateway-routes.ts";
import { matchSamples, sampleHost } from "./http-samples.ts";
import type { HttpRequest } from "./http-way.ts";
import type { HttpLead } from "./http-ways-to.ts";

/** Every rule of the routes that name a Gateway, by the Services that it sends requests to. TCP and UDP are no requests. */
export function routeLeads(entry: GatewayEntry): readonly HttpLead[] {
  return entry.named.flatMap((route) => {
    const { kind } = route.facts.route;
    return kind === "tcp-route" || kind === "udp-route" ? [] : leadsOf(entry, route);
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
  const listeners = listenersFor(entry, named).toSorted((a, b) => Number(hasTls(b)) - Number(hasTls(a)));
  const places = listeners.flatMap((each) => {
    const { hostname, port } = each.listener;
    const hosts = hostnames.length === 0 ? [sampleHost(hostname)] : hostnames.map(sampleHost);
    return hosts
      .filter((host) => host === "" || listenerFit(each.listener, host) !== undefined)
      .map((host) => ({ host, port, tls: hasTls(each) }));
  });
  if (places.length > 0) return places;
  // No listener of its own: the hosts that it asks for, where the web usually is.
  return hostnames.map((hostname) => ({ host: sampleHost(hostname), port: 80, tls: false }));
}

/** Those that it is attached to; of a route that is not, those that it names. */
function listenersFor(entry: GatewayEntry, named: EntryRoute): readonly EntryListener[] {
  const attached = entry.listeners.filter((each) => isOn(named, each));
  if (attached.length > 0) return attached;
  const { attachment, ref } = named;
  return entry.listeners.filter(
    ({ owner, listener }) => owner.id === attachment.parent && names(ref, listener),
  );
}

function hasTls({ listener }: EntryListener): boolean {
  return listener.protocol === "HTTPS" || listener.protocol === "TLS";
}
