import type { ReadProgress, SourceFailure } from "../sources/source.ts";

/** How a session stands, as every screen shows it. Who may read nothing is `failed` with the code `forbidden`. */
export type SessionState =
  /** Nobody has asked for it yet. */
  | { readonly kind: "idle" }
  /** Asked for; no word from the source yet. */
  | { readonly kind: "connecting" }
  /** The first read is under way; there are no answers yet. */
  | ({ readonly kind: "syncing" } & ReadProgress)
  /** The answers are as of `checkedAt`, ISO 8601. */
  | { readonly kind: "live"; readonly checkedAt: string }
  /** The answers are as of `checkedAt`, and reading again has failed or is not done. */
  | { readonly kind: "stale"; readonly checkedAt: string; readonly why: SourceFailure }
  /** There are no answers. */
  | { readonly kind: "failed"; readonly failure: SourceFailure };
