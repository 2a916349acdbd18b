import { z } from "zod";
import type { GraphView } from "#lib/model/graph.ts";
import { evidenceSchema, objectIdSchema } from "./finding.ts";

const healthSchema = z.enum(["ok", "partial", "broken", "unknown", "idle"]);
const healthCountsSchema = z.record(healthSchema, z.number().int());
const boxSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

export const nodeKindSchema = z.enum([
  "internet",
  "gateway",
  "ingress",
  "http-route",
  "grpc-route",
  "tls-route",
  "tcp-route",
  "udp-route",
  "service",
  "deployment",
  "replica-set",
  "stateful-set",
  "daemon-set",
  "job",
  "cron-job",
  "pod",
  "external-address",
  "folded",
]);

const nodeSchema = z.object({
  id: z.string(),
  kind: nodeKindSchema,
  lane: z.enum(["internet", "entry", "route", "service", "workload", "pod", "outside"]),
  namespace: z.string().optional(),
  name: z.string(),
  line: z.string(),
  health: healthSchema,
  object: objectIdSchema.optional(),
  missing: z.literal(true).optional(),
  isolated: z.array(z.enum(["ingress", "egress"])),
  pods: z.object({ ready: z.number().int(), total: z.number().int() }).optional(),
  findings: z.object({ error: z.number().int(), warning: z.number().int(), info: z.number().int() }),
  box: boxSchema,
  folds: z.object({ count: z.number().int(), health: healthCountsSchema }).optional(),
  family: z
    .object({
      namespaces: z.array(z.object({ name: z.string(), health: healthSchema })),
      folded: z.number().int().describe("How many of them the row stands for"),
      workloads: z.number().int(),
      pods: z.number().int(),
    })
    .optional()
    .describe("For a row of namespaces"),
});

const edgeSchema = z.object({
  id: z.string(),
  kind: z.enum([
    "internet-reaches-gateway",
    "internet-reaches-ingress",
    "internet-reaches-service",
    "gateway-admits-route",
    "ingress-routes-to-service",
    "route-routes-to-service",
    "service-selects-workload",
    "service-selects-pod",
    "workload-runs-pod",
    "service-points-outside",
    "folded",
  ]),
  source: z.string(),
  target: z.string(),
  health: healthSchema,
  because: evidenceSchema,
  note: z.string(),
  count: z.number().int(),
  curve: z.array(z.number()).length(8).describe("Cubic curve as x, y pairs: start, two controls, end"),
});

export const graphViewSchema = z
  .object({
    nodes: z.array(nodeSchema),
    edges: z.array(edgeSchema),
    islands: z.array(
      z.object({
        namespace: z.string(),
        box: boxSchema,
        state: z.enum(["tile", "open"]),
        workloads: z.number().int(),
        pods: z.number().int(),
        services: z.number().int(),
        line: z.string(),
        health: healthCountsSchema,
        folded: z.number().int(),
      }),
    ),
    lanes: z.array(z.object({ title: z.string(), x: z.number(), width: z.number() })),
    size: z.object({ width: z.number(), height: z.number() }),
    totals: z.object({
      nodes: z.number().int(),
      edges: z.number().int(),
      health: healthCountsSchema,
      foldedNodes: z.number().int(),
      filteredNodes: z.number().int(),
      filteredNamespaces: z.number().int(),
    }),
  })
  .meta({ id: "GraphView" });

export type GraphViewWire = z.infer<typeof graphViewSchema>;

/** Compiles only while the model's view and the wire are of one shape. */
export function graphViewToWire(view: GraphView): Readonly<GraphViewWire> {
  return view as GraphViewWire;
}
