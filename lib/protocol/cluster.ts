import { z } from "zod";

const unreadSchema = z.object({
  kind: z.string().describe("As the API spells it: NetworkPolicy"),
  reason: z.enum(["forbidden", "not-served", "not-collected", "failed", "switched-off"]),
  message: z.string(),
  remedy: z.string().optional().describe("What would make it readable, e.g. the RBAC rule"),
});

const inputProblemSchema = z.object({
  kind: z.enum(["invalid", "unreadable", "limit", "skipped"]),
  where: z.string(),
  line: z.number().int().optional(),
  why: z.string(),
  subject: z.string().optional(),
});

export const failureSchema = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  remedy: z.string(),
});

const sessionStateSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("idle") }).describe("Not asked for yet"),
  z.object({ kind: z.literal("connecting") }),
  z.object({
    kind: z.literal("syncing"),
    done: z.number().int(),
    of: z.number().int(),
    objects: z.number().int(),
    reading: z.string().optional(),
  }),
  z.object({ kind: z.literal("live"), checkedAt: z.string() }),
  z.object({ kind: z.literal("stale"), checkedAt: z.string(), why: failureSchema }),
  z.object({ kind: z.literal("failed"), failure: failureSchema }),
]);

const kindSyncSchema = z.object({
  kind: z.string().describe("As the API spells it: NetworkPolicy"),
  state: z.enum(["syncing", "live", "stale", "forbidden", "failed"]),
  by: z
    .enum(["watch", "list"])
    .optional()
    .describe("live: whether changes come as they happen or now and then"),
  read: z.number().int().optional().describe("syncing, stale: how many have been read so far"),
  of: z.number().int().optional().describe("syncing, stale: about how many there are"),
  since: z.string().optional().describe("stale: changes after this are not seen"),
  why: z.string().optional(),
});

/** A cluster as listed: one kubeconfig context, one set of files, or the demo. */
export const clusterSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(["kube", "files", "demo"]),
    isDefault: z.boolean(),
    state: sessionStateSchema,
    kinds: z
      .array(kindSyncSchema)
      .optional()
      .describe("Of a cluster that is watched: the kinds that are not simply live, and not simply absent"),
  })
  .meta({ id: "Cluster" });

/** What every answer about a cluster carries: how fresh it is, and what it could not see. */
export const clusterStatusSchema = clusterSchema
  .extend({
    takenAt: z.string().optional().describe("The moment that a dump tells of"),
    origin: z.enum(["cluster", "dump", "manifests"]),
    version: z.string().optional().describe("Kubernetes version"),
    answers: z.number().int().describe("Counts up whenever the answers changed"),
    unread: z.array(unreadSchema),
    problems: z.array(inputProblemSchema).describe("Input that could not be taken, at most 200"),
    problemCount: z.number().int(),
    counts: z.object({
      broken: z.number().int(),
      atRisk: z.number().int(),
      unknown: z.number().int(),
      pods: z.number().int(),
      workloads: z.number().int(),
      services: z.number().int(),
      policies: z.number().int(),
      namespaces: z.number().int(),
    }),
  })
  .meta({ id: "ClusterStatus" });

export const clusterListSchema = z.object({ clusters: z.array(clusterSchema) }).meta({ id: "ClusterList" });

export type Cluster = z.infer<typeof clusterSchema>;
export type ClusterStatus = z.infer<typeof clusterStatusSchema>;
export type ClusterList = z.infer<typeof clusterListSchema>;
export type KindSyncView = z.infer<typeof kindSyncSchema>;
export type UnreadView = z.infer<typeof unreadSchema>;
export type FailureView = z.infer<typeof failureSchema>;
