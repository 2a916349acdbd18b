/** What a listener needs someone's permission for, where no controller's status tells of it. */
import type { Gateway, Listener, ListenerSet } from "#lib/model/objects.ts";
import type { Facts } from "../facts.ts";
import { allowsNamespace } from "../listener-admission.ts";
import { listedUpTo } from "../object-words.ts";
import { readInFull } from "../read-in-full.ts";
import { referenceGranted } from "../reference-grant.ts";
import type { ListenerFault } from "./gateway-listeners.ts";

export function permissionFault(
  facts: Facts,
  gateway: Gateway,
  owner: Gateway | ListenerSet,
  listener: Listener,
): ListenerFault | undefined {
  return (
    (owner.kind === "listener-set" ? setFault(facts, gateway, owner) : undefined) ??
    certificateFault(facts, owner, listener)
  );
}

/** "The default value is to allow no ListenerSets" (Gateway.spec.allowedListeners). */
function setFault({ index }: Facts, gateway: Gateway, set: ListenerSet): ListenerFault | undefined {
  if (set.conditions.some(({ type }) => type === "Accepted")) return undefined;
  const { from } = gateway.allowedListeners;
  const namespace = index.namespaces.get(set.namespace);
  if (allowsNamespace(gateway.allowedListeners, set.namespace, gateway, namespace) !== false)
    return undefined;
  return {
    reason: "NotAllowed",
    sentence: `Gateway ${gateway.namespace}/${gateway.name} takes no ListenerSet of ${set.namespace}, such as ${set.name}`,
    object: set.id,
    evidence: { object: gateway.id, path: "spec.allowedListeners.namespaces.from", value: from },
  };
}

/** Certificates of another namespace need a ReferenceGrant there; one that may be used is enough. */
function certificateFault(
  { snapshot }: Facts,
  owner: Gateway | ListenerSet,
  { name, tls, conditions }: Listener,
): ListenerFault | undefined {
  if (tls?.mode !== "Terminate" || conditions.some(({ type }) => type === "ResolvedRefs")) return undefined;
  // The grants of a repository's neighbours are not in it.
  if (snapshot.origin === "manifests" || !readInFull(snapshot, "referenceGrants")) return undefined;
  const fromKind = owner.kind === "gateway" ? "Gateway" : "ListenerSet";
  const refused = tls.certificateRefs.filter(
    ({ namespace = owner.namespace, name: toName, otherKind }) =>
      otherKind === undefined &&
      namespace !== owner.namespace &&
      !referenceGranted(snapshot.objects.referenceGrants ?? [], {
        fromKind,
        fromNamespace: owner.namespace,
        toKind: "Secret",
        toNamespace: namespace,
        toName,
      }),
  );
  const [first] = refused;
  if (first === undefined || refused.length < tls.certificateRefs.length) return undefined;
  const names = listedUpTo(
    refused.map((each) => `${each.namespace}/${each.name}`),
    2,
  );
  return {
    reason: "RefNotPermitted",
    sentence: `Listener ${name} has no certificate that it may use: no ReferenceGrant lets ${fromKind}s of ${owner.namespace} refer to Secret ${names}`,
    object: owner.id,
    evidence: {
      object: owner.id,
      path: `spec.listeners[${owner.listeners.findIndex((each) => each.name === name)}].tls.certificateRefs`,
      value: names,
    },
  };
}
