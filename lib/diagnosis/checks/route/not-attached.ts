import { fixAttachment } from "#lib/engine/fix/attachment-fix.ts";
import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { refOf } from "#lib/model/ids.ts";
import type { Route } from "#lib/model/objects.ts";
import { routePlurals } from "#lib/model/snapshot.ts";
import { defineCheck, type Found, notInManifests, unjudged } from "../../check.ts";

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
        if (state === "unknown" && parent !== undefined) {
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
          touches: parent === undefined ? [] : [parent],
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
