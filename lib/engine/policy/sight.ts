import { objectId } from "#lib/model/ids.ts";
import type { LabelSelector, Node } from "#lib/model/objects.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import type { Facts } from "../facts.ts";
import { readInFull } from "../read-in-full.ts";
import { isEmptySelector, selectorMatches } from "../selector.ts";
import type { Dialect } from "./dialect.ts";
import { type Match, matchIf, maybe, no, yes } from "./match.ts";

/** What matching looks things up in. */
export interface Sight {
  readonly index: ClusterIndex;
  readonly dialect: Dialect;
  /** Whether the namespace's labels match; `maybe` where they could not be read. */
  namespaceMatches(selector: LabelSelector, namespace: string): Match;
  /** `name`: empty where it is not known which node it is. */
  nodeMatches(selector: LabelSelector, name: string): Match;
  nodeNamed(name: string | undefined): Node | undefined;
}

/** Put there by the API server, so that it is known even where the Namespace was not read. */
const nameLabel = "kubernetes.io/metadata.name";

export function sightOf({ snapshot, index }: Facts, dialect: Dialect): Sight {
  const allNodes = readInFull(snapshot, "nodes");
  return {
    index,
    dialect,
    namespaceMatches(selector, name) {
      if (isEmptySelector(selector)) return yes;
      const namespace = index.namespaces.get(name);
      // An implied namespace is one of which only the name is known.
      if (namespace !== undefined && namespace.implied !== true)
        return matchIf(selectorMatches(selector, namespace.labels));
      return matchByName(selector, name);
    },
    nodeMatches(selector, name) {
      if (isEmptySelector(selector)) return yes;
      const node = index.byId.get(objectId("node", undefined, name));
      if (node !== undefined) return matchIf(selectorMatches(selector, node.labels));
      if (allNodes && name !== "") return no;
      return maybe({
        code: "labels-unread",
        sentence: `the labels of ${name === "" ? "its node" : `node ${name}`} are not given, and a policy selects nodes by label`,
        objects: name === "" ? [] : [objectId("node", undefined, name)],
      });
    },
    nodeNamed(name) {
      const node = name === undefined ? undefined : index.byId.get(objectId("node", undefined, name));
      return node?.kind === "node" ? node : undefined;
    },
  };
}

function matchByName(selector: LabelSelector, name: string): Match {
  const labels = { [nameLabel]: name };
  const onName: LabelSelector = {
    matchLabels: Object.fromEntries(
      Object.entries(selector.matchLabels).filter(([key]) => key === nameLabel),
    ),
    matchExpressions: selector.matchExpressions.filter(({ key }) => key === nameLabel),
  };
  if (!selectorMatches(onName, labels)) return no;
  const asksMore =
    Object.keys(selector.matchLabels).some((key) => key !== nameLabel) ||
    selector.matchExpressions.some(({ key }) => key !== nameLabel);
  if (!asksMore) return yes;
  return maybe({
    code: "labels-unread",
    sentence: `the labels of namespace ${name} are not given, and a policy selects namespaces by label`,
    objects: [objectId("namespace", undefined, name)],
  });
}
