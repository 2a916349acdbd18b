import { z } from "zod";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import { kindFromApi, kindFromWord } from "#lib/model/kinds.ts";
import type { Event, Origin } from "#lib/model/objects.ts";
import { apiGroupOf } from "./api-group.ts";
import { text, whole } from "./api-shapes.ts";
import { type Raw, readNamespaced } from "./read-body.ts";
import type { Reading } from "./reading.ts";
import { intern } from "./string-pool.ts";

const reference = z.object({ apiVersion: text, kind: text, namespace: text, name: text }).nullish();

/** v1 and events.k8s.io/v1 are two spellings of the same stored object. */
const shape = z.object({
  type: text,
  reason: text,
  message: text,
  note: text,
  count: whole,
  deprecatedCount: whole,
  firstTimestamp: text,
  deprecatedFirstTimestamp: text,
  lastTimestamp: text,
  deprecatedLastTimestamp: text,
  eventTime: text,
  series: z.object({ count: whole, lastObservedTime: text }).nullish(),
  involvedObject: reference,
  regarding: reference,
});

export function readEvent(raw: Raw, origin: Origin | undefined): Reading<Event> {
  return readNamespaced("event", raw, origin, shape, (meta, e) => {
    const firstSeen = e.firstTimestamp || e.deprecatedFirstTimestamp || e.eventTime || undefined;
    return {
      kind: "event",
      ...meta,
      type: intern(e.type || "Normal"),
      reason: intern(e.reason ?? ""),
      message: intern(e.message ?? e.note ?? ""),
      count: e.series?.count || e.count || e.deprecatedCount || 1,
      firstSeen,
      lastSeen: e.series?.lastObservedTime || e.lastTimestamp || e.deprecatedLastTimestamp || firstSeen,
      about: aboutOf(e.involvedObject ?? e.regarding, meta.namespace),
    };
  });
}

function aboutOf(ref: z.infer<typeof reference>, namespace: string): ObjectId | undefined {
  if (!ref?.kind || !ref.name || /[/%]/.test(ref.name)) return undefined;
  const kind = ref.apiVersion ? kindFromApi(apiGroupOf(ref.apiVersion), ref.kind) : kindFromWord(ref.kind);
  return kind === undefined ? undefined : objectId(kind, ref.namespace || namespace, ref.name);
}
