import type { PluralKind } from "#lib/model/kinds.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";

/** Why a source could give nothing at all; words for the screen and for a problem document. */
export interface SourceFailure {
  /** Stable, for the problem document's `type`: `cluster-unreachable`, `credentials-expired`, `exec-plugin-missing`, `not-found` … */
  readonly code: string;
  /** One sentence: what happened. */
  readonly title: string;
  /** What and where, in detail; never a secret or a token. */
  readonly detail: string;
  /** What to do next, one sentence or a command. */
  readonly remedy: string;
}

export type SourceResult =
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  | { readonly kind: "failed"; readonly failure: SourceFailure };

/** How far a read has come; `done` counts kinds, `objects` what has been read so far. */
export interface ReadProgress {
  readonly done: number;
  readonly of: number;
  readonly objects: number;
  readonly reading?: PluralKind | undefined;
}

/** Something that can be read into a snapshot: a kubeconfig context, files, the demo. Reading never throws for foreign input. */
export interface Source {
  /** URL-safe and stable across restarts: `demo`, `prod-eu`, `files`. */
  readonly id: string;
  /** As people know it: the context's or the file's name. */
  readonly name: string;
  readonly kind: "kube" | "files" | "demo";
  /** Whether reading again may give something new. */
  readonly changes: boolean;
  read(onProgress: (progress: ReadProgress) => void, signal: AbortSignal): Promise<SourceResult>;
}
