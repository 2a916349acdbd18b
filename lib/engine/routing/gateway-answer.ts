import { kinds } from "#lib/model/kinds.ts";
import type { Facts } from "../facts.ts";
import { listed } from "../object-words.ts";
import { readInFull } from "../read-in-full.ts";
import { certificateRemark } from "../tls/certificate-remark.ts";
import type { EntryListener, EntryRoute, GatewayEntry } from "./gateway-entries.ts";
import { type ListenerChoice, listenerInWords, routeKinds } from "./gateway-listeners.ts";
import { isLost, isMeantFor, isOn, kindOf, ofOneProtocol } from "./gateway-routes.ts";
import type { HostFit } from "./http-host.ts";
import type { Fitting } from "./http-host-index.ts";
import { isTls } from "./http-scheme.ts";
import type { HttpAnswer, HttpRequest } from "./http-way.ts";
import { type RouteAnswer, routeAnswer } from "./route-answer.ts";
import { chooseRoute, routeInWords } from "./route-choice.ts";
import { likeliest, noRule, notAttached } from "./route-refusals.ts";

/** What the routes on a listener do with a request that came in through it. */
export function listenerAnswer(
  facts: Facts,
  entry: GatewayEntry,
  { entry: listener, fit, rival }: ListenerChoice,
  request: HttpRequest,
): RouteAnswer {
  const about = entry.routes.find(request.host);
  const fitting = about.filter(({ item }) => routeKinds(listener.listener, request).includes(kindOf(item)));
  const here = ofOneProtocol(
    fitting.filter(({ item }) => isOn(item, listener)),
    request,
  );
  const { answer, remarks } = routed(facts, here, fit, request);
  const shared = [...listenerRemarks(facts, listener, rival, request), ...remarks];
  const lost = fitting.filter(({ item }) => isLost(item));
  if (answer !== undefined) {
    const unread = unreadRoutes(facts, listener, request);
    const taker = answer.kind === "backends" || answer.kind === "redirect" ? answer.rule.object : undefined;
    const others = lost.filter(
      ({ item, fit }) =>
        fit.kind !== "any" && item.facts.route.id !== taker && isMeantFor(item, entry, listener),
    );
    const more = unread === undefined ? [] : [`${unread}, so there may be a closer rule`];
    return { answer, remarks: [...shared, ...others.map(({ item }) => lostInWords(item)), ...more] };
  }
  const choice = chooseRoute(here, fit, request);
  const asked = choice.kind === "none" ? choice.asked : [];
  const rejected = likeliest(lostFor(lost, entry, listener), request);
  if (rejected !== undefined && (rejected.takes || (asked.length === 0 && rejected.isNamed)))
    return { answer: notAttached(facts, rejected.route), remarks: shared };
  const elsewhere = about.filter(({ fit }) => fit.kind !== "any").map(({ item }) => item);
  const refusal = noRule(entry, listener, request, asked, elsewhere);
  return { answer: unlessUnread(facts, listener, request, here, refusal), remarks: shared };
}

/** Routes that are not attached: those that were to be on this listener, else those that name the host. */
function lostFor(
  lost: readonly Fitting<EntryRoute>[],
  entry: GatewayEntry,
  listener: EntryListener,
): readonly Fitting<EntryRoute>[] {
  const here = lost.filter(({ item }) => isMeantFor(item, entry, listener));
  return here.length > 0 ? here : lost.filter(({ fit }) => fit.kind !== "any");
}

/** Undefined answer: no rule takes it. */
function routed(
  facts: Facts,
  here: readonly Fitting<EntryRoute>[],
  listener: HostFit,
  request: HttpRequest,
): { readonly answer: HttpAnswer | undefined; readonly remarks: readonly string[] } {
  const choice = chooseRoute(here, listener, request);
  if (choice.kind === "none") return { answer: undefined, remarks: [] };
  if (choice.kind === "pattern") {
    const { pattern, tried, otherwise } = choice;
    const found = routeAnswer(facts, pattern);
    const sentence = `A regular expression of ${routeInWords(pattern.route)} decides, and its dialect${otherwise === undefined ? "" : " and its precedence"} is the implementation's: ${pattern.match?.path?.value ?? ""}`;
    const objects = [pattern.route.facts.route.id];
    return {
      answer: { kind: "unknown", sentence, objects, likely: tried ? found.answer : undefined },
      remarks: found.remarks,
    };
  }
  const { chosen } = choice;
  const found = routeAnswer(facts, chosen);
  const remarks = [...choice.remarks, ...found.remarks];
  const { attachment, facts: route } = chosen.route;
  if (attachment.state === "unknown") {
    const sentence = `${routeInWords(chosen.route)} would take it; ${attachment.sentence}`;
    return {
      answer: { kind: "unknown", sentence, objects: [route.route.id], likely: found.answer },
      remarks,
    };
  }
  // Its status says that it is attached, and not by which listeners.
  const told =
    attachment.listeners.length === 0 ? [`${routeInWords(chosen.route)} is ${attachment.sentence}`] : [];
  return { answer: found.answer, remarks: [...remarks, ...told] };
}

function listenerRemarks(
  facts: Facts,
  { owner, listener }: EntryListener,
  rival: EntryListener | undefined,
  { scheme, host }: HttpRequest,
): readonly string[] {
  const remarks: string[] = [];
  if (rival !== undefined)
    remarks.push(
      `Listener ${listener.name} and ${listenerInWords(rival)} share port and hostname, so by the API they conflict`,
    );
  const { protocol, tls } = listener;
  if (protocol === "TCP" || protocol === "TLS")
    remarks.push(`Listener ${listener.name} passes the connection on whole: nothing looks at the path`);
  if (isTls(scheme) && (protocol === "HTTPS" || (protocol === "TLS" && tls?.mode !== "Passthrough")))
    remarks.push(
      certificateRemark(
        facts,
        new Set([owner.id]),
        host,
        `spec.listeners[${owner.listeners.indexOf(listener)}]`,
      ),
    );
  return remarks;
}

export function lostInWords(route: EntryRoute): string {
  return `${routeInWords(route)} names this host too, and is ${route.attachment.sentence}`;
}

/** What was not read may hold the rule that is missing. */
function unlessUnread(
  { snapshot }: Facts,
  { owner, listener }: EntryListener,
  request: HttpRequest,
  here: readonly Fitting<EntryRoute>[],
  refusal: HttpAnswer,
): HttpAnswer {
  const unread = unreadRoutes({ snapshot }, { listener }, request);
  if (unread !== undefined) {
    const sentence = `No route that was read takes it, and ${unread}`;
    return { kind: "unknown", sentence, objects: [owner.id], likely: refusal };
  }
  // Routes belong to whoever owns what they lead to, and so, often, to another repository than the Gateway.
  if (snapshot.origin !== "manifests" || here.length > 0) return refusal;
  const sentence = `No route in these files is for ${request.host} on listener ${listener.name}`;
  return { kind: "unknown", sentence, objects: [owner.id], likely: refusal };
}

/** "HTTPRoutes could not all be read"; of manifests nobody expects all of them. */
function unreadRoutes(
  { snapshot }: Pick<Facts, "snapshot">,
  { listener }: Pick<EntryListener, "listener">,
  request: HttpRequest,
): string | undefined {
  if (snapshot.origin === "manifests") return undefined;
  const unread = routeKinds(listener, request).filter((kind) => !readInFull(snapshot, kinds[kind].plural));
  return unread.length === 0
    ? undefined
    : `${listed(unread.map((kind) => `${kinds[kind].api}s`))} could not all be read`;
}
