/** The panels of Secrets and of what makes them. Of a Secret's values only what its certificate says was ever read. */
import type { Facts } from "#lib/engine/facts.ts";
import { objectId } from "#lib/model/ids.ts";
import type { Secret, SecretMaker } from "#lib/model/objects.ts";
import type { PanelParts } from "./panel-parts.ts";
import { related } from "./related.ts";

export function secretParts(_facts: Facts, { type, tls }: Secret): PanelParts {
  const [first] = tls?.kind === "certificates" ? tls.chain : [];
  return {
    health: "idle",
    sentence: first === undefined ? `Of type ${type}` : `A certificate until ${first.notAfter}`,
    facts: [
      { label: "type", value: type, mono: true },
      ...(first === undefined
        ? []
        : [
            {
              label: "names",
              value: [...first.dnsNames, ...first.ipAddresses].join(", ") || "none",
              mono: true,
            },
            { label: "issued by", value: first.issuer },
            { label: "valid", value: `${first.notBefore} to ${first.notAfter}` },
          ]),
    ],
    related: [],
  };
}

export function secretMakerParts(facts: Facts, maker: SecretMaker): PanelParts {
  const { namespace, secretName, conditions } = maker;
  const secret = objectId("secret", namespace, secretName);
  const failed = conditions.find(
    ({ type, status }) => (type === "Ready" || type === "Synced") && status === "False",
  );
  return {
    health: failed === undefined ? "ok" : "broken",
    sentence:
      failed === undefined
        ? `Makes the Secret ${secretName}`
        : [`Does not make the Secret ${secretName}`, failed.reason, failed.message]
            .filter(Boolean)
            .join(": "),
    facts: [],
    related: facts.index.byId.has(secret) ? [related(secret, "what it makes")] : [],
    conditions,
  };
}
