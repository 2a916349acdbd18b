import type { PluralKind } from "#lib/model/kinds.ts";
import type { Unread } from "#lib/model/snapshot.ts";
import type { ClusterStore } from "./cluster-store.ts";
import type { Entry } from "./shelf.ts";

/** A list of a kind on its way into the store: it counts when all of it is there. */
export interface Intake {
  readonly count: number;
  put(entry: Entry): void;
  remove(id: string): void;
  /** All of it is there, but for what `unsure` says that there may be besides. */
  commit(unsure?: Unread): void;
}

/**
 * The first list goes straight into the store, where nobody looks yet: 150,000 objects need not be carried twice. A
 * later one waits aside and replaces the earlier at once; of what says the same, the copy that is there is kept.
 */
export function intakeOf(store: ClusterStore, plural: PluralKind): Intake {
  if (store.isUnseen(plural)) {
    store.clear(plural);
    return {
      get count() {
        return store.count(plural);
      },
      put: (entry) => store.put(plural, entry),
      remove: (id) => store.remove(plural, id),
      commit: (unsure) => store.markRead(plural, unsure),
    };
  }
  const entries = new Map<string, Entry>();
  return {
    get count() {
      return entries.size;
    },
    put: (entry) => entries.set(entry.id, store.known(plural, entry)),
    remove: (id) => entries.delete(id),
    commit(unsure) {
      store.replace(plural, entries);
      store.markRead(plural, unsure);
    },
  };
}
