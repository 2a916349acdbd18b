/** Addresses of the HTTP API, one place for the browser and for links to it. */
import { graphQueryOf, type LinkState, linkTo } from "#lib/protocol/link.ts";

const base = (cluster: string) => `/api/v1/clusters/${encodeURIComponent(cluster)}`;

export const clustersKey = "/api/v1/clusters";

export function graphKey(
  cluster: string,
  link: LinkState,
  format?: "svg" | "mermaid" | "json",
  theme?: "light" | "dark",
): string {
  const address = linkTo(`${base(cluster)}/graph`, graphQueryOf(link));
  const extra = new URLSearchParams();
  if (format !== undefined) extra.set("format", format);
  if (theme !== undefined) extra.set("theme", theme);
  if (extra.size === 0) return address;
  return `${address}${address.includes("?") ? "&" : "?"}${extra}`;
}

/** The panel of an object, by its id: Services have an address of their own. */
export function panelKey(cluster: string, id: string): string {
  const [kind, ...rest] = id.split("/").map(encodeURIComponent);
  if (kind === "service") return `${base(cluster)}/services/${rest.join("/")}`;
  // A cluster-scoped object has no namespace; `-` keeps the address's shape.
  return `${base(cluster)}/objects/${kind}/${rest.length === 1 ? `-/${rest[0]}` : rest.join("/")}`;
}

export function findingsKey(cluster: string): string {
  return `${base(cluster)}/findings`;
}

export function searchKey(cluster: string, query: string): string {
  return `${base(cluster)}/search?q=${encodeURIComponent(query)}`;
}
