/** The part of what a check is handed that policies tell: see `given.ts`. */
import type { Facts } from "#lib/engine/facts.ts";
import { type Concern, concernOf } from "#lib/engine/policy/foreign-concerns.ts";
import { lacksOf } from "#lib/engine/policy/lacks.ts";
import { type NamespaceProtection, protectionByNamespace } from "#lib/engine/policy/protection.ts";
import { type DnsRefusal, dnsRefusals, type UndecidedDns } from "#lib/engine/reachability/dns-refusals.ts";
import {
  type EntryRefusal,
  entryRefusals,
  type UndecidedEntry,
} from "#lib/engine/reachability/entry-refusals.ts";
import { type InternetVerdict, internetVerdict } from "#lib/engine/reachability/internet-verdict.ts";
import { type PortMiss, portMisses, type UndecidedPorts } from "#lib/engine/reachability/port-misses.ts";
import {
  type ProbeRefusal,
  probeRefusals,
  type UndecidedProbe,
} from "#lib/engine/reachability/probe-refusals.ts";
import {
  type ScrapeRefusal,
  scrapeRefusals,
  type UndecidedScrape,
} from "#lib/engine/reachability/scrape-refusals.ts";
import {
  type ShutService,
  shutServices,
  type UndecidedService,
} from "#lib/engine/reachability/shut-services.ts";
import {
  type OverruledRule,
  type TierConflict,
  tierConflicts,
  type UndecidedTiers,
} from "#lib/engine/reachability/tier-conflicts.ts";
import { worldOf } from "#lib/engine/trace/world.ts";
import type { ForeignPolicy, Pod, ServicePort } from "#lib/model/objects.ts";
import type { PluralKind } from "#lib/model/snapshot.ts";
import type { IfAll } from "./given.ts";

/**
 * Verdicts in these are in three values: what hangs on kinds that were not declared and not read is undecided, never
 * taken for granted.
 */
export type PolicyGiven<Sure extends PluralKind> = IfAll<
  Sure,
  "pods",
  {
    /** Whom a policy of a kind that is not evaluated may concern; namespaces by their labels, where these are known. */
    readonly concernOf: (policy: ForeignPolicy) => Concern;
    /** Policies of tiers that contradict each other, or a NetworkPolicy. Of kinds that were not read it tells nothing. */
    readonly tierConflicts: () => Iterable<TierConflict | OverruledRule | UndecidedTiers>;
  }
> &
  IfAll<
    Sure,
    "networkPolicies" | "pods" | "services",
    {
      /** Port clauses of NetworkPolicies that nothing can match on the pods that they are about. */
      readonly portMisses: () => Iterable<PortMiss | UndecidedPorts | undefined>;
      /** Whether policies let the internet at large come to these pods by a Service port. */
      readonly internetVerdict: (pods: readonly Pod[], port: ServicePort) => InternetVerdict;
      /** Ports for metrics that policies keep from Prometheus. */
      readonly scrapeRefusals: () => Iterable<ScrapeRefusal | UndecidedScrape>;
      /** Services that policies close to everybody, on some port at least. */
      readonly shutServices: () => Iterable<ShutService | UndecidedService | undefined>;
    }
  > &
  IfAll<
    Sure,
    "networkPolicies" | "pods",
    {
      /** Pods whose policies let something out, and not their questions to the cluster's DNS. */
      readonly dnsRefusals: () => Iterable<DnsRefusal | UndecidedDns>;
      /** Which pods of each namespace something limits, by namespace. */
      readonly protection: () => Generator<undefined, readonly NamespaceProtection[]>;
      /** Probes that come from elsewhere than the pod's own node, as policies see it, and are refused. */
      readonly probeRefusals: () => Iterable<ProbeRefusal | UndecidedProbe>;
      /** Kinds of tiered and foreign policies of which there may be some that could not be read. */
      readonly policiesLacking: () => readonly PluralKind[];
    }
  > &
  IfAll<
    Sure,
    "networkPolicies" | "pods" | "services" | "ingresses",
    {
      /** Backends of Ingresses and routes that policies keep from the pods of the controller or Gateway in front. */
      readonly entryRefusals: () => Iterable<EntryRefusal | UndecidedEntry | undefined>;
    }
  >;

/** All of it; `PolicyGiven` says what a check may see. */
export function givenOfPolicies(facts: Facts) {
  return {
    concernOf: (policy: ForeignPolicy) => concernOf(facts, policy),
    tierConflicts: () => tierConflicts(facts),
    portMisses: () => portMisses(facts),
    internetVerdict: (pods: readonly Pod[], port: ServicePort) => internetVerdict(worldOf(facts), pods, port),
    shutServices: () => shutServices(facts),
    entryRefusals: () => entryRefusals(facts),
    scrapeRefusals: () => scrapeRefusals(facts),
    protection: () => protection(facts),
    probeRefusals: () => probeRefusals(facts),
    policiesLacking: () => policiesLacking(facts),
    dnsRefusals: () => dnsRefusals(worldOf(facts)),
  };
}

const protections = new WeakMap<Facts, readonly NamespaceProtection[]>();

/** Two checks ask for it. */
function* protection(facts: Facts): Generator<undefined, readonly NamespaceProtection[]> {
  const before = protections.get(facts);
  if (before !== undefined) return before;
  const found = yield* protectionByNamespace(worldOf(facts).policies, facts.workloads.values());
  protections.set(facts, found);
  return found;
}

/** What a dump merely does not hold is taken as not installed (docs/spec/policy.md, 7.3). */
function policiesLacking({ snapshot }: Facts): readonly PluralKind[] {
  const { admin, baseline } = lacksOf(snapshot);
  return [...new Set([...(admin?.plurals ?? []), ...(baseline?.plurals ?? [])])];
}
