import type { Reason } from "#lib/engine/facts.ts";
import { kubectl, selectorArgument } from "#lib/engine/fix/kubectl.ts";
import { lacksNetwork, nodeCondition, nodeState } from "#lib/engine/node-state.ts";
import type { Gaps } from "#lib/engine/nodes/coverage.ts";
import type { NodeProgram } from "#lib/engine/nodes/programs.ts";
import { counted, listedUpTo } from "#lib/engine/object-words.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { Node, Pod, Workload } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

const spelledOut = 3;

export const cniNotRunningOnNode = defineCheck({
  id: "cni/not-running-on-node",
  code: "NET-701",
  severity: "error",
  summary: "The network plugin does not run on a node",
  inputs: ["daemonSets", "pods", "nodes"],
  *find({ objects, origin, unread, networkPrograms, gapsOf, whyNotReady }) {
    if (origin === "manifests") return;
    const daemonSets = new Map(objects.daemonSets.map((each) => [each.id, each]));
    for (const programs of alternatives(networkPrograms())) {
      const gaps = gapsOf(programs);
      // Of a part of the pods, the agent's may be in the other part.
      const complete = !unread.includes("pods");
      if (gaps.missing.length > 0 && !complete) yield unjudged("pods");
      const most = mostUsed(programs);
      for (const program of programs) {
        const { daemonSet } = program;
        const failing = gaps.failing.filter((each) => each.program === program);
        const missing = complete && program === most ? gaps.missing : [];
        if (daemonSet === undefined || failing.length + missing.length === 0) continue;
        yield notRunning({
          program,
          id: daemonSet,
          daemonSet: daemonSets.get(daemonSet),
          failing,
          missing,
          nodes: gaps.nodes,
          whyNotReady,
        });
      }
    }
  },
});

/** What makes the pod network is one program, however many DaemonSets it takes; each policy agent is one by itself. */
function alternatives(programs: readonly NodeProgram[]): readonly (readonly NodeProgram[])[] {
  const network = programs.filter(({ makes }) => makes === "pod-network");
  return [network, ...programs.filter(({ makes }) => makes === "policies").map((each) => [each])];
}

/** Where none is there, the one that runs on most nodes is the one to ask. */
function mostUsed(programs: readonly NodeProgram[]): NodeProgram | undefined {
  return programs.toSorted((a, b) => b.byNode.size - a.byNode.size)[0];
}

interface NotRunning extends Pick<Gaps, "failing" | "missing" | "nodes"> {
  readonly program: NodeProgram;
  readonly id: ObjectId;
  readonly daemonSet: Workload | undefined;
  readonly whyNotReady: (pod: Pod) => readonly Reason[];
}

function notRunning({ program, id, daemonSet, failing, missing, nodes, whyNotReady }: NotRunning): Found {
  const { name, namespace } = refOf(id);
  const gaps = [...failing.map(({ node }) => node), ...missing];
  const parts = [
    ...listFailing(failing, whyNotReady),
    ...(missing.length === 0 ? [] : [`no pod of it is on ${namesOf(missing)}`]),
  ];
  const label = name.includes(program.name.toLowerCase()) ? name : `${name} (${program.name})`;
  const selector = daemonSet?.selector;
  return {
    subject: id,
    severity: failing.length > 0 || missing.some(suffers) ? "error" : "warning",
    message: `${label} does not run on ${gaps.length} of ${counted(nodes, "node")}: ${parts.join("; ")}`,
    evidence: [
      ...failing.flatMap(({ pod }) => whyNotReady(pod).flatMap(({ evidence }) => evidence ?? [])),
      ...missing.map((node) => ({
        object: node.id,
        path: "spec.taints",
        value: node.taints.join(", ") || "none",
      })),
    ],
    fix: {
      text:
        failing.length > 0
          ? `Repair ${listedUpTo(
              failing.map(({ pod }) => pod.name),
              spelledOut,
            )}; pods there get no address and no routes until it runs`
          : `See why daemonset/${name} has no pod on ${namesOf(missing)}: a taint that it does not tolerate, its nodeSelector or its affinity`,
    },
    kubectl:
      selector === undefined
        ? kubectl(namespace, "get", "daemonset", name, "-o", "wide")
        : kubectl(namespace, "get", "pods", "-l", selectorArgument(selector), "-o", "wide"),
    touches: [...gaps.map((node) => node.id), ...failing.map(({ pod }) => pod.id)],
    // A node that is not ready for another reason starts no agent either.
    follows: gaps.every(isDownItself)
      ? gaps.map((node) => ({ object: node.id, checks: ["node/not-ready"] }))
      : [],
  };
}

/** "node-2: CrashLoopBackOff, 3 restarts", and how many more. */
function listFailing(
  failing: Gaps["failing"],
  whyNotReady: (pod: Pod) => readonly Reason[],
): readonly string[] {
  const words = failing
    .slice(0, spelledOut)
    .map(({ node, pod }) => `${node.name}: ${whyNotReady(pod)[0]?.text ?? "not ready"}`);
  const rest = failing.length - words.length;
  return rest > 0 ? [...words, `and ${rest} more`] : words;
}

function namesOf(nodes: readonly Node[]): string {
  return listedUpTo(
    nodes.map(({ name }) => name),
    spelledOut,
  );
}

/** Whether a node shows that its network is missed: what an agent set up before it went may go on for a while. */
function suffers(node: Node): boolean {
  return nodeState(node) === "not-ready" || nodeCondition(node, "NetworkUnavailable")?.status === "True";
}

function isDownItself(node: Node): boolean {
  return nodeState(node) === "not-ready" && !lacksNetwork(node);
}
