import type { Evidence } from "#lib/model/finding.ts";
import { type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { Enforcement } from "#lib/model/trace.ts";
import type { Facts, WorkloadFacts } from "../facts.ts";
import { nodeKind } from "../node-kind.ts";
import { counted, listedUpTo } from "../object-words.ts";
import { isReady } from "../pod-readiness.ts";
import { readInFull } from "../read-in-full.ts";
import { type Dialect, undefinedDialect } from "./dialect.ts";
import { agentIn, type KnownPlugin, knownPlugins } from "./known-plugins.ts";

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
  const agents = pluginAgents(facts);
  const enforcing = agents.find(({ plugin }) => plugin.enforces !== "no");
  if (enforcing !== undefined) {
    const { name, dialect } = enforcing.plugin;
    return { name, dialect, enforcement: enforcementBy(facts, enforcing) };
  }
  const [other] = agents;
  const without = (state: Enforcement["state"], sentence: string, evidence: readonly Evidence[] = []) => ({
    name: other?.plugin.name,
    enforcement: { state, sentence, evidence },
    dialect: undefinedDialect,
  });
  if (snapshot.origin === "manifests")
    return without("unknown", "which network plugin will enforce policies is not in the manifests");
  if (isK3s(snapshot)) {
    return without(
      "unknown",
      "k3s enforces policies by itself unless it is told not to, and nothing in the cluster shows which",
    );
  }
  if (!readInFull(snapshot, "daemonSets")) {
    return without(
      "unknown",
      "DaemonSets could not be read, so whether a network plugin enforces policies is not known",
    );
  }
  if (seen(snapshot, "nodes").some((node) => nodeKind(node) === "managed")) {
    return without(
      "unknown",
      "the provider runs the network of some nodes outside the cluster's sight, and whether it enforces policies is not known",
    );
  }
  if (other !== undefined) {
    return without(
      "none-found",
      `${other.plugin.name} does not enforce policies, and nothing that does was found among the DaemonSets`,
      [imageEvidence(other)],
    );
  }
  return without(
    "none-found",
    "no network plugin that enforces policies was found among the DaemonSets",
    seen(snapshot, "daemonSets")
      .map(({ id, name }): Evidence => ({ object: id, path: "metadata.name", value: name }))
      .sort((a, b) => (a.object < b.object ? -1 : 1))
      .slice(0, 5),
  );
}

/** k3s has a network plugin, a policy controller and kube-proxy in its own process, where no object shows them. */
export function isK3s({ version }: Snapshot): boolean {
  return /\+k3s/.test(version ?? "");
}

/** A DaemonSet that runs a known program of the network. */
export interface PluginAgent {
  readonly plugin: KnownPlugin;
  readonly facts: WorkloadFacts;
  /** Where the program was recognised. */
  readonly path: string;
  readonly value: string;
}

/**
 * Every known program of the network that a DaemonSet runs, as `knownPlugins` has them, then by id. A DaemonSet that was
 * not read is known by its pods; one that runs two of them (Canal, the AWS VPC CNI with its policy agent) is here twice.
 */
export function pluginAgents(facts: Facts): readonly PluginAgent[] {
  const daemonSets = [...facts.workloads.values()]
    .filter(({ kind }) => kind === "daemon-set")
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((workload) => ({
      workload,
      containers:
        facts.index.workloads.get(workload.id)?.template.containers ?? workload.pods[0]?.containers ?? [],
    }));
  return knownPlugins.flatMap((plugin) =>
    daemonSets.flatMap(({ workload, containers }) => {
      const found = agentIn(plugin, workload, containers);
      return found === undefined ? [] : [{ plugin, facts: workload, ...found }];
    }),
  );
}

function imageEvidence({ facts, path, value }: PluginAgent): Evidence {
  return { object: facts.id, path, value };
}

function enforcementBy({ snapshot }: Facts, agent: PluginAgent): Enforcement {
  const { name, enforces } = agent.plugin;
  const { id, name: daemonSet, pods, ready } = agent.facts;
  const evidence: Evidence[] = [imageEvidence(agent)];
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
