/**
 * Who NetworkPolicies let in: for the pods behind a Service or of a workload, every ingress rule that admits someone
 * on a port that they serve. It reads the destination's side only; whether the source's own egress lets the packet
 * out is another question.
 */
import type { ObjectId } from "#lib/model/ids.ts";
import type { NetworkPolicy, Pod } from "#lib/model/objects.ts";
import { known } from "#lib/model/snapshot.ts";
import type { Facts } from "../facts.ts";
import { countPods, isFinished } from "../pod-readiness.ts";
import { readInFull } from "../read-in-full.ts";
import { selectorMatches } from "../selector.ts";
import { type Admitted, anyone, readRules } from "./admitting-rules.ts";
import { portAdmits, type ServedPort } from "./port-clause.ts";
import { tiersOver } from "./tiers-over.ts";

export interface Admission {
  /** `open`: anyone may send. `isolated`: only what `admits` lists, to the pods that policies isolate. */
  readonly state: "open" | "isolated" | "unknown";
  readonly sentence: string;
  readonly admits: readonly Admitted[];
  readonly isolatedBy: readonly ObjectId[];
  /** Whether whoever `admits` does not list is kept out of every pod on every port. */
  readonly othersRefused: boolean;
  /** What the reader should know besides: ports that miss, pods that no policy binds. */
  readonly notes: readonly string[];
}

/** Pods with the ports on which they are asked; no ports: any port of theirs. `pods` undefined: they were not read. */
export function admissionOf(
  facts: Facts,
  pods: readonly Pod[] | undefined,
  ports: readonly ServedPort[],
): Admission {
  const { snapshot } = facts;
  const policies = known(snapshot, "networkPolicies");
  if (pods === undefined) return unknown("Pods could not be read, so who may reach them is not known.");
  if (policies === undefined)
    return unknown("NetworkPolicies could not be read, so who may reach it is not known.");
  const live = pods.filter((pod) => !isFinished(pod));
  if (live.length === 0)
    return unknown("No pod stands behind it at the moment, so who could reach one cannot be told.");

  const selecting = policies.filter(
    (policy) => policy.policyTypes.includes("Ingress") && live.some((pod) => selects(policy, pod)),
  );
  const bound = live.filter((pod) => !pod.hostNetwork);
  const isIsolated = (pod: Pod) => selecting.some((policy) => selects(policy, pod));
  const isolated = bound.filter(isIsolated);
  const isolating = selecting.filter((policy) => isolated.some((pod) => selects(policy, pod)));
  const isolatedBy = isolating.map((policy) => policy.id);
  const onHost = live.filter((pod) => pod.hostNetwork && isIsolated(pod));
  if (bound.length === 0 && onHost.length > 0)
    return unknown(
      "Its pods use the host's network; whether NetworkPolicies bind them is undefined by the API.",
    );
  const tiers = tiersOver(
    facts,
    isolated,
    bound.filter((pod) => !isIsolated(pod)),
  );
  if (tiers.kind === "decide") return { ...unknown(tiers.sentence), isolatedBy };
  const hostNotes =
    onHost.length > 0
      ? ["Some of its pods use the host's network, where the API leaves open whether policies bind them."]
      : [];
  const allRead = readInFull(snapshot, "networkPolicies");
  if (isolated.length === 0) {
    if (!allRead)
      return unknown(
        "Not all NetworkPolicies could be read: none of those that were isolates its pods, but others may.",
      );
    return {
      state: "open",
      sentence: "Every pod may send to it: no NetworkPolicy isolates its pods for ingress.",
      admits: [],
      isolatedBy: [],
      othersRefused: false,
      notes: [...hostNotes, ...tiers.notes],
    };
  }
  const openTo = isolated.map((pod) => everyoneRule(isolating, pod, ports));
  const [first] = openTo;
  if (first !== undefined && openTo.every((rule) => rule !== undefined)) {
    return {
      state: "open",
      sentence: `Anyone may send to it: NetworkPolicy ${first} admits everyone on its ports.`,
      admits: [],
      isolatedBy,
      othersRefused: false,
      notes: [...hostNotes, ...tiers.notes],
    };
  }
  const rules = isolating.flatMap((policy) =>
    readRules(facts, policy, {
      pods: isolated.filter((pod) => selects(policy, pod)),
      isolated: countPods(isolated),
      ports,
    }),
  );
  const admits = rules.flatMap((rule) => rule.admits);
  return {
    state: "isolated",
    sentence: isolatedSentence(admits.length > 0, countPods(isolated), countPods(bound), ports.length > 0),
    admits,
    isolatedBy,
    othersRefused: countPods(isolated) === countPods(bound) && admits.every(({ who }) => who !== anyone),
    notes: [
      ...rules.flatMap((rule) => rule.notes),
      ...hostNotes,
      // Always allowed, whatever the policies say (Network Policies, kubernetes.io).
      "Its pods' own nodes always get in, for the kubelet's probes, and each pod reaches itself.",
      ...(allRead ? [] : ["Not all NetworkPolicies could be read: others may admit more."]),
      ...(readInFull(snapshot, "pods") ? [] : ["Not all pods could be read: there may be others."]),
      ...tiers.notes,
    ],
  };
}

function unknown(sentence: string): Admission {
  return { state: "unknown", sentence, admits: [], isolatedBy: [], othersRefused: false, notes: [] };
}

function selects(policy: NetworkPolicy, pod: Pod): boolean {
  return pod.namespace === policy.namespace && selectorMatches(policy.podSelector, pod.labels);
}

/**
 * The rule that lets anyone in on all of the ports, as "allow-all (spec.ingress[0])"; of several that do it together,
 * the first. Undefined where somebody is kept out.
 */
function everyoneRule(
  isolating: readonly NetworkPolicy[],
  pod: Pod,
  ports: readonly ServedPort[],
): string | undefined {
  const rules = isolating
    .filter((policy) => selects(policy, pod))
    .flatMap((policy) =>
      policy.ingress.flatMap((rule, i) =>
        rule.peers.length === 0 ? [{ ports: rule.ports, words: `${policy.name} (spec.ingress[${i}])` }] : [],
      ),
    );
  if (ports.length === 0) return rules.find((rule) => rule.ports.length === 0)?.words;
  const admitting = ports.map((port) => rules.find((rule) => portAdmits(rule.ports, pod, port)));
  return admitting.every((rule) => rule !== undefined) ? admitting[0]?.words : undefined;
}

function isolatedSentence(someone: boolean, isolated: number, bound: number, onPorts: boolean): string {
  if (isolated < bound) {
    const whom = `${isolated} of its ${bound} pods`;
    return someone
      ? `Only these may send to ${whom}; the others take traffic from anyone.`
      : `No one may send to ${whom}; the others take traffic from anyone.`;
  }
  return someone
    ? "Only these may send to it; everyone else is refused."
    : `No one may send to it: its pods are isolated and no rule admits anyone${onPorts ? " on its ports" : ""}.`;
}
