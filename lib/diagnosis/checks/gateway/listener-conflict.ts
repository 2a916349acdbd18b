import { kubectl } from "#lib/engine/fix/kubectl.ts";
import type { EntryListener } from "#lib/engine/routing/gateway-entries.ts";
import {
  conditionEvidence,
  faultWords,
  listenerEvidence,
  passing,
} from "#lib/engine/routing/gateway-listeners.ts";
import { byAge } from "#lib/engine/routing/http-age.ts";
import { type ListenerConflict, listenerConflicts } from "#lib/engine/routing/listener-conflicts.ts";
import { objectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Condition, Gateway, ListenerSet } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

type Owner = Gateway | ListenerSet;

export const gatewayListenerConflict = defineCheck({
  id: "gateway/listener-conflict",
  code: "NET-311",
  severity: "error",
  summary: "Listeners are in conflict with one another, or their controller did not put them into force",
  inputs: ["gateways"],
  ifRead: ["listenerSets", "gatewayClasses"],
  *find({ gateways, objects, origin, unread }) {
    const sets = (objects.listenerSets ?? []).toSorted(byAge);
    const setsOf = Map.groupBy(sets, ({ parent }) => objectId("gateway", parent.namespace, parent.name));
    if (objects.listenerSets === undefined) yield unjudged("listenerSets");
    for (const { gateway, class: found } of gateways) {
      const owners = [gateway, ...(setsOf.get(gateway.id) ?? [])];
      const listeners = owners.flatMap((owner) => owner.listeners.map((listener) => ({ owner, listener })));
      const conflicts = new Map(listenerConflicts(listeners).map((each) => [each.listener.listener, each]));
      const refused = new Set<Owner>();
      for (const owner of owners) {
        const refusal = refusalOf(owner);
        if (refusal === undefined) continue;
        refused.add(owner);
        yield refusedAsAWhole(owner, refusal);
      }
      if (isWaiting(gateway)) {
        if (found === undefined) yield unjudged("gatewayClasses");
        else if (conditionOf(found.conditions, "Accepted")?.status === "True") yield waiting(gateway);
      }
      for (const entry of listeners) {
        const conflict = conflicts.get(entry.listener);
        const fault = refused.has(entry.owner) ? undefined : faultOf(entry);
        if (fault !== undefined) yield notInForce(entry, fault, conflict);
        // What a controller says of a listener counts before what its configuration looks like.
        else if (conflict !== undefined && entry.listener.conditions.length === 0) yield inConflict(conflict);
      }
    }
    if (origin === "manifests") return;
    const there = new Set(gateways.map(({ gateway }) => gateway.id));
    for (const set of sets) {
      if (there.has(objectId("gateway", set.parent.namespace, set.parent.name))) continue;
      yield unread.includes("gateways") ? unjudged("gateways") : withoutGateway(set);
    }
  },
});

function conditionOf(conditions: readonly Condition[], asked: string): Condition | undefined {
  return conditions.find(({ type }) => type === asked);
}

function falseOf(conditions: readonly Condition[], asked: string): Condition | undefined {
  const condition = conditionOf(conditions, asked);
  return condition?.status === "False" && !passing.has(condition.reason ?? "") ? condition : undefined;
}

/** ListenersNotValid speaks of some listeners; which ones, their own conditions say. */
function refusalOf({ conditions }: Owner): Condition | undefined {
  const refused = falseOf(conditions, "Accepted") ?? falseOf(conditions, "Programmed");
  return refused?.reason === "ListenersNotValid" ? undefined : refused;
}

function isWaiting({ conditions }: Gateway): boolean {
  return conditionOf(conditions, "Accepted")?.status === "Unknown";
}

/** Whether a certificate can be used is told by a check of its own, with the Secret. */
const certificateReasons = new Set(["InvalidCertificateRef", "RefNotPermitted"]);

function faultOf({ listener: { conditions } }: EntryListener): Condition | undefined {
  const conflicted = conditionOf(conditions, "Conflicted");
  if (conflicted?.status === "True") return conflicted;
  const refused = falseOf(conditions, "Accepted");
  if (refused !== undefined) return refused;
  const unresolved = falseOf(conditions, "ResolvedRefs");
  if (certificateReasons.has(unresolved?.reason ?? "")) return undefined;
  return falseOf(conditions, "Programmed") ?? unresolved;
}

function ownerInWords({ kind, name }: Owner): string {
  return `${kinds[kind].api} ${name}`;
}

function describe({ kind, namespace, name }: Owner): string {
  return kubectl(namespace, "describe", kinds[kind].api.toLowerCase(), name);
}

function refusedAsAWhole(owner: Owner, condition: Condition): Found {
  const what = condition.type === "Accepted" ? "accepted" : "programmed";
  return {
    subject: owner.id,
    part: `status.conditions[${condition.type}]`,
    message: faultWords(`${ownerInWords(owner)} is not ${what}`, condition).sentence,
    evidence: [conditionEvidence(owner.id, "status.conditions", condition)],
    fix: { text: `Correct in ${ownerInWords(owner)} what its condition ${condition.type} names` },
    kubectl: describe(owner),
    touches: parentOf(owner),
  };
}

function parentOf(owner: Owner) {
  return owner.kind === "gateway" ? [] : [objectId("gateway", owner.parent.namespace, owner.parent.name)];
}

function waiting(gateway: Gateway): Found {
  return {
    subject: gateway.id,
    part: "status.conditions[Accepted]",
    severity: "warning",
    message: `No controller has accepted Gateway ${gateway.name} yet, though its class ${gateway.className} is accepted`,
    evidence: [{ object: gateway.id, path: "status.conditions[Accepted]", value: "Unknown" }],
    fix: { text: `Look into the log of the controller of class ${gateway.className} for ${gateway.name}` },
    kubectl: describe(gateway),
  };
}

function notInForce(
  entry: EntryListener,
  condition: Condition,
  conflict: ListenerConflict | undefined,
): Found {
  const { owner, listener } = entry;
  const unresolved = condition.type === "ResolvedRefs";
  const what = unresolved ? "has references that do not resolve" : "is not in force";
  return {
    subject: owner.id,
    part: partOf(entry),
    // Of route kinds that it does not know a controller leaves those out, and serves the others.
    severity: unresolved ? "warning" : "error",
    message: faultWords(`Listener ${listener.name} of ${ownerInWords(owner)} ${what}`, condition).sentence,
    evidence: [
      conditionEvidence(owner.id, `status.listeners[name=${listener.name}].conditions`, condition),
      listenerEvidence(entry),
      ...(conflict === undefined ? [] : [listenerEvidence(conflict.other)]),
    ],
    nearMiss: conflict === undefined ? undefined : conflictInWords(conflict),
    fix: {
      text:
        conflict === undefined
          ? `Correct in listener ${listener.name} what its condition ${condition.type} names`
          : fixText(conflict),
    },
    kubectl: describe(owner),
    touches: parentOf(owner),
  };
}

function inConflict(conflict: ListenerConflict): Found {
  const { listener: entry, other } = conflict;
  const { owner, listener } = entry;
  return {
    subject: owner.id,
    part: partOf(entry),
    message: `Listener ${listener.name} of ${ownerInWords(owner)} ${conflictInWords(conflict)}`,
    evidence: [listenerEvidence(entry), listenerEvidence(other)],
    fix: { text: fixText(conflict) },
    kubectl: describe(owner),
    touches: [...parentOf(owner), other.owner.id],
  };
}

function partOf({ owner, listener }: EntryListener): string {
  return `spec.listeners[${owner.listeners.indexOf(listener)}]`;
}

function conflictInWords({ listener: { owner, listener }, other, reason }: ListenerConflict): string {
  const of = other.owner.id === owner.id ? "" : ` of ${ownerInWords(other.owner)}`;
  const first = `listener ${other.listener.name}${of}`;
  return reason === "ProtocolConflict"
    ? `asks for port ${listener.port} with ${listener.protocol}, which ${first} has with ${other.listener.protocol}`
    : `asks for port ${listener.port} and ${listener.hostname ?? "every hostname"}, which ${first} has already`;
}

function fixText({ listener: { listener }, reason }: ListenerConflict): string {
  return reason === "ProtocolConflict"
    ? `Give listener ${listener.name} a port of its own`
    : `Give listener ${listener.name} another port or hostname, or take it away`;
}

function withoutGateway(set: ListenerSet): Found {
  const { namespace, name } = set.parent;
  return {
    subject: set.id,
    part: "spec.parentRef",
    message: `ListenerSet ${set.name} adds listeners to Gateway ${namespace}/${name}, which does not exist`,
    evidence: [{ object: set.id, path: "spec.parentRef", value: `${namespace}/${name}` }],
    fix: { text: `Create the Gateway ${name} in ${namespace}, or name one that exists` },
    kubectl: kubectl(namespace, "get", "gateways"),
  };
}
