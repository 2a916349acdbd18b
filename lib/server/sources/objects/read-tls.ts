/** The two values of a TLS Secret, as far as anyone may know them: what the certificates say, and whether the key fits. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { TlsContent, TlsKey, X509 } from "#lib/model/objects.ts";

/** Reads `tls.crt` and `tls.key`, as PEM. Of the key nothing is in what it gives but whose it is. Never throws. */
export function readTls(crt: string, key: string): TlsContent {
  if (crt.trim() === "") return { kind: "none", reason: "absent" };
  const blocks = crt.match(certificateBlock) ?? [];
  if (blocks.length === 0) {
    return { kind: "none", reason: /-----BEGIN CERTIFICATE-----/.test(crt) ? "malformed" : "not-pem" };
  }
  const certificates: X509Certificate[] = [];
  const chain: X509[] = [];
  for (const block of blocks) {
    const certificate = attempt(() => new X509Certificate(block));
    const facts = certificate === undefined ? undefined : factsOf(certificate);
    if (certificate === undefined || facts === undefined) return { kind: "none", reason: "malformed" };
    certificates.push(certificate);
    chain.push(facts);
  }
  return {
    kind: "certificates",
    chain,
    issuedByNext: certificates.slice(0, -1).map((each, i) => issued(each, certificates[i + 1])),
    key: keyOf(key, certificates),
  };
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const keyBlock = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\S]*?-----END (?:[A-Z]+ )?PRIVATE KEY-----/;

function keyOf(pem: string, certificates: readonly X509Certificate[]): TlsKey {
  // Some tools write the curve's parameters before the key itself, which is what counts.
  const block = keyBlock.exec(pem)?.[0];
  if (block === undefined) return "absent";
  if (/BEGIN ENCRYPTED|^Proc-Type: .*ENCRYPTED/m.test(block)) return "encrypted";
  const key = attempt(() => createPrivateKey(block));
  if (key === undefined) return "unreadable";
  const fits = certificates.map((each) => attempt(() => fitsTo(each, key)));
  if (fits[0] === true) return "of-first";
  if (fits.includes(undefined)) return "unreadable";
  return fits.includes(true) ? "of-another" : "of-none";
}

function fitsTo(certificate: X509Certificate, key: KeyObject): boolean {
  return certificate.checkPrivateKey(key);
}

/** By name and by signature. */
function issued(certificate: X509Certificate, by: X509Certificate | undefined): boolean {
  if (by === undefined || !certificate.checkIssued(by)) return false;
  // An algorithm that is not known here is no reason to doubt the name.
  return attempt(() => certificate.verify(by.publicKey)) ?? true;
}

function factsOf(certificate: X509Certificate): X509 | undefined {
  const notBefore = isoOf(certificate.validFrom);
  const notAfter = isoOf(certificate.validTo);
  if (notBefore === undefined || notAfter === undefined) return undefined;
  const subject = nameOf(certificate.subject);
  const names = altNames(certificate.subjectAltName ?? "");
  return {
    subject: subject.join(", "),
    commonName: subject.find((part) => part.startsWith("CN="))?.slice("CN=".length),
    issuer: nameOf(certificate.issuer).join(", "),
    dnsNames: names.flatMap(({ type, value }) => (type === "DNS" ? [value.toLowerCase()] : [])),
    ipAddresses: names.flatMap(({ type, value }) => (type === "IP Address" ? [value] : [])),
    notBefore,
    notAfter,
    isCa: certificate.ca,
  };
}

/** OpenSSL gives `Jan  1 00:00:00 2026 GMT`. */
function isoOf(time: string): string | undefined {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().replace(".000Z", "Z");
}

/** Node gives one line a part, and nothing at all where the name is empty. */
function nameOf(name: string | undefined): readonly string[] {
  return (name ?? "").split("\n").filter((part) => part !== "");
}

/** `DNS:a.example.com, IP Address:10.0.0.1`; a value that holds anything odd comes in quotes, as JSON. */
function altNames(text: string): readonly { readonly type: string; readonly value: string }[] {
  return [...text.matchAll(/([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g)].map(
    ([, type = "", value = ""]) => ({
      type: type.trim(),
      value: value.startsWith('"') ? (attempt(() => String(JSON.parse(value))) ?? "") : value,
    }),
  );
}

/** What OpenSSL says of what it cannot parse is not passed on. */
function attempt<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}
