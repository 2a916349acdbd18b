/** What several Gateway API kinds share, with the defaults that their CRDs fill in. */
import { z } from "zod";
import type { AllowedNamespaces, BackendRef, Condition, Listener, ParentRef } from "#lib/model/objects.ts";
import {
  conditions,
  conditionsOf,
  labelSelector,
  list,
  port,
  requiredText,
  selectorOf,
  text,
  whole,
} from "./api-shapes.ts";
import { intern, internOptional } from "./string-pool.ts";

const gatewayGroup = "gateway.networking.k8s.io";

export const allowedNamespaces = z
  .object({
    from: z.enum(["Same", "All", "None", "Selector", ""]).nullish(),
    selector: labelSelector.nullish(),
  })
  .nullish();

export const listener = z.object({
  name: requiredText,
  port,
  protocol: requiredText,
  hostname: text,
  allowedRoutes: z
    .object({
      namespaces: allowedNamespaces,
      kinds: list(z.object({ kind: requiredText })),
    })
    .nullish(),
  tls: z
    .object({
      mode: z.enum(["Terminate", "Passthrough", ""]).nullish(),
      certificateRefs: list(z.object({ group: text, kind: text, namespace: text, name: requiredText })),
    })
    .nullish(),
});

export const listenerStatuses = list(z.object({ name: z.string(), conditions }));

export function listenersOf(
  listeners: readonly z.infer<typeof listener>[],
  statuses: z.infer<typeof listenerStatuses>,
): readonly Listener[] {
  return listeners.map((l) => ({
    name: intern(l.name),
    port: l.port,
    protocol: intern(l.protocol),
    hostname: internOptional(l.hostname),
    allowedNamespaces: allowedNamespacesOf(l.allowedRoutes?.namespaces, "Same"),
    allowedKinds: (l.allowedRoutes?.kinds ?? []).map(({ kind }) => intern(kind)),
    tls: l.tls
      ? {
          mode: l.tls.mode || "Terminate",
          certificateRefs: (l.tls.certificateRefs ?? []).map((ref) => ({
            namespace: internOptional(ref.namespace),
            name: ref.name,
            ...(ref.group || (ref.kind || "Secret") !== "Secret"
              ? { otherKind: intern(ref.kind || "Secret") }
              : {}),
          })),
        }
      : undefined,
    conditions: conditionsOf(statuses?.find((status) => status.name === l.name)?.conditions),
  }));
}

export function allowedNamespacesOf(
  given: z.infer<typeof allowedNamespaces>,
  usual: "Same" | "None",
): AllowedNamespaces {
  const from = given?.from || usual;
  return from === "Selector" ? { from, selector: selectorOf(given?.selector) } : { from };
}

export const parentRef = z.object({
  group: text,
  kind: text,
  namespace: text,
  name: requiredText,
  sectionName: text,
  port: whole,
});

export function parentRefOf(ref: z.infer<typeof parentRef>, namespace: string): ParentRef {
  return {
    kind: parentKindOf(ref.group ?? gatewayGroup, ref.kind || "Gateway"),
    namespace: intern(ref.namespace || namespace),
    name: intern(ref.name),
    sectionName: internOptional(ref.sectionName),
    port: ref.port ?? undefined,
  };
}

function parentKindOf(group: string, kind: string): ParentRef["kind"] {
  if (group === gatewayGroup && (kind === "Gateway" || kind === "ListenerSet")) return kind;
  return group === "" && kind === "Service" ? "Service" : "other";
}

export const backendRef = z.object({
  group: text,
  kind: text,
  namespace: text,
  name: requiredText,
  port: port.nullish(),
  weight: whole,
});

export function backendRefOf(ref: z.infer<typeof backendRef>, namespace: string): BackendRef {
  return {
    apiKind: intern(ref.kind || "Service"),
    group: intern(ref.group ?? ""),
    namespace: intern(ref.namespace || namespace),
    name: intern(ref.name),
    port: ref.port ?? undefined,
    weight: ref.weight ?? 1,
  };
}

export const routeStatus = z
  .object({ parents: list(z.object({ parentRef, controllerName: text, conditions })) })
  .nullish();

/** Undefined when no status was given. */
export function parentsOf(
  status: z.infer<typeof routeStatus>,
  namespace: string,
):
  | readonly {
      readonly parentRef: ParentRef;
      readonly controllerName: string;
      readonly conditions: readonly Condition[];
    }[]
  | undefined {
  return status?.parents?.map((parent) => ({
    parentRef: parentRefOf(parent.parentRef, namespace),
    controllerName: intern(parent.controllerName ?? ""),
    conditions: conditionsOf(parent.conditions),
  }));
}
