import { z } from "zod";
import type { Gateway, GatewayClass, ListenerSet, Origin, ReferenceGrant } from "#lib/model/objects.ts";
import { conditions, conditionsOf, list, requiredText, text } from "./api-shapes.ts";
import {
  allowedNamespaces,
  allowedNamespacesOf,
  listener,
  listenerStatuses,
  listenersOf,
} from "./gateway-shapes.ts";
import { type Raw, readClusterScoped, readNamespaced } from "./read-body.ts";
import type { Reading } from "./reading.ts";
import { intern, internOptional } from "./string-pool.ts";

const classShape = z.object({
  spec: z.object({ controllerName: requiredText }),
  status: z.object({ conditions }).nullish(),
});

export function readGatewayClass(raw: Raw, origin: Origin | undefined): Reading<GatewayClass> {
  return readClusterScoped("gateway-class", raw, origin, classShape, (meta, { spec, status }) => ({
    kind: "gateway-class",
    ...meta,
    controllerName: intern(spec.controllerName),
    conditions: conditionsOf(status?.conditions),
  }));
}

const gatewayShape = z.object({
  spec: z.object({
    gatewayClassName: requiredText,
    listeners: list(listener),
    allowedListeners: z.object({ namespaces: allowedNamespaces }).nullish(),
  }),
  status: z
    .object({
      addresses: list(z.object({ type: text, value: z.string() })),
      listeners: listenerStatuses,
      conditions,
    })
    .nullish(),
});

export function readGateway(raw: Raw, origin: Origin | undefined): Reading<Gateway> {
  return readNamespaced("gateway", raw, origin, gatewayShape, (meta, { spec, status }) => ({
    kind: "gateway",
    ...meta,
    className: intern(spec.gatewayClassName),
    listeners: listenersOf(spec.listeners ?? [], status?.listeners),
    allowedListeners: allowedNamespacesOf(spec.allowedListeners?.namespaces, "None"),
    addresses: status
      ? (status.addresses ?? []).map((address) => ({
          type: intern(address.type || "IPAddress"),
          value: address.value,
        }))
      : undefined,
    conditions: conditionsOf(status?.conditions),
  }));
}

const listenerSetShape = z.object({
  spec: z.object({ parentRef: z.object({ namespace: text, name: requiredText }), listeners: list(listener) }),
  status: z.object({ listeners: listenerStatuses, conditions }).nullish(),
});

export function readListenerSet(raw: Raw, origin: Origin | undefined): Reading<ListenerSet> {
  return readNamespaced("listener-set", raw, origin, listenerSetShape, (meta, { spec, status }) => ({
    kind: "listener-set",
    ...meta,
    parent: {
      namespace: intern(spec.parentRef.namespace || meta.namespace),
      name: intern(spec.parentRef.name),
    },
    listeners: listenersOf(spec.listeners ?? [], status?.listeners),
    conditions: conditionsOf(status?.conditions),
  }));
}

const grantShape = z.object({
  spec: z.object({
    from: list(z.object({ group: text, kind: requiredText, namespace: requiredText })),
    to: list(z.object({ group: text, kind: requiredText, name: text })),
  }),
});

export function readReferenceGrant(raw: Raw, origin: Origin | undefined): Reading<ReferenceGrant> {
  return readNamespaced("reference-grant", raw, origin, grantShape, (meta, { spec }) => ({
    kind: "reference-grant",
    ...meta,
    from: (spec.from ?? []).map((from) => ({
      group: intern(from.group ?? ""),
      apiKind: intern(from.kind),
      namespace: intern(from.namespace),
    })),
    to: (spec.to ?? []).map((to) => ({
      group: intern(to.group ?? ""),
      apiKind: intern(to.kind),
      name: internOptional(to.name),
    })),
  }));
}
