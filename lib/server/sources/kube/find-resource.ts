import { type Kind, kinds } from "#lib/model/kinds.ts";
import type { Unread } from "#lib/model/snapshot.ts";
import type { Discovery } from "./discovery.ts";
import { type Resource, resourcesOf } from "./resources.ts";

/** The ways in which a server may serve a kind, best first, but for those that it says it does not. */
export async function* servedResources(
  kind: Kind,
  discovery: Discovery,
  signal: AbortSignal,
): AsyncGenerator<Resource> {
  for (const resource of resourcesOf(kind))
    if ((await discovery.serves(resource, signal)) !== "no") yield resource;
}

/** Why a kind that is served in none of the ways that are known here is not read. */
export async function whyNotServed(kind: Kind, discovery: Discovery, signal: AbortSignal): Promise<Unread> {
  const { api, group } = kinds[kind];
  const where = group === "" ? "" : ` (${group})`;
  const known = resourcesOf(kind);
  const [own] = known;
  const others =
    own === undefined || group === ""
      ? []
      : await discovery.otherVersions(
          own,
          known.map(({ version }) => version),
          signal,
        );
  // There may be objects of it, in a shape that is not known here.
  if (others.length > 0) {
    const message = `The API server serves ${api}${where} as ${others.join(", ")} only, which Throughline does not read.`;
    return { reason: "failed", message };
  }
  return { reason: "not-served", message: `The API server does not serve ${api}${where}.` };
}
