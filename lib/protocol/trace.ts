/** Traces, who may reach whom, and the matrix, as they travel. */
import { z } from "zod";
import type { Fix } from "#lib/model/finding.ts";
import type { PathOverlay } from "#lib/model/path-overlay.ts";
import type { Reach } from "#lib/model/reach.ts";
import type { Trace } from "#lib/model/trace.ts";
import { clusterStatusSchema } from "./cluster.ts";
import { evidenceSchema, type FixView, fixSchema, objectIdSchema } from "./finding.ts";
import { graphViewSchema } from "./graph.ts";

const protocolSchema = z.enum(["TCP", "UDP", "SCTP"]);

const doubtSchema = z.object({
  code: z.string().describe("What kind of doubt: policies-unread, ip-block-on-pods, host-network …"),
  sentence: z.string(),
  objects: z.array(objectIdSchema),
});

const clauseSchema = z.object({
  policy: objectIdSchema,
  direction: z.enum(["ingress", "egress"]),
  rule: z.number().int().optional().describe("Index of the rule; absent: it isolates, and no rule matches"),
  peer: z.number().int().optional(),
  port: z.number().int().optional(),
});

const endSchema = z.object({
  text: z.string().describe("As a link writes it"),
  words: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  object: objectIdSchema.optional(),
});

const packetSchema = z.object({ source: z.string(), destination: z.string(), protocol: protocolSchema });

const enforcementSchema = z.object({
  state: z.enum(["enforced", "partly", "none-found", "unknown"]),
  sentence: z.string(),
  evidence: z.array(evidenceSchema),
});

const hopSchema = z
  .object({
    kind: z.enum([
      "source",
      "dns",
      "route",
      "service",
      "endpoints",
      "egress-policy",
      "ingress-policy",
      "destination",
    ]),
    outcome: z.enum(["pass", "partial", "block", "unknown", "skipped"]),
    title: z.string(),
    sentence: z.string(),
    reason: z.string().optional(),
    leg: z.enum(["entry", "backend"]).optional(),
    subject: objectIdSchema.optional(),
    before: packetSchema.optional(),
    after: packetSchema.optional(),
    evidence: z.array(evidenceSchema),
    clauses: z.array(clauseSchema),
    nearMiss: z.string().optional(),
    fix: fixSchema.optional(),
    kubectl: z.string().optional(),
    remarks: z.array(z.string()),
    doubts: z.array(doubtSchema),
    sides: z.array(
      z.object({ who: z.string(), outcome: z.enum(["pass", "block", "unknown"]), sentence: z.string() }),
    ),
    nodes: z.array(z.string()),
  })
  .meta({ id: "Hop" });

export const traceSchema = z
  .object({
    from: endSchema,
    to: endSchema,
    port: z.number().int().optional(),
    portName: z.string().optional(),
    protocol: protocolSchema,
    verdict: z.enum(["reachable", "blocked", "depends", "unknown"]),
    sentence: z.string(),
    blockers: z.array(z.string()),
    enforcement: enforcementSchema,
    hops: z.array(hopSchema),
    sides: z.array(
      z.object({ who: z.string(), verdict: z.enum(["reachable", "blocked", "unknown"]), why: z.string() }),
    ),
    remarks: z.array(z.string()),
    doubts: z.array(doubtSchema),
    path: z.array(z.string()),
  })
  .meta({ id: "Trace" });

const overlaySchema = z.object({
  nodes: z.array(z.string()),
  segments: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      curve: z.array(z.number()).length(8),
      outcome: z.enum(["pass", "partial", "block", "unknown", "skipped"]),
      mark: z.enum(["shield", "barred-shield", "break", "question"]).optional(),
      hop: z.number().int().optional().describe("The hop that its mark stands for"),
    }),
  ),
});

export const traceAnswerSchema = z
  .object({
    cluster: clusterStatusSchema,
    trace: traceSchema,
    map: z.object({ view: graphViewSchema, path: overlaySchema }).optional().describe("With map=1"),
    checkedAt: z.string(),
  })
  .meta({ id: "TraceAnswer" });

const reachVerdictSchema = z.enum(["blocked", "reachable", "some-ports", "depends", "unknown"]);

const reachGroupSchema = z.object({
  verdict: reachVerdictSchema,
  why: z.string(),
  ports: z.string().optional(),
  policies: z.array(objectIdSchema),
  ends: z.array(z.object({ text: z.string(), name: z.string(), object: objectIdSchema.optional() })),
  count: z.number().int(),
});

export const reachSchema = z
  .object({
    direction: z.enum(["to", "from"]),
    end: endSchema,
    sentence: z.string(),
    namespaces: z.array(
      z.object({
        namespace: z.string(),
        may: z.number().int(),
        total: z.number().int(),
        groups: z.array(reachGroupSchema),
      }),
    ),
    outside: z.array(reachGroupSchema),
    notes: z.array(z.string()),
    enforcement: enforcementSchema,
  })
  .meta({ id: "Reach" });

export const reachAnswerSchema = z
  .object({ reach: reachSchema, checkedAt: z.string() })
  .meta({ id: "ReachAnswer" });

const matrixEndSchema = z.object({
  text: z.string().describe("As a trace takes it"),
  namespace: z.string(),
  name: z.string(),
  kind: z.string(),
  protocol: protocolSchema,
});

export const matrixAnswerSchema = z
  .object({
    rows: z.array(matrixEndSchema),
    columns: z.array(matrixEndSchema),
    cells: z
      .array(z.string())
      .describe(
        "A row each, a letter a column: r reachable, s on some ports, d depends, u unknown, b blocked",
      ),
    total: z.object({ rows: z.number().int(), columns: z.number().int() }),
    offset: z.object({ row: z.number().int(), column: z.number().int() }),
    enforcement: enforcementSchema,
    checkedAt: z.string(),
  })
  .meta({ id: "MatrixAnswer" });

export const namespaceMatrixAnswerSchema = z
  .object({
    namespaces: z.array(z.object({ name: z.string(), workloads: z.number().int() })),
    cells: z
      .array(z.array(z.tuple([z.number().int(), z.number().int(), z.number().int()])))
      .describe("Of each pair of namespaces: pairs of workloads, of these may reach, of these unknown"),
    enforcement: enforcementSchema,
    checkedAt: z.string(),
  })
  .meta({ id: "NamespaceMatrixAnswer" });

export type TraceView = z.infer<typeof traceSchema>;
export type HopView = z.infer<typeof hopSchema>;
export type TraceAnswer = z.infer<typeof traceAnswerSchema>;
export type PathOverlayView = z.infer<typeof overlaySchema>;
export type ReachView = z.infer<typeof reachSchema>;
export type ReachAnswer = z.infer<typeof reachAnswerSchema>;
export type MatrixAnswer = z.infer<typeof matrixAnswerSchema>;
export type NamespaceMatrixAnswer = z.infer<typeof namespaceMatrixAnswerSchema>;

/** Compiles only while the model and the wire are of one shape; and so do the two below. */
export function traceToWire(trace: Trace, fixOf: (fix: Fix) => FixView): Readonly<TraceView> {
  const { hops, ...rest } = trace;
  const told = hops.map(({ fix, ...hop }) => ({
    ...(hop as Omit<HopView, "fix">),
    fix: fix === undefined ? undefined : fixOf(fix),
  }));
  return { ...(rest as Omit<TraceView, "hops">), hops: told };
}

export function overlayToWire(overlay: PathOverlay): Readonly<PathOverlayView> {
  return overlay as PathOverlayView;
}

export function reachToWire(reach: Reach): Readonly<ReachView> {
  return reach as ReachView;
}
