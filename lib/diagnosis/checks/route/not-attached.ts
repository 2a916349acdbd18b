import type { AttachmentFact } from "#lib/engine/facts.ts";
import { fixAttachment } from "#lib/engine/fix/attachment-fix.ts";
import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import type { Follows } from "#lib/model/finding.ts";
import { type ObjectId, objectId, refOf } from "#lib/model/ids.ts";
import type { Gateway, ListenerSet, Route } from "#lib/model/objects.ts";
import { routePlurals } from "#lib/model/snapshot.ts";
import { defineCheck, type Found, notInManifests, unjudged } from "../../check.ts";
import { notAcceptedBecause } from "../../gateway-causes.ts";

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
    const owners = new Map<ObjectId, Gateway | ListenerSet>(
      [...(objects.gateways ?? []), ...(objects.listenerSets ?? [])].map((owner) => [owner.id, owner]),
    );
    const namespaces = new Map(objects.namespaces?.map((namespace) => [namespace.name, namespace]));
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
            gateway: parent === undefined ? undefined : owners.get(parent),
            namespace: namespaces.get(route.namespace),
          }),
          kubectl: kubectlGet(route.id),
          touches: parent === undefined ? [] : [parent],
          follows: causesOf(attachment, owners),
        };
      }
    }
  },
});

/** What a controller has against the route itself (RouteConditionReason). */
const ofTheRoute = new Set(["UnsupportedValue", "IncompatibleFilters", "UnsupportedProtocol"]);

/** What the parent's own state explains: a refusal that the configuration of its listeners does not. */
function causesOf(
  { parent, state, reason, saidBy }: AttachmentFact,
  owners: ReadonlyMap<ObjectId, Gateway | ListenerSet>,
): readonly Follows[] {
  if (parent === undefined) return [];
  const owner = owners.get(parent);
  const gateway =
    owner?.kind === "listener-set"
      ? owners.get(objectId("gateway", owner.parent.namespace, owner.parent.name))
      : owner;
  // Its Gateway does not exist, which is found on the ListenerSet as well.
  if (state === "parent-missing" && owner !== undefined)
    return [{ object: parent, checks: ["gateway/listener-conflict"] }];
  if (saidBy !== "status" || owner === undefined || ofTheRoute.has(reason ?? "")) return [];
  return [
    { object: parent, checks: ["gateway/listener-conflict"] },
    ...(gateway?.kind === "gateway" ? notAcceptedBecause(gateway) : []),
  ];
}

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
