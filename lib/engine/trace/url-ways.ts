import type { TraceEnd } from "#lib/model/trace.ts";
import { parseAddress } from "../cidr.ts";
import type { HttpRequest } from "../routing/http-way.ts";
import { httpWays, nearestHosts } from "../routing/http-ways.ts";
import { proxyOf, serviceAt } from "../routing/proxies.ts";
import { type Ask, cutsOver, from, way } from "./ask.ts";
import { lookUp, type NameLookup } from "./dns-step.ts";
import { afterLookUp, behind, foreignSender, isOurs } from "./name-ways.ts";
import type { Party } from "./party.ts";
import { type Path, type Step, step, type Way } from "./step.ts";
import { type Target, targetOf } from "./target.ts";
import { toUrl } from "./to-url.ts";
import type { World } from "./world.ts";

/** Ways to a URL: by its host's name inside the cluster where it is one, else through the Gateway or Ingress for it. */
export function urlWays(world: World, ask: Ask, end: TraceEnd, request: HttpRequest): readonly Way[] {
  const proxies = httpWays(world.facts, request).flatMap(
    ({ entry }) => proxyOf(world.facts, entry)?.pods ?? [],
  );
  const senders = ask.source.senders({ byNode: false, cuts: cutsOver(world, ask.source, proxies) });
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
  const asked = { port, protocol: ask.protocol };
  const served = httpWays(world.facts, request).length > 0;
  const isAddress = parseAddress(host.replace(/^\[|\]$/g, "")) !== undefined;
  if (isAddress) return toUrl(world, party, request, []);
  if (party.kind !== "pods") {
    const isAsked = served || (party.kind !== "node" && !isOurs(world, host));
    return isAsked ? toUrl(world, party, request, []) : foreignSender(world, party, asked, host);
  }
  const lookup = lookUp(world, party, host);
  const { step: dns, answer } = lookup;
  if (served && (answer.kind === "outside" || answer.kind === "not-found" || answer.kind === "unknown"))
    return toUrl(world, party, request, [publicName(lookup, host)]);
  const nearest = answer.kind === "outside" ? nearestHosts(world.facts, host) : undefined;
  const told =
    nearest === undefined
      ? dns
      : {
          ...dns,
          remarks: [...dns.remarks, `no Gateway and no Ingress here serves ${host}; one serves ${nearest}`],
        };
  return behind(told, afterLookUp(world, party, asked, end, answer));
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
