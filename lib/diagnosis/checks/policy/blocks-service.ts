import type { NearMiss } from "#lib/engine/facts.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { listed, listedUpTo } from "#lib/engine/object-words.ts";
import { peerInWords, portsInWords } from "#lib/engine/policy/rule-words.ts";
import type { Refusal } from "#lib/engine/reachability/refusals.ts";
import type { ShutPort, ShutService, VoidRule } from "#lib/engine/reachability/shut-services.ts";
import { isEmptySelector } from "#lib/engine/selector.ts";
import type { Fix, Follows, Severity } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { NetworkPolicy } from "#lib/model/objects.ts";
import { defineCheck, type Found, notInManifests } from "../../check.ts";
import { ifEnforced } from "../../refusal-words.ts";
import { unjudgedFor, verdictPlurals } from "../../undecided.ts";

export const policyBlocksService = defineCheck({
  id: "policy/blocks-service",
  code: "NET-404",
  severity: "error",
  summary: "Policies let nobody reach a Service on its port",
  inputs: ["networkPolicies", "pods", "services"],
  ifRead: verdictPlurals,
  *find({ shutServices, policies, unread, ownerOf, isEnforced }) {
    // Whoever may come can be among the pods that were not read.
    if (unread.includes("pods")) return;
    // Policies that were written for a workload and miss it by a label.
    const meant = Map.groupBy(
      policies.flatMap(({ policy, nearMiss }) =>
        nearMiss === undefined || policy.kind !== "network-policy" ? [] : { policy, nearMiss },
      ),
      ({ nearMiss }) => nearMiss.workload,
    );
    for (const shut of shutServices()) {
      yield;
      if (shut === undefined) continue;
      if (shut.kind === "undecided") {
        yield unjudgedFor(shut.doubts);
        if (shut.elsewhere) yield notInManifests("pods", undefined);
        continue;
      }
      const owners = [...new Set(shut.pods.map(({ id }) => ownerOf.get(id) ?? id))].sort();
      const missed = owners.flatMap((owner) => meant.get(owner) ?? []);
      yield ifEnforced(isEnforced(), found(shut, owners, missed));
    }
  },
});

/** A policy that selects no pod, and nearly the Service's. */
interface Missed {
  readonly policy: NetworkPolicy;
  readonly nearMiss: NearMiss;
}

function found(shut: ShutService, owners: readonly ObjectId[], missed: readonly Missed[]): Found {
  const { service, ports, whole, isolating } = shut;
  const { id, name, namespace } = service.service;
  const [first] = ports;
  if (first === undefined) throw new Error("a shut Service has a shut port");
  const policies = isolating.map((policy) => policy.name).sort();
  const names = listedUpTo(policies, 3);
  const where = `${ports.length === 1 ? "port" : "ports"} ${listedUpTo(ports.map(portInWords), 3)}`;
  const telling = tellingRule(first);
  const heldBack = ports.find((port) => port.heldBack !== undefined)?.heldBack;
  const why =
    heldBack === undefined
      ? `${names} ${policies.length === 1 ? "isolates" : "isolate"} its pods, and no rule admits a pod that is there`
      : "whom its ingress admits, egress policies do not let out to it";
  const [slip] = missed;
  return {
    subject: id,
    part: whole ? undefined : first.path,
    severity: severityOf(shut, telling, missed),
    message: `Nobody may reach ${name} on ${where}: ${why}`,
    evidence: [
      ...ports.map(({ path, port, numbers }) => ({
        object: id,
        path,
        value: `port ${port.port}, which leads to the pods' ${numbers.join(", ")}`,
      })),
      ...distinct(ports.flatMap(({ evidence }) => evidence)),
      ...(heldBack?.evidence ?? []),
    ],
    nearMiss:
      slip !== undefined
        ? `${slip.policy.name} selects no pod: ${slip.nearMiss.sentence}`
        : heldBack !== undefined
          ? heldBackInWords(heldBack)
          : telling === undefined
            ? undefined
            : voidInWords(telling, first),
    fix: heldBack?.fix ?? fixOf(shut, first, telling, slip),
    kubectl: kubectl(namespace, "describe", "networkpolicy", ...policies),
    touches: [
      ...owners,
      ...isolating.map((policy) => policy.id),
      ...(heldBack === undefined ? [] : [heldBack.policy.id]),
    ],
    follows: heldBack === undefined ? followsOf(id, telling, missed) : [],
  };
}

/** A rule that was most likely meant to admit someone: of a policy for few pods before one for all, for this port first. */
function tellingRule({ voidRules }: ShutPort): VoidRule | undefined {
  const rank = ({ policy, miss }: VoidRule) =>
    (isEmptySelector(policy.podSelector) ? 2 : 0) + (miss === "peers" ? 0 : 1);
  return voidRules.toSorted(
    (a, b) => rank(a) - rank(b) || (a.policy.id < b.policy.id ? -1 : 1) || a.rule - b.rule,
  )[0];
}

/**
 * A default for all pods may be meant to close what nobody has opened yet; and one port that is closed beside others is
 * often what a policy was written for.
 */
function severityOf(
  { whole, ports }: ShutService,
  telling: VoidRule | undefined,
  missed: readonly Missed[],
): Severity {
  if (!whole) return "info";
  const isMeant =
    isForFew(telling) || missed.length > 0 || ports.some(({ heldBack }) => heldBack !== undefined);
  return isMeant ? "error" : "warning";
}

function isForFew(telling: VoidRule | undefined): telling is VoidRule {
  return telling !== undefined && !isEmptySelector(telling.policy.podSelector);
}

function portInWords({ port, numbers }: ShutPort): string {
  const own = `${port.port}${port.protocol === "TCP" ? "" : `/${port.protocol}`}`;
  return numbers.length === 1 && numbers[0] === port.port ? own : `${own} (pods' ${numbers.join(", ")})`;
}

function voidInWords({ policy, rule, miss }: VoidRule, { port, numbers }: ShutPort): string {
  const { peers = [], ports = [] } = policy.ingress[rule] ?? {};
  const head = `${policy.name} rule ${rule + 1} admits`;
  const whom = listedUpTo(
    peers.map((peer) => lowerFirst(peerInWords(peer, policy.namespace))),
    2,
  );
  return miss === "peers"
    ? `${head} ${whom}, of which none may come`
    : `${head} ${whom === "" ? "anyone" : whom} on ${portsInWords(ports)}, not on ${numbers.join(", ")}/${port.protocol}`;
}

function heldBackInWords({ packet: { source, port, protocol }, policy }: Refusal): string {
  const who = source.kind === "pod" ? source.pod.name : "a sender";
  return `${who} is admitted, and ${policy.name} does not let it out on ${port}/${protocol}`;
}

function fixOf(
  { service }: ShutService,
  shutPort: ShutPort,
  telling: VoidRule | undefined,
  slip: Missed | undefined,
): Fix {
  const { name } = service.service;
  const { numbers, port } = shutPort;
  const on = `${listed(numbers.map(String))}/${port.protocol}`;
  if (slip !== undefined)
    return {
      text: `Correct the podSelector of ${slip.policy.name}, and have it admit whoever needs ${name} on ${on}`,
    };
  if (!isForFew(telling)) return { text: `Add a NetworkPolicy that admits whoever needs ${name} on ${on}` };
  const rule = `rule ${telling.rule + 1} of ${telling.policy.name}`;
  return telling.miss === "peers"
    ? { text: `Correct the peers of ${rule}, or add a rule that admits whoever needs ${name} on ${on}` }
    : { text: `Name the pods' port ${on} in ${rule}, or add a rule that admits whoever needs ${name} on it` };
}

function followsOf(
  service: ObjectId,
  telling: VoidRule | undefined,
  missed: readonly Missed[],
): readonly Follows[] {
  return [
    ...missed.map(({ policy }) => ({ object: policy.id, checks: ["policy/selects-nothing"] })),
    ...(isForFew(telling)
      ? telling.miss === "peers"
        ? [{ object: telling.policy.id, checks: ["policy/peer-matches-nothing"] }]
        : [
            { object: telling.policy.id, checks: ["policy/port-matches-nothing"] },
            { object: service, checks: ["service/protocol-mismatch", "service/target-port-undeclared"] },
          ]
      : []),
  ];
}

function distinct(evidence: ShutPort["evidence"]): ShutPort["evidence"] {
  return [...new Map(evidence.map((each) => [`${each.object} ${each.path}`, each])).values()];
}

function lowerFirst(words: string): string {
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}
