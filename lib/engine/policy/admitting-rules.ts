import type { ObjectId } from "#lib/model/ids.ts";
import type { LabelSelector, NetworkPolicy, Pod, PolicyPeer, PolicyRule } from "#lib/model/objects.ts";
import type { Facts, WorkloadFacts } from "../facts.ts";
import { counted, listed } from "../object-words.ts";
import { countPods } from "../pod-readiness.ts";
import { readInFull } from "../read-in-full.ts";
import { isEmptySelector, selectorMatches } from "../selector.ts";
import { portAdmits, type ServedPort, someAdmitted } from "./port-clause.ts";
import { peerInWords, portsInWords } from "./rule-words.ts";

/** Whom a rule without peers lets in. */
export const anyone = "Anyone";

export interface Admitted {
  readonly who: string;
  readonly workloads: readonly WorkloadFacts[];
  readonly ports: string;
  readonly policy: ObjectId;
  /** Field path: `spec.ingress[0].from[1]`. */
  readonly rule: string;
  readonly note?: string | undefined;
}

export interface Destination {
  /** Those that the policy selects. */
  readonly pods: readonly Pod[];
  /** How many pods any policy isolates. */
  readonly isolated: number;
  readonly ports: readonly ServedPort[];
}

interface RuleReading {
  readonly admits: readonly Admitted[];
  readonly notes: readonly string[];
}

/** What each ingress rule of a policy lets through to these pods on these ports. */
export function readRules(
  facts: Facts,
  policy: NetworkPolicy,
  destination: Destination,
): readonly RuleReading[] {
  return policy.ingress.map((rule, i) => readRule(facts, policy, rule, i, destination));
}

function readRule(
  facts: Facts,
  policy: NetworkPolicy,
  rule: PolicyRule,
  i: number,
  { pods, isolated, ports }: Destination,
): RuleReading {
  const path = `spec.ingress[${i}]`;
  const reached = ports.map((port) => ({
    port,
    pods: countPods(pods.filter((pod) => portAdmits(rule.ports, pod, port))),
  }));
  const open = reached.filter((one) => one.pods > 0);
  const missed = reached.filter((one) => one.pods === 0).map((one) => one.port);
  const confused = missed.filter((port) => namesServicePort(rule, port));
  const on = Math.min(
    ...open.map((one) => one.pods),
    countPods(pods.filter((pod) => someAdmitted(rule.ports, pod))),
  );
  if (on === 0 || (ports.length > 0 && open.length === 0)) {
    const asked = listed(ports.map((port) => port.words));
    const why =
      ports.length === 0 ? ", a name that none of its pods declares" : `; its pods are reached on ${asked}`;
    const note = `${policy.name} ${path} allows ${portsInWords(rule.ports)}${why}, so it admits nothing here.`;
    return { admits: [], notes: [note, ...confused.map(servicePortNote)] };
  }
  const notes = confused.map((port) => `${policy.name} ${path}: ${servicePortNote(port)}`);
  const partly =
    on < isolated
      ? `Only on ${on} of its ${isolated} ${isolated === 1 ? "pod" : "pods"} that are isolated.`
      : undefined;
  const common = {
    ports: missed.length === 0 ? portsInWords(rule.ports) : listed(open.map(({ port }) => port.words)),
    policy: policy.id,
  };
  if (rule.peers.length === 0)
    return { admits: [{ who: anyone, workloads: [], ...common, rule: path, note: partly }], notes };
  const admits = rule.peers.map((peer, j): Admitted => {
    const { workloads, note } = readPeer(facts, policy, peer);
    const said = [note, partly].filter((part) => part !== undefined).join(" ");
    return {
      who: peerInWords(peer, policy.namespace),
      workloads,
      ...common,
      rule: `${path}.from[${j}]`,
      note: said === "" ? undefined : said,
    };
  });
  return { admits, notes };
}

/** The mistake that people make most: policies see a packet after the Service's port was translated. */
function namesServicePort(rule: PolicyRule, { servicePort, target, protocol }: ServedPort): boolean {
  return (
    servicePort !== undefined &&
    servicePort !== target &&
    rule.ports.some((clause) => clause.port === servicePort && clause.protocol === protocol)
  );
}

function servicePortNote({ servicePort, words }: ServedPort): string {
  return `${servicePort} is the Service's port; policies see the pods' own, ${words}.`;
}

function readPeer(
  facts: Facts,
  policy: NetworkPolicy,
  peer: PolicyPeer,
): Pick<Admitted, "workloads" | "note"> {
  if (peer.kind === "ip-block") {
    return {
      workloads: [],
      note: "Whether this also means pods with such addresses depends on the network plugin.",
    };
  }
  const { namespaceSelector, podSelector } = peer;
  if (namespaceSelector !== undefined && !isEmptySelector(namespaceSelector)) {
    if (facts.snapshot.objects.namespaces === undefined)
      return { workloads: [], note: "Namespaces could not be read, so which pods these are is not known." };
  }
  const isLike = (pod: Pod) => podSelector === undefined || selectorMatches(podSelector, pod.labels);
  const workloads: WorkloadFacts[] = [];
  let onHost = 0;
  for (const workload of facts.workloads.values()) {
    if (!isInNamespace(facts, policy, namespaceSelector, workload.namespace)) continue;
    const alike = workload.pods.filter(isLike);
    if (alike.some((pod) => !pod.hostNetwork)) workloads.push(workload);
    onHost += countPods(alike.filter((pod) => pod.hostNetwork));
  }
  const hostNote =
    onHost === 0
      ? undefined
      : `${counted(onHost, "pod")} like that ${onHost === 1 ? "is" : "are"} on the host network, where policies usually see the node instead.`;
  if (workloads.length > 0) return { workloads, note: hostNote };
  return { workloads, note: hostNote ?? nobody(facts) };
}

/** Without a namespaceSelector the peer stays in the policy's own namespace (networking.k8s.io/v1, NetworkPolicyPeer). */
function isInNamespace(
  facts: Facts,
  policy: NetworkPolicy,
  selector: LabelSelector | undefined,
  namespace: string,
): boolean {
  if (selector === undefined) return namespace === policy.namespace;
  return selectorMatches(selector, facts.index.namespaces.get(namespace)?.labels ?? {});
}

function nobody({ snapshot }: Facts): string {
  if (snapshot.origin === "manifests") return "No pod in these files is like that.";
  return readInFull(snapshot, "pods") && readInFull(snapshot, "namespaces")
    ? "No pod is like that now."
    : "None of the pods that could be read is like that.";
}
