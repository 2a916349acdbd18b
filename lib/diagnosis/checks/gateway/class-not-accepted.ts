import { fixGatewayClass } from "#lib/engine/fix/class-fix.ts";
import { kubectl, kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo, oneLine } from "#lib/engine/object-words.ts";
import type { Condition, Gateway, GatewayClass } from "#lib/model/objects.ts";
import { defineCheck, type Found } from "../../check.ts";

export const gatewayClassNotAccepted = defineCheck({
  id: "gateway/class-not-accepted",
  code: "NET-310",
  severity: "error",
  summary: "The GatewayClass of a Gateway does not exist, or no controller accepts it",
  inputs: ["gateways", "gatewayClasses"],
  *find({ gateways, objects, origin, unread }) {
    const names = objects.gatewayClasses.map(({ name }) => name).sort();
    for (const facts of gateways) {
      if (facts.class !== undefined) continue;
      const { className } = facts.gateway;
      if (origin === "manifests") {
        // Classes come with their controller, which is seldom in one repository with the Gateways.
        const why = `The manifests hold no GatewayClass ${className}.`;
        yield { unjudged: ["gatewayClasses"], why };
      } else if (unread.includes("gatewayClasses")) yield { unjudged: ["gatewayClasses"] };
      else yield noClass(facts.gateway, names);
    }
    const users = Map.groupBy(gateways, ({ class: found }) => found?.id);
    for (const gatewayClass of objects.gatewayClasses) {
      const accepted = conditionOf(gatewayClass.conditions, "Accepted");
      if (accepted === undefined || accepted.status === "True") continue;
      const using = (users.get(gatewayClass.id) ?? []).map(({ gateway }) => gateway);
      // A class that waits for its controller has no effect on Gateways that it did serve before.
      if (accepted.status === "Unknown" && (using.length === 0 || using.some(isServed))) continue;
      yield notAccepted(gatewayClass, accepted, using);
    }
  },
});

function conditionOf(conditions: readonly Condition[], asked: string): Condition | undefined {
  return conditions.find(({ type }) => type === asked);
}

function isServed({ conditions }: Gateway): boolean {
  return conditionOf(conditions, "Programmed")?.status === "True";
}

function noClass(gateway: Gateway, names: readonly string[]): Found {
  const { id, name, className } = gateway;
  return {
    subject: id,
    part: "spec.gatewayClassName",
    // A status is what is left of a controller that had the class; the proxy may run on.
    severity: isServed(gateway) ? "warning" : "error",
    message: `${name} names the GatewayClass ${className}, which does not exist`,
    evidence: [{ object: id, path: "spec.gatewayClassName", value: className }],
    nearMiss:
      names.length === 0
        ? "there is no GatewayClass"
        : `there ${names.length === 1 ? "is" : "are"} ${listedUpTo(names, 3)}`,
    fix: fixGatewayClass(gateway, names),
    kubectl: kubectl(undefined, "get", "gatewayclasses"),
  };
}

function notAccepted(
  { id, name, controllerName }: GatewayClass,
  { status, reason, message }: Condition,
  using: readonly Gateway[],
): Found {
  const names = using.map((gateway) => `${gateway.namespace}/${gateway.name}`).sort();
  const waiting =
    names.length === 0 ? "" : `, and ${listedUpTo(names, 3)} ${names.length === 1 ? "waits" : "wait"} for it`;
  const why = [reason ?? "", message === undefined ? "" : oneLine(message)]
    .filter((part) => part !== "")
    .join(": ");
  return {
    subject: id,
    part: "status.conditions[Accepted]",
    // Refused after it had served: what runs keeps its last configuration.
    severity: names.length === 0 ? "info" : using.some(isServed) ? "warning" : "error",
    message:
      status === "Unknown"
        ? `No controller has accepted the GatewayClass ${name}${waiting}`
        : `The GatewayClass ${name} is refused by its controller${why === "" ? "" : `, ${why}`}${waiting}`,
    evidence: [
      { object: id, path: "spec.controllerName", value: controllerName },
      {
        object: id,
        path: "status.conditions[Accepted]",
        value: reason === undefined ? status : `${status} (${reason})`,
      },
    ],
    fix: { text: fixText(name, controllerName, status, reason) },
    kubectl: kubectlGet(id),
    touches: using.map((gateway) => gateway.id),
  };
}

function fixText(name: string, controllerName: string, status: string, reason: string | undefined): string {
  if (status === "Unknown") return `Check that ${controllerName} runs in this cluster, or name another class`;
  switch (reason) {
    case "InvalidParameters":
      return `Correct what spec.parametersRef of ${name} names`;
    case "UnsupportedVersion":
      return `Install the version of the Gateway API's CRDs that ${controllerName} supports`;
    default:
      return `Look at the condition Accepted in the status of ${name}`;
  }
}
