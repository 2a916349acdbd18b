import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { listed, listedUpTo } from "#lib/engine/object-words.ts";
import { type ChainOrder, chainOrder } from "#lib/engine/tls/chain-order.ts";
import { secretsInUse } from "#lib/engine/tls/tls-entries.ts";
import { defineCheck } from "../../check.ts";
import { certificatePath, secretUnread, usersInWords } from "../../tls-words.ts";

export const tlsChainOrder = defineCheck({
  id: "tls/chain-order",
  code: "NET-226",
  severity: "warning",
  summary: "The certificates of a TLS Secret are not in order",
  inputs: [],
  each: ["ingresses", "gateways", "listenerSets"],
  ifRead: ["secrets"],
  *find({ tls, origin, unread }) {
    for (const { ref, users } of secretsInUse(tls)) {
      const { secret, namespace, name, id } = ref;
      if (ref.standing === "unknown") yield secretUnread(ref, origin, unread.includes("secrets"));
      if (secret?.tls?.kind !== "certificates") continue;
      const { chain } = secret.tls;
      const found = chainOrder(secret.tls);
      if (found.kind === "in-order") continue;
      yield {
        subject: id,
        // Servers take the first one for their own, and refuse to start with another one's key.
        severity: found.kind === "own-not-first" ? ("error" as const) : undefined,
        message: inWords(found, `the Secret ${name}, for ${usersInWords(users, namespace)},`),
        evidence: chain.slice(0, 5).map(({ subject, issuer }, place) => ({
          object: id,
          path: certificatePath,
          value: `${place + 1}: ${subject || "no subject"}, issued by ${issuer}`,
        })),
        nearMiss: found.kind === "stray" ? undefined : `in order it is ${listed(found.order.map(String))}`,
        fix: { text: fixInWords(found, name) },
        kubectl: `${kubectl(namespace, "get", "secret", name, "-o", "jsonpath={.data.tls\\.crt}")} | base64 -d | openssl crl2pkcs7 -nocrl -certfile /dev/stdin | openssl pkcs7 -print_certs -noout`,
        touches: users.map(({ user }) => user.id),
      };
    }
  },
});

type Fault = Exclude<ChainOrder, { kind: "in-order" }>;

function inWords(found: Fault, where: string): string {
  switch (found.kind) {
    case "own-not-first":
      return `The server's own certificate in ${where} stands in place ${found.own} and not first`;
    case "out-of-order":
      return `The certificates in ${where} are not in the order in which they issued each other`;
    case "stray": {
      const which = listedUpTo(found.stray.map(String), 3);
      return `${found.stray.length === 1 ? "Certificate" : "Certificates"} ${which} in ${where} issued none of those before`;
    }
  }
}

function fixInWords(found: Fault, name: string): string {
  return found.kind === "stray"
    ? `Keep in tls.crt of the Secret ${name} the server's certificate and those of its issuers only, each behind the one that it issued`
    : `Put the certificates into tls.crt of the Secret ${name} in the order ${listed(found.order.map(String))}`;
}
