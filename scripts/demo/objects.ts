type Value = string | number | boolean | null | undefined | Value[] | { [key: string]: Value };
export type Fields = { [key: string]: Value };
export type Labels = Record<string, string>;

/** Type aliases, not interfaces: only those are assignable to `Fields`. */
type Metadata = {
  name: string;
  namespace?: string;
  generateName?: string;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  generation?: number;
  labels?: Labels;
  annotations?: Labels;
  ownerReferences?: Fields[];
};

export type Resource = {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec?: Fields;
  status?: Fields;
  [key: string]: Value;
};

export function ownedBy(owner: { apiVersion: string; kind: string; metadata: { name: string } }): Fields[] {
  return [
    {
      apiVersion: owner.apiVersion,
      blockOwnerDeletion: true,
      controller: true,
      kind: owner.kind,
      name: owner.metadata.name,
    },
  ];
}

/** Without undefined fields and with sorted keys, the way kubectl prints. */
export function tidy(value: Value): Value {
  if (Array.isArray(value)) return value.map(tidy);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, tidy(field)]),
  );
}

export function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
