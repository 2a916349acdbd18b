import { normalHostname } from "../hostname.ts";

/** How closely the hostname of a listener, route or Ingress rule fits a host. */
export interface HostFit {
  /** `any`: it has no hostname, so it takes every host. */
  readonly kind: "exact" | "wildcard" | "any";
  readonly characters: number;
}

/**
 * How many labels the `*` of a hostname stands for: exactly one in an Ingress (networking.k8s.io/v1, IngressRule:
 * "matches only a single label"), one or more in the Gateway API (Listener: "any number of characters and dots").
 */
export type Wildcard = "one-label" | "labels";

/** Undefined: it does not cover the host. `host`: lower case, without a final dot. */
export function hostFit(hostname: string | undefined, host: string, wildcard: Wildcard): HostFit | undefined {
  if (hostname === undefined || hostname === "") return { kind: "any", characters: 0 };
  const name = normalHostname(hostname);
  if (name === host) return { kind: "exact", characters: name.length };
  if (!name.startsWith("*.") || !host.endsWith(name.slice(1))) return undefined;
  const covered = host.slice(0, host.length - name.length + 1);
  if (covered === "" || (wildcard === "one-label" && covered.includes("."))) return undefined;
  return { kind: "wildcard", characters: name.length };
}

const ranks = { exact: 0, wildcard: 1, any: 2 } as const;

/**
 * The closer fit first: an exact hostname before a wildcard before none, and the longer wildcard before the shorter.
 * Wildcards that cover one host are suffixes of each other, so "more dots" (Listener) and "more characters"
 * (HTTPRoute.spec.hostnames) say the same.
 */
export function compareHostFits(a: HostFit, b: HostFit): number {
  return ranks[a.kind] - ranks[b.kind] || b.characters - a.characters;
}
