/** For tests only: X.509 certificates, written out in DER by hand so that no openssl is needed. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface MadeCertificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly issueWith: { readonly name: string; readonly privateKey: KeyObject };
}

export interface CertificateWishes {
  readonly name: string;
  readonly from: string;
  readonly until: string;
  /** Absent: signed by itself, as a CA is. */
  readonly issuer?: MadeCertificate | undefined;
  /** Absent: localhost, and the address 127.0.0.1. */
  readonly dnsNames?: readonly string[] | undefined;
  /** Absent: where it has no issuer. */
  readonly isCa?: boolean | undefined;
}

/** A certificate with an EC key. Times are ISO 8601 and before 2050. */
export function makeCertificate(wishes: CertificateWishes): MadeCertificate {
  const { name, from, until, issuer, dnsNames } = wishes;
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const by = issuer?.issueWith ?? { name, privateKey };
  const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const extension = (id: Buffer, value: Buffer) => sequence(id, tlv(0x04, value));
  const altNames = [
    ...(dnsNames ?? ["localhost"]).map((each) => tlv(0x82, Buffer.from(each))),
    ...(dnsNames === undefined ? [tlv(0x87, Buffer.from([127, 0, 0, 1]))] : []),
  ];
  const isCa = wishes.isCa ?? issuer === undefined;
  const constraints = isCa ? sequence(tlv(0x01, Buffer.from([0xff]))) : sequence();
  const toSign = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    commonName(by.name),
    sequence(time(from), time(until)),
    commonName(name),
    publicKey.export({ type: "spki", format: "der" }),
    tlv(
      0xa3,
      sequence(
        extension(oid(0x55, 0x1d, 0x13), constraints),
        ...(altNames.length === 0 ? [] : [extension(oid(0x55, 0x1d, 0x11), sequence(...altNames))]),
      ),
    ),
  );
  const signature = sign("sha256", toSign, by.privateKey);
  const der = sequence(toSign, ecdsaWithSha256, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString("base64").replaceAll(/.{64}/g, "$&\n").trim();
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    issueWith: { name, privateKey },
  };
}

function tlv(tag: number, content: Buffer): Buffer {
  const length = content.length;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function oid(...bytes: readonly number[]): Buffer {
  return tlv(0x06, Buffer.from(bytes));
}

function commonName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(oid(0x55, 0x04, 0x03), tlv(0x0c, Buffer.from(name)))));
}

/** UTCTime: two digits of the year. */
function time(iso: string): Buffer {
  return tlv(0x17, Buffer.from(`${iso.replaceAll(/[-:T]/g, "").slice(2, 14)}Z`));
}
