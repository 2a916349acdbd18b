import type { ObjectId } from "./ids.ts";
import type { PluralKind } from "./kinds.ts";

/** `error`: traffic is broken now. `warning`: it will be, or partly is. `info`: worth knowing. */
export type Severity = "error" | "warning" | "info";

/** One thing read in the cluster that supports a statement. */
export interface Evidence {
  readonly object: ObjectId;
  /** Field path in the object: `spec.selector`. */
  readonly path: string;
  /** The value as one line of text. */
  readonly value: string;
}

export interface Fix {
  /** One sentence: what to change. */
  readonly text: string;
  readonly patch?: Patch | undefined;
  /** What to create, as YAML for `kubectl apply -f -`: where something is missing, no patch can help. */
  readonly manifest?: string | undefined;
}

/** A patch that `kubectl patch` takes. */
export interface Patch {
  readonly object: ObjectId;
  readonly type: "merge" | "json";
  /** The patch as JSON. */
  readonly body: string;
}

export interface Finding {
  /** `NET-101`: stable, never reused. */
  readonly code: string;
  /** The check's path: `service/selector-matches-nothing`. */
  readonly check: string;
  readonly severity: Severity;
  readonly subject: ObjectId;
  /** Which part of the subject, where there are several: `spec.rules[0].http.paths[1]`. */
  readonly part?: string | undefined;
  /** One sentence in the user's words. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** What would nearly have matched: "1 label differs: app=web, pods of deployment/web carry app=webb". */
  readonly nearMiss?: string | undefined;
  readonly fix: Fix;
  /** A line that shows the same thing without this program. */
  readonly kubectl: string;
  /** Other objects that this finding touches, so that it shows on them too. */
  readonly touches: readonly ObjectId[];
  /** What would explain it: where one of these checks finds something on its object, this finding follows from that. */
  readonly follows: readonly Follows[];
}

/**
 * Names a finding: the same in every reading of a cluster as long as its code, object and part are. No check finds two
 * of one key; a test holds them to it.
 */
export function findingKey({ code, subject, part }: Finding): string {
  return part === undefined ? `${code}/${subject}` : `${code}/${subject}/${part}`;
}

/** Where one of these checks found something on this object, that explains a finding. */
export interface Follows {
  readonly object: ObjectId;
  /** Ids of checks: `service/selector-matches-nothing`. */
  readonly checks: readonly string[];
}

/**
 * One thing to repair, and what follows from it: a wrong label, the Service without endpoints and the Ingress that
 * answers 503 are one problem. Every finding that is not ignored belongs to exactly one.
 */
export interface Problem {
  /** What explains the others. */
  readonly root: Finding;
  /** Each stands after what it follows from, the most urgent first among its siblings. */
  readonly consequences: readonly Consequence[];
  /** The most severe of all its findings: a warning that breaks an Ingress is an error. */
  readonly severity: Severity;
  readonly affects: Affected;
  /** What would explain the root, but is ignored: ignoring a cause does not hide what it does. */
  readonly ignoredCause?: Finding | undefined;
}

export interface Consequence {
  readonly finding: Finding;
  /** 1 follows from the root, 2 from the nearest one of 1 before it, and so on. */
  readonly depth: number;
}

/** What hangs on a problem, itself included; sorted. Only what was read: a Service that is missing is not among them. */
export interface Affected {
  readonly services: readonly ObjectId[];
  /** Ingresses and routes. */
  readonly entries: readonly ObjectId[];
  /** Host names that those serve by what is affected; `*` is every host. */
  readonly hosts: readonly string[];
}

/** A finding that someone asked to leave out. */
export interface Ignored {
  readonly finding: Finding;
  readonly by: IgnoredBy;
  /** Why, in their words. */
  readonly reason?: string | undefined;
}

/** Who says that a finding is to be ignored. */
export type IgnoredBy =
  /** An annotation of the finding's object, or of its namespace. */
  | { readonly kind: "annotation"; readonly object: ObjectId }
  /** A rule in a configuration file; `line` counts from 1, `until` is its last day (`2026-12-31`). */
  | {
      readonly kind: "file";
      readonly file: string;
      readonly line: number;
      readonly until?: string | undefined;
    };

/** What a check that could not be run says. */
export interface CannotTell {
  readonly code: string;
  readonly check: string;
  readonly summary: string;
  readonly missing: readonly { readonly kind: PluralKind; readonly why: string }[];
  /** The check itself failed, which is a bug in it: nothing was missing. */
  readonly error?: string | undefined;
}
