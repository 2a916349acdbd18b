import { objectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Pod, Workload } from "#lib/model/objects.ts";

/** A pod as a workload's template describes it, which stands for `count` of them. */
export function podOfTemplate(
  { kind, namespace, name: owner, origin, template }: Workload,
  { name = owner, count = 1 }: { readonly name?: string; readonly count?: number } = {},
): Pod {
  return {
    kind: "pod",
    id: objectId("pod", namespace, name),
    name,
    namespace,
    labels: template.labels,
    annotations: {},
    owners: [{ apiKind: kinds[kind].api, name: owner, controller: true }],
    origin,
    hostNetwork: template.hostNetwork,
    phase: "Running",
    ips: [],
    dnsPolicy: template.dnsPolicy,
    dnsConfig: template.dnsConfig,
    hostname: template.hostname,
    subdomain: template.subdomain,
    containers: template.containers,
    conditions: [],
    template: { count },
  };
}
