import { describe, expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { type MadeCertificate, makeCertificate } from "#lib/testing/make-certificate.ts";
import { certificateRemark } from "./certificate-remark.ts";

const life = { from: "2025-10-01T00:00:00Z", until: "2026-04-01T00:00:00Z" };
const good = makeCertificate({ ...life, name: "shop", dnsNames: ["*.example.com"] });
const other = makeCertificate({ ...life, name: "other", dnsNames: ["other.example.org"] });
const old = makeCertificate({
  ...life,
  until: "2025-12-01T00:00:00Z",
  name: "old",
  dnsNames: ["*.example.com"],
});

const base64 = (text: string) => Buffer.from(text).toString("base64");
const secret = (name: string, { cert, key }: Pick<MadeCertificate, "cert" | "key">) =>
  `{apiVersion: v1, kind: Secret, metadata: {name: ${name}, namespace: shop}, type: kubernetes.io/tls, data: {tls.crt: "${base64(cert)}", tls.key: "${base64(key)}"}}\n---\n`;
const ingress = (tls: string) =>
  `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop}, spec: {tls: [${tls}]}}\n---\n`;
const entry = "{hosts: [a.example.com], secretName: s}";
const users = new Set([objectId("ingress", "shop", "web")]);
const remark = (yaml: string, as?: "manifests" | "dump") =>
  certificateRemark(factsFromYaml(yaml, as), users, "a.example.com");
const refused = (why: string) => `Clients do not accept its certificate: ${why}`;
const unchecked = (why: string) => `${why}, so its certificate is not checked`;

describe("what a client finds", () => {
  it.each<[string, string, string]>([
    [
      "a sound certificate",
      secret("s", good),
      "Its certificate, of the Secret shop/s, is for a.example.com and expires in 90 days",
    ],
    ["none", "", "It has no certificate: the Secret shop/s does not exist"],
    ["another host's", secret("s", other), refused("that of the Secret shop/s is not for a.example.com")],
    ["an old one", secret("s", old), refused("that of the Secret shop/s expired 31 days ago")],
    [
      "one with another's key",
      secret("s", { ...good, key: other.key }),
      refused("the key in the Secret shop/s cannot be used with it"),
    ],
    [
      "an empty Secret",
      secret("s", { cert: "", key: "" }),
      "It has no certificate: the Secret shop/s holds nothing that can be read as one",
    ],
    [
      "a Secret of another type",
      "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop}}\n---\n",
      unchecked("The Secret shop/s is of type Opaque"),
    ],
  ])("is %s", (_what, secrets, expected) => {
    expect(remark(secrets + ingress(entry))).toBe(expected);
  });

  it("is the best of several", () => {
    const tls = `${entry}, {hosts: ["*.example.com"], secretName: t}, {hosts: [other.example.org], secretName: u}`;
    expect(remark(secret("s", old) + secret("t", good) + ingress(tls))).toMatch(
      /of the Secret shop\/t, is for/,
    );
  });

  it("is not known where Secrets were not read, or are not in the files", () => {
    const dumped = ingress(entry).replace("namespace: shop", 'namespace: shop, uid: "1"');
    expect(remark(dumped, "dump")).toBe(unchecked("Secrets are not read"));
    expect(remark(ingress(entry), "manifests")).toBe(unchecked("These files do not hold the Secret shop/s"));
  });

  it("is no Secret's where none is named", () => {
    expect(remark(ingress("{hosts: [a.example.com]}"))).toBe(
      "Its certificate comes from no Secret, so it is not checked",
    );
  });
});
