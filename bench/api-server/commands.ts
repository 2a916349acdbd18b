import { z } from "zod";

/** An object to put or delete: as `kubectl apply` takes it. */
const objectShape = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** A resource as it stands in URLs: `pods`. Absent: every resource. */
const resource = z.string().optional();
const times = z.number().int().positive().default(1);

/**
 * What a test has the server do. What has `times` happens to the next so many requests (or events) that it fits, and
 * then no more.
 */
export const commandSchema = z.discriminatedUnion("do", [
  z
    .object({ do: z.literal("put"), object: objectShape })
    .describe("Creates or replaces it, as a real change"),
  z.object({ do: z.literal("delete"), object: objectShape }),
  z
    .object({ do: z.literal("churn"), perSecond: z.number().positive(), seed: z.number().default(1) })
    .describe("Pods chosen by chance become ready and not ready, evenly over time, until `calm`"),
  z.object({ do: z.literal("calm") }),
  z.object({ do: z.literal("compact") }).describe("Forgets all history: older revisions answer 410"),
  z
    .object({ do: z.literal("cut"), what: z.enum(["watches", "pages", "streams"]), resource, times })
    .describe(
      "watches: those open now end, in the middle of an event. pages, streams: the next ones end in the middle",
    ),
  z.object({ do: z.literal("end-watches"), resource }).describe("Ends those open now as a timeout does"),
  z
    .object({ do: z.literal("silence"), resource })
    .describe("Watches open now stay open and say nothing any more, as when a firewall forgets them"),
  z
    .object({ do: z.literal("mute"), on: z.boolean() })
    .describe("No request is answered, connections stay open: a network that drops packets"),
  z.object({ do: z.literal("malformed"), resource, times }).describe("The next events go out as broken JSON"),
  z.object({ do: z.literal("forbid"), resource: z.string(), verbs: z.array(z.enum(["list", "watch"])) }),
  z.object({ do: z.literal("permit"), resource: z.string() }),
  z
    .object({ do: z.literal("gone"), resource, times, as: z.enum(["status", "event"]).default("event") })
    .describe("Watches from a revision answer that it is too old"),
  z.object({ do: z.literal("expire-pages"), resource, times }).describe("Continue tokens have expired"),
  z.object({
    do: z.literal("throttle"),
    resource,
    times,
    retryAfterSeconds: z.number().optional(),
    status: z.union([z.literal(429), z.literal(503), z.literal(500)]).default(429),
  }),
  z.object({ do: z.literal("heal") }).describe("What was to happen some more times does not any more"),
  z.object({ do: z.literal("tokens"), accept: z.array(z.string()).optional() }).describe("Absent: any"),
  z.object({ do: z.literal("delay"), ms: z.number().min(0) }).describe("Before each answer"),
  z
    .object({ do: z.literal("streaming-lists"), mode: z.enum(["on", "off", "unknown", "no-watches"]) })
    .describe(
      "off: 200 and then an ERROR event; unknown: from before there were any, the parameter is passed over; no-watches: whatever is asked, a list is answered",
    ),
  z.object({ do: z.literal("bookmarks"), everyMs: z.number().positive() }),
  z
    .object({ do: z.literal("serve"), groupVersion: z.string(), resource: z.string(), served: z.boolean() })
    .describe("A CustomResourceDefinition comes or goes"),
]);

export type Command = z.infer<typeof commandSchema>;
/** As a test writes it: what has a default may be left out. */
export type CommandInput = z.input<typeof commandSchema>;
export type PutObject = z.infer<typeof objectShape>;
