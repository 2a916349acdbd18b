interface Aged {
  readonly namespace: string;
  readonly name: string;
  readonly createdAt?: string | undefined;
}

/**
 * The oldest first, then by "namespace/name": how the Gateway API, and most Ingress controllers, settle which of two
 * objects that claim the same requests gets them. An object of unknown age comes after those whose age is known.
 */
export function byAge(a: Aged, b: Aged): number {
  const [ageA, ageB] = [bornAt(a), bornAt(b)];
  if (ageA !== ageB) return ageA < ageB ? -1 : 1;
  const [nameA, nameB] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return nameA < nameB ? -1 : nameA > nameB ? 1 : 0;
}

function bornAt({ createdAt }: Aged): number {
  const time = Date.parse(createdAt ?? "");
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}
