import { askClusters } from "../thread/ask-clusters.ts";
import { type Opened, readOpened } from "./opened.ts";
import type { PageName } from "./page-schemas.ts";

const paths: Readonly<Record<PageName, string>> = {
  "open-findings": "/findings",
  "open-map": "/",
  "open-matrix": "/matrix",
  "open-trace": "/trace",
};

/** What a page with these parameters shows first, to whoever sent these headers. */
export async function askPage<Name extends PageName>(
  name: Name,
  search: URLSearchParams,
  headers: Headers,
): Promise<Opened<Name>> {
  const response = await askClusters(name, new Request(`http://pages${paths[name]}?${search}`, { headers }));
  if (!response.ok) throw new Error(`${name} was answered with ${response.status}`);
  return readOpened(name, await response.json());
}
