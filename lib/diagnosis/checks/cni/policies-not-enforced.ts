import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { counted } from "#lib/engine/object-words.ts";
import type { NetworkPlugin } from "#lib/engine/policy/network-plugin.ts";
import { type ObjectId, objectId, refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import { tieredPlurals } from "#lib/model/snapshot.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

export const cniPoliciesNotEnforced = defineCheck({
  id: "cni/policies-not-enforced",
  code: "NET-702",
  severity: "warning",
  summary: "Policies exist, and nothing was found that enforces them",
  inputs: ["networkPolicies"],
  ifRead: [
    "clusterNetworkPolicies",
    "adminNetworkPolicies",
    "baselineAdminNetworkPolicies",
    "daemonSets",
    "nodes",
  ],
  *find({ objects, origin, unread, networkPlugin }) {
    // What will enforce them is no part of manifests.
    if (origin === "manifests") return;
    const plugin = networkPlugin();
    const { state, sentence } = plugin.enforcement;
    if (state === "enforced" || state === "partly") return;
    const forCluster = tieredPlurals.flatMap((plural) => objects[plural] ?? []);
    // Where policies of these kinds are, nobody may enforce them either.
    yield unjudged(...tieredPlurals.filter((plural) => unread.includes(plural)));
    if (forCluster.length + objects.networkPolicies.length === 0) return;
    // Nodes may show that the provider runs the network out of sight.
    if (unread.includes("daemonSets") || unread.includes("nodes")) {
      yield unjudged("daemonSets", "nodes");
      return;
    }
    if (state === "unknown") {
      yield { unjudged: ["daemonSets"], why: `${sentence[0]?.toUpperCase()}${sentence.slice(1)}.` };
      return;
    }
    for (const { id, name } of forCluster) yield notEnforced(id, name, [id], plugin);
    const inNamespaces = new Map<string, ObjectId[]>();
    for (const { id, namespace } of objects.networkPolicies) {
      const there = inNamespaces.get(namespace);
      if (there === undefined) inNamespaces.set(namespace, [id]);
      else there.push(id);
    }
    // One for each namespace: whoever owns it has to know, and fifty policies are not fifty faults.
    for (const [namespace, ids] of inNamespaces) {
      const what = `the ${counted(ids.length, "NetworkPolicy", "NetworkPolicies")} of ${namespace}`;
      yield notEnforced(objectId("namespace", undefined, namespace), what, ids.sort(), plugin);
    }
  },
});

/** How many policies stand among the evidence; all of them are touched. */
const shown = 3;

function notEnforced(
  subject: ObjectId,
  what: string,
  policies: readonly ObjectId[],
  { name, enforcement }: NetworkPlugin,
): Found {
  return {
    subject,
    // A plugin that is known not to enforce them is one thing, a plugin that is not known another.
    severity: name === undefined ? "info" : "warning",
    message: `Nothing was found that enforces ${what}: ${enforcement.sentence}`,
    evidence: [
      ...enforcement.evidence,
      ...policies
        .slice(0, shown)
        .map((id) => ({ object: id, path: "kind", value: kinds[refOf(id).kind].api })),
    ],
    fix: {
      text:
        name === undefined
          ? "See which network plugin runs, and whether it enforces NetworkPolicies; if it does not, add one that does"
          : `Add what enforces policies beside ${name}, or move to a network plugin that does`,
    },
    kubectl: kubectl(undefined, "get", "daemonsets", "-A", "-o", "wide"),
    touches: policies,
  };
}
