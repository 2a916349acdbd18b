import type { Listener } from "#lib/model/objects.ts";
import type { EntryListener, EntryRoute, GatewayEntry } from "./gateway-entries.ts";
import type { Fitting } from "./http-host-index.ts";
import { isGrpc } from "./http-scheme.ts";
import type { HttpRequest } from "./http-way.ts";

/** Whether a route is, or may be, attached to a listener: by the names that were found, else by those that it gives. */
export function isOn({ attachment, parent, ref }: EntryRoute, { owner, listener }: EntryListener): boolean {
  if (parent !== owner.id || isLost({ attachment })) return false;
  if (attachment.listeners.length > 0) return attachment.listeners.includes(listener.name);
  return names(ref, listener);
}

/** Whether a parentRef names a listener of its parent: each that has its sectionName and port. */
export function names(ref: EntryRoute["ref"], listener: Listener): boolean {
  return (
    (ref.sectionName === undefined || ref.sectionName === listener.name) &&
    (ref.port === undefined || ref.port === listener.port)
  );
}

/** Whether a route that is not attached was to be on a listener, or names none that there is. */
export function isMeantFor({ parent, ref }: EntryRoute, entry: GatewayEntry, meant: EntryListener): boolean {
  const named = entry.listeners.filter(({ owner, listener }) => owner.id === parent && names(ref, listener));
  return named.length === 0 || named.includes(meant);
}

export function isLost({ attachment: { state } }: Pick<EntryRoute, "attachment">): boolean {
  return state === "rejected" || state === "parent-missing";
}

/**
 * On a hostname of a listener there are GRPCRoutes or HTTPRoutes, never both ("MUST accept exactly one of these two
 * routes", GRPCRoute.spec.hostnames). Where no GRPCRoute is, a gRPC call is an HTTP/2 POST like any other.
 */
export function ofOneProtocol(
  here: readonly Fitting<EntryRoute>[],
  { scheme }: HttpRequest,
): readonly Fitting<EntryRoute>[] {
  const calls = here.filter(({ item }) => kindOf(item) === "grpc-route");
  if (isGrpc(scheme) && calls.length > 0) return calls;
  return here.filter(({ item }) => kindOf(item) !== "grpc-route");
}
export function kindOf({ facts }: EntryRoute) {
  return facts.route.kind;
}
