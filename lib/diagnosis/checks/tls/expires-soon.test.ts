import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { tlsExpiresSoon } from "./expires-soon.ts";

const run = (text: string, as?: "manifests" | "dump") => runChecks(factsFromYaml(text, as), [tlsExpiresSoon]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports only certificates in the last part of their life, as less where they are still to be renewed", () => {
  expect(findings.map(({ subject, message, touches }) => [subject, message, touches])).toEqual([
    [
      "secret/shop/soon-tls",
      "The certificate of the Secret soon-tls, for Ingress soon and Ingress soon-too, expires in 12 days",
      ["ingress/shop/soon", "ingress/shop/soon-too"],
    ],
    [
      "secret/shop/stuck-tls",
      "The certificate of the Secret stuck-tls, for Ingress stuck, expires in 19 days",
      ["ingress/shop/stuck", "certificate/shop/stuck"],
    ],
    [
      "secret/shop/tight-tls",
      "The certificate of the Secret tight-tls, for Ingress tight, expires in 7 days",
      ["ingress/shop/tight", "certificate/shop/tight"],
    ],
  ]);
  expect(findings.map(({ severity }) => severity)).toEqual(["warning", "warning", "info"]);
});

it("leads to cert-manager where that should have renewed it, and shows the dates", () => {
  expect(findings.map(({ fix }) => fix.text)).toEqual([
    "Have it issued anew before that, and put it into the Secret soon-tls",
    "See why Certificate stuck has not renewed it",
    "Let Certificate tight renew it earlier (renewBefore), so that a failure leaves time to act",
  ]);
  expect(findings.map(({ nearMiss }) => nearMiss)).toEqual([
    undefined,
    "Certificate stuck was to renew it 8 days ago",
    "Certificate tight is to renew it in 2 days",
  ]);
  expect(findings[0]?.kubectl).toBe(
    "kubectl -n shop get secret soon-tls -o 'jsonpath={.data.tls\\.crt}' | base64 -d | openssl x509 -noout -dates",
  );
});

it("believes cert-manager where Secrets were not read", () => {
  const withoutSecrets = fixture
    .split("---\n")
    .filter((document) => !document.includes("kind: Secret"))
    .map((document) =>
      document.replace(/(namespace: shop) }/, '$1, uid: "1", creationTimestamp: "2026-01-01T00:00:00Z" }'),
    )
    .join("---\n");
  expect(run(withoutSecrets, "dump").findings.map(({ subject }) => subject)).toEqual([
    "secret/shop/stuck-tls",
    "secret/shop/tight-tls",
  ]);
});
