import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { tlsHostNotCovered } from "./host-not-covered.ts";

const run = (text: string, as?: "manifests" | "dump") =>
  runChecks(factsFromYaml(text, as), [tlsHostNotCovered]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports only hosts that the certificates do not name", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "gateway/edge/elsewhere",
      "spec.listeners[0]",
      "The certificate of the Secret a-tls is not for *.example.org",
    ],
    [
      "error",
      "gateway/edge/public",
      "spec.listeners[0]",
      "The certificate of the Secret a-tls is not for www.example.com",
    ],
    [
      "error",
      "gateway/edge/public",
      "spec.listeners[1]",
      "The certificate of the Secret a-tls is not for c.example.com",
    ],
    [
      "error",
      "ingress/shop/apex",
      "spec.tls[0]",
      "The certificate of the Secret org-tls is not for example.org",
    ],
    [
      "error",
      "ingress/shop/deep",
      "spec.tls[0]",
      "The certificate of the Secret shop-tls is not for eu.cart.shop.example.com",
    ],
    [
      "error",
      "ingress/shop/old",
      "spec.tls[0]",
      "The certificate of the Secret old-tls is not for old.example.com",
    ],
    [
      "error",
      "ingress/shop/rules",
      "spec.tls[0]",
      "The certificate of the Secret org-tls is not for b.example.com",
    ],
    [
      "error",
      "ingress/shop/swapped",
      "spec.tls[0]",
      "The certificate of the Secret shop-tls is not for blog.example.net",
    ],
    [
      "warning",
      "ingress/shop/half",
      "spec.tls[0]",
      "The certificate of the Secret blog-tls covers only a part of *.example.net",
    ],
  ]);
});

it("says which names there are, and what keeps them from fitting", () => {
  const nearMissOf = (name: string) => findings.find(({ subject }) => subject.endsWith(name))?.nearMiss;
  expect(nearMissOf("deep")).toBe("it is for *.shop.example.com, where * stands for one label and no more");
  expect(nearMissOf("apex")).toBe("it is for *.example.org, which does not cover example.org itself");
  expect(nearMissOf("old")).toBe(
    "it has old.example.com as its common name only, which clients do not read any more",
  );
  expect(nearMissOf("rules")).toBe("it is for *.example.org");
});

it("offers the Secret that holds the right certificate", () => {
  expect(findings[7]).toMatchObject({
    evidence: [
      {
        object: "secret/shop/shop-tls",
        path: "data[tls.crt]",
        value: "names shop.example.com and *.shop.example.com",
      },
    ],
    fix: {
      text: "Take the certificate of the Secret blog-tls, which names blog.example.net",
      patch: { body: '[{"op":"replace","path":"/spec/tls/0/secretName","value":"blog-tls"}]' },
    },
    kubectl:
      "kubectl -n shop get secret shop-tls -o 'jsonpath={.data.tls\\.crt}' | base64 -d | openssl x509 -noout -subject -ext subjectAltName",
  });
});

it("asks for all certificates of a listener before it says that none is for a host", () => {
  const withoutB = fixture.replace(
    /---\n(?:(?!---)[\s\S])*name: b-tls, namespace: edge(?:(?!---)[\s\S])*/,
    "",
  );
  const parts = run(withoutB).findings.flatMap(({ subject, part }) =>
    subject === "gateway/edge/public" ? [part] : [],
  );
  expect(parts).toEqual(["spec.listeners[0]", "spec.listeners[1]"]);
});
