/**
 * Whether a listener's and a route's hostname have a name in common, as the Gateway API joins them: a wildcard stands
 * for one or more labels, so `*.example.com` covers `a.b.example.com`, and never `example.com` itself. Symmetric.
 */
export function hostnamesIntersect(a: string, b: string): boolean {
  const left = normalHostname(a);
  const right = normalHostname(b);
  return left === right || covers(left, right) || covers(right, left);
}

function covers(wildcard: string, name: string): boolean {
  return wildcard.startsWith("*.") && name.endsWith(wildcard.slice(1));
}

/** Hostnames are compared in lower case and without the final dot. */
export function normalHostname(hostname: string): string {
  return hostname.toLowerCase().replace(/\.$/, "");
}
