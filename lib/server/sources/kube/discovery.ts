import { z } from "zod";
import type { Connection } from "./connection.ts";
import { groupVersionPath, type Resource } from "./resources.ts";

/**
 * `unknown` where discovery itself is forbidden or fails: the resource is then simply tried. Trying alone would not
 * do, since authorization comes before routing: to a user without rights, what is not served looks forbidden.
 */
export type Served = "yes" | "no" | "unknown";

export interface Discovery {
  serves(resource: Resource, signal: AbortSignal): Promise<Served>;
  /** Versions besides these in which a group serves a resource; empty where it does not, or where that is not known. */
  otherVersions(
    resource: Resource,
    known: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]>;
}

const groupsShape = z.object({
  groups: z.array(z.object({ name: z.string(), versions: z.array(z.object({ version: z.string() })) })),
});
const resourcesShape = z.object({
  resources: z.array(z.object({ name: z.string(), verbs: z.array(z.string()).nullish() })),
});

/** Asks `/apis` once and each group's version once, when first needed. */
export function discover(connection: Connection): Discovery {
  let groups: Promise<ReadonlySet<string> | undefined> | undefined;
  const lists = new Map<string, Promise<ReadonlySet<string> | "not-served" | undefined>>();

  /** `group/version` of all that is served, but for the core group. */
  async function groupVersions(signal: AbortSignal): Promise<ReadonlySet<string> | undefined> {
    const answer = await connection.get("/apis", signal);
    if (answer.kind !== "json") return undefined;
    const parsed = groupsShape.safeParse(answer.json);
    if (!parsed.success) return undefined;
    return new Set(
      parsed.data.groups.flatMap((group) => group.versions.map((v) => `${group.name}/${v.version}`)),
    );
  }

  async function listable(
    path: string,
    signal: AbortSignal,
  ): Promise<ReadonlySet<string> | "not-served" | undefined> {
    const answer = await connection.get(path, signal);
    if (answer.kind === "status" && answer.status === 404) return "not-served";
    const parsed = answer.kind === "json" ? resourcesShape.safeParse(answer.json) : undefined;
    if (parsed?.success !== true) return undefined;
    return new Set(parsed.data.resources.filter((r) => r.verbs?.includes("list") ?? true).map((r) => r.name));
  }

  return {
    async otherVersions({ group, resource }, known, signal) {
      groups ??= groupVersions(signal);
      const served = [...((await groups) ?? [])].filter((each) => each.startsWith(`${group}/`));
      const others = served
        .map((each) => each.slice(group.length + 1))
        .filter((version) => !known.includes(version));
      const found: string[] = [];
      for (const version of others) {
        const path = groupVersionPath(group, version);
        const list = lists.get(path) ?? listable(path, signal);
        lists.set(path, list);
        const names = await list;
        if (names !== undefined && names !== "not-served" && names.has(resource)) found.push(version);
      }
      return found;
    },
    async serves({ group, version, resource }, signal) {
      if (group !== "") {
        groups ??= groupVersions(signal);
        const known = await groups;
        if (known !== undefined && !known.has(`${group}/${version}`)) return "no";
      }
      const path = groupVersionPath(group, version);
      const list = lists.get(path) ?? listable(path, signal);
      lists.set(path, list);
      const names = await list;
      if (names === undefined) return "unknown";
      return names !== "not-served" && names.has(resource) ? "yes" : "no";
    },
  };
}
