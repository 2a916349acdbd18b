import { z } from "zod";
import { evidenceSchema, findingSchema } from "./finding.ts";

const healthSchema = z.enum(["ok", "partial", "broken", "unknown", "idle"]);

/** A link to another object, with a word on how it relates. */
const relatedSchema = z.object({
  id: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  relation: z.string().describe("routes to it, selects it, runs, isolates its ingress"),
  health: healthSchema.optional(),
  note: z.string().optional(),
});

const factSchema = z.object({
  label: z.string(),
  value: z.string(),
  mono: z.boolean().optional(),
  tone: z.enum(["ok", "partial", "broken", "unknown"]).optional(),
});

const traceQuestionSchema = z.object({
  words: z.string().describe("Trace to here"),
  from: z.string().optional().describe("As a trace's link has it; absent: for the reader to choose"),
  to: z.string().optional(),
});

const headSchema = z.object({
  id: z.string(),
  kind: z.string().describe("As the API spells it"),
  namespace: z.string().optional(),
  name: z.string(),
  health: healthSchema,
  sentence: z.string(),
  createdAt: z.string().optional(),
  origin: z.string().optional().describe("File and line, for objects read from files"),
  questions: z.array(traceQuestionSchema).describe("Traces that can be asked about it"),
});

/** The panel of any object: facts, related, findings, kubectl. */
export const objectPanelSchema = headSchema
  .extend({
    facts: z.array(factSchema),
    labels: z.record(z.string(), z.string()),
    conditions: z.array(
      z.object({
        type: z.string(),
        status: z.string(),
        reason: z.string().optional(),
        message: z.string().optional(),
        since: z.string().optional(),
      }),
    ),
    related: z.array(relatedSchema),
    events: z.array(
      z.object({
        reason: z.string(),
        message: z.string(),
        count: z.number().int(),
        lastSeen: z.string().optional(),
      }),
    ),
    findings: z.array(findingSchema),
    kubectl: z.string(),
  })
  .meta({ id: "ObjectPanel" });

const endpointSchema = z.object({
  key: z.string(),
  addresses: z.array(z.string()),
  pod: z.string().optional(),
  podName: z.string().optional(),
  workload: z.string().optional(),
  node: z.string().optional(),
  zone: z.string().optional(),
  ready: z.boolean(),
  serving: z.boolean(),
  terminating: z.boolean(),
  since: z.string().optional(),
  count: z.number().int(),
  reasons: z.array(z.object({ text: z.string(), evidence: evidenceSchema.optional() })),
  drift: z.string().optional(),
  events: z.array(
    z.object({
      reason: z.string(),
      message: z.string(),
      count: z.number().int(),
      lastSeen: z.string().optional(),
    }),
  ),
});

export const servicePanelSchema = headSchema
  .extend({
    type: z.string(),
    addresses: z.array(z.object({ label: z.string(), value: z.string() })),
    dnsNames: z.array(z.string()),
    facts: z.array(factSchema),
    labels: z.record(z.string(), z.string()),
    endpointSource: z.string().describe("Where endpoints were read from, in words"),
    ready: z.number().int(),
    total: z.number().int(),
    endpoints: z.array(endpointSchema),
    ports: z.array(
      z.object({
        name: z.string().optional(),
        port: z.number().int(),
        protocol: z.string(),
        nodePort: z.number().int().optional(),
        targetPort: z.union([z.number(), z.string()]),
        health: healthSchema,
        sentence: z.string(),
        nearMiss: z.string().optional(),
        targets: z.array(
          z.object({
            number: z.number().int().optional(),
            container: z.string().optional(),
            portName: z.string().optional(),
            declared: z.boolean(),
            pods: z.number().int(),
          }),
        ),
      }),
    ),
    selector: z.object({
      backing: z.enum(["selector", "manual", "external-name"]),
      labels: z.record(z.string(), z.string()),
      pods: z.number().int().optional(),
      workloads: z.array(
        z.object({ id: z.string(), name: z.string(), kind: z.string(), pods: z.number().int() }),
      ),
      nearMiss: z
        .object({
          workload: z.string(),
          sentence: z.string(),
          differs: z.array(z.object({ key: z.string(), wanted: z.string(), actual: z.string().optional() })),
          labels: z.record(z.string(), z.string()),
        })
        .optional(),
    }),
    comesIn: z.array(relatedSchema),
    drift: z.array(z.string()),
    findings: z.array(findingSchema),
    breaks: z.array(relatedSchema).describe("What else breaks because of it"),
    kubectl: z.string(),
  })
  .meta({ id: "ServicePanel" });

export type ServicePanel = z.infer<typeof servicePanelSchema>;
export type ObjectPanel = z.infer<typeof objectPanelSchema>;
export type RelatedView = z.infer<typeof relatedSchema>;
export type EndpointView = z.infer<typeof endpointSchema>;
export type TraceQuestionView = z.infer<typeof traceQuestionSchema>;
export type FactView = z.infer<typeof factSchema>;
