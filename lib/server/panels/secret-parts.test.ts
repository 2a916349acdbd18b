import { describe, expect, it } from "vitest";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { objectId } from "#lib/model/ids.ts";
import type { ObjectPanel } from "#lib/protocol/panel.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { makeCertificate } from "#lib/testing/make-certificate.ts";
import { objectPanel } from "./object-panel.ts";

const now = "2026-01-01T00:00:00Z";
const root = makeCertificate({ name: "Root", from: "2025-01-01T00:00:00Z", until: "2035-01-01T00:00:00Z" });
const shop = makeCertificate({
  name: "shop.example.com",
  from: "2025-10-14T12:00:00Z",
  until: "2026-01-13T12:00:00Z",
  issuer: root,
  dnsNames: ["shop.example.com", "*.shop.example.com"],
});
const base64 = (text: string) => Buffer.from(text).toString("base64");
const secret = (name: string, key: string, namespace = "shop") =>
  `{kind: Secret, apiVersion: v1, metadata: {name: ${name}, namespace: ${namespace}}, type: kubernetes.io/tls, data: {tls.crt: ${base64(shop.cert + root.cert)}, tls.key: ${base64(key)}}}`;
const ingress = (...names: readonly string[]) =>
  `{kind: Ingress, apiVersion: networking.k8s.io/v1, metadata: {name: front, namespace: shop}, spec: {tls: [${names.map((name) => `{hosts: [shop.example.com], secretName: ${name}}`).join(", ")}]}}`;
const gateway =
  "{kind: Gateway, apiVersion: gateway.networking.k8s.io/v1, metadata: {name: public, namespace: edge}, spec: {gatewayClassName: x, listeners: [{name: https, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: {certificateRefs: [{name: shop-tls, namespace: shop}]}}]}}";
const certificate =
  '{kind: Certificate, apiVersion: cert-manager.io/v1, metadata: {name: shop, namespace: shop}, spec: {secretName: shop-tls}, status: {notBefore: "2025-10-14T12:00:00Z", notAfter: "2026-01-13T12:00:00Z", renewalTime: "2025-12-14T12:00:00Z", conditions: [{type: Ready, status: "False", reason: Failed, message: no answer}]}}';

type Change = Partial<Pick<ReturnType<typeof snapshotFromYaml>, "objects" | "unread">>;

function panelOf(
  id: ReturnType<typeof objectId>,
  documents: readonly string[],
  change: (snapshot: ReturnType<typeof snapshotFromYaml>) => Change = () => ({}),
): ObjectPanel {
  const snapshot = snapshotFromYaml(documents.join("\n---\n"));
  const panel = objectPanel(compileFacts({ ...snapshot, ...change(snapshot) }, now), [], id);
  if (panel === undefined) throw new Error(`no panel of ${id}`);
  return panel;
}

const front = objectId("ingress", "shop", "front");
const certificatesOf = ({ facts }: ObjectPanel) =>
  facts
    .filter(({ label }) => label.startsWith("certificate"))
    .map(({ label, value, tone }) => [label, value, tone]);
const off = (snapshot: ReturnType<typeof snapshotFromYaml>): Change => ({
  objects: { ...snapshot.objects, secrets: undefined },
  unread: { ...snapshot.unread, secrets: { reason: "switched-off", message: "Secrets are off." } },
});

describe("what an Ingress or a Gateway says of its certificates", () => {
  it("is names and time", () => {
    const panel = panelOf(front, [secret("shop-tls", shop.key), ingress("shop-tls")]);
    expect(certificatesOf(panel)).toEqual([
      ["certificate", "shop-tls: shop.example.com and *.shop.example.com, expires in 12 days", "partial"],
    ]);
    expect(panel.related).toMatchObject([{ id: "secret/shop/shop-tls", relation: "its certificate" }]);
  });

  it("is that of each listener", () => {
    const panel = panelOf(objectId("gateway", "edge", "public"), [secret("shop-tls", shop.key), gateway]);
    expect(certificatesOf(panel)).toEqual([
      [
        "certificate of https",
        "shop/shop-tls: shop.example.com and *.shop.example.com, expires in 12 days",
        "partial",
      ],
    ]);
  });

  it.each<[string, readonly string[], string, string]>([
    [
      "the key is another one's",
      [secret("a", root.key)],
      "a: shop.example.com and *.shop.example.com, expires in 12 days, with another certificate's key",
      "broken",
    ],
    ["there is none", [], "a: there is no such Secret", "broken"],
    [
      "the Secret is of another type",
      ["{kind: Secret, apiVersion: v1, metadata: {name: a, namespace: shop}}"],
      "a: of type Opaque, of which no certificate is read",
      "partial",
    ],
    [
      "it holds nothing",
      ["{kind: Secret, apiVersion: v1, metadata: {name: a, namespace: shop}, type: kubernetes.io/tls}"],
      "a: holds no certificate that can be read",
      "broken",
    ],
  ])("tells where %s", (_what, documents, value, tone) => {
    expect(certificatesOf(panelOf(front, [...documents, ingress("a")]))).toEqual([
      ["certificate", value, tone],
    ]);
  });

  it("says why Secrets were not read, and what cert-manager knows all the same", () => {
    expect(certificatesOf(panelOf(front, [ingress("shop-tls")], off))).toEqual([
      ["certificate", "shop-tls: not read: Secrets are off.", "unknown"],
    ]);
    expect(certificatesOf(panelOf(front, [certificate, ingress("shop-tls")], off))).toEqual([
      ["certificate", "shop-tls: by its Certificate expires in 12 days", "partial"],
    ]);
  });
});

describe("the panel of a Secret", () => {
  it("tells what its certificate says, who uses it and what makes it", () => {
    const documents = [secret("shop-tls", shop.key), ingress("shop-tls"), gateway, certificate];
    const panel = panelOf(objectId("secret", "shop", "shop-tls"), documents);
    expect(panel).toMatchObject({
      health: "partial",
      sentence: "A certificate: shop.example.com and *.shop.example.com, expires in 12 days",
      facts: [
        { label: "type", value: "kubernetes.io/tls" },
        { label: "names", value: "shop.example.com, *.shop.example.com" },
        { label: "subject", value: "CN=shop.example.com" },
        { label: "issued by", value: "CN=Root" },
        { label: "valid", value: "from 2025-10-14T12:00:00Z to 2026-01-13T12:00:00Z" },
        { label: "issuer 1", value: "CN=Root, from 2025-01-01T00:00:00Z to 2035-01-01T00:00:00Z" },
        { label: "key", value: "belongs to the certificate" },
      ],
      kubectl: "kubectl -n shop describe secret shop-tls",
    });
    expect(panel.related.map(({ id, relation }) => [id, relation])).toEqual([
      ["ingress/shop/front", "uses it"],
      ["gateway/edge/public", "uses it on https"],
      ["certificate/shop/shop", "makes it"],
    ]);
  });

  it("has of any other its type", () => {
    const opaque =
      "{kind: Secret, apiVersion: v1, metadata: {name: a, namespace: shop}, data: {password: aHVudGVyMg==}}";
    const panel = panelOf(objectId("secret", "shop", "a"), [opaque]);
    expect(panel).toMatchObject({ health: "idle", facts: [{ label: "type", value: "Opaque" }] });
  });
});

it("the panel of a Certificate says what keeps it from making its Secret", () => {
  expect(panelOf(objectId("certificate", "shop", "shop"), [certificate, ingress("shop-tls")])).toMatchObject({
    kind: "Certificate",
    health: "broken",
    sentence: "Does not make the Secret shop-tls: Failed: no answer",
    facts: [{ label: "valid" }, { label: "renewal", value: "2025-12-14T12:00:00Z" }],
    related: [{ id: "ingress/shop/front", relation: "uses it" }],
    conditions: [{ type: "Ready", status: "False" }],
  });
});
