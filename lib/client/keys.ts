/** Addresses of the HTTP API, one place for the browser and for links to it. */
import { parseObjectId } from "#lib/model/ids.ts";
import { type FindingsLink, findingsQueryOf } from "#lib/protocol/findings-link.ts";
import { graphQueryOf, type LinkState, linkTo } from "#lib/protocol/link.ts";
import { type TraceLink, traceQueryOf } from "#lib/protocol/trace-link.ts";

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

export function namespacesKey(cluster: string): string {
  return `${base(cluster)}/namespaces`;
}

/**
 * The panel of an object, by its id in any spelling: Services have an address of their own. What is no id gets an
 * address too, whose answer says so.
 */
export function panelKey(cluster: string, id: string): string {
  const ref = parseObjectId(id);
  if (ref === undefined) {
    const [word = "", namespace = "", ...rest] = id.split("/");
    return objectKey(cluster, word, namespace, rest.join("/"));
  }
  const { kind, namespace, name } = ref;
  return kind === "service" && namespace !== undefined
    ? `${base(cluster)}/services/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`
    : objectKey(cluster, kind, namespace ?? "", name);
}

/** A cluster-scoped object has no namespace; `-` keeps the address's shape. */
function objectKey(cluster: string, kind: string, namespace: string, name: string): string {
  const parts = [kind, namespace, name].map((part) => encodeURIComponent(part === "" ? "-" : part));
  return `${base(cluster)}/objects/${parts.join("/")}`;
}

/** A trace with the map that it lights. */
export function traceKey(cluster: string, question: Partial<TraceLink>): string {
  return `${base(cluster)}/trace?${traceQueryOf(question)}&map=1`;
}

/** Who may reach an end (`to`), or what it may reach (`from`). */
export function reachKey(cluster: string, direction: "to" | "from", end: string): string {
  return `${base(cluster)}/reachability?${new URLSearchParams({ [direction]: end })}`;
}

/** The matrix, or a page of it, as JSON or as CSV. */
export function matrixKey(cluster: string, query: Readonly<Record<string, string>>): string {
  return `${base(cluster)}/reachability?${new URLSearchParams(query)}`;
}

export function findingsKey(cluster: string, link: FindingsLink): string {
  const query = new URLSearchParams(findingsQueryOf(link));
  // Without a limit the API gives everything.
  query.set("limit", String(link.limit));
  return `${base(cluster)}/findings?${query}`;
}

/** `kinds`: only these, where some are given. */
export function searchKey(cluster: string, query: string, kinds: readonly string[] = []): string {
  const only = kinds.length === 0 ? "" : `&kind=${kinds.join(",")}`;
  return `${base(cluster)}/search?q=${encodeURIComponent(query)}${only}`;
}
