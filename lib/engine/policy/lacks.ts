/** Kinds of policies of which there may be some that were not read (docs/spec/policy.md, 7.3). */
import { foreignPlurals, type PluralKind, type Snapshot, type Unread } from "#lib/model/snapshot.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import { listedUpTo, pluralInWords } from "../object-words.ts";
import { distinctDoubts } from "./doubts.ts";

/** What is missing of a tier; undefined where nothing is. */
export interface Lack {
  readonly plurals: readonly PluralKind[];
  readonly how: "are not in the files" | "could not be read";
  readonly doubt: Doubt;
}

export interface Lacks {
  readonly admin: Lack | undefined;
  readonly networkPolicies: Lack | undefined;
  readonly baseline: Lack | undefined;
}

/** Custom kinds that a dump merely does not hold are taken as not installed, as in most clusters, and remarked on elsewhere. */
export function lacksOf({ unread }: Snapshot): Lacks {
  const of = (plurals: readonly PluralKind[], counts: (why: Unread) => boolean): Lack | undefined => {
    const missing = plurals.filter((plural) => {
      const why = unread[plural];
      return why !== undefined && why.reason !== "not-served" && counts(why);
    });
    const [first] = missing;
    if (first === undefined) return undefined;
    return lackOf(
      missing,
      unread[first]?.reason === "not-collected" ? "are not in the files" : "could not be read",
    );
  };
  const asked = ({ reason }: Unread) => reason !== "not-collected";
  return {
    admin: of(["clusterNetworkPolicies", "adminNetworkPolicies", ...foreignPlurals], asked),
    networkPolicies: of(["networkPolicies"], () => true),
    baseline: of(["clusterNetworkPolicies", "baselineAdminNetworkPolicies"], asked),
  };
}

export function doubtsOf(lack: Lack | undefined): readonly Doubt[] {
  return lack === undefined ? [] : [lack.doubt];
}

/** What is missing of several tiers as one doubt, in the place of the first. */
export function inOneDoubt(doubts: readonly Doubt[], lacks: Lacks): readonly Doubt[] {
  const met = [lacks.networkPolicies, lacks.admin, lacks.baseline].flatMap((lack) =>
    lack !== undefined && doubts.includes(lack.doubt) ? [lack] : [],
  );
  const [first, second] = met;
  if (first === undefined || second === undefined || met.some(({ how }) => how !== first.how)) return doubts;
  const { doubt } = lackOf([...new Set(met.flatMap(({ plurals }) => plurals))], first.how);
  const each = new Set(met.map((lack) => lack.doubt));
  return distinctDoubts(doubts.map((other) => (each.has(other) ? doubt : other)));
}

function lackOf(plurals: readonly PluralKind[], how: Lack["how"]): Lack {
  const names = listedUpTo(plurals.map(pluralInWords), 3);
  const doubt = {
    code: "policies-unread",
    sentence: `${names} ${how}, and may decide about it`,
    objects: [],
  } as const;
  return { plurals, how, doubt };
}
