import { z } from "zod";
import type { ObjectId } from "#lib/model/ids.ts";

/** Ids come from the server that made them; they are only handed back to it. */
export const objectIdSchema = z.string() as unknown as z.ZodType<ObjectId, ObjectId>;

export const evidenceSchema = z.object({
  object: objectIdSchema,
  path: z.string().describe("Field path in the object"),
  value: z.string(),
});

export const findingSchema = z
  .object({
    code: z.string(),
    check: z.string(),
    severity: z.enum(["error", "warning", "info"]),
    subject: z.string(),
    part: z.string().optional(),
    message: z.string(),
    evidence: z.array(evidenceSchema),
    nearMiss: z.string().optional(),
    fix: z.object({
      text: z.string(),
      command: z.string().optional().describe("A kubectl command that applies the fix"),
      manifest: z.string().optional().describe("YAML to apply, where something is missing"),
    }),
    kubectl: z.string(),
    touches: z.array(z.string()),
  })
  .meta({ id: "Finding" });

export const cannotTellSchema = z.object({
  code: z.string(),
  check: z.string(),
  summary: z.string(),
  missing: z.array(z.object({ kind: z.string(), why: z.string() })),
  error: z.string().optional().describe("The check itself failed, which is a bug in it"),
});

export type FindingView = z.infer<typeof findingSchema>;
export type CannotTellView = z.infer<typeof cannotTellSchema>;
