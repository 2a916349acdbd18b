/** Programs of the network that do not run on every node, as the checks of the family NET-7xx tell it. */
import type { Reason } from "#lib/engine/facts.ts";
import { kubectl, selectorArgument } from "#lib/engine/fix/kubectl.ts";
import { lacksNetwork, nodeCondition, nodeState } from "#lib/engine/node-state.ts";
import type { Gaps } from "#lib/engine/nodes/coverage.ts";
import type { NodeProgram } from "#lib/engine/nodes/programs.ts";
import { counted, listedUpTo } from "#lib/engine/object-words.ts";
import type { Severity } from "#lib/model/finding.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { Node, Pod, Workload } from "#lib/model/objects.ts";
import type { Found } from "./check.ts";

const spelledOut = 3;

export interface DaemonSetGaps extends Pick<Gaps, "failing" | "missing" | "nodes"> {
  readonly program: NodeProgram;
  readonly id: ObjectId;
  /** Undefined where only its pods were read. */
  readonly daemonSet: Workload | undefined;
  readonly severity: Severity;
  /** What pods on such a node lack: "pods there get no address and no routes until it runs". */
  readonly lacking: string;
  readonly whyNotReady: (pod: Pod) => readonly Reason[];
}

/** One finding for a DaemonSet, whatever the number of nodes: it is one program to repair. */
export function notRunning(gaps: DaemonSetGaps): Found {
  const { program, id, daemonSet, failing, missing, nodes, severity, lacking, whyNotReady } = gaps;
  const { name, namespace } = refOf(id);
  const without = [...failing.map(({ node }) => node), ...missing];
  const parts = [
    ...failing
      .slice(0, spelledOut)
      .map(({ node, pod }) => `${node.name}: ${whyNotReady(pod)[0]?.text ?? "not ready"}`),
    ...(failing.length > spelledOut ? [`${failing.length - spelledOut} more`] : []),
    ...(missing.length === 0 ? [] : [`no pod of it is on ${namesOf(missing)}`]),
  ];
  const label = name.includes(program.name.toLowerCase()) ? name : `${name} (${program.name})`;
  const selector = daemonSet?.selector;
  return {
    subject: id,
    severity,
    message: `${label} does not run on ${without.length} of ${counted(nodes, "node")}: ${parts.join("; ")}`,
    evidence: [
      ...failing.flatMap(({ pod }) => whyNotReady(pod).flatMap(({ evidence }) => evidence ?? [])),
      ...missing.map(taintsOf),
    ],
    fix: {
      text:
        failing.length > 0
          ? `Repair ${listedUpTo(
              failing.map(({ pod }) => pod.name),
              spelledOut,
            )}; ${lacking}`
          : whyNoPod(name, missing),
    },
    kubectl:
      selector === undefined
        ? kubectl(namespace, "get", "daemonset", name, "-o", "wide")
        : kubectl(namespace, "get", "pods", "-l", selectorArgument(selector), "-o", "wide"),
    touches: [...without.map((node) => node.id), ...failing.map(({ pod }) => pod.id)],
    // A node that is not ready for another reason starts no agent either.
    follows: without.every(isDownItself)
      ? without.map((node) => ({ object: node.id, checks: ["node/not-ready"] }))
      : [],
  };
}

/** What keeps a DaemonSet away from a node, more often than not. */
export function taintsOf(node: Node): Found["evidence"][number] {
  return { object: node.id, path: "spec.taints", value: node.taints.join(", ") || "none" };
}

function whyNoPod(daemonSet: string, nodes: readonly Node[]): string {
  return `See why daemonset/${daemonSet} has no pod on ${namesOf(nodes)}: a taint that it does not tolerate, its nodeSelector or its affinity`;
}

/** Of programs that stand in for each other, the one that runs on most nodes: where none is there, it is the one to ask. */
export function mostUsed(programs: readonly NodeProgram[]): NodeProgram | undefined {
  return programs.toSorted((a, b) => b.byNode.size - a.byNode.size)[0];
}

/** Whether a node shows that its network is missed: what an agent set up before it went may go on for a while. */
export function missesNetwork(node: Node): boolean {
  return nodeState(node) === "not-ready" || nodeCondition(node, "NetworkUnavailable")?.status === "True";
}

function isDownItself(node: Node): boolean {
  return nodeState(node) === "not-ready" && !lacksNetwork(node);
}

function namesOf(nodes: readonly Node[]): string {
  return listedUpTo(
    nodes.map(({ name }) => name),
    spelledOut,
  );
}
