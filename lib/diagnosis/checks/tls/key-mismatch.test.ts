import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { tlsKeyMismatch } from "./key-mismatch.ts";

const run = (text: string, as?: "manifests" | "dump") => runChecks(factsFromYaml(text, as), [tlsKeyMismatch]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports only Secrets in use whose key is not the certificate's, or is of no use", () => {
  expect(findings.map(({ subject, message }) => [subject, message])).toEqual([
    ["secret/shop/a-tls", "The key in the Secret a-tls, for Ingress a, does not belong to its certificate"],
    [
      "secret/shop/b-tls",
      "The key in the Secret b-tls, for Ingress b, is encrypted with a passphrase, which nobody can give there",
    ],
    [
      "secret/shop/c-tls",
      "The key in the Secret c-tls, for Ingress c, is missing: its tls.key holds no key in PEM",
    ],
  ]);
});

it("shows nothing of the key, nor how to", () => {
  const told = JSON.stringify(findings);
  expect(told).not.toMatch(/PRIVATE|MIG|MHc|\.data\.tls\\+\.key/);
  expect(findings[0]?.kubectl).toBe(
    "kubectl -n shop get secret a-tls -o 'jsonpath={.data.tls\\.crt}' | base64 -d | openssl x509 -noout -pubkey",
  );
});

it.each(["manifests", "dump"] as const)("does not take a key that was left out of %s for missing", (as) => {
  const { findings, cannotTell } = run(fixture, as);
  expect(findings.map(({ subject }) => subject)).toEqual(["secret/shop/a-tls", "secret/shop/b-tls"]);
  expect(cannotTell[0]?.missing).toContainEqual({
    kind: "secrets",
    why: "The keys of TLS Secrets are left out of the files.",
  });
});
