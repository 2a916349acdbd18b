import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { tlsExpired } from "./expired.ts";

const run = (text: string, as?: "manifests" | "dump") => runChecks(factsFromYaml(text, as), [tlsExpired]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports only certificates in use that are out of their time, those of issuers as less", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "secret/shop/early-tls",
      undefined,
      "The certificate of the Secret early-tls, for Ingress early, is not valid for another 2 days",
    ],
    [
      "error",
      "secret/shop/late-tls",
      undefined,
      "The certificate of the Secret late-tls, for Ingress late, expired 2 h ago",
    ],
    [
      "error",
      "secret/shop/old-tls",
      undefined,
      "The certificate of the Secret old-tls, for Ingress old and Ingress old-too, expired 3 days ago",
    ],
    [
      "warning",
      "secret/shop/chain-tls",
      "data[tls.crt][1]",
      "The certificate of the issuer CN=Old Authority in the Secret chain-tls, for Ingress chain, expired 3 days ago",
    ],
  ]);
});

it("says what keeps cert-manager from renewing it", () => {
  expect(findings[1]).toMatchObject({
    nearMiss: "Certificate late, which renews it, is not ready: Expired: Certificate expired on 2025-12-31",
    evidence: [
      { object: "secret/shop/late-tls", path: "data[tls.crt]", value: "not after 2025-12-31T22:00:00Z" },
      { object: "certificate/shop/late", path: "status.conditions[Ready]", value: "False (Expired)" },
    ],
    fix: { text: "See why Certificate late has not renewed it" },
    touches: ["ingress/shop/late", "certificate/shop/late"],
  });
});

it("believes cert-manager where Secrets were not read", () => {
  const withoutSecrets = fixture
    .split("---\n")
    .filter((document) => !document.includes("kind: Secret"))
    .map((document) =>
      document.replace(/(namespace: shop) }/, '$1, uid: "1", creationTimestamp: "2026-01-01T00:00:00Z" }'),
    )
    .join("---\n");
  const snapshot = run(withoutSecrets, "dump");
  expect(snapshot.findings.map(({ subject, message, evidence }) => [subject, message, evidence[0]])).toEqual([
    [
      "secret/shop/late-tls",
      "The certificate of the Secret late-tls, for Ingress late, expired 2 h ago",
      { object: "certificate/shop/late", path: "status.notAfter", value: "2025-12-31T22:00:00Z" },
    ],
  ]);
});
