import { createHash } from "node:crypto";

/**
 * URL-safe ids for names, the same after every restart: `arn:aws:eks:eu-west-1:1:cluster/prod` gives
 * `arn-aws-eks-eu-west-1-1-cluster-prod`. Names that would share an id, or take a reserved one, get six characters of
 * their own hash, so that an id never depends on the order of a file.
 */
export function slugs(
  names: readonly string[],
  reserved: readonly string[] = [],
): ReadonlyMap<string, string> {
  const taken = new Map<string, number>(reserved.map((id) => [id, 1]));
  const distinct = [...new Set(names)];
  for (const name of distinct) taken.set(plainSlug(name), (taken.get(plainSlug(name)) ?? 0) + 1);
  return new Map(
    distinct.map((name) => {
      const slug = plainSlug(name);
      return [name, taken.get(slug) === 1 && slug !== "" ? slug : `${slug || "cluster"}-${hash(name)}`];
    }),
  );
}

/** Lower case, and `-` for whatever a path segment would have to escape; empty when nothing is left. */
export function plainSlug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, "-")
    .replaceAll(/^[-._]+|[-._]+$/g, "")
    .slice(0, 100);
}

function hash(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 6);
}
