import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { secretsInUse } from "#lib/engine/tls/tls-entries.ts";
import type { TlsKey } from "#lib/model/objects.ts";
import { defineCheck } from "../../check.ts";
import { certificatePath, secretUnread, usersInWords } from "../../tls-words.ts";

export const tlsKeyMismatch = defineCheck({
  id: "tls/key-mismatch",
  code: "NET-225",
  severity: "error",
  summary: "A TLS Secret's key does not belong to its certificate, or cannot be used",
  inputs: [],
  each: ["ingresses", "gateways", "listenerSets"],
  ifRead: ["secrets"],
  *find({ tls, origin, unread }) {
    for (const { ref, users } of secretsInUse(tls)) {
      const { secret, namespace, name, id } = ref;
      if (ref.standing === "unknown") yield secretUnread(ref, origin, unread.includes("secrets"));
      if (secret?.tls?.kind !== "certificates") continue;
      const { key, chain } = secret.tls;
      // Who collects Secrets, or keeps them in a repository, takes the key out.
      if (key === "unreadable" || (key === "absent" && origin !== "cluster")) {
        const why =
          key === "absent"
            ? "The keys of TLS Secrets are left out of the files."
            : `The key of the Secret ${namespace}/${name} is of a kind that cannot be parsed here.`;
        yield { unjudged: ["secrets"], why };
        continue;
      }
      const fault = faultInWords(key);
      if (fault === undefined) continue;
      yield {
        subject: id,
        message: `The key in the Secret ${name}, for ${usersInWords(users, namespace)}, ${fault}`,
        evidence: [
          { object: id, path: "data[tls.key]", value: key === "absent" ? "none" : fault },
          {
            object: id,
            path: certificatePath,
            value: chain[0]?.subject || "a certificate without a subject",
          },
        ],
        fix: {
          text:
            key === "encrypted"
              ? `Put the key into the Secret ${name} without its passphrase`
              : `Put the certificate and its own key into the Secret ${name}, both from one issuing`,
        },
        kubectl: `${kubectl(namespace, "get", "secret", name, "-o", "jsonpath={.data.tls\\.crt}")} | base64 -d | openssl x509 -noout -pubkey`,
        touches: users.map(({ user }) => user.id),
      };
    }
  },
});

function faultInWords(key: TlsKey): string | undefined {
  switch (key) {
    case "of-none":
      return "does not belong to its certificate";
    case "encrypted":
      return "is encrypted with a passphrase, which nobody can give there";
    case "absent":
      return "is missing: its tls.key holds no key in PEM";
    // That it is another certificate's of the same chain is a matter of order.
    case "of-another":
    case "of-first":
    case "unreadable":
      return undefined;
  }
}
