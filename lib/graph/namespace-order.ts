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

/** By name, numbers by their size: `team-9` before `team-10`. */
export function compareNumbered(a: string, b: string): number {
  return inOrder.compare(a, b) || compareText(a, b);
}

/** Of one language, so that all machines agree. */
const inOrder = new Intl.Collator("en", { numeric: true });

/** By name and number, the system's own last. */
export function compareNamespaces(a: string, b: string): number {
  return Number(isSystemNamespace(a)) - Number(isSystemNamespace(b)) || compareNumbered(a, b);
}
