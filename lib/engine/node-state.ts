import type { Condition, Node, Pod } from "#lib/model/objects.ts";

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

/**
 * Whether a kubelet says that it is the network that keeps its node from being ready: "container runtime network not
 * ready: … cni plugin not initialized".
 */
export function lacksNetwork(node: Node): boolean {
  const ready = nodeCondition(node, "Ready");
  return ready?.status === "False" && /network|\bcni\b/i.test(ready.message ?? "");
}

/** What a node may take from its first report until its network is up. */
const joinMs = 5 * 60_000;

/**
 * Whether a node joined so recently that its network may still be on its way. One on which a pod with an address of its
 * own runs had its network already.
 */
export function isJoining(node: Node, own: readonly Pod[], takenAt: string | undefined): boolean {
  return isRecent(node.createdAt, takenAt, joinMs) && !own.some(({ phase }) => phase === "Running");
}

/** Whether something came into being less than `withinMs` before the snapshot was taken; false where times are not known. */
export function isRecent(
  createdAt: string | undefined,
  takenAt: string | undefined,
  withinMs: number,
): boolean {
  if (createdAt === undefined || takenAt === undefined) return false;
  const ageMs = Date.parse(takenAt) - Date.parse(createdAt);
  return ageMs >= 0 && ageMs < withinMs;
}
