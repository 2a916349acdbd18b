import { allKinds, kinds } from "#lib/model/kinds.ts";
import { groupVersionPath, resourcesOf } from "#lib/server/sources/kube/resources.ts";

/** A resource as this server serves it. */
export interface ServedResource {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  /** As it stands in URLs. */
  readonly name: string;
  /** As the API spells it. */
  readonly kind: string;
  readonly namespaced: boolean;
  /** From a CustomResourceDefinition: items of its lists say what they are, which those of built-in kinds do not. */
  readonly custom: boolean;
  readonly path: string;
}

/** Every kind that Throughline reads, in its best version: a cluster of today with every CustomResourceDefinition. */
export function servedToday(): readonly ServedResource[] {
  return allKinds.flatMap((kind) => {
    const [best] = resourcesOf(kind);
    if (best === undefined) return [];
    const { namespaced, custom, api } = kinds[kind];
    const { group, resource: name } = best;
    // The three kinds of tiered policies live in two versions.
    const version = kind === "cluster-network-policy" ? "v1alpha2" : tieredVersion(kind, best.version);
    const path = `${groupVersionPath(group, version)}/${name}`;
    return [{ group, version, name, kind: api, namespaced, custom, path }];
  });
}

function tieredVersion(kind: string, best: string): string {
  return kind === "admin-network-policy" || kind === "baseline-admin-network-policy" ? "v1alpha1" : best;
}

export function apiVersionOf({ group, version }: ServedResource): string {
  return group === "" ? version : `${group}/${version}`;
}

/** What discovery answers, by path. */
export function discoveryOf(served: readonly ServedResource[]): ReadonlyMap<string, unknown> {
  const answers = new Map<string, unknown>();
  const groups = new Map<string, Set<string>>();
  for (const each of served) {
    const groupVersion = apiVersionOf(each);
    const path = groupVersionPath(each.group, each.version);
    if (answers.has(path)) continue;
    const resources = served
      .filter((other) => other.group === each.group && other.version === each.version)
      .map(({ name, kind, namespaced }) => ({
        name,
        singularName: kind.toLowerCase(),
        namespaced,
        kind,
        verbs: ["delete", "get", "list", "patch", "watch"],
      }));
    answers.set(path, { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources });
    if (each.group !== "") {
      const versions = groups.get(each.group) ?? new Set();
      groups.set(each.group, versions.add(each.version));
    }
  }
  answers.set("/apis", {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: [...groups].map(([name, versions]) => ({
      name,
      versions: [...versions].map((version) => ({ groupVersion: `${name}/${version}`, version })),
    })),
  });
  return answers;
}
