import { seen } from "#lib/model/snapshot.ts";
import type { Facts } from "../facts.ts";
import { pluginAgents } from "../policy/network-plugin.ts";

/** A plugin that lets pods choose their network, and so where their addresses come from. */
const multus = /(^|\/)([\w.]+-)*multus(-cni)?(-thick)?(:|@|$)/;

/**
 * Where pods get their addresses from. `node-ranges`: each from its node's `podCIDRs`, for so the plugins that were found
 * do. `other`: from ranges that a plugin keeps for itself, or it may be; `podCIDRs` say nothing then. Of DaemonSets that
 * were not read, nothing is found: ask only where they were.
 */
export function addressing(facts: Facts): "node-ranges" | "other" {
  const agents = pluginAgents(facts).filter(({ plugin }) => plugin.makes === "pod-network");
  // Canal runs Calico for policies beside Flannel, whose addresses are the nodes'.
  const canal = new Set(
    agents.flatMap(({ plugin, facts: { id } }) => (plugin.name === "Flannel" ? [id] : [])),
  );
  const giving = agents.filter(
    ({ plugin, facts: { id } }) => plugin.addresses === "node-ranges" || !canal.has(id),
  );
  const mayChoose = seen(facts.snapshot, "daemonSets").some(({ template }) =>
    template.containers.some(({ image }) => multus.test(image ?? "")),
  );
  return giving.length > 0 && !mayChoose && giving.every(({ plugin }) => plugin.addresses === "node-ranges")
    ? "node-ranges"
    : "other";
}
