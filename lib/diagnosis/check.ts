import type { Facts } from "#lib/engine/facts.ts";
import type { Finding, Follows, Severity } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { PluralKind } from "#lib/model/snapshot.ts";
import { type Declared, type Given, give } from "./given.ts";

/** What a check says about one object. Code, id and (unless it differs) severity are the check's own. */
export interface Found extends Omit<Finding, "code" | "check" | "severity" | "touches" | "follows"> {
  /** Where this one is more or less severe than the check's findings are as a rule. */
  readonly severity?: Severity | undefined;
  readonly touches?: readonly ObjectId[] | undefined;
  readonly follows?: readonly Follows[] | undefined;
}

/** One object that could not be judged, because these kinds were not read, or not in the part that matters. */
export interface Unjudged {
  readonly unjudged: readonly PluralKind[];
  /** Why, where the kinds were read all the same: manifests are a part of a cluster. */
  readonly why?: string | undefined;
}

export interface CheckSpec<Inputs extends PluralKind, Each extends PluralKind, IfRead extends PluralKind> {
  /** The file's path below `checks/`. */
  readonly id: string;
  /** Stable, never reused; see `registry.ts` for the families. */
  readonly code: `NET-${number}`;
  readonly severity: Severity;
  /** What it finds, as a sentence without a full stop. */
  readonly summary: string;
  /**
   * Without any one of these the check says "cannot tell" and nothing else. One that was read in part lets it run:
   * `find` must not take what is absent from it for missing (see `unread`).
   */
  readonly inputs: readonly Inputs[];
  /** Kinds that are judged each on its own: one that was not read is reported, the others are judged all the same. */
  readonly each?: readonly Each[];
  /**
   * Kinds that sharpen the answer. Their facts may be `unknown` or undefined; where that leaves an object
   * undecided, `find` yields `unjudged(…)` for it.
   */
  readonly ifRead?: readonly IfRead[];
  /** Where it takes long, it yields undefined now and then: others may run in between. */
  readonly find: (given: Given<Inputs, Each, IfRead>) => Iterable<Found | Unjudged | undefined>;
}

/** A check as the runner sees it: what it may read is sealed inside. */
export interface Check extends Declared {
  readonly id: string;
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly find: (facts: Facts) => Iterable<Found | Unjudged | undefined>;
}

/**
 * Makes a check. `find` is pure: the same facts give the same findings, in any order (the runner sorts).
 * It is called only when every one of `inputs` was read, or is not served and therefore known to be empty.
 */
export function defineCheck<
  const Inputs extends PluralKind,
  const Each extends PluralKind = never,
  const IfRead extends PluralKind = never,
>(spec: CheckSpec<Inputs, Each, IfRead>): Check {
  const declared: Declared = { inputs: spec.inputs, each: spec.each ?? [], ifRead: spec.ifRead ?? [] };
  return {
    ...declared,
    id: spec.id,
    code: spec.code,
    severity: spec.severity,
    summary: spec.summary,
    find: (facts) => spec.find(give<Inputs, Each, IfRead>(facts, declared)),
  };
}

/** Says that an object could not be judged without these kinds. The runner leaves out those that were read in full. */
export function unjudged(...missing: readonly PluralKind[]): Unjudged {
  return { unjudged: missing };
}

/**
 * Says that an object could not be judged, since the manifests given do not hold what it depends on. Without a
 * namespace: those that it selects.
 */
export function notInManifests(kind: PluralKind, namespace: string | undefined): Unjudged {
  const which = namespace === undefined ? "the namespaces that it selects" : `namespace ${namespace}`;
  return { unjudged: [kind], why: `The manifests hold none of ${which}.` };
}
