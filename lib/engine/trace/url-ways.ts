import type { TraceEnd } from "#lib/model/trace.ts";
import { familyOf, parseAddress } from "../cidr.ts";
import type { HttpRequest } from "../routing/http-way.ts";
import { httpWays } from "../routing/http-ways.ts";
import { proxyOf } from "../routing/proxies.ts";
import { type Ask, cutsOver, from, way } from "./ask.ts";
import { lookUp } from "./dns-step.ts";
import { afterLookUp, behind, toFound } from "./name-ways.ts";
import type { Party } from "./party.ts";
import { type Path, type Step, step, type Way } from "./step.ts";
import { targetOf } from "./target.ts";
import { toUrl } from "./to-url.ts";
import type { World } from "./world.ts";

/** Ways to a URL: by its host's name inside the cluster where it is one, else through the Gateway or Ingress for it. */
export function urlWays(world: World, ask: Ask, end: TraceEnd, request: HttpRequest): readonly Way[] {
  const proxies = httpWays(world.facts, request).flatMap(
    ({ entry }) => proxyOf(world.facts, entry)?.pods ?? [],
  );
  const senders = ask.source.senders({ byNode: false, cuts: cutsOver(world, ask.source, proxies) });
  const asked = { ...ask, port: ask.port ?? request.port };
  const paths = senders.flatMap((sender) => from(sender, pathsTo(world, sender.party, asked, end, request)));
  return [way(paths, { port: request.port })];
}

function pathsTo(world: World, party: Party, ask: Ask, end: TraceEnd, request: HttpRequest): readonly Path[] {
  const host = request.host.replace(/^\[|\]$/g, "");
  if (familyOf(host) !== undefined) return toAddress(world, party, ask, end, host);
  if (party.kind !== "pods") return toUrl(world, party, request, []);
  const { step: dns, answer } = lookUp(world, party, host);
  const served = httpWays(world.facts, request).length > 0;
  if (answer.kind === "outside" || (served && (answer.kind === "not-found" || answer.kind === "unknown"))) {
    return toUrl(world, party, request, [served ? publicName(dns, host) : dns]);
  }
  return behind(dns, afterLookUp(world, party, ask, end, answer));
}

/** A host for which a Gateway or an Ingress is there: other servers give it an address, and whether they do is not known here. */
function publicName(dns: Step, host: string): Step {
  if (dns.outcome === "block" && dns.clauses.length > 0) return dns;
  return step({
    ...dns,
    outcome: dns.outcome === "unknown" && dns.clauses.length > 0 ? "unknown" : "pass",
    sentence: `${host} is a name for other servers than the cluster's; taken to lead to what serves it here`,
    doubts: [],
    nearMiss: undefined,
  });
}

function toAddress(world: World, party: Party, ask: Ask, end: TraceEnd, host: string): readonly Path[] {
  const block = parseAddress(host);
  if (block === undefined) return [];
  const found = targetOf(world.facts, { kind: "addresses", text: host, block });
  return found.kind === "target" ? toFound(world, party, ask, end, found.target) : [];
}
