/** The panels of Secrets and of what makes them. Of a Secret's values only what its certificate says was ever read. */
import type { Facts } from "#lib/engine/facts.ts";
import { secretInWords } from "#lib/engine/tls/certificate-words.ts";
import { makersFault } from "#lib/engine/tls/tls-entries.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { Secret, SecretMaker, TlsContent, TlsKey, X509 } from "#lib/model/objects.ts";
import { secretMakerPlurals, seen } from "#lib/model/snapshot.ts";
import type { FactView, RelatedView } from "#lib/protocol/panel.ts";
import type { PanelParts } from "./panel-parts.ts";
import { related } from "./related.ts";

export function secretParts(facts: Facts, secret: Secret): PanelParts {
  const { id, type, tls } = secret;
  const makers = secretMakerPlurals
    .flatMap((plural) => seen(facts.snapshot, plural))
    .filter(({ namespace, secretName }) => objectId("secret", namespace, secretName) === id);
  const rows = [...userRows(facts, id), ...makers.map((maker) => related(maker.id, "makes it"))];
  const typeFact: FactView = { label: "type", value: type, mono: true };
  if (tls === undefined) {
    return {
      health: "idle",
      sentence: "Of a Secret that is not for TLS only its name and type are read",
      facts: [typeFact],
      related: rows,
    };
  }
  const { words, tone } = secretInWords(secret, facts.snapshot, facts.now);
  return {
    health: tone,
    sentence: `A certificate: ${words}`,
    facts: [typeFact, ...(tls.kind === "certificates" ? contentFacts(tls) : [])],
    related: rows,
  };
}

function contentFacts({ chain, key }: Extract<TlsContent, { kind: "certificates" }>): readonly FactView[] {
  const [own, ...issuers] = chain;
  if (own === undefined) return [];
  return [
    { label: "names", value: [...own.dnsNames, ...own.ipAddresses].join(", ") || "none", mono: true },
    { label: "subject", value: own.subject || "none" },
    { label: "issued by", value: own.issuer },
    { label: "valid", value: life(own) },
    ...issuers.map((each, i) => ({
      label: `issuer ${i + 1}`,
      value: `${each.subject || "no subject"}, ${life(each)}`,
    })),
    { label: "key", ...keyInWords(key) },
  ];
}

function life({ notBefore, notAfter }: X509): string {
  return `from ${notBefore} to ${notAfter}`;
}

function keyInWords(key: TlsKey): Pick<FactView, "value" | "tone"> {
  switch (key) {
    case "of-first":
      return { value: "belongs to the certificate" };
    case "of-another":
      return { value: "belongs to another certificate of the chain", tone: "broken" };
    case "of-none":
      return { value: "does not belong to the certificate", tone: "broken" };
    case "encrypted":
      return { value: "is encrypted with a passphrase", tone: "broken" };
    case "unreadable":
      return { value: "is of a kind that cannot be parsed here", tone: "unknown" };
    case "absent":
      return { value: "is not there", tone: "unknown" };
  }
}

/** Ingresses and Gateways that take their certificate from a Secret. */
function userRows(facts: Facts, secret: ObjectId): readonly RelatedView[] {
  const users = facts.tls.filter(({ refs }) => refs.some(({ id }) => id === secret));
  const rows = users.map(({ user, listener }) =>
    related(user.id, listener === undefined ? "uses it" : `uses it on ${listener.name}`),
  );
  return [...new Map(rows.map((row) => [`${row.id} ${row.relation}`, row])).values()];
}

export function secretMakerParts(facts: Facts, maker: SecretMaker): PanelParts {
  const { namespace, secretName, conditions, validity, renewalTime } = maker;
  const secret = objectId("secret", namespace, secretName);
  const fault = makersFault(maker);
  return {
    health: fault === undefined ? "ok" : "broken",
    sentence:
      fault === undefined
        ? `Makes the Secret ${secretName}`
        : [`Does not make the Secret ${secretName}`, fault.reason, fault.message].filter(Boolean).join(": "),
    facts: [
      ...(validity === undefined
        ? []
        : [{ label: "valid", value: `from ${validity.notBefore} to ${validity.notAfter}` }]),
      ...(renewalTime === undefined ? [] : [{ label: "renewal", value: renewalTime }]),
    ],
    related: [
      ...(facts.index.byId.has(secret) ? [related(secret, "what it makes")] : []),
      ...userRows(facts, secret),
    ],
    conditions,
  };
}
