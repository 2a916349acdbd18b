import { type ObjectId, refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Facts } from "../facts.ts";
import { objectInWords } from "../object-words.ts";
import { readInFull } from "../read-in-full.ts";
import type { EntryRoute, GatewayEntry } from "./gateway-entries.ts";
import { isLost, ofOneProtocol } from "./gateway-routes.ts";
import type { Fitting } from "./http-host-index.ts";
import type { HttpAnswer, HttpRequest, HttpWay } from "./http-way.ts";
import { routeAnswer } from "./route-answer.ts";
import { chooseRoute } from "./route-choice.ts";
import { likeliest, notAttached } from "./route-refusals.ts";

/** What a parent does with a request which routes name, and which is no Gateway that was read. */
export function withoutGateway(
  facts: Facts,
  { id }: GatewayEntry,
  about: readonly Fitting<EntryRoute>[],
  request: HttpRequest,
): HttpWay {
  const { kind, namespace, name } = refOf(id);
  const words = `${kinds[kind].api} ${namespace}/${name}`;
  const way = { entry: id, words, addresses: undefined, remarks: [] };
  const route = likeliest(about, request);
  if (route !== undefined && about.every(({ item }) => isLost(item)))
    return { ...way, answer: notAttached(facts, route.route) };
  const rest = about.filter(({ item }) => !isLost(item));
  const held = likeliest(rest, request);
  if (held !== undefined && isMissing(facts, id)) return { ...way, answer: withoutParent(words, held.route) };
  const choice = chooseRoute(ofOneProtocol(rest, request), { kind: "any", characters: 0 }, request);
  return {
    ...way,
    answer: {
      kind: "unknown",
      sentence: `${words} is not among what was read, so which of its listeners takes the request is not known`,
      objects: [id],
      likely: choice.kind === "rule" ? routeAnswer(facts, choice.chosen).answer : undefined,
    },
  };
}

/** Attached to a ListenerSet, whose own parent it is that is missing. */
function withoutParent(words: string, { parent: set }: EntryRoute): HttpAnswer {
  return {
    kind: "refused",
    reason: "NoMatchingParent",
    sentence: `${words}, to which ${objectInWords(set)} adds listeners, does not exist`,
    object: set,
    evidence: [{ object: set, path: "spec.parentRef", value: words }],
    fix: { text: `Create ${words}, or name one that exists in ${objectInWords(set)}` },
  };
}

function isMissing({ snapshot, index }: Facts, id: ObjectId): boolean {
  const plural = refOf(id).kind === "listener-set" && !index.byId.has(id) ? "listenerSets" : "gateways";
  return readInFull(snapshot, plural) && snapshot.origin !== "manifests";
}
