/** For tests only: random clusters in which workloads have several pods, alike and not. */
import type fc from "fast-check";
import { z } from "zod";
import { arbitraryManifests, type Manifest } from "./arbitrary-cluster.ts";

const namespaced = z.looseObject({ namespace: z.string() });

/** Every third pod is bare; the others are in two StatefulSets a namespace, whose pods policies may tell apart. */
export const arbitraryWorkloads: fc.Arbitrary<readonly Manifest[]> = arbitraryManifests.map(owned);

function owned(manifests: readonly Manifest[]): readonly Manifest[] {
  let pods = 0;
  const owners = new Map<string, Manifest>();
  const all = manifests.map((manifest) => {
    if (manifest.kind !== "Pod") return manifest;
    const name = ["a", "b", undefined][pods++ % 3];
    if (name === undefined) return manifest;
    const { namespace } = namespaced.parse(manifest.metadata);
    owners.set(`${namespace}/${name}`, statefulSet(namespace, name));
    const metadata = {
      ...namespaced.parse(manifest.metadata),
      ownerReferences: [{ apiVersion: "apps/v1", kind: "StatefulSet", name, controller: true }],
    };
    return { ...manifest, metadata };
  });
  return [...all, ...owners.values()];
}

/** Without it its pods would be orphans, which own themselves. */
function statefulSet(namespace: string, name: string): Manifest {
  const template = { metadata: { labels: { set: name } }, spec: { containers: [{ name: "app" }] } };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace },
    spec: { replicas: 2, selector: { matchLabels: { set: name } }, template },
  };
}
