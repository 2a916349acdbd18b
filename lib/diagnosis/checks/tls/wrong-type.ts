import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { secretsInUse, type TlsEntry } from "#lib/engine/tls/tls-entries.ts";
import type { Secret } from "#lib/model/objects.ts";
import { defineCheck } from "../../check.ts";
import { certificatePath, secretUnread, usersInWords } from "../../tls-words.ts";

export const tlsWrongType = defineCheck({
  id: "tls/wrong-type",
  code: "NET-221",
  severity: "warning",
  summary: "A Secret that a certificate is taken from is of another type, or holds none that can be read",
  inputs: [],
  each: ["ingresses", "gateways", "listenerSets"],
  ifRead: ["secrets"],
  *find({ tls, origin, unread }) {
    for (const { ref, users } of secretsInUse(tls)) {
      const { secret, namespace, name } = ref;
      if (ref.standing === "unknown") yield secretUnread(ref, origin, unread.includes("secrets"));
      if (secret === undefined) continue;
      const subject = `The Secret ${name}, from which ${usersInWords(users, namespace)} ${users.length === 1 ? "takes its" : "take their"} certificate,`;
      const common = {
        subject: secret.id,
        kubectl: kubectl(namespace, "get", "secret", name),
        touches: users.map(({ user }) => user.id),
      };
      if (secret.tls === undefined) {
        yield {
          ...common,
          severity: users.some(isRefused) ? ("error" as const) : undefined,
          message: `${subject} is of type ${secret.type} and not kubernetes.io/tls`,
          evidence: [{ object: secret.id, path: "type", value: secret.type }],
          fix: {
            text: "Delete it and create it again with type kubernetes.io/tls; a Secret's type cannot be changed",
          },
        };
        continue;
      }
      const fault = faultOf(secret);
      if (fault === undefined) continue;
      if (origin !== "cluster" && fault.mayBeLeftOut(origin)) {
        yield {
          unjudged: ["secrets"],
          why: `The certificate of the Secret ${namespace}/${name} was left out.`,
        };
        continue;
      }
      yield {
        ...common,
        severity: "error" as const,
        message: `${subject} ${fault.words}`,
        evidence: [{ object: secret.id, path: certificatePath, value: fault.value }],
        fix: {
          text: `Put the certificate into tls.crt of the Secret ${name}, as PEM, with those of its issuers behind it`,
        },
      };
    }
  },
});

/** What the Gateway's own controller says. */
function isRefused({ listener }: TlsEntry): boolean {
  const resolved = listener?.conditions.find(({ type }) => type === "ResolvedRefs");
  return resolved?.status === "False" && resolved.reason === "InvalidCertificateRef";
}

interface Fault {
  readonly words: string;
  readonly value: string;
  /** People take values out of dumps, and leave them to be filled into manifests. */
  readonly mayBeLeftOut: (origin: "dump" | "manifests") => boolean;
}

function faultOf({ tls }: Secret): Fault | undefined {
  if (tls?.kind !== "none") return undefined;
  switch (tls.reason) {
    case "absent":
      return { words: "holds none: its tls.crt is empty", value: "empty", mayBeLeftOut: () => true };
    case "not-pem":
      return { words: "holds none that is PEM", value: "no PEM", mayBeLeftOut: () => true };
    case "malformed":
      return {
        words: "holds one that cannot be parsed",
        value: "PEM that cannot be parsed",
        mayBeLeftOut: (origin) => origin === "manifests",
      };
  }
}
