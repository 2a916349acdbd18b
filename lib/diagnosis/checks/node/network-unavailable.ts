import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { isJoining, nodeCondition, nodeState } from "#lib/engine/node-state.ts";
import type { NodeProgram } from "#lib/engine/nodes/programs.ts";
import { oneLine } from "#lib/engine/object-words.ts";
import { isReady } from "#lib/engine/pod-readiness.ts";
import { refOf } from "#lib/model/ids.ts";
import type { Condition, Node } from "#lib/model/objects.ts";
import { defineCheck, unjudged } from "../../check.ts";
import { hangingOnNode } from "../../hanging-on-node.ts";

export const nodeNetworkUnavailable = defineCheck({
  id: "node/network-unavailable",
  code: "NET-510",
  severity: "error",
  summary: "A node's network is not available to its pods",
  inputs: ["nodes"],
  ifRead: ["pods", "services", "endpointSlices", "daemonSets"],
  *find({ objects, takenAt, podsOn, servicesOnNodes, networkPrograms, ownerOf }) {
    const found: { readonly node: Node; readonly condition: Condition }[] = [];
    for (const node of objects.nodes) {
      const condition = nodeCondition(node, "NetworkUnavailable");
      if (condition?.status !== "True") continue;
      if (!isJoining(node, podsOn(node.name).own, takenAt)) found.push({ node, condition });
      else if (objects.pods === undefined) yield unjudged("pods");
    }
    const services = servicesOnNodes(new Set(found.map(({ node }) => node.name)), "own");
    const programs = networkPrograms().filter(({ makes }) => makes === "pod-network");
    for (const { node, condition } of found) {
      const { id, name } = node;
      // Pods on the node's network do without the pod network.
      const own = objects.pods === undefined ? undefined : podsOn(name).own;
      const hanging = hangingOnNode(own, services.get(name) ?? [], ownerOf, "no pod that needs it is there");
      const down = programs.filter(({ byNode }) => !(byNode.get(name) ?? []).some(isReady));
      const silent = nodeState(node) === "silent" ? [{ object: id, checks: ["node/not-ready"] }] : [];
      yield {
        subject: id,
        severity: hanging.any ? "error" : "warning",
        message: `Pods on ${name} have no network: ${inWords(condition)}${hanging.sentence === undefined ? "" : `; ${hanging.sentence}`}`,
        evidence: [
          { object: id, path: "status.conditions[NetworkUnavailable].status", value: "True" },
          {
            object: id,
            path: "status.conditions[NetworkUnavailable].reason",
            value: condition.reason ?? "none",
          },
        ],
        fix: { text: fixOf(node, condition, programs, down) },
        kubectl: kubectl(undefined, "describe", "node", name),
        touches: [...hanging.touches, ...down.flatMap(({ daemonSet }) => daemonSet ?? [])],
        follows: [
          ...down.flatMap(({ daemonSet }) =>
            daemonSet === undefined ? [] : [{ object: daemonSet, checks: ["cni/not-running-on-node"] }],
          ),
          ...silent,
        ],
      };
    }
  },
});

/** "CalicoIsDown, Calico is shutting down on this node". */
function inWords({ reason, message }: Condition): string {
  const words = [reason, message === undefined ? undefined : oneLine(message, 120)].filter((word) => word);
  return words.length === 0 ? "NetworkUnavailable is True" : words.join(", ");
}

function fixOf(
  { name }: Node,
  { reason }: Condition,
  programs: readonly NodeProgram[],
  down: readonly NodeProgram[],
): string {
  const clears = "the condition goes away once it runs";
  const [first] = down;
  const daemonSet = first?.daemonSet === undefined ? undefined : refOf(first.daemonSet);
  if (first !== undefined && daemonSet !== undefined) {
    const [pod] = first.byNode.get(name) ?? [];
    const what = pod === undefined ? `daemonset/${daemonSet.name} has no pod` : `${pod.name} is not ready`;
    return `Repair ${first.name} on ${name}, where ${what}; ${clears}`;
  }
  // Clouds without a plugin of their own have a controller that makes a route to each node's range.
  if (reason === "NoRouteCreated")
    return `Look at the cloud provider's route controller: it has made no route to the pods of ${name}`;
  const [program] = programs;
  const pod = program?.byNode.get(name)?.[0];
  return pod === undefined
    ? `Look at the network plugin on ${name}: its agent sets this condition; ${clears}`
    : `Look at the log of ${pod.name}, or restart it: ${program?.name ?? "its agent"} runs on ${name} and does not clear the condition`;
}
