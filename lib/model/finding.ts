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

export interface Follows {
  readonly object: ObjectId;
  /** Ids of checks: `service/selector-matches-nothing`. */
  readonly checks: readonly string[];
}

/** What a check that could not be run says. */
export interface CannotTell {
  readonly code: string;
  readonly check: string;
  readonly summary: string;
  readonly missing: readonly { readonly kind: PluralKind; readonly why: string }[];
  /** The check itself failed, which is a bug in it: nothing was missing. */
  readonly error?: string | undefined;
}
