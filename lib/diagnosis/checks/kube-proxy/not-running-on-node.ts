import { kubectl } from "#lib/engine/fix/kubectl.ts";
import type { Gaps } from "#lib/engine/nodes/coverage.ts";
import { isReady } from "#lib/engine/pod-readiness.ts";
import { refOf } from "#lib/model/ids.ts";
import type { Node } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";
import { mostUsed, notRunning, taintsOf } from "../../program-gaps.ts";

/** What pods lack without it. */
const lacking = "Services do not follow changes there until it runs";

export const kubeProxyNotRunningOnNode = defineCheck({
  id: "kube-proxy/not-running-on-node",
  code: "NET-710",
  severity: "error",
  summary: "kube-proxy does not run on a node",
  inputs: ["pods", "nodes"],
  ifRead: ["daemonSets"],
  *find({ objects, origin, unread, placePods, networkPrograms, proxyPrograms, gapsOf, whyNotReady }) {
    // Where none is seen at all, something replaces it, is built into the kubelet's process, or runs out of sight.
    const programs = proxyPrograms();
    if (origin === "manifests" || programs.length === 0) return;
    yield* placePods();
    const gaps = gapsOf(programs);
    const replacing = networkPrograms().filter(({ proxies }) => proxies);
    const isReplaced = ({ name }: Node) =>
      replacing.some(({ byNode }) => (byNode.get(name) ?? []).some(isReady));
    const lost = gaps.missing.filter((node) => !isReplaced(node));
    // Where it is on few nodes, it is being removed, or meant for those alone.
    const meant = gaps.present >= lost.length ? lost : [];
    const complete = !unread.includes("pods");
    if (meant.length > 0 && !complete) yield unjudged("pods");
    const missing = complete ? meant : [];
    const most = mostUsed(programs);
    for (const program of programs) {
      const failing = gaps.failing.filter((each) => each.program === program);
      const missed = program === most ? missing : [];
      const { daemonSet: id } = program;
      if (id === undefined) {
        yield* failing.map((each) => staticPod(each, whyNotReady(each.pod)));
        yield* missed.map(noStaticPod);
      } else if (failing.length + missed.length > 0) {
        const daemonSet = objects.daemonSets?.find((each) => each.id === id);
        yield notRunning({
          program,
          id,
          daemonSet,
          failing,
          missing: missed,
          nodes: gaps.nodes - gaps.missing.length + lost.length,
          severity: "error",
          lacking,
          whyNotReady,
        });
      }
    }
  },
});

function staticPod(
  { node, pod }: Gaps["failing"][number],
  reasons: readonly { readonly text: string; readonly evidence?: Found["evidence"][number] | undefined }[],
): Found {
  return {
    subject: pod.id,
    message: `kube-proxy does not run on ${node.name}: ${reasons[0]?.text ?? "not ready"}`,
    evidence: reasons.flatMap(({ evidence }) => evidence ?? []),
    fix: { text: `Repair ${pod.name}; ${lacking}` },
    kubectl: kubectl(refOf(pod.id).namespace, "describe", "pod", pod.name),
    touches: [node.id],
  };
}

function noStaticPod(node: Node): Found {
  return {
    subject: node.id,
    message: `kube-proxy does not run on ${node.name}: no pod of it is there, and nothing that replaces it was found`,
    evidence: [taintsOf(node)],
    fix: {
      text: `See why the kubelet of ${node.name} has no static pod of kube-proxy: its manifest is missing there`,
    },
    kubectl: kubectl(
      undefined,
      "get",
      "pods",
      "-A",
      "-o",
      "wide",
      "--field-selector",
      `spec.nodeName=${node.name}`,
    ),
  };
}
