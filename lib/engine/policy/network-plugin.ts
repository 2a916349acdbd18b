import type { Evidence } from "#lib/model/finding.ts";
import { seen } from "#lib/model/snapshot.ts";
import type { Enforcement } from "#lib/model/trace.ts";
import type { Facts, WorkloadFacts } from "../facts.ts";
import { counted, listedUpTo } from "../object-words.ts";
import { isReady } from "../pod-readiness.ts";
import { readInFull } from "../read-in-full.ts";
import { type Dialect, undefinedDialect } from "./dialect.ts";

interface KnownPlugin {
  readonly name: string;
  /** An image of its agent, wherever it was mirrored to. */
  readonly image: RegExp;
  /** `maybe`: it can be turned off by something that is not read. */
  readonly enforces: "yes" | "no" | "maybe";
  readonly dialect: Dialect;
}

const byAddress: Dialect = {
  ipBlockMatchesPods: "yes",
  ipBlockMatchesNodes: "yes",
  hostNetworkPods: "as-node",
};

/** By identity, not by address: pods and nodes are no part of any block, as it comes. */
const byIdentity: Dialect = {
  ipBlockMatchesPods: "no",
  ipBlockMatchesNodes: "no",
  hostNetworkPods: "as-node",
};

/** The agents that run on every node, by what their makers say of them. The first that is found counts. */
const knownPlugins: readonly KnownPlugin[] = [
  {
    name: "Calico",
    image: /(^|\/)(mirrored-)?(calico[-/]node|cnx-node)(:|@|$)/,
    enforces: "yes",
    dialect: byAddress,
  },
  {
    name: "Cilium",
    image: /(^|\/)(mirrored-)?cilium(-cilium)?(:|@|$)/,
    enforces: "yes",
    dialect: byIdentity,
  },
  {
    name: "Antrea",
    image: /(^|\/)antrea-(agent|ubuntu|ubi)[^/]*(:|@|$)/,
    enforces: "yes",
    dialect: byAddress,
  },
  {
    name: "OVN-Kubernetes",
    image: /(^|\/)ovn-?kube(rnetes)?[^/]*(:|@|$)/,
    enforces: "yes",
    dialect: byAddress,
  },
  {
    name: "kube-router",
    image: /(^|\/)(mirrored-)?(cloudnativelabs-)?kube-router(:|@|$)/,
    enforces: "yes",
    dialect: byAddress,
  },
  {
    name: "kube-network-policies",
    image: /(^|\/)kube-network-policies(:|@|$)/,
    enforces: "yes",
    dialect: byAddress,
  },
  { name: "Weave Net", image: /(^|\/)weave-npc(:|@|$)/, enforces: "yes", dialect: byAddress },
  {
    name: "Azure Network Policy Manager",
    image: /(^|\/)azure-npm(:|@|$)/,
    enforces: "yes",
    dialect: byAddress,
  },
  {
    name: "the AWS network policy agent",
    image: /(^|\/)aws-(eks-nodeagent|network-policy-agent)(:|@|$)/,
    enforces: "maybe",
    dialect: byAddress,
  },
  { name: "kindnet", image: /(^|\/)kindnetd(:|@|$)/, enforces: "maybe", dialect: byAddress },
];

export interface NetworkPlugin {
  /** What the cluster shows; undefined where nothing known was found. */
  readonly name: string | undefined;
  readonly enforcement: Enforcement;
  /** Its own answers to what the specification leaves open; all undefined where it is not known. */
  readonly dialect: Dialect;
}

/** Which network plugin enforces policies, told from the agents that run, never from a name alone. */
export function networkPlugin(facts: Facts): NetworkPlugin {
  const { snapshot } = facts;
  const unknown = (sentence: string): NetworkPlugin => ({
    name: undefined,
    enforcement: { state: "unknown", sentence, evidence: [] },
    dialect: undefinedDialect,
  });
  for (const known of knownPlugins) {
    const agent = agentOf(facts, known);
    if (agent !== undefined)
      return { name: known.name, dialect: known.dialect, enforcement: enforcementBy(facts, known, agent) };
  }
  if (snapshot.origin === "manifests")
    return unknown("which network plugin will enforce policies is not in the manifests");
  if (/\+k3s/.test(snapshot.version ?? ""))
    return unknown(
      "k3s enforces policies by itself unless it is told not to, and nothing in the cluster shows which",
    );
  if (!readInFull(snapshot, "daemonSets"))
    return unknown(
      "DaemonSets could not be read, so whether a network plugin enforces policies is not known",
    );
  const evidence = seen(snapshot, "daemonSets")
    .slice(0, 5)
    .map(({ id, name }): Evidence => ({ object: id, path: "metadata.name", value: name }));
  return {
    name: undefined,
    enforcement: {
      state: "none-found",
      sentence: "no network plugin that enforces policies was found among the DaemonSets",
      evidence,
    },
    dialect: undefinedDialect,
  };
}

interface Agent {
  readonly facts: WorkloadFacts;
  readonly image: string;
  readonly path: string;
}

function agentOf(facts: Facts, { image }: KnownPlugin): Agent | undefined {
  for (const workload of facts.workloads.values()) {
    if (workload.kind !== "daemon-set") continue;
    const containers =
      facts.index.workloads.get(workload.id)?.template.containers ?? workload.pods[0]?.containers ?? [];
    const main = containers.filter(({ role }) => role !== "init");
    const at = main.findIndex((container) => image.test(withoutDigest(container.image)));
    const found = main[at]?.image;
    if (found !== undefined)
      return { facts: workload, image: found, path: `spec.template.spec.containers[${at}].image` };
  }
  return undefined;
}

function withoutDigest(image = ""): string {
  return image.split("@")[0] ?? "";
}

function enforcementBy({ snapshot }: Facts, { name, enforces }: KnownPlugin, agent: Agent): Enforcement {
  const { id, name: daemonSet, pods, ready } = agent.facts;
  const evidence: Evidence[] = [{ object: id, path: agent.path, value: agent.image }];
  if (snapshot.origin === "manifests") {
    return {
      state: "unknown",
      sentence: `${name} is among the manifests; whether it runs is not in them`,
      evidence,
    };
  }
  const nodes = snapshot.objects.nodes ?? [];
  const onNodes = new Set(
    pods.flatMap((pod) => (isReady(pod) && pod.nodeName !== undefined ? [pod.nodeName] : [])),
  );
  const without = nodes.filter((node) => !onNodes.has(node.name)).map((node) => node.name);
  const total = nodes.length > 0 ? nodes.length : agent.facts.total;
  const count = nodes.length > 0 ? total - without.length : ready;
  evidence.push({ object: id, path: "status.numberReady", value: String(ready) });
  const where = `${daemonSet} ready on ${count} of ${counted(total, "node")}`;
  if (count === 0)
    return { state: "partly", sentence: `${name}: ${where}, so policies may not be enforced`, evidence };
  if (enforces === "maybe") {
    const sentence = `${name}: ${where}; whether it is set to enforce policies is not read`;
    return { state: "unknown", sentence, evidence };
  }
  if (without.length > 0 || count < total) {
    const missing = without.length > 0 ? `, not on ${listedUpTo(without, 3)}` : "";
    return { state: "partly", sentence: `${name}: ${where}${missing}`, evidence };
  }
  return { state: "enforced", sentence: `${name}: ${where}`, evidence };
}
