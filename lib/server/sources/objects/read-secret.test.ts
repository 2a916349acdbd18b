import { createPrivateKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Secret } from "#lib/model/objects.ts";
import { type MadeCertificate, makeCertificate } from "#lib/testing/make-certificate.ts";
import { readObject } from "./read-object.ts";

const dates = { from: "2025-12-01T00:00:00Z", until: "2026-03-01T12:30:00Z" };
const root = makeCertificate({ ...dates, name: "root" });
const middle = makeCertificate({ ...dates, name: "middle", issuer: root, isCa: true, dnsNames: [] });
const leaf = makeCertificate({
  ...dates,
  name: "shop",
  issuer: middle,
  dnsNames: ["Shop.example.com", "*.shop.example.com"],
});

function secretOf(values: Readonly<Record<string, string>>, more: object = {}): Secret {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
  const outcome = readObject({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "shop-tls", namespace: "shop" },
    type: "kubernetes.io/tls",
    data,
    ...more,
  });
  if (outcome.kind !== "object" || outcome.object.kind !== "secret") throw new Error(outcome.kind);
  return outcome.object;
}

const pair = (crt: string, { key }: Pick<MadeCertificate, "key">) => ({ "tls.crt": crt, "tls.key": key });

describe("a TLS Secret", () => {
  it("is read as what its certificates say", () => {
    expect(secretOf(pair(leaf.cert + middle.cert, leaf))).toMatchObject({
      id: "secret/shop/shop-tls",
      type: "kubernetes.io/tls",
      tls: {
        kind: "certificates",
        key: "of-first",
        issuedByNext: [true],
        chain: [
          {
            subject: "CN=shop",
            commonName: "shop",
            issuer: "CN=middle",
            dnsNames: ["shop.example.com", "*.shop.example.com"],
            ipAddresses: [],
            notBefore: "2025-12-01T00:00:00Z",
            notAfter: "2026-03-01T12:30:00Z",
            isCa: false,
          },
          { subject: "CN=middle", issuer: "CN=root", dnsNames: [], isCa: true },
        ],
      },
    });
  });

  it("knows addresses from names", () => {
    const { cert, key } = makeCertificate({ ...dates, name: "local" });
    expect(secretOf(pair(cert, { key })).tls).toMatchObject({
      chain: [{ dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"] }],
    });
  });

  it("tells a chain in order from one that is not", () => {
    const orderOf = (...chain: readonly MadeCertificate[]) => {
      const { tls } = secretOf(pair(chain.map(({ cert }) => cert).join("\n"), leaf));
      return tls?.kind === "certificates" ? [tls.issuedByNext, tls.key] : tls;
    };
    expect(orderOf(leaf, middle, root)).toEqual([[true, true], "of-first"]);
    expect(orderOf(leaf, root, middle)).toEqual([[false, false], "of-first"]);
    expect(orderOf(middle, leaf)).toEqual([[false], "of-another"]);
    // Another authority of the same name: the signature tells.
    expect(orderOf(leaf, makeCertificate({ ...dates, name: "middle" }))).toEqual([[false], "of-first"]);
  });

  it.each<[string, string, string]>([
    ["another one's", root.key, "of-none"],
    ["nothing", "", "absent"],
    ["what a collector left in its place", "1704 bytes long", "absent"],
    ["a certificate", leaf.cert, "absent"],
    [
      "encrypted",
      createPrivateKey(leaf.key)
        .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
        .toString(),
      "encrypted",
    ],
    [
      "in the older form",
      createPrivateKey(leaf.key).export({ type: "sec1", format: "pem" }).toString(),
      "of-first",
    ],
    [
      "behind other PEM",
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${leaf.key}`,
      "of-first",
    ],
    ["cut within", leaf.key.replace(/\n.{40}/, "\n"), "unreadable"],
  ])("says whose its key is where that is %s", (_what, key, expected) => {
    expect(secretOf(pair(leaf.cert, { key })).tls).toMatchObject({ key: expected });
  });

  it.each<[string, string, string]>([
    ["empty", " \n", "absent"],
    ["no PEM", "to be filled in", "not-pem"],
    ["a placeholder", "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n", "malformed"],
    ["cut short", leaf.cert.slice(0, 200), "malformed"],
    ["broken in its second part", leaf.cert + middle.cert.replace(/\n.{40}/, "\n"), "malformed"],
  ])("has no certificate where that is %s", (_what, crt, reason) => {
    expect(secretOf(pair(crt, leaf)).tls).toEqual({ kind: "none", reason });
  });

  it("takes stringData before data, as the API server does", () => {
    const { tls } = secretOf(pair("old", leaf), { stringData: { "tls.crt": leaf.cert } });
    expect(tls).toMatchObject({ kind: "certificates", key: "of-first" });
  });

  it("is one without a certificate where it holds nothing at all", () => {
    expect(secretOf({}, { data: undefined }).tls).toEqual({ kind: "none", reason: "absent" });
    expect(secretOf({}, { data: { "tls.crt": 1, "tls.key": null } }).tls).toEqual({
      kind: "none",
      reason: "absent",
    });
  });
});

it("keeps of any other Secret its name and its type", () => {
  expect(secretOf({ password: "hunter2" }, { type: undefined })).toEqual({
    kind: "secret",
    id: "secret/shop/shop-tls",
    name: "shop-tls",
    namespace: "shop",
    labels: {},
    annotations: {},
    owners: [],
    createdAt: undefined,
    deletingAt: undefined,
    origin: undefined,
    type: "Opaque",
  });
  expect(JSON.stringify(secretOf(pair(leaf.cert, leaf), { type: "Opaque" }))).not.toMatch(/BEGIN|MII/);
});

it("never quotes what a malformed one holds", () => {
  const outcomes = [{ type: ["hunter2"] }, { metadata: { name: "a/hunter2" }, data: { a: "hunter2" } }].map(
    (more) =>
      readObject({ apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, ...more, data: "hunter2" }),
  );
  expect(outcomes).toMatchObject([
    { kind: "invalid", path: "type", why: "must be a string, not a list" },
    { kind: "invalid", path: "metadata.name" },
  ]);
  expect(outcomes.map((outcome) => (outcome.kind === "invalid" ? outcome.why : "")).join()).not.toContain(
    "hunter2",
  );
});

it.each([
  ["cert-manager.io/v1", "Certificate", "certificates", { secretName: "made" }, "made"],
  ["external-secrets.io/v1", "ExternalSecret", "externalSecrets", { target: { name: "made" } }, "made"],
  ["external-secrets.io/v1beta1", "ExternalSecret", "externalSecrets", {}, "own"],
  ["bitnami.com/v1alpha1", "SealedSecret", "sealedSecrets", { encryptedData: { a: "AgBhunter2" } }, "own"],
])("reads of a %s %s the Secret that it makes", (apiVersion, kind, plural, spec, secretName) => {
  const outcome = readObject({
    apiVersion,
    kind,
    metadata: { name: "own", namespace: "shop" },
    spec,
    status: { conditions: [{ type: "Ready", status: "False", reason: "Pending", message: "waiting" }] },
  });
  expect(outcome).toMatchObject({
    kind: "object",
    plural,
    object: { secretName, conditions: [{ type: "Ready", status: "False", reason: "Pending" }] },
  });
  expect(JSON.stringify(outcome)).not.toContain("hunter2");
});

it("has no use for an ExternalSecret that makes none", () => {
  const spec = { target: { creationPolicy: "None" } };
  expect(
    readObject({
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: { name: "a" },
      spec,
    }).kind,
  ).toBe("ignored");
});
