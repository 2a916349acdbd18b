import type { ObjectId } from "#lib/model/ids.ts";
import type { Facts } from "../facts.ts";
import type { HttpAnswer, HttpRequest } from "./http-way.ts";
import { httpConfiguration, httpWays } from "./http-ways.ts";
import { ingressLeads } from "./ingress-leads.ts";
import { routeLeads } from "./route-leads.ts";

/** A request that leads to a Service, and the Gateway or Ingress that it comes in through. */
export interface HttpWayTo {
  /** An empty host: every host leads there, so there is none to ask; only the entry is worth showing. */
  readonly request: HttpRequest;
  readonly entry: ObjectId;
}

/** A rule that sends requests to a Service. */
export interface HttpLead {
  readonly service: ObjectId;
  readonly entry: ObjectId;
  readonly rule: { readonly object: ObjectId; readonly path: string };
  /** Requests that the rule would take, the plainest first. */
  samples(): Iterable<HttpRequest>;
}

/**
 * How requests from outside get to a Service: one for every rule of an Ingress or route that sends some to it (and every
 * Gateway that the route names), in the order of `httpWays`. Rules that are refused as a whole (a route that is not
 * attached, a class that is missing) are among them, for `httpWays` to say why. Left out are rules that no plain request
 * meets: more specific ones take all of theirs, or they ask for headers.
 */
export function httpWaysTo(facts: Facts, service: ObjectId): readonly HttpWayTo[] {
  const { leads, answers } = reverse(facts);
  const known = answers.get(service);
  if (known !== undefined) return known;
  const found = (leads.get(service) ?? []).flatMap((lead) => {
    const request = telling(facts, lead);
    return request === undefined ? [] : [{ request, entry: lead.entry }];
  });
  answers.set(service, found);
  return found;
}

/** Requests that the rules of an Ingress or a route take, the plainest of each rule; hosts that are not named are left out. */
export function requestsBy(facts: Facts, object: ObjectId): readonly HttpRequest[] {
  return (reverse(facts).byObject.get(object) ?? []).flatMap((lead) => {
    const request = telling(facts, lead);
    return request === undefined || request.host === "" ? [] : [request];
  });
}

interface Reverse {
  readonly leads: ReadonlyMap<ObjectId, readonly HttpLead[]>;
  /** By the Ingress or route that has the rule. */
  readonly byObject: ReadonlyMap<ObjectId, readonly HttpLead[]>;
  readonly answers: Map<ObjectId, readonly HttpWayTo[]>;
}

const reversed = new WeakMap<Facts, Reverse>();

function reverse(facts: Facts): Reverse {
  const known = reversed.get(facts);
  if (known !== undefined) return known;
  const { gateways, groups } = httpConfiguration(facts);
  const leads = new Map<ObjectId, HttpLead[]>();
  const byObject = new Map<ObjectId, HttpLead[]>();
  const all = [...gateways.flatMap(routeLeads), ...groups.flatMap(ingressLeads).sort(byEntry)];
  for (const lead of all) {
    put(leads, lead.service, lead);
    put(byObject, lead.rule.object, lead);
  }
  const made = { leads, byObject, answers: new Map() };
  reversed.set(facts, made);
  return made;
}

function put(map: Map<ObjectId, HttpLead[]>, key: ObjectId, lead: HttpLead): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [lead]);
  else list.push(lead);
}

function byEntry(a: HttpLead, b: HttpLead): number {
  return a.entry === b.entry ? 0 : a.entry < b.entry ? -1 : 1;
}

/** The first sample that the rule takes; else the first that shows why it takes none. */
function telling(facts: Facts, lead: HttpLead): HttpRequest | undefined {
  let second: HttpRequest | undefined;
  for (const request of lead.samples()) {
    if (request.host === "") return request;
    const way = httpWays(facts, request).find(({ entry }) => entry === lead.entry);
    if (way === undefined) continue;
    if (isBy(way.answer, lead)) return request;
    if (second === undefined && isStopped(way.answer, lead)) second = request;
  }
  return second;
}

function isBy(answer: HttpAnswer, { rule }: HttpLead): boolean {
  return answer.kind === "backends" && answer.rule.object === rule.object && answer.rule.path === rule.path;
}

/** Refused before any rule was asked, or in doubt with the rule behind it. */
function isStopped(answer: HttpAnswer, lead: HttpLead): boolean {
  if (answer.kind === "refused") return answer.reason !== "NoMatchingRule" && answer.reason !== "NoListener";
  if (answer.kind !== "unknown") return false;
  return answer.likely === undefined || isBy(answer.likely, lead) || isStopped(answer.likely, lead);
}
