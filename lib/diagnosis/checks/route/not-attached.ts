import type { AttachmentFact } from "#lib/engine/facts.ts";
import { objectInWords } from "#lib/engine/object-words.ts";
import { labelsInWords, selectorMatches } from "#lib/engine/selector.ts";
import type { Fix } from "#lib/model/finding.ts";
import { refOf } from "#lib/model/ids.ts";
import type { Gateway, Namespace, Route } from "#lib/model/objects.ts";
import { routePlurals } from "#lib/model/snapshot.ts";
import { defineCheck, type Found, notInManifests, unjudged } from "../../check.ts";
import { kubectlGet } from "../../kubectl.ts";
import { mergePatch } from "../../patch.ts";

interface Known {
  readonly gateway: Gateway | undefined;
  readonly namespace: Namespace | undefined;
}

export const routeNotAttached = defineCheck({
  id: "route/not-attached",
  code: "NET-301",
  severity: "error",
  summary: "A route is not attached to a Gateway that it names",
  inputs: [],
  each: routePlurals,
  // A route's status tells what its controller decided, where Gateways or namespaces were not read.
  ifRead: ["gateways", "listenerSets", "namespaces"],
  *find({ routes, objects, origin }) {
    for (const { route, attachments } of routes) {
      if (attachments.length === 0) yield withoutParent(route);
      for (const attachment of attachments) {
        const { parent, path, state } = attachment;
        if (state === "unknown") {
          yield unjudged("gateways", "listenerSets", "namespaces");
          // Gateways, and the labels of namespaces, are often kept in another repository than the routes.
          if (origin === "manifests") yield notInManifests("gateways", refOf(parent).namespace);
        }
        if (state !== "rejected" && state !== "parent-missing") continue;
        yield {
          subject: route.id,
          part: path,
          // What comes in through another Gateway still arrives.
          severity: attachments.some((other) => other.state === "attached") ? "warning" : "error",
          message: `${route.name} is ${attachment.sentence}`,
          evidence: attachment.evidence,
          nearMiss: attachment.nearMiss,
          fix: fixAttachment(route, attachment, {
            gateway: objects.gateways?.find(({ id }) => id === parent),
            namespace: objects.namespaces?.find(({ name }) => name === route.namespace),
          }),
          kubectl: kubectlGet(route.id),
          touches: [parent],
        };
      }
    }
  },
});

function withoutParent(route: Route): Found {
  return {
    subject: route.id,
    part: "spec.parentRefs",
    severity: "warning",
    message: `${route.name} names no parent, so nothing serves it`,
    evidence: [{ object: route.id, path: "spec.parentRefs", value: "none" }],
    fix: { text: `Name the Gateway that is to serve ${route.name} in its parentRefs` },
    kubectl: kubectlGet(route.id),
  };
}

function fixAttachment(route: Route, attachment: AttachmentFact, known: Known): Fix {
  const { parent, reason, state } = attachment;
  const name = objectInWords(parent);
  if (state === "parent-missing")
    return { text: `Create ${name} in ${refOf(parent).namespace}, or name one that exists` };
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
