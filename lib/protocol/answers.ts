/** The answers of the HTTP API, each with the state of the cluster it is about. */
import { z } from "zod";
import { clusterStatusSchema } from "./cluster.ts";
import { cannotTellSchema, findingSchema, ignoredSchema, problemGroupSchema } from "./finding.ts";
import { graphViewSchema } from "./graph.ts";
import { objectPanelSchema, servicePanelSchema } from "./panel.ts";

export const graphAnswerSchema = z
  .object({
    cluster: clusterStatusSchema,
    view: graphViewSchema,
    noSuch: z.array(z.string()).describe("Namespaces that the query names and the cluster does not have"),
  })
  .meta({ id: "GraphAnswer" });

export const namespacesAnswerSchema = z
  .object({
    namespaces: z
      .array(z.object({ name: z.string(), broken: z.number().int(), partial: z.number().int() }))
      .describe("By name, with how many of their nodes on the map are so"),
  })
  .meta({ id: "NamespacesAnswer" });

export const serviceAnswerSchema = z
  .object({ kind: z.literal("service"), panel: servicePanelSchema, checkedAt: z.string() })
  .meta({ id: "ServiceAnswer" });

export const objectAnswerSchema = z
  .object({ kind: z.literal("object"), panel: objectPanelSchema, checkedAt: z.string() })
  .meta({ id: "ObjectAnswer" });

/** Where any kind may be asked for. */
export const panelAnswerSchema = z
  .discriminatedUnion("kind", [serviceAnswerSchema, objectAnswerSchema])
  .meta({ id: "PanelAnswer" });

const facetSchema = z.array(
  z.object({
    value: z.string(),
    title: z.string().optional(),
    count: z.number().int(),
  }),
);

export const findingsAnswerSchema = z
  .object({
    cluster: clusterStatusSchema,
    findings: z.array(findingSchema).describe("Those that the rest refers to, the most urgent first"),
    problems: z
      .array(problemGroupSchema)
      .describe("By cause: each finding stands in exactly one. Empty where the list is by anything else"),
    listed: z
      .array(
        z.object({
          group: z.string().describe("The namespace (`-`: none), kind or code under which it stands"),
          finding: z.number().int().describe("An index into the findings"),
          cause: z
            .object({ key: z.string(), code: z.string(), subject: z.string() })
            .optional()
            .describe("What explains it"),
        }),
      )
      .describe("Empty where the list is by cause"),
    total: z.number().int().describe("Problems, or findings, that match; `limit` may have cut the list"),
    counts: z
      .object({ error: z.number().int(), warning: z.number().int(), info: z.number().int() })
      .describe("Of what matches all filters but the one by severity"),
    facets: z
      .object({ namespaces: facetSchema, kinds: facetSchema, codes: facetSchema })
      .describe("How many match with each value"),
    ignored: z.array(ignoredSchema),
    cannotTell: z.array(cannotTellSchema),
    checkedAt: z.string(),
  })
  .meta({ id: "FindingsAnswer" });

export const searchAnswerSchema = z
  .object({
    query: z.string(),
    hits: z.array(
      z.object({
        id: z.string(),
        node: z.string().describe("The node on the map to fly to"),
        kind: z.string(),
        namespace: z.string().optional(),
        name: z.string(),
        why: z.string(),
        health: z.enum(["ok", "partial", "broken", "unknown", "idle"]),
      }),
    ),
    more: z.boolean(),
  })
  .meta({ id: "SearchAnswer" });

export const addedClusterSchema = z.object({ id: z.string(), name: z.string() }).meta({ id: "AddedCluster" });
export const healthSchema = z.object({ status: z.enum(["ok", "starting"]) }).meta({ id: "Health" });

export type GraphAnswer = z.infer<typeof graphAnswerSchema>;
export type NamespacesAnswer = z.infer<typeof namespacesAnswerSchema>;
export type ServiceAnswer = z.infer<typeof serviceAnswerSchema>;
export type ObjectAnswer = z.infer<typeof objectAnswerSchema>;
export type PanelAnswer = z.infer<typeof panelAnswerSchema>;
export type FindingsAnswer = z.infer<typeof findingsAnswerSchema>;
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;
export type AddedCluster = z.infer<typeof addedClusterSchema>;
