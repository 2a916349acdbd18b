import { isRead, type PluralKind, type Snapshot } from "#lib/model/snapshot.ts";

/**
 * Whether what a snapshot does not hold of a kind is not there. False where the kind was not read at all, and where it
 * was read in part (some namespaces, a file cut short): then `objects` and `unread` are both there.
 */
export function readInFull(snapshot: Snapshot, plural: PluralKind): boolean {
  const unread = snapshot.unread[plural];
  return unread === undefined ? isRead(snapshot, plural) : unread.reason === "not-served";
}

/** The same of one namespace: whoever may not see a kind everywhere may see all of it there. */
export function readInFullIn(snapshot: Snapshot, plural: PluralKind, namespace: string): boolean {
  if (readInFull(snapshot, plural)) return true;
  return snapshot.unread[plural]?.hidden?.seenIn.includes(namespace) === true;
}
