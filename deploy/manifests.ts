/** For the tests of this folder: its manifests as objects. */
import { spawnSync } from "node:child_process";
import { loadAll } from "js-yaml";
import { z } from "zod";

const ruleShape = z.object({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  resourceNames: z.array(z.string()).optional(),
  verbs: z.array(z.string()),
});
export type Rule = z.infer<typeof ruleShape>;

const objectShape = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  rules: z.array(ruleShape).optional().catch(undefined),
});
export type Manifest = z.infer<typeof objectShape>;

export const hasKubectl = spawnSync("kubectl", ["version", "--client"]).status === 0;

/** The documents of a YAML text. */
export function manifestsIn(text: string): readonly Manifest[] {
  return loadAll(text)
    .filter((document) => document !== null && document !== undefined)
    .map((document) => objectShape.parse(document));
}

/** What `kubectl apply -k` would send. Throws with kubectl's words. */
export function kustomized(folder: string): readonly Manifest[] {
  return manifestsIn(kustomizedText(folder));
}

export function kustomizedText(folder: string): string {
  const { status, stdout, stderr } = spawnSync("kubectl", ["kustomize", folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** `networking.k8s.io/ingresses`, one a resource that the rules name. */
export function resourcesIn(rules: readonly Rule[]): readonly string[] {
  return rules.flatMap(({ apiGroups, resources }) =>
    apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
  );
}

/** Every verb that a manifest grants, with what it grants it on. */
export function grantsIn(manifests: readonly Manifest[]): readonly string[] {
  return manifests.flatMap(({ rules }) =>
    (rules ?? []).flatMap((rule) =>
      resourcesIn([rule]).flatMap((resource) => rule.verbs.map((verb) => `${verb} ${resource}`)),
    ),
  );
}
