/**
 * Who NetworkPolicies let in: for the pods behind a Service or of a workload, every ingress rule that admits someone
 * on a port that they serve. It reads the destination's side only; whether the source's own egress lets the packet
 * out is another question.
 */
import type { ObjectId } from "#lib/model/ids.ts";
import type { NetworkPolicy, Pod, PolicyPeer, PolicyPort, Protocol } from "#lib/model/objects.ts";
import { known } from "#lib/model/snapshot.ts";
import type { Facts, WorkloadFacts } from "../facts.ts";
import { selectorInWords, selectorMatches } from "../selector.ts";
import { portAdmits, type ServedPort } from "./port-clause.ts";

export interface Admission {
  readonly state: "open" | "isolated" | "unknown";
  readonly sentence: string;
  readonly admits: readonly Admitted[];
  readonly isolatedBy: readonly ObjectId[];
  /** What the reader should know besides: ports that miss, pods that no policy binds. */
  readonly notes: readonly string[];
}

export interface Admitted {
  readonly who: string;
  readonly workloads: readonly WorkloadFacts[];
  readonly ports: string;
  readonly policy: ObjectId;
  /** Field path: `spec.ingress[0].from[1]`. */
  readonly rule: string;
  readonly note?: string | undefined;
}

/** Pods with the ports on which they are asked; no ports: any port of theirs. */
export function admissionOf(
  facts: Facts,
  pods: readonly Pod[] | undefined,
  ports: readonly ServedPort[],
): Admission {
  const policies = known(facts.snapshot, "networkPolicies");
  if (pods === undefined) return unknown("Pods could not be read, so who may reach them is not known.");
  if (policies === undefined)
    return unknown("NetworkPolicies could not be read, so who may reach it is not known.");
  if (pods.length === 0)
    return { ...unknown("No pod stands behind it, so there is nothing to admit."), state: "open" };

  const bound = pods.filter((pod) => !pod.hostNetwork);
  if (bound.length === 0) {
    return unknown(
      "Its pods use the host's network; whether NetworkPolicies bind them is undefined by the API.",
    );
  }
  const isolating = policies.filter(
    (policy) =>
      policy.policyTypes.includes("Ingress") &&
      bound.some(
        (pod) => pod.namespace === policy.namespace && selectorMatches(policy.podSelector, pod.labels),
      ),
  );
  const isolated = bound.filter((pod) => isolating.some((policy) => selects(policy, pod)));
  const tiered = tieredOver(facts, bound);
  if (tiered.length > 0) {
    return {
      ...unknown(
        `${tiered.join(" and ")} also rules over this traffic and is not evaluated yet, so who may reach it is not known.`,
      ),
      isolatedBy: isolating.map((policy) => policy.id),
    };
  }
  const hostNote =
    bound.length < pods.length
      ? ["Some of its pods use the host's network, where the API leaves open whether policies bind them."]
      : [];
  if (isolating.length === 0) {
    return {
      state: "open",
      sentence: "Every pod may send to it: no NetworkPolicy isolates its pods for ingress.",
      admits: [],
      isolatedBy: [],
      notes: hostNote,
    };
  }
  const rules = isolating.flatMap((policy) =>
    readRules(
      facts,
      policy,
      bound.filter((pod) => selects(policy, pod)),
      ports,
    ),
  );
  const admits = rules.flatMap((rule) => rule.admits);
  const partly =
    isolated.length < bound.length
      ? [`${isolated.length} of its ${bound.length} pods are isolated; the others take traffic from anyone.`]
      : [];
  return {
    state: "isolated",
    sentence:
      admits.length === 0
        ? "No one may send to it: its pods are isolated and no rule admits anyone on its ports."
        : "Only these may send to it; everyone else is refused.",
    admits,
    isolatedBy: isolating.map((policy) => policy.id),
    notes: [...partly, ...rules.flatMap((rule) => rule.notes), ...hostNote],
  };
}

function unknown(sentence: string): Admission {
  return { state: "unknown", sentence, admits: [], isolatedBy: [], notes: [] };
}

function selects(policy: NetworkPolicy, pod: Pod): boolean {
  return pod.namespace === policy.namespace && selectorMatches(policy.podSelector, pod.labels);
}

/** Tiered policies with ingress rules whose subject holds any of the pods. */
function tieredOver(facts: Facts, pods: readonly Pod[]): readonly string[] {
  return [...facts.policies.values()].flatMap(({ policy }) => {
    if (policy.kind === "network-policy" || policy.ingressRules === 0) return [];
    const { namespaceSelector, podSelector } = policy.subject;
    const holds = pods.some(
      (pod) =>
        selectorMatches(namespaceSelector, facts.index.namespaces.get(pod.namespace)?.labels ?? {}) &&
        (podSelector === undefined || selectorMatches(podSelector, pod.labels)),
    );
    return holds ? [policy.id.replace("/", " ")] : [];
  });
}

function readRules(
  facts: Facts,
  policy: NetworkPolicy,
  pods: readonly Pod[],
  ports: readonly ServedPort[],
): readonly { readonly admits: readonly Admitted[]; readonly notes: readonly string[] }[] {
  return policy.ingress.map((rule, i) => {
    const path = `spec.ingress[${i}]`;
    const open = ports.filter((port) => pods.some((pod) => portAdmits(rule.ports, pod, port)));
    if (ports.length > 0 && open.length === 0) {
      const asked = ports.map((port) => port.words).join(", ");
      return {
        admits: [],
        notes: [
          `${policy.name} ${path} allows ${portsInWords(rule.ports)}; the pods are reached on ${asked}, so it admits nothing here.`,
        ],
      };
    }
    const words =
      ports.length === 0 || open.length === ports.length
        ? portsInWords(rule.ports)
        : open.map((port) => port.words).join(", ");
    if (rule.peers.length === 0) {
      return {
        admits: [{ who: "Anyone", workloads: [], ports: words, policy: policy.id, rule: path }],
        notes: [],
      };
    }
    return {
      admits: rule.peers.map((peer, j) => ({
        ...readPeer(facts, policy, peer),
        ports: words,
        policy: policy.id,
        rule: `${path}.from[${j}]`,
      })),
      notes: [],
    };
  });
}

function readPeer(
  facts: Facts,
  policy: NetworkPolicy,
  peer: PolicyPeer,
): Pick<Admitted, "who" | "workloads" | "note"> {
  if (peer.kind === "ip-block") {
    const except = peer.except.length === 0 ? "" : ` except ${peer.except.join(", ")}`;
    return {
      who: `Addresses in ${peer.cidr}${except}`,
      workloads: [],
      note: "Whether this also means pods with such addresses depends on the network plugin.",
    };
  }
  const { namespaceSelector, podSelector } = peer;
  // Without a namespaceSelector the peer stays in the policy's own namespace (networking.k8s.io/v1, NetworkPolicyPeer).
  const inNamespace = (namespace: string) =>
    namespaceSelector === undefined
      ? namespace === policy.namespace
      : selectorMatches(namespaceSelector, facts.index.namespaces.get(namespace)?.labels ?? {});
  const workloads = [...facts.workloads.values()].filter(
    (workload) =>
      inNamespace(workload.namespace) &&
      workload.pods.some(
        (pod) => !pod.hostNetwork && (podSelector === undefined || selectorMatches(podSelector, pod.labels)),
      ),
  );
  const pods =
    podSelector === undefined || selectorInWords(podSelector) === ""
      ? "Every pod"
      : `Pods with ${selectorInWords(podSelector)}`;
  const where =
    namespaceSelector === undefined
      ? `of ${policy.namespace}`
      : selectorInWords(namespaceSelector) === ""
        ? "of every namespace"
        : `of namespaces with ${selectorInWords(namespaceSelector)}`;
  return {
    who: `${pods} ${where}`,
    workloads,
    ...(workloads.length === 0 ? { note: "No pod is like that now." } : {}),
  };
}

function portsInWords(ports: readonly PolicyPort[]): string {
  if (ports.length === 0) return "every port";
  return ports
    .map(({ port, endPort, protocol }) =>
      port === undefined
        ? `every ${protocol} port`
        : `${port}${endPort === undefined ? "" : `–${endPort}`}${ofProtocol(protocol)}`,
    )
    .join(", ");
}

function ofProtocol(protocol: Protocol): string {
  return `/${protocol}`;
}
