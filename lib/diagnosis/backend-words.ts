import type { BackendFact } from "#lib/engine/facts.ts";

/** Which requests a backend serves: `shop.example.com/cart`, `every host, /cart`. */
export function requestsOf({ host, match }: Pick<BackendFact, "host" | "match">): string {
  if (host === undefined) return match;
  return match.startsWith("/") ? `${host}${match}` : `${host} ${match}`;
}

/**
 * Whether an Ingress's controller answers the path itself and the Service named is only a key to an annotation: the
 * AWS load balancer controller has such a backend's port named `use-annotation`.
 */
export function answersByItself({ servicePort }: Pick<BackendFact, "servicePort">): boolean {
  return servicePort === "use-annotation";
}
