import type { Origin, Secret } from "#lib/model/objects.ts";
import { isMapping, type Raw } from "./read-body.ts";
import { readNamespacedMeta } from "./read-meta.ts";
import { readTls } from "./read-tls.ts";
import { type Reading, wrongType } from "./reading.ts";
import { intern } from "./string-pool.ts";

/** The type of Secrets that hold a certificate and its key (core/v1, Secret.type). */
const tlsType = "kubernetes.io/tls";

/**
 * Name and type of a Secret, and of one for TLS what its certificate says. This is the only place that ever sees a
 * Secret's values, and nothing of them goes on: what it says of a broken one names fields and never quotes them.
 */
export function readSecret(raw: Raw, origin: Origin | undefined): Reading<Secret> {
  const meta = readNamespacedMeta("secret", raw, origin);
  if (meta.kind !== "object") return meta;
  const type = raw.type ?? "";
  if (typeof type !== "string") return { kind: "invalid", path: "type", why: wrongType("string", type) };
  const secret = { kind: "secret", ...meta.object, type: intern(type || "Opaque") } as const;
  if (type !== tlsType) return { kind: "object", object: secret };
  return {
    kind: "object",
    object: { ...secret, tls: readTls(pemIn(raw, "tls.crt"), pemIn(raw, "tls.key")) },
  };
}

/** `stringData` is for writing, and wins over `data` (core/v1, Secret.stringData). */
function pemIn({ stringData, data }: Raw, key: string): string {
  const plain = isMapping(stringData) ? stringData[key] : undefined;
  if (typeof plain === "string") return plain;
  const encoded = isMapping(data) ? data[key] : undefined;
  return typeof encoded === "string" ? Buffer.from(encoded, "base64").toString("latin1") : "";
}
