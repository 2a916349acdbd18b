import type { Evidence } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Condition, Listener, RouteKind } from "#lib/model/objects.ts";
import { oneLine } from "../object-words.ts";
import type { EntryListener } from "./gateway-entries.ts";
import { compareHostFits, type HostFit, hostFit } from "./http-host.ts";
import { isGrpc, isTls } from "./http-scheme.ts";
import type { HttpRequest } from "./http-way.ts";

export interface ListenerChoice {
  readonly entry: EntryListener;
  readonly fit: HostFit;
  /** Another one that is as specific: by the API the two conflict. */
  readonly rival?: EntryListener | undefined;
}

/**
 * The listener that a request comes in through, by port, protocol and the most specific hostname ("inbound request
 * hostnames MUST match from the most specific to least specific", Gateway.spec.listeners). Only routes that are
 * attached to that one serve it (listener isolation, ibid.). `taken: "in-force"` leaves out those that the controller
 * did not program.
 */
export function chooseListener(
  listeners: readonly EntryListener[],
  request: HttpRequest,
  taken: "any" | "in-force",
): ListenerChoice | undefined {
  const fitting = listeners.flatMap((entry) => {
    if (entry.listener.port !== request.port || !speaks(entry.listener, request)) return [];
    if (taken === "in-force" && listenerFault(entry) !== undefined) return [];
    const fit = listenerFit(entry.listener, request.host);
    return fit === undefined ? [] : [{ entry, fit }];
  });
  const [best, next] = fitting.sort((a, b) => compareHostFits(a.fit, b.fit));
  if (best === undefined) return undefined;
  const rival = next !== undefined && compareHostFits(best.fit, next.fit) === 0 ? next.entry : undefined;
  return { ...best, rival };
}

/** TCP and UDP know no hostnames ("This field is ignored for protocols that don't require hostname based matching"). */
export function listenerFit({ protocol, hostname }: Listener, host: string): HostFit | undefined {
  return hostFit(protocol === "TCP" ? undefined : hostname, host, "labels");
}

/** Whether it takes connections of the request's kind. TCP takes any. */
export function speaks({ protocol }: Listener, { scheme }: Pick<HttpRequest, "scheme">): boolean {
  const fitting = isTls(scheme) ? ["HTTPS", "TLS"] : ["HTTP"];
  return protocol === "TCP" || fitting.includes(protocol);
}

/** Kinds of routes that a listener asks about a request. */
export function routeKinds({ protocol, tls }: Listener, { scheme }: HttpRequest): readonly RouteKind[] {
  switch (protocol) {
    case "TCP":
      return ["tcp-route"];
    case "TLS":
      return tls?.mode === "Passthrough" ? ["tls-route"] : ["tls-route", "tcp-route"];
    default:
      return isGrpc(scheme) ? ["grpc-route", "http-route"] : ["http-route"];
  }
}

export interface ListenerFault {
  readonly reason: string;
  readonly sentence: string;
  readonly object: ObjectId;
  readonly evidence: Evidence;
}

/** Waiting for an address keeps nobody from listening, and what is pending may be there the next moment. */
export const passing: ReadonlySet<string> = new Set(["Pending", "AddressNotAssigned", "AddressNotUsable"]);

/** Why the controller did not put a listener into force; undefined where it did, or says nothing. */
export function listenerFault({ owner, listener, lacks }: EntryListener): ListenerFault | undefined {
  const set = owner.kind === "listener-set" ? refused(owner.conditions, ["Accepted"]) : undefined;
  if (set !== undefined) {
    const evidence = conditionEvidence(owner.id, "status.conditions", set);
    return { ...faultWords(`ListenerSet ${owner.name} is not accepted`, set), object: owner.id, evidence };
  }
  if (lacks !== undefined) return lacks;
  const condition =
    listener.conditions.find(({ type, status }) => type === "Conflicted" && status === "True") ??
    refused(listener.conditions, ["Accepted", "Programmed"]) ??
    badCertificate(listener.conditions);
  if (condition === undefined) return undefined;
  const evidence = conditionEvidence(
    owner.id,
    `status.listeners[name=${listener.name}].conditions`,
    condition,
  );
  return {
    ...faultWords(`Listener ${listener.name} is not in force`, condition),
    object: owner.id,
    evidence,
  };
}

function refused(conditions: readonly Condition[], types: readonly string[]): Condition | undefined {
  return conditions.find(
    ({ type, status, reason }) => types.includes(type) && status === "False" && !passing.has(reason ?? ""),
  );
}

/** Of what is not resolved, only a certificate keeps a listener from working, and not if it was programmed all the same. */
function badCertificate(conditions: readonly Condition[]): Condition | undefined {
  if (conditions.some(({ type, status }) => type === "Programmed" && status === "True")) return undefined;
  const unresolved = conditions.find(({ type, status }) => type === "ResolvedRefs" && status === "False");
  return unresolved?.reason === "InvalidRouteKinds" ? undefined : unresolved;
}

export function faultWords(what: string, { type, reason, message }: Condition) {
  const why = [reason ?? `not ${type}`, message === undefined ? "" : oneLine(message)];
  return {
    reason: reason ?? `Not${type}`,
    sentence: `${what}: ${why.filter((part) => part !== "").join(": ")}`,
  };
}

export function conditionEvidence(
  object: ObjectId,
  path: string,
  { type, status, reason }: Condition,
): Evidence {
  return { object, path: `${path}[${type}]`, value: reason === undefined ? status : `${status} (${reason})` };
}

/** "listener https (port 443)", with the ListenerSet where it is one's. */
export function listenerInWords({ owner, listener }: EntryListener): string {
  const set = owner.kind === "listener-set" ? ` of ListenerSet ${owner.namespace}/${owner.name}` : "";
  return `listener ${listener.name} (port ${listener.port})${set}`;
}

/** "http: HTTP 80 *.example.com". */
export function listenerEvidence({ owner, listener }: EntryListener): Evidence {
  const index = owner.listeners.indexOf(listener);
  const hostname = listener.hostname === undefined ? "" : ` ${listener.hostname}`;
  return {
    object: owner.id,
    path: `spec.listeners[${index}]`,
    value: `${listener.name}: ${listener.protocol} ${listener.port}${hostname}`,
  };
}
