import { z } from "zod";

export const incidentSchema = z
  .object({
    step: z.number().int().describe("0: the cluster as it was; else the steps up to this one have happened"),
    playing: z.boolean(),
    steps: z.array(
      z.object({
        title: z.string(),
        says: z.string(),
        look: z.string().describe("A link to what it changes"),
      }),
    ),
  })
  .meta({ id: "Incident" });

/** Sent as JSON: what the incident should do. */
export const incidentActionSchema = z.discriminatedUnion("do", [
  z.object({ do: z.literal("play") }),
  z.object({ do: z.literal("pause") }),
  z.object({ do: z.literal("show"), step: z.number().int().min(0) }),
]);

export type IncidentView = z.infer<typeof incidentSchema>;
export type IncidentAction = z.infer<typeof incidentActionSchema>;
