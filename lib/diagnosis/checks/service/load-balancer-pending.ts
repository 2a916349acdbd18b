import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { defineCheck } from "../../check.ts";

export const serviceLoadBalancerPending = defineCheck({
  id: "service/load-balancer-pending",
  code: "NET-105",
  // Not an error: the cluster IP and the node ports work; only the way in from outside is missing.
  severity: "warning",
  summary: "A Service of type LoadBalancer has no address",
  inputs: ["services"],
  ifRead: ["events"],
  *find({ services, objects }) {
    for (const { service, loadBalancer } of services) {
      // Undefined: another type, or a manifest, which has no status to judge by.
      if (loadBalancer === undefined || loadBalancer.addresses.length > 0) continue;
      const { id, name, namespace, loadBalancerClass } = service;
      const ofClass = loadBalancerClass === undefined ? "" : ` for class ${loadBalancerClass}`;
      const told = objects.events?.some((event) => event.about === id && event.type === "Warning") === true;
      const why =
        objects.events === undefined
          ? "events would tell why, and they could not be read"
          : (loadBalancer.pendingWhy ?? "no event tells why");
      yield {
        subject: id,
        part: "status.loadBalancer",
        message: `The load balancer of ${name} has no address: ${why}`,
        evidence: [
          { object: id, path: "spec.type", value: "LoadBalancer" },
          { object: id, path: "status.loadBalancer", value: "{}" },
        ],
        fix: {
          text: told
            ? `Clear what the event names; ${name} gets its address by itself then`
            : `Check that a load balancer controller${ofClass} runs in this cluster, or make ${name} a NodePort or ClusterIP Service`,
        },
        kubectl: kubectl(namespace, "describe", "service", name),
      };
    }
  },
});
