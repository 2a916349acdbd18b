import type { ApiAnswer, Connection } from "./connection.ts";
import { notKubernetes } from "./connection-failure.ts";

export type ListResult<T> =
  | { readonly kind: "items"; readonly items: readonly T[] }
  | Exclude<ApiAnswer, { kind: "json" }>;

export interface ListOptions<T> {
  readonly pageSize: number;
  /** `fieldSelector=type%3DWarning`, without the `&`. */
  readonly query?: string | undefined;
  readonly signal: AbortSignal;
  /** Cuts an item down as soon as its page is parsed, so that only one page of whole objects is held at a time. */
  take(item: unknown): T;
  /** After each page: how many items there are so far. */
  onPage(count: number): void;
}

/**
 * Lists a collection page by page. A continue token lives about five minutes; where it has expired (410) the list is
 * begun again, once (kubernetes.io, API Concepts, "Retrieving large results sets in chunks").
 */
export async function listPages<T>(
  connection: Connection,
  path: string,
  options: ListOptions<T>,
): Promise<ListResult<T>> {
  const first = await listOnce(connection, path, options);
  if (first.kind !== "status" || first.status !== 410) return first;
  options.onPage(0);
  return listOnce(connection, path, options);
}

async function listOnce<T>(
  connection: Connection,
  path: string,
  options: ListOptions<T>,
): Promise<ListResult<T>> {
  const { pageSize, query, signal, take, onPage } = options;
  const items: T[] = [];
  let token = "";
  for (;;) {
    const parts = [
      `limit=${pageSize}`,
      ...(query === undefined ? [] : [query]),
      ...(token === "" ? [] : [`continue=${encodeURIComponent(token)}`]),
    ];
    const answer = await connection.get(`${path}?${parts.join("&")}`, signal);
    if (answer.kind !== "json") return answer;
    const page = pageOf(answer.json);
    if (page === undefined || (page.next !== "" && page.next === token)) {
      const why =
        page === undefined ? "was answered with JSON that is no list" : "gave the same page token again";
      return {
        kind: "broken",
        scope: "request",
        failure: notKubernetes(`GET ${path} ${why}.`, connection.place),
      };
    }
    for (const item of page.items) items.push(take(item));
    onPage(items.length);
    if (page.next === "") return { kind: "items", items };
    token = page.next;
  }
}

/** By hand rather than with zod, which would walk through and copy every object of the page. */
function pageOf(json: unknown): { readonly items: readonly unknown[]; readonly next: string } | undefined {
  if (typeof json !== "object" || json === null || !("items" in json)) return undefined;
  // Go writes an empty list as null.
  const items = json.items ?? [];
  if (!Array.isArray(items)) return undefined;
  const metadata = "metadata" in json ? json.metadata : undefined;
  const next =
    typeof metadata === "object" && metadata !== null && "continue" in metadata
      ? metadata.continue
      : undefined;
  return { items, next: typeof next === "string" ? next : "" };
}
