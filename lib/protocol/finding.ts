import { z } from "zod";
import type { ObjectId } from "#lib/model/ids.ts";

/** Ids come from the server that made them; they are only handed back to it. */
export const objectIdSchema = z.string() as unknown as z.ZodType<ObjectId, ObjectId>;

export const evidenceSchema = z.object({
  object: objectIdSchema,
  path: z.string().describe("Field path in the object"),
  value: z.string(),
});

const patchLineSchema = z.object({ sign: z.enum([" ", "+", "-"]), text: z.string() });

export const fixSchema = z.object({
  text: z.string(),
  command: z.string().optional().describe("A kubectl command that applies the fix"),
  patch: z
    .object({
      object: objectIdSchema,
      type: z.enum(["merge", "json"]).describe("A JSON merge patch (RFC 7386) or a JSON patch (RFC 6902)"),
      body: z.string().describe("JSON"),
      lines: z.array(patchLineSchema).describe("The same to read, as YAML"),
    })
    .optional()
    .describe("What the command applies"),
  manifest: z.string().optional().describe("YAML to apply, where something is missing"),
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
    fix: fixSchema,
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

export type FixView = z.infer<typeof fixSchema>;
export type PatchLineView = z.infer<typeof patchLineSchema>;
export type FindingView = z.infer<typeof findingSchema>;
export type CannotTellView = z.infer<typeof cannotTellSchema>;
