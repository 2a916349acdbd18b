import type { Change } from "#lib/model/change.ts";
import type { PluralKind } from "#lib/model/kinds.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import type { Identity } from "../auth/identity.ts";

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

/** What someone may list: a kind in the whole cluster, or in one namespace. */
export interface AccessAsk {
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | undefined;
}

/** `unknown`: the cluster could not be asked. */
export type Access = "allowed" | "denied" | "unknown";

/** How far a read has come; `done` counts kinds, `objects` what has been read so far. */
export interface ReadProgress {
  readonly done: number;
  readonly of: number;
  readonly objects: number;
  readonly reading?: PluralKind | undefined;
}

/** How one kind stands in a source that is watched. Times are ISO 8601. */
export type KindSync =
  /** Not begun. */
  | { readonly kind: "waiting" }
  /** Read for the first time; `of`: about how many there are, where the server says so. */
  | { readonly kind: "syncing"; readonly read: number; readonly of: number | undefined }
  /** `by`: changes come as they happen, or the kind is listed again now and then since it may not be watched. */
  | { readonly kind: "live"; readonly by: "watch" | "list" }
  /** What is known is as of `since`; `read` counts where it is being read again. */
  | {
      readonly kind: "stale";
      readonly since: string;
      readonly why: string;
      readonly read?: number | undefined;
      readonly of?: number | undefined;
    }
  /** Asked for again now and then. */
  | { readonly kind: "forbidden"; readonly why: string }
  | { readonly kind: "not-served" }
  /** It is not read unless someone asks for that, in the settings. */
  | { readonly kind: "switched-off" }
  /** It was never read, and trying goes on. */
  | { readonly kind: "failed"; readonly why: string };

export type SyncByKind = { readonly [P in PluralKind]: KindSync };

/** How a source that is watched stands as a whole. */
export type WatchState =
  | { readonly kind: "connecting" }
  /** The first picture is not whole yet. */
  | { readonly kind: "syncing"; readonly progress: ReadProgress }
  | { readonly kind: "live" }
  /** What is known is as of `since`, ISO 8601; trying goes on. */
  | { readonly kind: "stale"; readonly since: string; readonly why: SourceFailure }
  /** Nothing is known; trying goes on. */
  | { readonly kind: "failed"; readonly failure: SourceFailure };

export interface Update {
  readonly snapshot: Snapshot;
  /** What differs from the snapshot of the last update, each object once; namespaces that are only referred to as well. */
  readonly changes: readonly Change[];
  /** More differs than objects: which kinds could be read. Whoever goes by `changes` has to begin anew. */
  readonly wide: boolean;
}

/** A source that is being watched: it is asked, whenever it says that something has changed. */
export interface Watching {
  state(): WatchState;
  kinds(): SyncByKind;
  /** Whether there is something to take. */
  isBehind(): boolean;
  /** The newest picture; undefined before the first is whole, and where nothing has changed since the last was taken. */
  take(): Update | undefined;
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
  /** Whether the cluster lets someone list these, in the order asked. Absent where there are no users: files, the demo. */
  review?(who: Identity, asks: readonly AccessAsk[], signal: AbortSignal): Promise<readonly Access[]>;
  read(onProgress: (progress: ReadProgress) => void, signal: AbortSignal): Promise<SourceResult>;
  /**
   * Watches the source until the signal says that it is over. `onChange` may be called often, and is to return at
   * once; it is not called before this has returned. Absent: it can only be read again.
   */
  readonly watch?: ((onChange: () => void, signal: AbortSignal) => Watching) | undefined;
}
