import { compareText } from "./compare-text.ts";

/** Namespaces that belong to the cluster or its distribution and not to its users. */
function isSystemNamespace(namespace: string): boolean {
  return (
    namespace.startsWith("kube-") ||
    namespace.startsWith("openshift") ||
    namespace.endsWith("-system") ||
    namespace === "tigera-operator" ||
    namespace === "calico-apiserver" ||
    namespace === "local-path-storage"
  );
}

/** By name, the system's own last. */
export function compareNamespaces(a: string, b: string): number {
  return Number(isSystemNamespace(a)) - Number(isSystemNamespace(b)) || compareText(a, b);
}
