import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { tlsWrongType } from "./wrong-type.ts";

const run = (text: string, as?: "manifests" | "dump") => runChecks(factsFromYaml(text, as), [tlsWrongType]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports only Secrets in use that are of another type, or hold no certificate", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "secret/edge/listed",
      "The Secret listed, from which listener https of Gateway public takes its certificate, is of type example.com/certificate and not kubernetes.io/tls",
    ],
    [
      "error",
      "secret/shop/empty",
      "The Secret empty, from which Ingress empty takes its certificate, holds none: its tls.crt is empty",
    ],
    [
      "error",
      "secret/shop/garbage",
      "The Secret garbage, from which Ingress garbage takes its certificate, holds one that cannot be parsed",
    ],
    [
      "warning",
      "secret/shop/opaque",
      "The Secret opaque, from which Ingress api takes its certificate, is of type Opaque and not kubernetes.io/tls",
    ],
  ]);
});

it("shows on what takes its certificate from there", () => {
  expect(findings.map(({ touches }) => touches)).toEqual([
    ["gateway/edge/public"],
    ["ingress/shop/empty"],
    ["ingress/shop/garbage"],
    ["ingress/shop/api"],
  ]);
  expect(findings[3]?.kubectl).toBe("kubectl -n shop get secret opaque");
});

it.each(["manifests", "dump"] as const)("does not take what was left out of %s for missing", (as) => {
  const { findings, cannotTell } = run(fixture, as);
  expect(findings.map(({ subject }) => subject)).not.toContain("secret/shop/empty");
  expect(cannotTell[0]?.missing).toContainEqual({
    kind: "secrets",
    why: "The certificate of the Secret shop/empty was left out.",
  });
});
