import type { Chance } from "./chance.ts";

export type Labels = Readonly<Record<string, string>>;
export type Fields = Readonly<Record<string, unknown>>;

/** An object as the API server gives it: plain JSON. */
export interface ApiObject extends Fields {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

interface Metadata extends Fields {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly labels?: Labels | undefined;
  readonly annotations?: Labels | undefined;
  readonly creationTimestamp: string;
  readonly uid: string;
}

export interface Draft {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly labels?: Labels | undefined;
  readonly annotations?: Labels | undefined;
  readonly owner?: ApiObject | undefined;
  readonly generateName?: string | undefined;
  /** How long before the cluster was looked at it was made. */
  readonly ageSeconds: number;
  readonly body: Fields;
}

/** The moment at which the cluster was looked at. */
const newest = Date.UTC(2026, 10, 21, 8);

export function ago(seconds: number): string {
  return new Date(newest - seconds * 1000).toISOString().replace(".000", "");
}

/** Fills in what the API server writes: uid, resourceVersion, owners, times. */
export function apiObject(chance: Chance, draft: Draft): ApiObject {
  const { apiVersion, kind, namespace, name, labels, annotations, owner, generateName, ageSeconds, body } =
    draft;
  return {
    apiVersion,
    kind,
    metadata: {
      ...(annotations === undefined ? {} : { annotations }),
      creationTimestamp: ago(ageSeconds),
      ...(generateName === undefined ? {} : { generateName }),
      ...(labels === undefined ? {} : { labels }),
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(owner === undefined ? {} : { ownerReferences: [ownerReference(owner)] }),
      resourceVersion: String(100_000 + chance.below(9_000_000)),
      uid: uid(chance),
    },
    ...body,
  };
}

export function uid(chance: Chance): string {
  return `${chance.hex(8)}-${chance.hex(4)}-4${chance.hex(3)}-a${chance.hex(3)}-${chance.hex(12)}`;
}

function ownerReference({ apiVersion, kind, metadata }: ApiObject): Fields {
  const { name, uid } = metadata;
  return { apiVersion, blockOwnerDeletion: true, controller: true, kind, name, uid };
}
