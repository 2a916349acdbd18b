import { parseObjectId } from "#lib/model/ids.ts";
import { allKinds, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { Snapshot, Unread } from "#lib/model/snapshot.ts";
import { rbacRule } from "../sources/kube/rbac-rule.ts";
import type { Rights } from "./rights.ts";

/**
 * A snapshot as someone with these rights would have read it: what they may not list is unread, and nothing that is said
 * of it (problems, names, counts) is left. Whatever follows from a snapshot follows from this one, so what is hidden can
 * come out nowhere.
 */
export function snapshotFor(snapshot: Snapshot, rights: Rights): Snapshot {
  const objects: { [P in PluralKind]?: readonly ClusterObject[] | undefined } = {};
  const unread: { [P in PluralKind]?: Unread } = {};
  for (const kind of allKinds) {
    const { plural, namespaced } = kinds[kind];
    const where = rights.kinds.get(plural);
    const own = snapshot.unread[plural];
    if (where === true || own?.reason === "not-served") {
      objects[plural] = snapshot.objects[plural];
      if (own !== undefined) unread[plural] = own;
      continue;
    }
    objects[plural] =
      where === undefined || !namespaced
        ? undefined
        : snapshot.objects[plural]?.filter((object) => isIn(object, where));
    // The server's own words could name what is hidden.
    unread[plural] = {
      reason: "forbidden",
      message: `Your rights in this cluster do not let you list ${kinds[kind].resource} everywhere.`,
      remedy: rbacRule(kinds[kind]),
      hidden: { seenIn: where === undefined ? [] : [...where].sort() },
    };
  }
  return {
    ...snapshot,
    objects: objects as Snapshot["objects"],
    unread,
    problems: snapshot.problems.filter(({ subject }) => subject !== undefined && maySee(subject, rights)),
  };
}

function isIn(object: ClusterObject, namespaces: ReadonlySet<string>): boolean {
  return "namespace" in object && object.namespace !== undefined && namespaces.has(object.namespace);
}

function maySee(subject: string, rights: Rights): boolean {
  const ref = parseObjectId(subject);
  const where = ref === undefined ? undefined : rights.kinds.get(kinds[ref.kind].plural);
  return where === true || (where !== undefined && ref?.namespace !== undefined && where.has(ref.namespace));
}
