import { type Kind, kindFromWord, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { TypeOfObject } from "./found.ts";

/** What a file is by its place in a support bundle (replicatedhq/troubleshoot); `plain` for every other file. */
export type FileRole =
  | { readonly kind: "plain" }
  /** `cluster-resources/pods/shop.json`, `cluster-resources/nodes.json`. Old versions write arrays without kinds. */
  | {
      readonly kind: "resources";
      readonly assume: TypeOfObject | undefined;
      readonly plural: PluralKind | undefined;
      readonly namespace: string | undefined;
    }
  /** `cluster-resources/custom-resources/httproutes.gateway.networking.k8s.io/shop.yaml`. */
  | { readonly kind: "custom-resources" }
  /** `cluster-resources/pods-errors.json`: why a kind was not collected; `word` is the kind, or `custom-resources`. */
  | { readonly kind: "errors"; readonly word: string }
  /** `cluster-resources/resources.json`: every kind that the API server serves. */
  | { readonly kind: "served-kinds" }
  | { readonly kind: "version" };

const plain: FileRole = { kind: "plain" };

export function roleOf(path: string): FileRole {
  if (/(^|\/)cluster-info\/cluster_version\.json$/.test(path)) return { kind: "version" };
  const inside = /(?:^|\/)cluster-resources\/(.+)$/.exec(path)?.[1];
  if (inside === undefined) return plain;
  const errors = /(?:^|\/)([^/]+)-errors\.json$/.exec(inside)?.[1];
  if (errors !== undefined) return { kind: "errors", word: errors };
  if (inside === "resources.json") return { kind: "served-kinds" };
  const [folder = "", ...rest] = inside.replace(/\.(json|ya?ml)$/, "").split("/");
  if (folder === "custom-resources") return { kind: "custom-resources" };
  if (folder === "custom-resource-definitions") {
    const assume = { apiVersion: "apiextensions.k8s.io/v1", apiKind: "CustomResourceDefinition" };
    return { kind: "resources", assume, plural: undefined, namespace: undefined };
  }
  if (rest.length > 1) return plain;
  const kind = kindOfWord(folder);
  if (kind === undefined)
    return { kind: "resources", assume: undefined, plural: undefined, namespace: undefined };
  return { kind: "resources", assume: typeOf(folder, kind), plural: kinds[kind].plural, namespace: rest[0] };
}

/** A kind by the bundle's word for it (`network-policy`, `ingress`, `endpoints`). */
export function kindOfWord(word: string): Kind | undefined {
  return word === "endpoints" ? "endpoint-slice" : kindFromWord(word);
}

function typeOf(word: string, kind: Kind): TypeOfObject {
  if (word === "endpoints") return { apiVersion: "v1", apiKind: "Endpoints" };
  const { group, api } = kinds[kind];
  return { apiVersion: group === "" ? "v1" : `${group}/v1`, apiKind: api };
}
