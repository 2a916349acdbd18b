import type { Service } from "#lib/model/objects.ts";
import { isPublicText } from "../trace/outside.ts";

/** By which clouds are asked for a load balancer that only their own network reaches. */
const annotations: Readonly<Record<string, RegExp>> = {
  "service.beta.kubernetes.io/aws-load-balancer-internal": /^(true|0\.0\.0\.0\/0)$/i,
  "service.beta.kubernetes.io/aws-load-balancer-scheme": /^internal$/i,
  "service.beta.kubernetes.io/azure-load-balancer-internal": /^true$/i,
  "networking.gke.io/load-balancer-type": /^internal$/i,
  "cloud.google.com/load-balancer-type": /^internal$/i,
  "service.beta.kubernetes.io/openstack-internal-load-balancer": /^true$/i,
};

/** Whether a load balancer is one for inside, as far as its addresses or what its cloud was asked for tell. */
export function isInternalLoadBalancer({ annotations: given, loadBalancer }: Service): boolean {
  const isAsked = Object.entries(annotations).some(([key, value]) => value.test(given[key] ?? ""));
  const isInside =
    loadBalancer !== undefined &&
    loadBalancer.length > 0 &&
    loadBalancer.every(({ ip, hostname }) =>
      ip === undefined ? hostname?.startsWith("internal-") === true : !isPublicText(ip),
    );
  return isAsked || isInside;
}
