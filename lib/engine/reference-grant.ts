import type { ReferenceGrant } from "#lib/model/objects.ts";

export interface CrossReference {
  /** As the API spells it: `HTTPRoute`. */
  readonly fromKind: string;
  readonly fromNamespace: string;
  readonly toNamespace: string;
  /** Left out: a Service. */
  readonly toKind?: "Service" | "Secret" | undefined;
  readonly toName: string;
}

/**
 * Whether a ReferenceGrant in the target's namespace lets a route of another namespace refer to a Service there, or a
 * Gateway to a Secret (gateway.networking.k8s.io, ReferenceGrant). References within a namespace need none and are not asked about here.
 */
export function referenceGranted(grants: readonly ReferenceGrant[], reference: CrossReference): boolean {
  return grants.some(
    (grant) =>
      grant.namespace === reference.toNamespace &&
      grant.from.some(
        (from) =>
          from.group === "gateway.networking.k8s.io" &&
          from.apiKind === reference.fromKind &&
          from.namespace === reference.fromNamespace,
      ) &&
      grant.to.some(
        (to) =>
          to.group === "" &&
          to.apiKind === (reference.toKind ?? "Service") &&
          (to.name === undefined || to.name === reference.toName),
      ),
  );
}
