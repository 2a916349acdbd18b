import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { tlsSecretMissing } from "./secret-missing.ts";

const run = (text: string, as?: "manifests" | "dump") =>
  runChecks(factsFromYaml(text, as), [tlsSecretMissing]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports only Secrets that are not there, each with the entry or listener that names it", () => {
  expect(findings.map(({ subject, part, message, nearMiss }) => [subject, part, message, nearMiss])).toEqual([
    [
      "gateway/edge/public",
      "spec.listeners[0].tls.certificateRefs[0]",
      "Listener https takes its certificate from the Secret www-certificate, which does not exist in edge",
      undefined,
    ],
    [
      "ingress/shop/admin",
      "spec.tls[0].secretName",
      "TLS for admin.example.com takes its certificate from the Secret admin-certificate, which does not exist in shop",
      undefined,
    ],
    [
      "ingress/shop/elsewhere",
      "spec.tls[0].secretName",
      "TLS for edge.example.com takes its certificate from the Secret edge-tls, which does not exist in shop",
      "there is a Secret edge-tls in namespace edge",
    ],
    [
      "ingress/shop/pending",
      "spec.tls[0].secretName",
      "TLS for new.example.com takes its certificate from the Secret new-site, which does not exist in shop",
      "Certificate new-site, which makes it, is not ready: DoesNotExist: Issuing certificate as Secret does not exist",
    ],
    [
      "ingress/shop/typo",
      "spec.tls[0].secretName",
      "TLS for shop.example.com takes its certificate from the Secret shop-tsl, which does not exist in shop",
      "there is a Secret shop-tls in shop",
    ],
  ]);
});

it("offers the Secret of a nearby name, and leads to what is to make it where something is", () => {
  expect(findings[4]?.fix).toEqual({
    text: "Name the Secret shop-tls instead",
    patch: {
      object: "ingress/shop/typo",
      type: "json",
      body: '[{"op":"replace","path":"/spec/tls/0/secretName","value":"shop-tls"}]',
    },
  });
  expect(findings[3]).toMatchObject({
    fix: { text: "See why Certificate new-site has not made it" },
    kubectl: "kubectl -n shop describe certificates.cert-manager.io new-site",
    touches: ["certificate/shop/new-site"],
  });
  expect(findings[1]?.kubectl).toBe("kubectl -n shop get secret admin-certificate");
});

const ingress = (annotations = "") => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop${annotations} }
spec: { tls: [{ hosts: [web.example.com], secretName: web-tls }] }
---
`;
const made = (kind: string, apiVersion: string, spec = "{}") => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: web-tls, namespace: shop }
spec: ${spec}
---
`;

it("cannot tell from manifests, which seldom hold Secrets", () => {
  const { findings, cannotTell } = run(ingress(), "manifests");
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    { kind: "secrets", why: "The manifests hold none of namespace shop." },
  ]);
});

it.each([
  ["a SealedSecret", made("SealedSecret", "bitnami.com/v1alpha1")],
  ["an ExternalSecret", made("ExternalSecret", "external-secrets.io/v1")],
  ["a Certificate", made("Certificate", "cert-manager.io/v1", "{ secretName: web-tls }")],
  ["an annotation", ""],
])("is silent about manifests in which %s makes it", (what, maker) => {
  const annotations = ', annotations: { cert-manager.io/cluster-issuer: "letsencrypt" }';
  const { findings, cannotTell } = run(
    maker + ingress(what === "an annotation" ? annotations : ""),
    "manifests",
  );
  expect([findings, cannotTell]).toEqual([[], []]);
});

it("tells a slip of the hand from manifests that hold what was meant", () => {
  const sealed = made("SealedSecret", "bitnami.com/v1alpha1").replace("web-tls", "web-tsl");
  const { findings } = run(sealed + ingress(), "manifests");
  expect(findings.map(({ nearMiss }) => nearMiss)).toEqual(["there is a Secret web-tsl in shop"]);
});

it("cannot tell from a dump without Secrets", () => {
  const dumped = ingress().replace("namespace: shop", 'namespace: shop, uid: "1"');
  const { findings, cannotTell } = run(dumped, "dump");
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing.map(({ kind }) => kind)).toContain("secrets");
});
