/**
 * Ids are branded strings made from names, never from uids: a recreated pod keeps its place on the map
 * and in a link. Namespaced: `service/shop/cart`. Cluster-scoped: `node/node-1`.
 */
import { type Kind, kindFromWord, kinds } from "./kinds.ts";

declare const brand: unique symbol;

/** `kind/namespace/name`, or `kind/name` for a cluster-scoped kind. */
export type ObjectId = string & { readonly [brand]: "object" };

export interface ObjectRef {
  readonly kind: Kind;
  /** Absent for cluster-scoped kinds. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The id of an object. `namespace` is ignored for cluster-scoped kinds; `default` when a namespaced kind has none. */
export function objectId(kind: Kind, namespace: string | undefined, name: string): ObjectId {
  const text = kinds[kind].namespaced ? `${kind}/${namespace ?? "default"}/${name}` : `${kind}/${name}`;
  return text as ObjectId;
}

/**
 * Parses an id as people write it in links and on the command line. Kinds may be spelled as here
 * (`network-policy`), as the API does (`NetworkPolicy`), or as kubectl does (`networkpolicies`, `netpol`).
 * Returns undefined when it is no id.
 */
export function parseObjectId(text: string): ObjectRef | undefined {
  const [word, ...rest] = text.split("/");
  const kind = word === undefined ? undefined : kindFromWord(word);
  if (kind === undefined || rest.some((part) => part === "")) return undefined;
  if (kinds[kind].namespaced) {
    const [namespace, name, ...more] = rest;
    return namespace !== undefined && name !== undefined && more.length === 0
      ? { kind, namespace, name }
      : undefined;
  }
  const [name, ...more] = rest;
  return name !== undefined && more.length === 0 ? { kind, name } : undefined;
}

/** The parts of an id that this program made. */
export function refOf(id: ObjectId): ObjectRef {
  const ref = parseObjectId(id);
  if (ref === undefined) throw new Error(`not an object id: ${id}`);
  return ref;
}
