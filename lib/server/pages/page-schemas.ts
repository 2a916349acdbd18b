import { z } from "zod";
import {
  type FindingsAnswer,
  findingsAnswerSchema,
  type GraphAnswer,
  graphAnswerSchema,
  type PanelAnswer,
  panelAnswerSchema,
} from "#lib/protocol/answers.ts";
import { type ClusterStatus, clusterStatusSchema } from "#lib/protocol/cluster.ts";
import { type Problem, problemSchema } from "#lib/protocol/problem.ts";
import { type TraceAnswer, traceAnswerSchema } from "#lib/protocol/trace.ts";

/** What each page shows first: the answers that it follows later. */
export interface Pages {
  readonly "open-findings": { readonly first: FindingsAnswer; readonly map: GraphAnswer };
  readonly "open-map": { readonly first: GraphAnswer; readonly panel?: PanelAnswer | undefined };
  readonly "open-matrix": { readonly status: ClusterStatus };
  readonly "open-trace": {
    readonly base: GraphAnswer;
    readonly first?: TraceAnswer | undefined;
    readonly problem?: Problem | undefined;
  };
}

export type PageName = keyof Pages;

export const pageSchemas: { readonly [Name in PageName]: z.ZodType<Pages[Name]> } = {
  "open-findings": z.object({ first: findingsAnswerSchema, map: graphAnswerSchema }),
  "open-map": z.object({ first: graphAnswerSchema, panel: panelAnswerSchema.optional() }),
  "open-matrix": z.object({ status: clusterStatusSchema }),
  "open-trace": z.object({
    base: graphAnswerSchema,
    first: traceAnswerSchema.optional(),
    problem: problemSchema.optional(),
  }),
};
