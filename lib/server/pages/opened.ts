import { z } from "zod";
import { clusterSchema, failureSchema } from "#lib/protocol/cluster.ts";
import { type PageName, type Pages, pageSchemas } from "./page-schemas.ts";

const clusters = z.array(clusterSchema);

const schema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("open"), clusters, page: z.unknown() }),
  // What there is to show in place of a page: there is no such cluster, it is being read, or could not be.
  z.object({ kind: z.literal("unknown"), id: z.string(), clusters }),
  z.object({ kind: z.literal("syncing"), cluster: clusterSchema }),
  z.object({
    kind: z.literal("failed"),
    id: z.string(),
    name: z.string(),
    failure: failureSchema,
    others: clusters,
  }),
]);

type Any = z.infer<typeof schema>;
export type InPlace = Exclude<Any, { readonly kind: "open" }>;
export type Opened<Name extends PageName> =
  | (Extract<Any, { readonly kind: "open" }> & { readonly page: Pages[Name] })
  | InPlace;

/** What was opened, as it comes from the clusters' thread. */
export function readOpened<Name extends PageName>(name: Name, json: unknown): Opened<Name> {
  const opened = schema.parse(json);
  return opened.kind === "open" ? { ...opened, page: pageSchemas[name].parse(opened.page) } : opened;
}
