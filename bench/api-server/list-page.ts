import type { Matches } from "./selectors.ts";
import { apiVersionOf, type ServedResource } from "./served.ts";
import type { Table } from "./table.ts";

export interface PageQuery {
  readonly resource: ServedResource;
  readonly namespace: string | undefined;
  readonly matches: Matches | undefined;
  readonly revision: number;
  /** The key after which it goes on. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** Where a list goes on, at the revision at which it began. */
export interface ContinueToken {
  readonly revision: number;
  readonly after: string;
}

const comma = Buffer.from(",");

/** A page as it goes over the wire, put together from texts: nothing is parsed but for selectors. */
export function listPage(table: Table, query: PageQuery): Buffer {
  const { resource, namespace, matches, revision, after, limit } = query;
  const apiVersion = apiVersionOf(resource);
  const typed = Buffer.from(`{"apiVersion":"${apiVersion}","kind":"${resource.kind}",`);
  const items: Buffer[] = [];
  let last = "";
  let more = false;
  for (const { key, text } of table.rows(revision, after)) {
    if (namespace !== undefined && !key.startsWith(`${namespace}/`)) continue;
    if (matches !== undefined && !matches(JSON.parse(text.toString()))) continue;
    if (items.length === limit) {
      more = true;
      break;
    }
    items.push(resource.custom ? Buffer.concat([typed, text.subarray(1)]) : text);
    last = key;
  }
  // With a selector, a real server does not say how many there are left either.
  const remaining = matches === undefined ? `,"remainingItemCount":${table.countAfter(last)}` : "";
  const next = more ? `,"continue":"${tokenFor({ revision, after: last })}"${remaining}` : "";
  const head = `{"kind":"${resource.kind}List","apiVersion":"${apiVersion}","metadata":{"resourceVersion":"${revision}"${next}},"items":[`;
  const body = items.flatMap((item, at) => (at === 0 ? [item] : [comma, item]));
  return Buffer.concat([Buffer.from(head), ...body, Buffer.from("]}\n")]);
}

function tokenFor(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

export function tokenOf(token: string | null): ContinueToken | undefined {
  if (token === null || token === "") return undefined;
  const parsed: ContinueToken = JSON.parse(Buffer.from(token, "base64url").toString());
  return parsed;
}
