import { refOf } from "#lib/model/ids.ts";
import type { Gateway } from "#lib/model/objects.ts";
import type { Facts } from "../facts.ts";
import { withoutGateway } from "./gateway-absent.ts";
import { listenerAnswer, lostInWords } from "./gateway-answer.ts";
import type { EntryRoute, GatewayEntry } from "./gateway-entries.ts";
import {
  chooseListener,
  type ListenerChoice,
  listenerFault,
  listenerFit,
  listenerInWords,
  routeKinds,
} from "./gateway-listeners.ts";
import { noListener } from "./gateway-no-listener.ts";
import { isLost, isOn } from "./gateway-routes.ts";
import { type GatewayStanding, gatewayStanding } from "./gateway-standing.ts";
import { compareHostFits } from "./http-host.ts";
import type { Fitting } from "./http-host-index.ts";
import type { HostClaim, HttpAnswer, HttpRequest, HttpWay } from "./http-way.ts";
import type { RouteAnswer } from "./route-answer.ts";
import { likeliest, notAttached } from "./route-refusals.ts";

export interface GatewayWay {
  readonly way: HttpWay;
  readonly claim: HostClaim;
}

/** What a Gateway does with a request; undefined when it is not about its host. */
export function gatewayWay(facts: Facts, entry: GatewayEntry, request: HttpRequest): GatewayWay | undefined {
  const about = entry.routes.find(request.host);
  const { gateway } = entry;
  if (gateway === undefined) {
    const isNamed = about.some(({ fit }) => fit.kind !== "any");
    return isNamed ? { way: withoutGateway(facts, entry, about, request), claim: "names-host" } : undefined;
  }
  const fits = [
    ...about.map(({ fit }) => fit),
    ...entry.listeners.flatMap(({ listener }) => listenerFit(listener, request.host) ?? []),
  ];
  const named = fits.some(({ kind }) => kind === "exact");
  const covered = fits.some(({ kind }) => kind === "wildcard");
  if (!named && !covered && !isCaught(entry, about, request)) return undefined;
  const found = throughListener(facts, entry, request);
  const { answer, remarks } = withStanding(gatewayStanding(facts, gateway), gateway, found);
  return {
    way: {
      entry: entry.id,
      words: inWords(entry, found.through),
      addresses: gateway.addresses?.map(({ value }) => value),
      answer,
      remarks,
    },
    claim: named
      ? "names-host"
      : !covered
        ? "takes-all"
        : isNothing(found.answer)
          ? "covers-host"
          : "names-host",
  };
}

/** Taken by a route for every host on a listener for every host. */
function isCaught(entry: GatewayEntry, about: readonly Fitting<EntryRoute>[], request: HttpRequest): boolean {
  const through = chooseListener(entry.listeners, request, "any")?.entry;
  if (through === undefined) return false;
  const kinds = routeKinds(through.listener, request);
  return about.some(({ item }) => isOn(item, through) && kinds.includes(item.facts.route.kind));
}

const nothingThere = new Set(["NoMatchingRule", "NoListener", "NoMatchingListenerHostname"]);

function isNothing(answer: HttpAnswer): boolean {
  if (answer.kind === "unknown") return answer.likely !== undefined && isNothing(answer.likely);
  return answer.kind === "refused" && nothingThere.has(answer.reason);
}

type Through = RouteAnswer & { readonly through?: ListenerChoice | undefined };

function withStanding(standing: GatewayStanding, { id }: Gateway, { answer, remarks }: Through): RouteAnswer {
  switch (standing.kind) {
    case "in-force":
      return { answer, remarks: [...standing.remarks, ...remarks] };
    case "doubt":
      return {
        answer: { kind: "unknown", sentence: standing.sentence, objects: [id], likely: answer },
        remarks,
      };
    case "refused":
      return { answer: standing, remarks: [] };
  }
}

function throughListener(facts: Facts, entry: GatewayEntry, request: HttpRequest): Through {
  const meant = chooseListener(entry.listeners, request, "any");
  if (meant === undefined) return withoutListener(facts, entry, request);
  const fault = listenerFault(meant.entry);
  const inForce = chooseListener(entry.listeners, request, "in-force");
  if (fault === undefined || inForce === undefined) {
    if (fault !== undefined) return { answer: refusedBy(fault), remarks: [], through: meant };
    return { ...listenerAnswer(facts, entry, meant, request), through: meant };
  }
  // What is not in force takes no requests, so the next listener gets them.
  const found = listenerAnswer(facts, entry, inForce, request);
  if (found.answer.kind === "refused") return { answer: refusedBy(fault), remarks: [], through: meant };
  const remark =
    compareHostFits(meant.fit, inForce.fit) < 0
      ? `${fault.sentence}; it would be closer to this host`
      : fault.sentence;
  return { ...found, remarks: [remark, ...found.remarks], through: inForce };
}

function refusedBy({ evidence, ...fault }: NonNullable<ReturnType<typeof listenerFault>>): HttpAnswer {
  return { kind: "refused", ...fault, evidence: [evidence] };
}

/** A route that names the host may be refused for the very reason that no listener is there for it. */
function withoutListener(facts: Facts, entry: GatewayEntry, request: HttpRequest): RouteAnswer {
  const refusal = noListener(entry, request);
  const naming = entry.routes.find(request.host).filter(({ fit }) => fit.kind !== "any");
  const lost = naming.filter(({ item }) => isLost(item));
  const first = likeliest(lost, request);
  return first !== undefined && refusal.reason === "NoMatchingListenerHostname"
    ? { answer: notAttached(facts, first.route), remarks: [] }
    : { answer: refusal, remarks: lost.map(({ item }) => lostInWords(item)) };
}

/** "Gateway edge/public, listener http (port 80)". */
function inWords({ id }: GatewayEntry, through: ListenerChoice | undefined): string {
  const { namespace, name } = refOf(id);
  const listener = through === undefined ? "" : `, ${listenerInWords(through.entry)}`;
  return `Gateway ${namespace}/${name}${listener}`;
}
