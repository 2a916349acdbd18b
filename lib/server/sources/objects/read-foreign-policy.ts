import { z } from "zod";
import type { ForeignPolicy, ForeignPolicyKind, Origin } from "#lib/model/objects.ts";
import { type Raw, readNamespaced } from "./read-body.ts";
import type { Reading } from "./reading.ts";

const shape = z.object({});

export function readForeignPolicy(
  kind: ForeignPolicyKind,
  raw: Raw,
  origin: Origin | undefined,
): Reading<ForeignPolicy> {
  return readNamespaced(kind, raw, origin, shape, (meta) => ({
    kind,
    ...meta,
    subject: undefined,
    directions: ["ingress", "egress"],
    effect: "opens-and-closes",
  }));
}
