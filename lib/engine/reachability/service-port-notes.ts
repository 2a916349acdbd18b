import type { Pod, ServicePort } from "#lib/model/objects.ts";
import { listedUpTo } from "../object-words.ts";
import { policyInWords } from "../policy/clause-words.ts";
import type { CompiledNetworkPolicy, CompiledRule } from "../policy/compile-rules.ts";
import { matchPorts } from "../policy/match-ports.ts";
import type { World } from "../trace/world.ts";
import type { ReachLanding, ReachPort } from "./reach-pairs.ts";

/**
 * Rules that name a Service's port where the pods listen on another one: the mistake that people make most, since
 * policies see a packet after the Service's port was translated.
 */
export function servicePortNotes(
  world: World,
  { port, protocol }: ServicePort,
  { label, landings }: ReachPort,
): readonly string[] {
  return [...landingsByPolicy(world, landings)].flatMap(([{ policy, ingress = [] }, own]) =>
    ingress.flatMap((rule, i) => {
      const [{ pods }] = own;
      const isNamed = matchesNumber(rule, pods[0], port, protocol);
      if (!isNamed || own.some((landing) => matches(rule, landing.pods[0], landing.number, protocol)))
        return [];
      const numbers = [...new Set(own.map(({ number }) => number))].sort((a, b) => a - b);
      const where = listedUpTo(numbers.map(String), 3);
      return [
        `rule ${i + 1} of ${policyInWords(policy)} admits nothing on port ${label}: it names the Service's port, and the pods listen on ${where}`,
      ];
    }),
  );
}

/** Where packets land on pods that each policy isolates. */
function landingsByPolicy(
  { policies, dialect }: World,
  landings: readonly ReachLanding[],
): ReadonlyMap<CompiledNetworkPolicy, readonly [ReachLanding, ...ReachLanding[]]> {
  const own = new Map<CompiledNetworkPolicy, [ReachLanding, ...ReachLanding[]]>();
  for (const landing of landings) {
    if (landing.pods[0].hostNetwork && dialect.hostNetworkPods === "as-node") continue;
    for (const policy of policies.selection(landing.pods[0], "ingress").isolating) {
      const list = own.get(policy);
      if (list === undefined) own.set(policy, [landing]);
      else list.push(landing);
    }
  }
  return own;
}

function matches(
  { ports }: Pick<CompiledRule, "ports">,
  pod: Pod,
  port: number,
  protocol: ServicePort["protocol"],
): boolean {
  const destination = { kind: "pod", pod, address: undefined } as const;
  return matchPorts(ports, { destination, port, protocol }).is !== "none";
}

/** Whether one of its clauses does so by number. */
function matchesNumber(
  { ports }: CompiledRule,
  pod: Pod,
  port: number,
  protocol: ServicePort["protocol"],
): boolean {
  const numbers = ports.filter((clause) => typeof clause.port === "number");
  return numbers.length > 0 && matches({ ports: numbers }, pod, port, protocol);
}
