import type { Namespace, Origin } from "#lib/model/objects.ts";
import type { Raw } from "./read-body.ts";
import { readMeta } from "./read-meta.ts";
import type { Reading } from "./reading.ts";

/** The label that the API server sets on every namespace, so that selectors can name one. */
export const namespaceNameLabel = "kubernetes.io/metadata.name";

export function readNamespace(raw: Raw, origin: Origin | undefined): Reading<Namespace> {
  const reading = readMeta("namespace", raw, origin);
  if (reading.kind !== "object") return reading;
  const meta = reading.object;
  return {
    kind: "object",
    object: { kind: "namespace", ...meta, labels: { ...meta.labels, [namespaceNameLabel]: meta.name } },
  };
}
