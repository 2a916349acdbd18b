/** What the two checks of unprotected namespaces and pods share. */
import type { NamespaceProtection } from "#lib/engine/policy/protection.ts";
import type { Direction } from "#lib/model/verdict.ts";

export const directions = ["ingress", "egress"] as const satisfies readonly Direction[];

/**
 * Namespaces of Kubernetes itself and of distributions: their pods are guarded, or need to be open, for reasons of their
 * makers, and whoever runs a cluster does not write policies there.
 */
export function isSystemNamespace(name: string): boolean {
  return /^(kube|openshift|gke-managed|aks|calico|tigera|cilium)(-|$)|^(gmp-system|gmp-public)$/.test(name);
}

/** Whether policies limit pods of a namespace: some of them for sure, or none. Undefined: some perhaps. */
export function limits(
  { workloads }: NamespaceProtection,
  direction: Direction,
): "some" | "none" | undefined {
  if (workloads.some(({ limited }) => limited[direction] > 0)) return "some";
  return workloads.every(({ open, pods }) => open[direction] === pods) ? "none" : undefined;
}

/** Whether something may limit pods, and what is not known about it could tell more. */
export function isUnsure(all: readonly NamespaceProtection[]): boolean {
  return all.some(({ workloads }) =>
    workloads.some(({ pods, open, limited }) =>
      directions.some((direction) => open[direction] + limited[direction] < pods),
    ),
  );
}

/** "who may reach its pods and where they may send": to follow "nothing limits". */
export function whatIsOpen(open: readonly Direction[], whom: string, they: string): string {
  const into = open.includes("ingress") ? [`who may reach ${whom}`] : [];
  const out = open.includes("egress") ? [`where ${into.length > 0 ? they : whom} may send`] : [];
  return [...into, ...out].join(" and ");
}
