import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { oneLine } from "#lib/engine/object-words.ts";
import type { TlsEntry } from "#lib/engine/tls/tls-entries.ts";
import type { Follows } from "#lib/model/finding.ts";
import { kinds } from "#lib/model/kinds.ts";
import { defineCheck } from "../../check.ts";

/** Of a listener's ResolvedRefs, those that are about its certificates (gateway.networking.k8s.io/v1, ListenerConditionReason). */
const reasons = new Set(["InvalidCertificateRef", "RefNotPermitted"]);

export const tlsCertificateRefused = defineCheck({
  id: "tls/certificate-refused",
  code: "NET-228",
  severity: "error",
  summary: "A Gateway's controller reports that it cannot use a listener's certificate",
  inputs: [],
  each: ["gateways", "listenerSets"],
  // The report stands by itself, also where nobody may read Secrets; with them it is said why.
  ifRead: ["secrets", "referenceGrants"],
  *find({ objects, tls }) {
    for (const user of [...objects.gateways, ...objects.listenerSets]) {
      const { api } = kinds[user.kind];
      for (const [i, listener] of user.listeners.entries()) {
        const resolved = listener.conditions.find(({ type }) => type === "ResolvedRefs");
        const { reason = "", message = "" } = resolved ?? {};
        if (resolved?.status !== "False" || !reasons.has(reason)) continue;
        const part = `spec.listeners[${i}]`;
        const entry = tls.find((each) => each.user.id === user.id && each.path === part);
        yield {
          subject: user.id,
          part,
          message: `Listener ${listener.name} of ${api} ${user.name} has no certificate that its controller can use: ${[reason, oneLine(message)].filter(Boolean).join(": ")}`,
          evidence: [
            {
              object: user.id,
              path: `status.listeners[name=${listener.name}].conditions[ResolvedRefs]`,
              value: `False (${reason})`,
            },
          ],
          fix: {
            text: `Give listener ${listener.name} a Secret of type kubernetes.io/tls that holds a certificate and its key`,
          },
          kubectl: kubectl(user.namespace, "describe", api.toLowerCase(), user.name),
          touches: entry?.refs.map(({ id }) => id),
          follows: entry === undefined ? [] : [...causesOf(entry)],
        };
      }
    }
  },
});

function* causesOf({ user, refs }: TlsEntry): Iterable<Follows> {
  for (const { id, standing, permitted } of refs) {
    if (standing === "missing") yield { object: user.id, checks: ["tls/secret-missing"] };
    if (permitted === "no") yield { object: user.id, checks: ["tls/reference-not-permitted"] };
    if (standing !== "found") continue;
    yield {
      object: id,
      checks: ["tls/wrong-type", "tls/key-mismatch", "tls/chain-order", "tls/expired"],
    };
  }
}
