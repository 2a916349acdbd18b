import { z } from "zod";
import type { ObjectId } from "#lib/model/ids.ts";

/** Ids come from the server that made them; they are only handed back to it. */
export const objectIdSchema = z.string() as unknown as z.ZodType<ObjectId, ObjectId>;

export const evidenceSchema = z.object({
  object: objectIdSchema,
  path: z.string().describe("Field path in the object"),
  value: z.string(),
});

const severitySchema = z.enum(["error", "warning", "info"]);

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
    key: z.string().describe("Names it in links: its code, subject and part"),
    code: z.string(),
    check: z.string(),
    severity: severitySchema,
    subject: z.string(),
    part: z.string().optional(),
    message: z.string(),
    evidence: z.array(evidenceSchema),
    nearMiss: z.string().optional(),
    fix: fixSchema,
    kubectl: z.string(),
    ignore: z.string().describe("A kubectl command that sets it aside, with the annotation on its subject"),
    touches: z.array(z.string()),
  })
  .meta({ id: "Finding" });

export const problemGroupSchema = z
  .object({
    root: z.number().int().describe("What explains the others: an index into the findings"),
    consequences: z
      .array(
        z.object({
          finding: z.number().int().describe("An index into the findings"),
          depth: z
            .number()
            .int()
            .describe("1 follows from the root, 2 from the nearest 1 before it, and so on"),
        }),
      )
      .describe("Each after what it follows from"),
    severity: severitySchema.describe("The most severe of all its findings"),
    affects: z
      .object({
        services: z.array(objectIdSchema),
        entries: z.array(objectIdSchema).describe("Ingresses and routes"),
        hosts: z.array(z.string()).describe("Host names; * is every host"),
      })
      .describe("What hangs on it, itself included"),
    ignoredCause: findingSchema.optional().describe("What would explain the root, but is ignored"),
  })
  .meta({ id: "ProblemGroup" });

export const ignoredSchema = z
  .object({
    finding: findingSchema,
    by: z.discriminatedUnion("kind", [
      z.object({
        kind: z.literal("annotation"),
        object: objectIdSchema.describe("The finding's object, or its namespace"),
      }),
      z.object({
        kind: z.literal("file"),
        file: z.string(),
        line: z.number().int().describe("Counts from 1"),
        until: z.string().optional().describe("The rule's last day: 2026-12-31"),
      }),
    ]),
    reason: z.string().optional(),
  })
  .meta({ id: "IgnoredFinding" });

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
export type ProblemGroupView = z.infer<typeof problemGroupSchema>;
export type IgnoredView = z.infer<typeof ignoredSchema>;
export type CannotTellView = z.infer<typeof cannotTellSchema>;

/** What a map lights for a finding: its subject and what it touches; so many that a map can show them. */
export function litBy({ subject, touches }: Pick<FindingView, "subject" | "touches">): readonly string[] {
  return [...new Set([subject, ...touches])].slice(0, mostLit);
}

const mostLit = 40;
