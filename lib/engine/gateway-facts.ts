import type { Health } from "#lib/model/graph.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { Condition, Gateway, GatewayClass, Listener, ListenerSet } from "#lib/model/objects.ts";
import { routePlurals, type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import type { GatewayFacts, RouteFacts } from "./facts.ts";
import { counted, listedUpTo, oneLine } from "./object-words.ts";
import { readInFull } from "./read-in-full.ts";

/** A Gateway by its own state: class, conditions, listeners, addresses. What its routes come to is theirs to say. */
export function gatewayFacts(
  gateway: Gateway,
  snapshot: Snapshot,
  index: ClusterIndex,
  routes: Iterable<RouteFacts>,
): GatewayFacts {
  const classId = objectId("gateway-class", undefined, gateway.className);
  const found = index.byId.get(classId);
  const gatewayClass = found?.kind === "gateway-class" ? found : undefined;
  const sets = seen(snapshot, "listenerSets").filter((set) => isOf(set, gateway));
  const listeners = [...gateway.listeners, ...sets.flatMap((set) => set.listeners)];
  const parents = new Set<ObjectId>([gateway.id, ...sets.map((set) => set.id)]);
  const trouble = troubleOf(gateway, gatewayClass, listeners, snapshot);
  return {
    gateway,
    class: gatewayClass,
    health: trouble.health,
    sentence: [
      counted(listeners.length, "listener"),
      routesInWords(countAttached(routes, parents), snapshot),
      addressesInWords(gateway),
      trouble.words,
    ]
      .filter((part) => part !== "")
      .join(", "),
  };
}

function isOf(set: ListenerSet, gateway: Gateway): boolean {
  return set.parent.namespace === gateway.namespace && set.parent.name === gateway.name;
}

function countAttached(routes: Iterable<RouteFacts>, parents: ReadonlySet<ObjectId>): number {
  let count = 0;
  for (const { attachments } of routes) {
    if (
      attachments.some(
        ({ state, parent }) => state === "attached" && parent !== undefined && parents.has(parent),
      )
    )
      count++;
  }
  return count;
}

function routesInWords(count: number, snapshot: Snapshot): string {
  const unread = routePlurals.some((plural) => !readInFull(snapshot, plural));
  return count === 0 && unread ? "" : `${counted(count, "route")} attached`;
}

/** Undefined addresses: no status was given, so nothing is said. */
function addressesInWords({ addresses }: Gateway): string {
  if (addresses === undefined) return "";
  return addresses.length === 0
    ? "no address yet"
    : listedUpTo(
        addresses.map(({ value }) => value),
        3,
      );
}

interface Trouble {
  readonly health: Health;
  readonly words: string;
}

function troubleOf(
  gateway: Gateway,
  gatewayClass: GatewayClass | undefined,
  listeners: readonly Listener[],
  snapshot: Snapshot,
): Trouble {
  if (
    gatewayClass === undefined &&
    readInFull(snapshot, "gatewayClasses") &&
    snapshot.origin !== "manifests"
  ) {
    return { health: "broken", words: `GatewayClass ${gateway.className} does not exist` };
  }
  const classRefused = falseCondition(gatewayClass?.conditions ?? [], ["Accepted"]);
  if (classRefused !== undefined)
    return { health: "broken", words: `class ${gateway.className} is not accepted: ${words(classRefused)}` };
  const failed = falseCondition(gateway.conditions, ["Accepted", "Programmed"]);
  const faulty = listeners.filter(isFaulty);
  const faultWords = faulty.map((listener) => `listener ${listener.name}: ${listenerFault(listener)}`);
  if (failed !== undefined && failed.reason !== "ListenersNotValid") {
    return { health: "broken", words: `not ${failed.type}: ${words(failed)}` };
  }
  if (faulty.length > 0) {
    return {
      health: faulty.length === listeners.length ? "broken" : "partial",
      words: listedUpTo(faultWords, 2),
    };
  }
  if (failed !== undefined) return { health: "partial", words: `not ${failed.type}: ${words(failed)}` };
  const open = unsettled(gateway, gatewayClass);
  if (open !== undefined) return { health: "unknown", words: open };
  return { health: gateway.addresses?.length === 0 ? "partial" : "ok", words: "" };
}

function falseCondition(conditions: readonly Condition[], types: readonly string[]): Condition | undefined {
  return conditions.find((condition) => types.includes(condition.type) && condition.status === "False");
}

/** What the CRDs write as an object is made, and a controller has yet to answer. */
function unsettled({ conditions, className }: Gateway, gatewayClass: GatewayClass | undefined) {
  const isOpen = (of: readonly Condition[], asked: string) =>
    of.some(({ type, status }) => type === asked && status === "Unknown");
  if (isOpen(gatewayClass?.conditions ?? [], "Accepted"))
    return `no controller has accepted class ${className} yet`;
  if (isOpen(conditions, "Accepted")) return "no controller has accepted it yet";
  return isOpen(conditions, "Programmed") ? "not programmed yet" : undefined;
}

/** Conflicted is the one condition of a listener that is bad when true. */
function isFaulty(listener: Listener): boolean {
  return listenerFault(listener) !== undefined;
}

function listenerFault({ conditions }: Listener): string | undefined {
  const conflicted = conditions.find(
    (condition) => condition.type === "Conflicted" && condition.status === "True",
  );
  const bad = conflicted ?? falseCondition(conditions, ["Accepted", "ResolvedRefs", "Programmed"]);
  return bad === undefined ? undefined : words(bad);
}

function words({ type, reason, message }: Condition): string {
  const parts = [reason ?? type, message === undefined ? "" : oneLine(message)];
  return parts.filter((part) => part !== "").join(": ");
}
