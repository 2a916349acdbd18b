/** The answers of the HTTP API, each with the state of the cluster it is about. */
import { z } from "zod";
import { clusterStatusSchema } from "./cluster.ts";
import { cannotTellSchema, findingSchema, ignoredSchema, problemGroupSchema } from "./finding.ts";
import { graphViewSchema } from "./graph.ts";
import { objectPanelSchema, servicePanelSchema } from "./panel.ts";

export const graphAnswerSchema = z
  .object({ cluster: clusterStatusSchema, view: graphViewSchema })
  .meta({ id: "GraphAnswer" });

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

export const findingsAnswerSchema = z
  .object({
    findings: z.array(findingSchema).describe("The most urgent first"),
    problems: z.array(problemGroupSchema).describe("The same by cause; each finding stands in exactly one"),
    ignored: z.array(ignoredSchema),
    cannotTell: z.array(cannotTellSchema),
    counts: z
      .object({ error: z.number().int(), warning: z.number().int(), info: z.number().int() })
      .describe("Of the problems"),
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
export type ServiceAnswer = z.infer<typeof serviceAnswerSchema>;
export type ObjectAnswer = z.infer<typeof objectAnswerSchema>;
export type PanelAnswer = z.infer<typeof panelAnswerSchema>;
export type FindingsAnswer = z.infer<typeof findingsAnswerSchema>;
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;
export type AddedCluster = z.infer<typeof addedClusterSchema>;
