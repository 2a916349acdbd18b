import type { NodeProgram } from "#lib/engine/nodes/programs.ts";
import { defineCheck, unjudged } from "../../check.ts";
import { missesNetwork, mostUsed, notRunning } from "../../program-gaps.ts";

export const cniNotRunningOnNode = defineCheck({
  id: "cni/not-running-on-node",
  code: "NET-701",
  severity: "error",
  summary: "The network plugin does not run on a node",
  inputs: ["daemonSets", "pods", "nodes"],
  *find({ objects, origin, unread, placePods, networkPrograms, gapsOf, whyNotReady }) {
    if (origin === "manifests") return;
    yield* placePods();
    const daemonSets = new Map(objects.daemonSets.map((each) => [each.id, each]));
    for (const programs of alternatives(networkPrograms())) {
      const gaps = gapsOf(programs);
      // Of a part of the pods, the agent's may be in the other part.
      const complete = !unread.includes("pods");
      if (gaps.missing.length > 0 && !complete) yield unjudged("pods");
      // Where it is on few nodes, the others have another plugin, unless they say that they have none.
      const isMeant = gaps.present >= gaps.missing.length;
      const allMissing = complete ? gaps.missing.filter((node) => isMeant || missesNetwork(node)) : [];
      const most = mostUsed(programs);
      for (const program of programs) {
        const { daemonSet } = program;
        const failing = gaps.failing.filter((each) => each.program === program);
        const missing = program === most ? allMissing : [];
        if (daemonSet === undefined || failing.length + missing.length === 0) continue;
        yield notRunning({
          program,
          id: daemonSet,
          daemonSet: daemonSets.get(daemonSet),
          failing,
          missing,
          nodes: gaps.nodes,
          severity: failing.length > 0 || missing.some(missesNetwork) ? "error" : "warning",
          lacking:
            program.makes === "policies"
              ? "policies are not enforced there until it runs"
              : "pods there get no address and no routes until it runs",
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
