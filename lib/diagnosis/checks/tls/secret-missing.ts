import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { makersFault, type TlsEntry, type TlsRef } from "#lib/engine/tls/tls-entries.ts";
import type { Fix } from "#lib/model/finding.ts";
import { defineCheck } from "../../check.ts";
import {
  makerInWords,
  makersEvidence,
  makersFaultInWords,
  secretInWords,
  secretUnread,
  showMaker,
} from "../../tls-words.ts";

export const tlsSecretMissing = defineCheck({
  id: "tls/secret-missing",
  code: "NET-220",
  severity: "error",
  summary: "The Secret that a certificate is taken from does not exist",
  inputs: [],
  each: ["ingresses", "gateways", "listenerSets"],
  ifRead: ["secrets", "certificates", "externalSecrets", "sealedSecrets"],
  *find({ tls, origin, unread }) {
    for (const entry of tls) {
      const { user } = entry;
      for (const ref of entry.refs) {
        if (ref.standing === "unknown") yield secretUnread(ref, origin, unread.includes("secrets"));
        if (ref.standing !== "missing") continue;
        yield {
          subject: user.id,
          part: ref.path,
          message: `${whatInWords(entry)} takes its certificate from ${secretInWords(ref, user.namespace)}, which does not exist${ref.namespace === user.namespace ? ` in ${ref.namespace}` : ""}`,
          evidence: [{ object: user.id, path: ref.path, value: ref.name }, ...makersEvidence(ref)],
          nearMiss: makersFaultInWords(ref, "makes it") ?? ref.nearMiss?.sentence,
          fix: fixFor(entry, ref),
          kubectl: showMaker(ref),
          touches: ref.makers.map(({ id }) => id),
        };
      }
    }
  },
});

function whatInWords({ hosts, listener }: TlsEntry): string {
  if (listener !== undefined) return `Listener ${listener.name}`;
  return `TLS for ${hosts.length === 0 ? "every host" : listedUpTo(hosts, 2)}`;
}

function fixFor({ user, listener }: TlsEntry, ref: TlsRef): Fix {
  const [maker] = ref.makers;
  if (maker !== undefined) {
    return {
      text: `See ${makersFault(maker) === undefined ? "what" : "why"} ${makerInWords(maker)} has not made it`,
    };
  }
  const near = ref.nearMiss?.name;
  if (near === undefined) {
    return {
      text: `Create the Secret ${ref.name} of type kubernetes.io/tls in ${ref.namespace}, or name one that exists there`,
    };
  }
  const path = listener === undefined ? pointer(ref.path) : pointer(ref.path, "name");
  return {
    text: `Name the Secret ${near} instead`,
    patch: jsonPatch(user.id, { op: "replace", path, value: near }),
  };
}
