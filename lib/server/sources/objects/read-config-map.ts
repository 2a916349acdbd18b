import type { ConfigMap, Origin } from "#lib/model/objects.ts";
import { isMapping, type Raw } from "./read-body.ts";
import { readNamespacedMeta } from "./read-meta.ts";
import { type Reading, wrongType } from "./reading.ts";

/** CoreDNS's configuration; any other ConfigMap is ignored, whatever it holds. */
export function readConfigMap(raw: Raw, origin: Origin | undefined): Reading<ConfigMap> {
  const data = raw.data;
  const corefile = isMapping(data) && Object.hasOwn(data, "Corefile") ? data.Corefile : undefined;
  if (corefile === undefined || corefile === null) return { kind: "ignored" };
  if (typeof corefile !== "string")
    return { kind: "invalid", path: "data.Corefile", why: wrongType("string", corefile) };
  const reading = readNamespacedMeta("config-map", raw, origin);
  if (reading.kind !== "object") return reading;
  return { kind: "object", object: { kind: "config-map", ...reading.object, corefile } };
}
