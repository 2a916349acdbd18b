import type { AttachmentFact, BackendFact, Facts } from "#lib/engine/facts.ts";
import { assertNever } from "#lib/model/assert-never.ts";
import type { EdgeKind, Health, NodeId } from "#lib/model/graph.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { backendHealth } from "./entry-words.ts";
import type { Members } from "./graph-part.ts";
import { drawnParent } from "./listener-sets.ts";
import type { Strand } from "./strand.ts";

/** Edges from Gateways to routes, and from Ingresses and routes to Services. */
export function entryStrands(facts: Facts, { ingresses, routes }: Members): readonly Strand[] {
  const strands: Strand[] = [];
  for (const { ingress, backends } of ingresses) {
    strands.push(
      ...backends.flatMap((backend) =>
        backendStrands(facts, "ingress-routes-to-service", ingress.id, backend),
      ),
    );
  }
  for (const { route, attachments, backends } of routes) {
    strands.push(...attachments.flatMap((attachment) => attachmentStrands(facts, route.id, attachment)));
    strands.push(
      ...backends.flatMap((backend) => backendStrands(facts, "route-routes-to-service", route.id, backend)),
    );
  }
  return strands;
}

/** Services of any namespace that are named as backends and have no endpoints, perhaps on purpose. */
export function emptyBackends({ ingresses, routes }: Members): readonly ObjectId[] {
  return [...ingresses, ...routes].flatMap(({ backends }) =>
    backends.flatMap(({ state, service }) =>
      state === "no-endpoints" && service !== undefined ? [service] : [],
    ),
  );
}

export function isScaledToZero({ services }: Facts, id: ObjectId): boolean {
  return services.get(id)?.health === "idle";
}

function isIdle(facts: Facts, { state, service }: BackendFact): boolean {
  return state === "no-endpoints" && service !== undefined && isScaledToZero(facts, service);
}

function backendStrands(
  facts: Facts,
  kind: EdgeKind,
  source: NodeId,
  backend: BackendFact,
): readonly Strand[] {
  // A backend that is no Service (a bucket, say) has nothing on the map to lead to.
  if (backend.service === undefined) return [];
  // What is scaled to zero on purpose is no fault of the way to it.
  const health = isIdle(facts, backend) ? "idle" : backendHealth(backend.state);
  const note = backend.state === "ok" ? "" : backend.sentence;
  return [{ kind, source, target: backend.service, health, because: backend.evidence, note }];
}

function attachmentStrands(facts: Facts, route: NodeId, attachment: AttachmentFact): readonly Strand[] {
  // A parent of a kind that is not read has no node.
  if (attachment.parent === undefined) return [];
  const source = drawnParent(facts, attachment.parent);
  // A route whose parent is a Service belongs to a mesh: its packets come from pods, not through a Gateway.
  if (source.startsWith("service/")) return [];
  const health = attachmentHealth(attachment.state);
  return [
    {
      kind: "gateway-admits-route",
      source,
      target: route,
      health,
      because: attachment.evidence[0] ?? {
        object: attachment.parent,
        path: "spec.listeners",
        value: attachment.path,
      },
      note: health === "ok" ? "" : attachment.sentence,
    },
  ];
}

function attachmentHealth(state: AttachmentFact["state"]): Health {
  switch (state) {
    case "attached":
      return "ok";
    case "rejected":
    case "parent-missing":
      return "broken";
    case "unknown":
      return "unknown";
    default:
      return assertNever(state);
  }
}
