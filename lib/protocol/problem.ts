import { z } from "zod";

/** RFC 9457 problem document; `remedy` and `nearest` are extension members. */
export const problemSchema = z
  .object({
    type: z.string().describe("Stable name of the problem, a path under /problems/"),
    title: z.string().describe("What happened, one sentence"),
    status: z.number().int(),
    detail: z.string().describe("What and where"),
    instance: z.string().optional(),
    remedy: z.string().optional().describe("What to do next"),
    field: z
      .string()
      .optional()
      .describe("The part of a question that it is about: from, to, port, protocol"),
    nearest: z.array(z.string()).optional().describe("Existing names nearest to one that was not found"),
    referredBy: z.array(z.string()).optional().describe("Objects that name what was not found"),
  })
  .meta({ id: "Problem" });

export type Problem = z.infer<typeof problemSchema>;
