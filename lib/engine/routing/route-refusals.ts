import type { Facts } from "../facts.ts";
import { fixAttachment } from "../fix/attachment-fix.ts";
import { nearestOf } from "../near-words.ts";
import { listed, listedUpTo } from "../object-words.ts";
import type { EntryListener, EntryRoute, GatewayEntry } from "./gateway-entries.ts";
import { listenerEvidence } from "./gateway-listeners.ts";
import type { Fitting } from "./http-host-index.ts";
import { pathNearMiss } from "./http-path.ts";
import { isGrpc } from "./http-scheme.ts";
import type { HttpAnswer, HttpRequest } from "./http-way.ts";
import { candidatesOf, routeInWords } from "./route-choice.ts";
import { matchInWords } from "./route-match.ts";
import type { Candidate } from "./route-precedence.ts";

type Refusal = Extract<HttpAnswer, { kind: "refused" }>;

/** The route that would take the request, were it attached. */
export function notAttached(facts: Facts, lost: EntryRoute): Refusal {
  const { attachment } = lost;
  const { route } = lost.facts;
  const parent = facts.index.byId.get(lost.parent);
  return {
    kind: "refused",
    reason: attachment.reason ?? (attachment.state === "parent-missing" ? "NoMatchingParent" : "NotAccepted"),
    sentence: `${routeInWords(lost)} is ${attachment.sentence}`,
    object: route.id,
    evidence: attachment.evidence,
    nearMiss: attachment.nearMiss,
    fix: fixAttachment(route, attachment, {
      gateway: parent?.kind === "gateway" || parent?.kind === "listener-set" ? parent : undefined,
      namespace: facts.index.namespaces.get(route.namespace),
    }),
  };
}

/**
 * Routes are attached, but none of their rules takes the request; `elsewhere`: routes that name the host and are attached
 * to other listeners, or are for another protocol.
 */
export function noRule(
  entry: GatewayEntry,
  listener: EntryListener,
  request: HttpRequest,
  asked: readonly Candidate[],
  elsewhere: readonly EntryRoute[],
): Refusal {
  const [first] = asked;
  const other = elsewhere
    .map((route) => ({ route, words: elsewhereInWords(listener, request, route) }))
    .find(({ words }) => words !== undefined);
  const end = isStream(listener) ? "the connection is refused" : "the answer is 404";
  const on = `on listener ${listener.listener.name}`;
  if (first === undefined) {
    return {
      kind: "refused",
      reason: "NoMatchingRule",
      sentence: `No route ${on} is for ${request.host}, so ${end}`,
      object: other?.route.facts.route.id ?? listener.owner.id,
      evidence: [listenerEvidence(listener)],
      nearMiss: other?.words ?? hostNearMiss(entry, request),
    };
  }
  return {
    kind: "refused",
    reason: "NoMatchingRule",
    sentence: `No rule ${on} for ${request.host} takes ${methodOf(request)} ${request.path}, so ${end}`,
    object: first.route.facts.route.id,
    evidence: [...new Set(asked.map(({ route }) => route))].slice(0, 3).map((route) => ({
      object: route.facts.route.id,
      path: "spec.rules",
      value: listedUpTo(
        asked.filter((each) => each.route === route).map(({ match }) => matchInWords(match)),
        3,
      ),
    })),
    nearMiss: ruleNearMiss(request, asked),
  };
}

function isStream({ listener: { protocol } }: EntryListener): boolean {
  return protocol === "TLS" || protocol === "TCP";
}

function methodOf({ scheme, method }: HttpRequest): string {
  return isGrpc(scheme) ? "POST" : method;
}

/** A rule of the right path that asks for more, else the nearest path. */
function ruleNearMiss(request: HttpRequest, asked: readonly Candidate[]): string | undefined {
  const close = asked.find(
    ({ matching }) => matching.kind === "headers" || (matching.kind === "no" && matching.onPath),
  );
  if (close !== undefined) return `${routeInWords(close.route)} takes ${matchInWords(close.match)}`;
  return pathNearMiss(
    request.path,
    asked.flatMap(({ match }) => match?.path?.value ?? []),
  );
}

function elsewhereInWords(
  { owner, listener }: EntryListener,
  request: HttpRequest,
  other: EntryRoute,
): string | undefined {
  const { attachment, facts } = other;
  const words = routeInWords(other);
  const here = other.parent === owner.id && attachment.listeners.includes(listener.name);
  if (here && facts.route.kind === "grpc-route" && !isGrpc(request.scheme))
    return `${words} is for this host, and takes gRPC calls only`;
  return attachment.listeners.length === 0
    ? undefined
    : `${words} is for this host, and is attached to listener ${listed(attachment.listeners)} only`;
}

function hostNearMiss({ routes }: GatewayEntry, { host }: HttpRequest): string | undefined {
  const nearest = nearestOf(host, routes.hostnames);
  return nearest === undefined || nearest === host ? undefined : `there is a route for ${nearest}`;
}

export interface Likely {
  readonly route: EntryRoute;
  /** Whether one of its rules would take the request. */
  readonly takes: boolean;
  /** Whether it names the host. */
  readonly isNamed: boolean;
}

/** Those that would take the request come before those that only name its host; then the closest hostname. */
export function likeliest(routes: readonly Fitting<EntryRoute>[], request: HttpRequest): Likely | undefined {
  const asked = routes.map(
    (each): Likely => ({
      route: each.item,
      takes: candidatesOf([each], request).some(({ matching }) => matching.kind !== "no"),
      isNamed: each.fit.kind !== "any",
    }),
  );
  return asked.find(({ takes }) => takes) ?? asked[0];
}
