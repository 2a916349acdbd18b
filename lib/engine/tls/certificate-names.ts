import type { X509 } from "#lib/model/objects.ts";
import { normalHostname } from "../hostname.ts";

/** `partly`: of a wildcard host some names are covered, and others are not. */
export type Coverage = "covered" | "partly" | "none";

/**
 * Whether a certificate's names are good for a host. Clients let a wildcard stand for exactly one whole label, the
 * leftmost, and read no common name (RFC 9525, sections 6.3 and 2). `host` may be a wildcard itself.
 */
export function coverageOf({ dnsNames }: Pick<X509, "dnsNames">, host: string): Coverage {
  const wanted = normalHostname(host);
  const names = dnsNames.map(normalHostname);
  if (names.includes(wanted)) return "covered";
  if (wanted.startsWith("*.")) {
    const below = wanted.slice(1);
    return names.some((name) => name.endsWith(below)) ? "partly" : "none";
  }
  const [first = "", ...rest] = wanted.split(".");
  return first !== "" && rest.length > 0 && names.includes(["*", ...rest].join(".")) ? "covered" : "none";
}
