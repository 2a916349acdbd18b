import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { isJoining, lacksNetwork, nodeCondition, nodeState } from "#lib/engine/node-state.ts";
import { oneLine } from "#lib/engine/object-words.ts";
import { isReady } from "#lib/engine/pod-readiness.ts";
import type { Condition, Node } from "#lib/model/objects.ts";
import { defineCheck, unjudged } from "../../check.ts";
import { hangingOnNode } from "../../hanging-on-node.ts";

export const nodeNotReady = defineCheck({
  id: "node/not-ready",
  code: "NET-511",
  severity: "error",
  summary: "A node is not ready, so its pods take no traffic",
  inputs: ["nodes"],
  ifRead: ["pods", "services", "endpointSlices", "daemonSets"],
  *find({ objects, takenAt, podsOn, servicesOnNodes, networkPrograms, ownerOf }) {
    const found: { readonly node: Node; readonly ready: Condition }[] = [];
    for (const node of objects.nodes) {
      const ready = nodeCondition(node, "Ready");
      if (ready === undefined || ready.status === "True") continue;
      // A kubelet that stopped reporting had been there before.
      if (nodeState(node) === "silent" || !isJoining(node, podsOn(node.name).own, takenAt))
        found.push({ node, ready });
      else if (objects.pods === undefined) yield unjudged("pods");
    }
    const services = servicesOnNodes(new Set(found.map(({ node }) => node.name)), "all");
    for (const { node, ready } of found) {
      const { id, name } = node;
      const { own, host } = podsOn(name);
      const pods = objects.pods === undefined ? undefined : [...own, ...host];
      const hanging = hangingOnNode(
        pods,
        services.get(name) ?? [],
        ownerOf,
        "nothing but DaemonSets' pods is on it",
      );
      const silent = ready.status === "Unknown";
      const plugins = lacksNetwork(node)
        ? networkPrograms().filter(
            ({ makes, byNode }) => makes === "pod-network" && !(byNode.get(name) ?? []).some(isReady),
          )
        : [];
      yield {
        subject: id,
        // One that is being deleted is on its way out, and nothing is lost where nothing hangs on it.
        severity: hanging.any && node.deletingAt === undefined ? "error" : "warning",
        message: `${name} ${silent ? "stopped reporting" : "is not ready"}${why(ready)}${hanging.sentence === undefined ? "" : `; ${hanging.sentence}`}`,
        evidence: [
          { object: id, path: "status.conditions[Ready].status", value: ready.status },
          { object: id, path: "status.conditions[Ready].reason", value: ready.reason ?? "none" },
          ...(ready.since === undefined
            ? []
            : [{ object: id, path: "status.conditions[Ready].lastTransitionTime", value: ready.since }]),
        ],
        fix: {
          text: silent
            ? `See whether ${name} is up and reaches the API server; if it is gone for good, delete the Node, so that its pods are created elsewhere`
            : `Look at what the kubelet of ${name} lacks: its Ready condition and its log say it`,
        },
        kubectl: kubectl(undefined, "describe", "node", name),
        touches: hanging.touches,
        follows: plugins.flatMap(({ daemonSet }) =>
          daemonSet === undefined ? [] : [{ object: daemonSet, checks: ["cni/not-running-on-node"] }],
        ),
      };
    }
  },
});

function why({ reason, message }: Condition): string {
  const words = [reason, message === undefined ? undefined : oneLine(message, 160)].filter((word) => word);
  return words.length === 0 ? "" : `: ${words.join(", ")}`;
}
