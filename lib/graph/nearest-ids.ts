import type { Facts } from "#lib/engine/facts.ts";
import { editDistance } from "#lib/engine/near-words.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import { compareText } from "./compare-text.ts";

/** More than this many edits apart, a name is another name. */
const mostEdits = 4;
const otherKind = 3;
const otherNamespace = 2;

/**
 * What someone may have meant by an id that no object has: the nearest names, those of its kind first, then those of
 * its namespace. For a pod that is gone this is the pod that came in its place, and its workload. At most `limit`.
 */
export function nearestIds(facts: Facts, id: ObjectId, limit: number): readonly ObjectId[] {
  const wanted = refOf(id);
  const generated = wanted.kind === "pod" || wanted.kind === "replica-set";
  const stem = generated ? wanted.name.slice(0, wanted.name.lastIndexOf("-")) : "";
  const near: { readonly id: ObjectId; readonly distance: number }[] = [];
  for (const object of facts.index.byId.values()) {
    if (object.id === id || object.kind === "event") continue;
    const kind = object.kind === wanted.kind ? 0 : otherKind;
    const namespace = namespaceOf(object) === wanted.namespace ? 0 : otherNamespace;
    // Generated names differ in what was generated: elsewhere they are alike by chance.
    if (generated && namespace > 0) continue;
    const apart = isOfSameOwner(wanted.name, stem, object.name) ? 2 : editsApart(wanted.name, object.name);
    // Another kind in another namespace with another name has nothing in common with what was asked.
    if (apart === undefined || (kind > 0 && namespace > 0 && apart > 0)) continue;
    near.push({ id: object.id, distance: apart + kind + namespace });
  }
  near.sort((a, b) => a.distance - b.distance || compareText(a.id, b.id));
  return near.slice(0, limit).map((one) => one.id);
}

function namespaceOf(object: ClusterObject): string | undefined {
  return "namespace" in object ? object.namespace : undefined;
}

function editsApart(wanted: string, name: string): number | undefined {
  // A third of a short name is already another one: `db` is not near `ui`.
  return editDistance(
    wanted,
    name,
    Math.min(mostEdits, Math.floor(Math.max(wanted.length, name.length) / 3)),
  );
}

/**
 * Names alike but for their generated end, or one that the other was made from: `cart-7798c-hkvvf`,
 * `cart-7798c-x2x9k`, `cart`. `stem`: the name without that end; empty where nothing is generated.
 */
function isOfSameOwner(wanted: string, stem: string, name: string): boolean {
  return stem !== "" && (name === stem || name.startsWith(`${stem}-`) || wanted.startsWith(`${name}-`));
}
