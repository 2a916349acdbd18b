import type { TraceEnd } from "#lib/model/trace.ts";
import { parseAddress } from "../cidr.ts";
import type { HttpRequest } from "../routing/http-way.ts";
import { httpWays } from "../routing/http-ways.ts";
import { proxyOf, serviceAt } from "../routing/proxies.ts";
import { type Ask, cutsOver, from, way } from "./ask.ts";
import { lookUp, type NameLookup } from "./dns-step.ts";
import { afterLookUp, behind, isOurs } from "./name-ways.ts";
import type { Party } from "./party.ts";
import { placesOf } from "./places.ts";
import { type Path, type Step, step, type Way } from "./step.ts";
import { type Target, targetOf } from "./target.ts";
import { toUrl } from "./to-url.ts";
import type { World } from "./world.ts";

/** Ways to a URL: by its host's name inside the cluster where it is one, else through the Gateway or Ingress for it. */
export function urlWays(world: World, ask: Ask, end: TraceEnd, request: HttpRequest): readonly Way[] {
  const proxies = httpWays(world.facts, request).flatMap(
    ({ entry }) => proxyOf(world.facts, entry)?.pods ?? [],
  );
  const senders = ask.source.senders({
    byNode: false,
    places: proxies.length === 0 ? undefined : placesOf(proxies),
    cuts: cutsOver(world, ask.source, proxies),
  });
  const paths = senders.flatMap((sender) => from(sender, pathsTo(world, sender.party, ask, end, request)));
  return [way(paths, { port: request.port })];
}

/** What a URL's host is where it is an address that no Gateway and no Ingress has: asked as that, on the URL's port. */
export function addressOfUrl({ facts }: World, request: HttpRequest): Target | undefined {
  const host = request.host.replace(/^\[|\]$/g, "");
  const block = parseAddress(host);
  if (block === undefined) return undefined;
  const behindIt = serviceAt(facts, host, request.port)?.service.id;
  const isEntry = httpWays(facts, request).some(
    ({ entry, addresses }) =>
      addresses?.includes(host) === true ||
      (behindIt !== undefined && proxyOf(facts, entry)?.service?.service.id === behindIt),
  );
  if (isEntry) return undefined;
  const found = targetOf(facts, { kind: "addresses", text: host, block }, request.port);
  return found.kind === "target" ? found.target : undefined;
}

function pathsTo(world: World, party: Party, ask: Ask, end: TraceEnd, request: HttpRequest): readonly Path[] {
  const { host, port } = request;
  const isAddress = parseAddress(host.replace(/^\[|\]$/g, "")) !== undefined;
  if (isAddress || party.kind !== "pods") return toUrl(world, party, request, []);
  const lookup = lookUp(world, party, host);
  const { step: dns, answer } = lookup;
  const isLeft = answer.kind === "outside" || answer.kind === "not-found" || answer.kind === "unknown";
  return isLeft && httpWays(world.facts, request).length > 0
    ? toUrl(world, party, request, [publicName(lookup, host)])
    : behind(dns, afterLookUp(world, party, { port, protocol: ask.protocol }, end, answer));
}

/** Whether a URL is asked by its host's name alone: nothing here serves it, and the cluster's DNS or a node is asked. */
export function isPlainName(world: World, { source }: Ask, request: HttpRequest): boolean {
  if (httpWays(world.facts, request).length > 0) return false;
  return source.kind === "pods" || source.kind === "node" || isOurs(world, request.host);
}

/** A host for which a Gateway or an Ingress is there: other servers give it an address, and whether they do is not known here. */
function publicName({ step: dns, query }: NameLookup, host: string): Step {
  const { outcome, doubts } = query;
  if (outcome === "block") return dns;
  const other = `${host} is a name for other servers than the cluster's; taken to lead to what serves it here`;
  return step({
    ...dns,
    outcome,
    sentence: outcome === "pass" ? other : `${other}; ${query.sentence}`,
    doubts,
    reason: undefined,
    nearMiss: undefined,
  });
}
