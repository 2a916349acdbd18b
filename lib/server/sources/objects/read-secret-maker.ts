/** Objects of which a controller makes a Secret. Of what they would put into it nothing is read. */
import { z } from "zod";
import { assertNever } from "#lib/model/assert-never.ts";
import type { Origin, SecretMaker } from "#lib/model/objects.ts";
import { conditions, conditionsOf, requiredText, text } from "./api-shapes.ts";
import { type Raw, readNamespaced } from "./read-body.ts";
import type { Reading } from "./reading.ts";

/** cert-manager.io/v1. */
const certificate = z.object({
  spec: z.object({ secretName: requiredText }),
  status: z.object({ conditions, notBefore: text, notAfter: text, renewalTime: text }).nullish(),
});

/** external-secrets.io/v1. */
const external = z.object({
  spec: z.object({ target: z.object({ name: text, creationPolicy: text }).nullish() }).nullish(),
  status: z.object({ conditions }).nullish(),
});

/** bitnami.com/v1alpha1. The controller gives the Secret the SealedSecret's own name, whatever its template says. */
const sealed = z.object({ status: z.object({ conditions }).nullish() });

export function readSecretMaker(
  kind: SecretMaker["kind"],
  raw: Raw,
  origin: Origin | undefined,
): Reading<SecretMaker> {
  switch (kind) {
    case "certificate":
      return readNamespaced(kind, raw, origin, certificate, (meta, { spec, status }) => ({
        kind,
        ...meta,
        secretName: spec.secretName,
        conditions: conditionsOf(status?.conditions),
        validity:
          status?.notBefore && status.notAfter
            ? { notBefore: status.notBefore, notAfter: status.notAfter }
            : undefined,
        renewalTime: status?.renewalTime || undefined,
      }));
    case "external-secret": {
      const reading = readNamespaced(kind, raw, origin, external, (meta, { spec, status }) => ({
        kind,
        ...meta,
        secretName: spec?.target?.name || meta.name,
        conditions: conditionsOf(status?.conditions),
        makes: spec?.target?.creationPolicy !== "None",
      }));
      if (reading.kind !== "object") return reading;
      const { makes, ...object } = reading.object;
      return makes ? { kind: "object", object } : { kind: "ignored" };
    }
    case "sealed-secret":
      return readNamespaced(kind, raw, origin, sealed, (meta, { status }) => ({
        kind,
        ...meta,
        secretName: meta.name,
        conditions: conditionsOf(status?.conditions),
      }));
    default:
      return assertNever(kind);
  }
}
