import type { Secret, X509 } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { listedUpTo } from "../object-words.ts";
import type { TlsRef } from "./tls-entries.ts";
import { validityOf } from "./validity.ts";

export interface CertificateWords {
  /** "shop.example.com and *.shop.example.com, expires in 12 days"; without the Secret's name. */
  readonly words: string;
  readonly tone: "ok" | "partial" | "broken" | "unknown";
}

/** What is known of the certificate that a reference leads to, in one line. */
export function certificateInWords(
  { secret, standing, makers }: TlsRef,
  snapshot: Pick<Snapshot, "origin" | "unread">,
  now: number,
): CertificateWords {
  if (secret !== undefined) return secretInWords(secret, snapshot, now);
  const [maker] = makers;
  switch (standing) {
    case "missing":
      return { words: "there is no such Secret", tone: "broken" };
    case "made":
      return { words: "made from these files when they are applied", tone: "ok" };
    case "found":
    case "unknown": {
      if (maker?.validity !== undefined) {
        const { state, words } = validityOf(maker.validity, now);
        return { words: `by its Certificate ${words}`, tone: toneOf(state) };
      }
      const why = snapshot.unread.secrets?.message;
      return { words: why === undefined ? "not among these files" : `not read: ${why}`, tone: "unknown" };
    }
  }
}

export function secretInWords(
  { type, tls }: Secret,
  { origin }: Pick<Snapshot, "origin">,
  now: number,
): CertificateWords {
  if (tls === undefined)
    return { words: `of type ${type}, of which no certificate is read`, tone: "partial" };
  if (tls.kind === "none") {
    const isLeftOut = origin !== "cluster" && tls.reason !== "malformed";
    return isLeftOut
      ? { words: "its certificate was left out", tone: "unknown" }
      : { words: "holds no certificate that can be read", tone: "broken" };
  }
  const [own] = tls.chain;
  if (own === undefined) return { words: "holds no certificate", tone: "broken" };
  const { state, words } = validityOf(own, now);
  const key = keyFault(tls.key);
  return {
    words: [namesInWords(own), words, key].filter((part) => part !== undefined).join(", "),
    tone: key === undefined ? toneOf(state) : "broken",
  };
}

function namesInWords({ dnsNames, ipAddresses }: X509): string {
  const names = [...dnsNames, ...ipAddresses];
  return names.length === 0 ? "for no host" : listedUpTo(names, 4);
}

/** A key that was left out, or cannot be parsed here, is no fault. */
function keyFault(key: string): string | undefined {
  switch (key) {
    case "of-none":
    case "of-another":
      return "with another certificate's key";
    case "encrypted":
      return "with an encrypted key";
    default:
      return undefined;
  }
}

function toneOf(state: ReturnType<typeof validityOf>["state"]): CertificateWords["tone"] {
  if (state === "valid") return "ok";
  return state === "expires-soon" ? "partial" : "broken";
}
