import { type SecretInUse, secretsInUse } from "#lib/engine/tls/tls-entries.ts";
import { validityOf } from "#lib/engine/tls/validity.ts";
import { defineCheck, type Found } from "../../check.ts";
import {
  certificatePath,
  makerInWords,
  makersEvidence,
  makersFaultInWords,
  secretUnread,
  showCertificate,
  usersInWords,
} from "../../tls-words.ts";

export const tlsExpired = defineCheck({
  id: "tls/expired",
  code: "NET-223",
  severity: "error",
  summary: "A certificate in use has expired, or is not valid yet",
  inputs: [],
  each: ["ingresses", "gateways", "listenerSets"],
  ifRead: ["secrets", "certificates"],
  *find({ tls, now, origin, unread }) {
    for (const use of secretsInUse(tls)) {
      const { ref } = use;
      const { secret, makers } = ref;
      if (ref.standing === "unknown") {
        // cert-manager tells of what it issued, also to those who may not read the Secret.
        const maker = makers.find(({ validity }) => validity !== undefined);
        if (maker?.validity === undefined) {
          yield secretUnread(ref, origin, unread.includes("secrets"));
          continue;
        }
        const { state, words } = validityOf(maker.validity, now);
        if (state !== "expired") continue;
        const evidence = { object: maker.id, path: "status.notAfter", value: maker.validity.notAfter };
        yield {
          ...found(use, `The certificate of ${whose(use)} ${words}`),
          evidence: [evidence, ...makersEvidence(ref)],
        };
        continue;
      }
      const chain = secret?.tls?.kind === "certificates" ? secret.tls.chain : [];
      for (const [place, certificate] of chain.entries()) {
        const { state, words } = validityOf(certificate, now);
        const isRoot = place > 0 && certificate.subject === certificate.issuer;
        // A root is trusted for being in the client's list, whatever is sent.
        if (isRoot || (state !== "expired" && state !== "not-yet-valid")) continue;
        const value =
          state === "expired" ? `not after ${certificate.notAfter}` : `not before ${certificate.notBefore}`;
        yield {
          ...found(
            use,
            place === 0
              ? `The certificate of ${whose(use)} ${state === "expired" ? words : `is ${words}`}`
              : `The certificate of the issuer ${certificate.subject} in ${whose(use)} ${state === "expired" ? words : `is ${words}`}`,
          ),
          part: place === 0 ? undefined : `${certificatePath}[${place}]`,
          // Clients may find another way to a root that they trust.
          severity: place === 0 ? undefined : "warning",
          evidence: [{ object: ref.id, path: certificatePath, value }, ...makersEvidence(ref)],
        };
      }
    }
  },
});

function whose({ ref, users }: SecretInUse): string {
  return `the Secret ${ref.name}, for ${usersInWords(users, ref.namespace)},`;
}

function found({ ref, users }: SecretInUse, message: string): Omit<Found, "evidence"> {
  const [maker] = ref.makers;
  return {
    subject: ref.id,
    message,
    nearMiss: makersFaultInWords(ref, "renews it"),
    fix: {
      text:
        maker === undefined
          ? `Have it issued anew and put it into the Secret ${ref.name}`
          : `See why ${makerInWords(maker)} has not renewed it`,
    },
    kubectl: showCertificate(ref, "-dates"),
    touches: [...users.map(({ user }) => user.id), ...ref.makers.map(({ id }) => id)],
  };
}
