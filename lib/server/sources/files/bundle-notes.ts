import { allKinds, type Kind, kindFromApi, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { Unread } from "#lib/model/snapshot.ts";
import { kindInWords } from "../../kind-names.ts";
import { apiGroupOf } from "../objects/api-group.ts";
import { crdNames, notCollected } from "./bundle-errors.ts";
import type { FileRole } from "./bundle-path.ts";
import { isMapping } from "./unwrap.ts";

type UnreadKinds = { readonly [P in PluralKind]?: Unread };

/** What a dump tells about itself besides its objects: what it lacks and why, and what the cluster served. */
export interface BundleNotes {
  /** Takes note of a file by its role; `json` is its content where the role is not of objects. */
  note(role: FileRole, json: unknown): void;
  crd(crd: Readonly<Record<string, unknown>>): void;
  /** All CustomResourceDefinitions are in the dump, so that one that is not there does not exist. */
  crdsListed(): void;
  saysAnything(): boolean;
  version(): string | undefined;
  /** Kinds of which a file would be there if there were any. */
  readAndEmpty(): readonly PluralKind[];
  /** Why kinds are missing, or missing in part. */
  unread(objects: readonly ClusterObject[]): UnreadKinds;
}

export function bundleNotes(): BundleNotes {
  const missing = new Map<PluralKind, string>();
  const crds = new Set<string>();
  const namespacesOf = new Map<PluralKind, Set<string>>();
  let served: ReadonlySet<Kind> | undefined;
  let allCrds = false;
  let customFiles = false;
  let version: string | undefined;

  const isDefined = (kind: Kind) => crdNames(kind).some((name) => crds.has(name));

  return {
    note(role, json) {
      switch (role.kind) {
        case "plain":
          break;
        case "resources":
          if (role.plural !== undefined && role.namespace !== undefined) {
            const namespaces = namespacesOf.get(role.plural) ?? new Set();
            namespacesOf.set(role.plural, namespaces.add(role.namespace));
          }
          break;
        case "custom-resources":
          customFiles = true;
          break;
        case "errors":
          for (const { plural, message } of notCollected(role.word, json)) missing.set(plural, message);
          break;
        case "served-kinds":
          served = servedKinds(json);
          break;
        case "version":
          version = versionIn(json);
          break;
      }
    },
    crd({ metadata }) {
      if (isMapping(metadata) && typeof metadata.name === "string") crds.add(metadata.name);
    },
    crdsListed() {
      allCrds = true;
    },
    saysAnything: () => missing.size > 0 || served !== undefined,
    version: () => version,
    readAndEmpty() {
      if (!customFiles) return [];
      const custom = allKinds.filter((kind) => kinds[kind].custom && isDefined(kind));
      return custom.map((kind) => kinds[kind].plural).filter((plural) => !missing.has(plural));
    },
    unread(objects) {
      const unread: { [P in PluralKind]?: Unread } = {};
      for (const kind of allKinds) {
        const { plural, custom } = kinds[kind];
        const known = served === undefined ? !custom || !allCrds || isDefined(kind) : served.has(kind);
        if (known) continue;
        unread[plural] = {
          reason: "not-served",
          message: `The cluster did not serve ${kindInWords(kind)} when this was collected.`,
        };
      }
      const namespaces = objects.flatMap((object) => (object.kind === "namespace" ? [object.name] : []));
      for (const [plural, covered] of namespacesOf) {
        const left = namespaces.filter((name) => !covered.has(name)).sort();
        if (left.length > 0) unread[plural] = { reason: "not-collected", message: leftOut(plural, left) };
      }
      for (const [plural, message] of missing) unread[plural] = { reason: "not-collected", message };
      for (const object of objects) {
        const { plural } = kinds[object.kind];
        if (unread[plural]?.reason === "not-served") delete unread[plural];
      }
      return unread;
    },
  };
}

const maxNames = 10;

function leftOut(plural: PluralKind, names: readonly string[]): string {
  const shown = names.slice(0, maxNames).join(", ");
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : "";
  return `The bundle holds no ${plural.toLowerCase()} of these namespaces: ${shown}${more}.`;
}

/** From the answers of the API server's discovery; undefined when the file holds none. */
function servedKinds(json: unknown): ReadonlySet<Kind> | undefined {
  if (!Array.isArray(json)) return undefined;
  const found = new Set<Kind>();
  for (const list of json) {
    if (!isMapping(list) || typeof list.groupVersion !== "string" || !Array.isArray(list.resources)) continue;
    const group = apiGroupOf(list.groupVersion);
    for (const resource of list.resources) {
      if (!isMapping(resource) || typeof resource.kind !== "string") continue;
      const kind = kindFromApi(group, resource.kind);
      if (kind !== undefined) found.add(kind);
    }
  }
  // Without Pods it is not a cluster's whole answer.
  return found.has("pod") ? found : undefined;
}

function versionIn(json: unknown): string | undefined {
  if (!isMapping(json)) return undefined;
  if (typeof json.string === "string") return json.string;
  return isMapping(json.info) && typeof json.info.gitVersion === "string" ? json.info.gitVersion : undefined;
}
