import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { tlsChainOrder } from "./chain-order.ts";

const run = (text: string, as?: "manifests" | "dump") => runChecks(factsFromYaml(text, as), [tlsChainOrder]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports only Secrets in use whose certificates are mixed up", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "secret/shop/reversed-tls",
      "The server's own certificate in the Secret reversed-tls, for Ingress reversed, stands in place 3 and not first",
    ],
    [
      "warning",
      "secret/shop/mixed-tls",
      "The certificates in the Secret mixed-tls, for Ingress mixed, are not in the order in which they issued each other",
    ],
    [
      "warning",
      "secret/shop/stray-tls",
      "Certificate 2 in the Secret stray-tls, for Ingress stray, issued none of those before",
    ],
  ]);
});

it("says the order that would be right, with what is there as evidence", () => {
  expect(findings.map(({ nearMiss }) => nearMiss)).toEqual([
    "in order it is 3, 2 and 1",
    "in order it is 1, 3 and 2",
    undefined,
  ]);
  expect(findings[1]?.evidence.map(({ value }) => value)).toEqual([
    "1: CN=mixed, issued by CN=Authority 2",
    "2: CN=Authority 1, issued by CN=Root",
    "3: CN=Authority 2, issued by CN=Authority 1",
  ]);
  expect(findings[1]?.fix.text).toBe(
    "Put the certificates into tls.crt of the Secret mixed-tls in the order 1, 3 and 2",
  );
});
