import type { Condition, Node } from "#lib/model/objects.ts";

/**
 * What a node's kubelet last said of itself. `silent`: it stopped reporting, so that what its pods' statuses say is of
 * before. `unreported`: no Ready condition was given, as in manifests.
 */
export type NodeState = "ready" | "not-ready" | "silent" | "unreported";

export function nodeState(node: Node): NodeState {
  switch (nodeCondition(node, "Ready")?.status) {
    case "True":
      return "ready";
    case "False":
      return "not-ready";
    case "Unknown":
      return "silent";
    case undefined:
      return "unreported";
  }
}

export function nodeCondition(node: Node, type: string): Condition | undefined {
  return node.conditions.find((condition) => condition.type === type);
}
