import { kubectl, kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { oneLine } from "#lib/engine/object-words.ts";
import type { Follows } from "#lib/model/finding.ts";
import type { Condition, Gateway, Service } from "#lib/model/objects.ts";
import { defineCheck, type Found } from "../../check.ts";
import { notAcceptedBecause } from "../../gateway-causes.ts";

export const gatewayNoAddress = defineCheck({
  id: "gateway/no-address",
  code: "NET-312",
  // Not an error: from inside the cluster it may well be reached; only the way in from outside is missing.
  severity: "warning",
  summary: "A Gateway has no address",
  inputs: ["gateways"],
  // The Service in front of its proxy tells why.
  ifRead: ["services", "pods"],
  *find({ gateways, proxyService }) {
    for (const { gateway } of gateways) {
      // Undefined: no status was given (a manifest).
      if (gateway.addresses === undefined || gateway.addresses.length > 0) continue;
      yield withoutAddress(gateway, proxyService(gateway.id));
    }
  },
});

function withoutAddress(gateway: Gateway, service: Service | undefined): Found {
  const { id, name, className } = gateway;
  const programmed = gateway.conditions.find(({ type }) => type === "Programmed");
  const pending =
    service?.type === "LoadBalancer" && service.loadBalancer?.length === 0 ? service : undefined;
  const why = reasonOf(service, pending, programmed);
  return {
    subject: id,
    part: "status.addresses",
    // Its controller is content: it is reached by its nodes' ports, or from inside only.
    severity: programmed?.status === "True" ? "info" : "warning",
    message: `${name} has no address${why === undefined ? "" : `: ${why}`}`,
    evidence: [
      { object: id, path: "status.addresses", value: "none" },
      ...(programmed === undefined
        ? []
        : [{ object: id, path: "status.conditions[Programmed]", value: conditionValue(programmed) }]),
      ...(service === undefined ? [] : [{ object: service.id, path: "spec.type", value: service.type }]),
    ],
    fix: {
      text:
        pending === undefined
          ? `Check how the controller of class ${className} gives out addresses, or name one in spec.addresses`
          : `Give the Service ${pending.name} its address; ${name} has it by itself then`,
    },
    kubectl:
      pending === undefined
        ? kubectlGet(id)
        : kubectl(pending.namespace, "describe", "service", pending.name),
    touches: service === undefined ? [] : [service.id],
    follows: causesOf(gateway, pending),
  };
}

function causesOf(gateway: Gateway, pending: Service | undefined): readonly Follows[] {
  const accepted = gateway.conditions.find(({ type }) => type === "Accepted");
  if (accepted?.status !== "True") return notAcceptedBecause(gateway);
  return pending === undefined ? [] : [{ object: pending.id, checks: ["service/load-balancer-pending"] }];
}

function reasonOf(
  service: Service | undefined,
  pending: Service | undefined,
  programmed: Condition | undefined,
): string | undefined {
  if (pending !== undefined)
    return `the load balancer of its Service ${pending.namespace}/${pending.name} has none`;
  if (programmed?.status === "False" && programmed.reason !== "Pending")
    return [programmed.reason ?? "not Programmed", oneLine(programmed.message ?? "")]
      .filter(Boolean)
      .join(": ");
  return service === undefined
    ? undefined
    : `its Service ${service.namespace}/${service.name} is of type ${service.type}`;
}

function conditionValue({ status, reason }: Condition): string {
  return reason === undefined ? status : `${status} (${reason})`;
}
