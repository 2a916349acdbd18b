import { inSlices } from "../../in-slices.ts";
import type { ApiAnswer, Connection } from "./connection.ts";
import { notKubernetes } from "./connection-failure.ts";

export type ListResult =
  | {
      readonly kind: "read";
      /** The moment that the whole list tells of, from which a watch may go on; undefined where the server gave none. */
      readonly revision: string | undefined;
    }
  | Exclude<ApiAnswer, { kind: "json" }>;

export interface ListOptions {
  readonly pageSize: number;
  /** `fieldSelector=type%3DWarning`, without the `&`. */
  readonly query?: string | undefined;
  readonly signal: AbortSignal;
  /** A list begins; what came before is of no account. */
  onBegin(): void;
  /** Each item as soon as its page is parsed, to cut it down: only one page of whole objects is held at a time. */
  onItem(item: unknown): void;
  /** After each page: how many items there are so far, and how many are to come where the server says so. */
  onPage(count: number, remaining: number | undefined): void;
}

/** A page is parsed in one go, and nobody else is answered meanwhile: where objects are large it holds fewer of them. */
const wantedPageSize = 2_500_000;

/**
 * Lists a collection page by page. A continue token lives about five minutes; where it has expired (410) the list is
 * begun again, once (kubernetes.io, API Concepts, "Retrieving large results sets in chunks").
 */
export async function listPages(
  connection: Connection,
  path: string,
  options: ListOptions,
): Promise<ListResult> {
  const first = await listOnce(connection, path, options);
  if (first.kind !== "status" || first.status !== 410) return first;
  return listOnce(connection, path, options);
}

/** About how many items there are; undefined where the server does not say. */
export async function countItems(
  connection: Connection,
  path: string,
  { query, signal }: Pick<ListOptions, "query" | "signal">,
): Promise<number | undefined> {
  const rest = query === undefined ? "" : `&${query}`;
  const answer = await connection.get(`${path}?limit=1${rest}`, signal);
  const page = answer.kind === "json" ? pageOf(answer.json) : undefined;
  return page?.remaining === undefined ? undefined : page.items.length + page.remaining;
}

async function listOnce(connection: Connection, path: string, options: ListOptions): Promise<ListResult> {
  const { pageSize, query, signal, onBegin, onItem, onPage } = options;
  onBegin();
  let count = 0;
  let token = "";
  let limit = pageSize;
  for (;;) {
    const parts = [
      `limit=${limit}`,
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
    await inSlices(eachOf(page.items, onItem));
    count += page.items.length;
    onPage(count, page.remaining);
    if (page.next === "") return { kind: "read", revision: page.revision };
    token = page.next;
    const perItem = answer.size / Math.max(1, page.items.length);
    limit = Math.max(1, Math.min(pageSize, Math.floor(wantedPageSize / perItem)));
  }
}

function* eachOf(items: readonly unknown[], act: (item: unknown) => void): Generator<undefined> {
  for (const item of items) {
    act(item);
    yield;
  }
}

interface Page {
  readonly items: readonly unknown[];
  readonly next: string;
  readonly remaining: number | undefined;
  readonly revision: string | undefined;
}

/** By hand rather than with zod, which would walk through and copy every object of the page. */
function pageOf(json: unknown): Page | undefined {
  if (typeof json !== "object" || json === null || !("items" in json)) return undefined;
  // Go writes an empty list as null.
  const items = json.items ?? [];
  if (!Array.isArray(items)) return undefined;
  const given = "metadata" in json ? json.metadata : undefined;
  const metadata = typeof given === "object" && given !== null ? given : {};
  const next = "continue" in metadata && typeof metadata.continue === "string" ? metadata.continue : "";
  const remaining =
    "remainingItemCount" in metadata && typeof metadata.remainingItemCount === "number"
      ? metadata.remainingItemCount
      : undefined;
  const revision =
    "resourceVersion" in metadata &&
    typeof metadata.resourceVersion === "string" &&
    metadata.resourceVersion !== ""
      ? metadata.resourceVersion
      : undefined;
  return { items, next, remaining, revision };
}
