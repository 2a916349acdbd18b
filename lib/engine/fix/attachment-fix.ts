import type { Fix } from "#lib/model/finding.ts";
import { refOf } from "#lib/model/ids.ts";
import type { Gateway, Namespace, Route } from "#lib/model/objects.ts";
import type { AttachmentFact } from "../facts.ts";
import { objectInWords } from "../object-words.ts";
import { labelsInWords, selectorMatches } from "../selector.ts";
import { mergePatch } from "./patch.ts";

interface Known {
  /** The parent: a Gateway, or a ListenerSet. */
  readonly gateway: Pick<Gateway, "listeners"> | undefined;
  readonly namespace: Namespace | undefined;
}

/** The smallest change that attaches a route by one of its parentRefs, which does not attach it. */
export function fixAttachment(route: Route, attachment: AttachmentFact, known: Known): Fix {
  const { parent, reason, missing } = attachment;
  if (missing !== undefined) {
    const where = missing === parent || parent === undefined ? "" : ` in ${objectInWords(parent)}`;
    return {
      text: `Create ${objectInWords(missing)} in ${refOf(missing).namespace}, or name one that exists${where}`,
    };
  }
  const name = parent === undefined ? "its parent" : objectInWords(parent);
  switch (reason) {
    case "NotAllowedByListeners":
      return (
        labelNamespace(route, attachment, known) ?? {
          text: `Let a listener of ${name} admit routes of this kind from ${route.namespace} (allowedRoutes), or move the route`,
        }
      );
    case "NoMatchingListenerHostname":
      return {
        text: `Give ${route.name} a hostname that a listener of ${name} serves, or widen the listener's hostname`,
      };
    case "NoMatchingParent":
      return { text: `Name a sectionName and port in ${route.name} that ${name} has a listener for` };
    default:
      return {
        text: `Look at the conditions in the status of ${route.name} and at the listeners of ${name}`,
      };
  }
}

/** The label that the only possible listener asks of namespaces. It admits every route of the namespace, so it is said. */
function labelNamespace(
  route: Route,
  { path }: AttachmentFact,
  { gateway, namespace }: Known,
): Fix | undefined {
  const section = route.parentRefs.find((_, index) => path === `spec.parentRefs[${index}]`)?.sectionName;
  const listeners = gateway?.listeners.filter(({ name }) => section === undefined || name === section) ?? [];
  const allowed = listeners.length === 1 ? listeners[0]?.allowedNamespaces : undefined;
  if (namespace === undefined || allowed?.from !== "Selector" || allowed.selector.matchExpressions.length > 0)
    return undefined;
  if (selectorMatches(allowed.selector, namespace.labels)) return undefined;
  const labels = allowed.selector.matchLabels;
  return {
    text: `Label namespace ${namespace.name} with ${labelsInWords(labels)}, which admits all of its routes`,
    patch: mergePatch(namespace.id, { metadata: { labels } }),
  };
}
