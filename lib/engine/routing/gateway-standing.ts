import type { ObjectId } from "#lib/model/ids.ts";
import type { Condition, Gateway } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import type { Facts } from "../facts.ts";
import { fixGatewayClass } from "../fix/class-fix.ts";
import { listedUpTo } from "../object-words.ts";
import { readInFull } from "../read-in-full.ts";
import { conditionEvidence, faultWords } from "./gateway-listeners.ts";
import type { HttpAnswer } from "./http-way.ts";

/** Whether a Gateway as a whole is in force. */
export type GatewayStanding =
  | { readonly kind: "in-force"; readonly remarks: readonly string[] }
  | { readonly kind: "doubt"; readonly sentence: string }
  | Extract<HttpAnswer, { kind: "refused" }>;

export function gatewayStanding(facts: Facts, gateway: Gateway): GatewayStanding {
  const { snapshot } = facts;
  const gatewayClass = facts.gateways.get(gateway.id)?.class;
  const accepted = conditionOf(gateway.conditions, "Accepted");
  if (gatewayClass === undefined) {
    if (readInFull(snapshot, "gatewayClasses") && snapshot.origin !== "manifests")
      return classMissing(facts, gateway);
  } else {
    const refusal = conditionOf(gatewayClass.conditions, "Accepted");
    if (refusal?.status === "False")
      return ofCondition(gatewayClass.id, `GatewayClass ${gatewayClass.name} is not accepted`, refusal);
  }
  // ListenersNotValid speaks of some listeners; which ones, their own conditions say.
  if (accepted?.status === "False" && accepted.reason !== "ListenersNotValid")
    return ofCondition(gateway.id, `Gateway ${gateway.name} is not accepted`, accepted);
  if (accepted?.status === "Unknown")
    return { kind: "doubt", sentence: `No controller has accepted Gateway ${gateway.name} yet` };
  const programmed = conditionOf(gateway.conditions, "Programmed");
  const remarks: string[] = [];
  if (programmed?.status === "False" && programmed.reason !== "ListenersNotValid") {
    if (programmed.reason === "Pending")
      return { kind: "doubt", sentence: `Gateway ${gateway.name} is not programmed yet` };
    // It may well be reachable from inside the cluster: the way itself is not cut.
    if (programmed.reason?.startsWith("AddressNot") !== true)
      return ofCondition(gateway.id, `Gateway ${gateway.name} is not programmed`, programmed);
    remarks.push(faultWords(`${gateway.name} has no address that works`, programmed).sentence);
  }
  if (gatewayClass === undefined && accepted === undefined) {
    const unread = `GatewayClass ${gateway.className} is not among what was read`;
    // The controller and its class are seldom in one repository with what they serve: taken as running, like pods.
    if (snapshot.origin !== "manifests")
      return { kind: "doubt", sentence: `Whether a controller takes it is not known: ${unread}` };
    remarks.push(`${unread}; it is taken to be there`);
  }
  return { kind: "in-force", remarks };
}

function conditionOf(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

function ofCondition(object: ObjectId, what: string, condition: Condition): GatewayStanding {
  return {
    kind: "refused",
    ...faultWords(what, condition),
    object,
    evidence: [conditionEvidence(object, "status.conditions", condition)],
  };
}

function classMissing({ snapshot }: Facts, gateway: Gateway): GatewayStanding {
  const names = seen(snapshot, "gatewayClasses")
    .map(({ name }) => name)
    .sort();
  return {
    kind: "refused",
    reason: "GatewayClassMissing",
    sentence: `GatewayClass ${gateway.className} does not exist, so no controller takes ${gateway.name}`,
    object: gateway.id,
    evidence: [{ object: gateway.id, path: "spec.gatewayClassName", value: gateway.className }],
    nearMiss:
      names.length === 0
        ? "there is no GatewayClass"
        : `there ${names.length === 1 ? "is" : "are"} ${listedUpTo(names, 3)}`,
    fix: fixGatewayClass(gateway, names),
  };
}
