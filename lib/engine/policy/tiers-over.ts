import { kinds } from "#lib/model/kinds.ts";
import type { Pod, TieredPolicy } from "#lib/model/objects.ts";
import { foreignPlurals, type PluralKind, seen } from "#lib/model/snapshot.ts";
import type { Facts } from "../facts.ts";
import { listedUpTo } from "../object-words.ts";
import { isEmptySelector, selectorMatches } from "../selector.ts";
import { foreignConcerns } from "./foreign-concerns.ts";

/** What the tiers above and below NetworkPolicy, and policies of foreign kinds, mean for some pods' ingress. */
export type TiersOver =
  /** Rules that are not evaluated, or not readable, decide: nothing below them can be told. */
  | { readonly kind: "decide"; readonly sentence: string }
  | { readonly kind: "leave-it"; readonly notes: readonly string[] };

const plurals = ["clusterNetworkPolicies", "adminNetworkPolicies", "baselineAdminNetworkPolicies"] as const;

/**
 * The Admin tier comes before NetworkPolicies; the Baseline tier is reached only by pods that no NetworkPolicy
 * isolates (policy.networking.k8s.io). Pods of the host's network are never subjects, so neither list holds any.
 */
export function tiersOver(facts: Facts, isolated: readonly Pod[], rest: readonly Pod[]): TiersOver {
  if (isolated.length + rest.length === 0) return { kind: "leave-it", notes: [] };
  const pods = [...isolated, ...rest];
  const tiered = plurals.flatMap((plural) =>
    seen(facts.snapshot, plural).filter((policy) =>
      rulesOver(facts, policy, policy.tier === "Admin" ? pods : rest),
    ),
  );
  const ruling = [
    ...tiered.map(({ kind, name }) => `${kinds[kind].api} ${name}`),
    ...foreignOver(facts, pods),
  ];
  if (ruling.length > 0) {
    const names = listedUpTo(ruling, 5);
    const verbs =
      ruling.length === 1 ? "also rules over this traffic and is" : "also rule over this traffic and are";
    return {
      kind: "decide",
      sentence: `${names} ${verbs} not evaluated yet, so who may reach it is not known.`,
    };
  }
  const unreadOf = (kindsAsked: readonly PluralKind[]) =>
    kindsAsked.flatMap((plural) => {
      const why = facts.snapshot.unread[plural];
      return why === undefined || why.reason === "not-served" ? [] : [{ plural, reason: why.reason }];
    });
  const unread = unreadOf(
    plurals.filter((plural) => rest.length > 0 || plural !== "baselineAdminNetworkPolicies"),
  );
  const served = [...unread, ...unreadOf(foreignPlurals)].filter(({ reason }) => reason !== "not-collected");
  if (served.length > 0) {
    return {
      kind: "decide",
      sentence: `${inWords(served)} could not be read and may decide otherwise, so who may reach it is not known.`,
    };
  }
  // Most clusters have none, and no dump says that it would have had some: this much silence is only worth a remark.
  const notes =
    unread.length > 0
      ? [`${inWords(unread)} are not in the files; where there are some, they may decide otherwise.`]
      : [];
  return { kind: "leave-it", notes };
}

function foreignOver(facts: Facts, pods: readonly Pod[]): readonly string[] {
  const concerns = foreignConcerns(facts);
  return foreignPlurals
    .flatMap((plural) => seen(facts.snapshot, plural))
    .filter((policy) => policy.directions.includes("ingress") && pods.some((pod) => concerns(policy, pod)))
    .map(({ kind, name }) => `${kinds[kind].api} ${name} (${kinds[kind].group})`);
}

/** Whether its ingress rules concern any of the pods, as far as can be told; in doubt they do. */
function rulesOver(facts: Facts, policy: TieredPolicy, pods: readonly Pod[]): boolean {
  if (policy.ingress.length === 0) return false;
  const { namespaceSelector, podSelector } = policy.subject;
  return pods.some((pod) => {
    if (podSelector !== undefined && !selectorMatches(podSelector, pod.labels)) return false;
    const namespace = facts.index.namespaces.get(pod.namespace);
    return (
      isEmptySelector(namespaceSelector) ||
      namespace === undefined ||
      selectorMatches(namespaceSelector, namespace.labels)
    );
  });
}

function inWords(kindsUnread: readonly { readonly plural: PluralKind }[]): string {
  return listedUpTo(
    kindsUnread.map(({ plural }) => `${plural.charAt(0).toUpperCase()}${plural.slice(1)}`),
    3,
  );
}
