/**
 * The certificates and keys that a kubeconfig names, read and looked at before anything is sent: Node takes a CA of
 * garbage without a word and fails later with "self-signed certificate", which sends people looking in the wrong place.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { SourceFailure } from "../source.ts";
import type { ClusterEntry, UserEntry } from "./kubeconfig-shapes.ts";

export interface Certificates {
  /** PEM. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** End of the client certificate's life. */
  readonly clientUntil: Date | undefined;
}

export type CertificatesResult =
  | { readonly kind: "certificates"; readonly certificates: Certificates }
  | { readonly kind: "failed"; readonly failure: SourceFailure };

/** Reads what the entries name. Messages name the field or the path and never quote the content. */
export function readCertificates(cluster: ClusterEntry, user: UserEntry | undefined): CertificatesResult {
  const ca = readPem(
    "certificate-authority",
    `cluster ${cluster.name}`,
    cluster.caFile,
    cluster.caData,
    isCertificate,
  );
  const cert = readPem(
    "client-certificate",
    `user ${user?.name}`,
    user?.certFile,
    user?.certData,
    isCertificate,
  );
  const key = readPem("client-key", `user ${user?.name}`, user?.keyFile, user?.keyData, isKey);
  for (const read of [ca, cert, key]) if (read.kind === "failed") return read;
  if (ca.kind !== "pem" || cert.kind !== "pem" || key.kind !== "pem") throw new Error("unreachable");

  if ((cert.pem === undefined) !== (key.pem === undefined)) {
    const lacking = cert.pem === undefined ? "client-certificate" : "client-key";
    return invalid(`User ${user?.name} has no ${lacking}, and one without the other is no credential.`);
  }
  const client = cert.pem === undefined ? undefined : new X509Certificate(cert.pem);
  if (client !== undefined && key.pem !== undefined && !client.checkPrivateKey(createPrivateKey(key.pem))) {
    return invalid(`The client-key of user ${user?.name} does not belong to its client-certificate.`);
  }
  const clientUntil = client === undefined ? undefined : new Date(client.validTo);
  return { kind: "certificates", certificates: { ca: ca.pem, cert: cert.pem, key: key.pem, clientUntil } };
}

type Pem =
  | { readonly kind: "pem"; readonly pem: string | undefined }
  | { readonly kind: "failed"; readonly failure: SourceFailure };

/** Inline data wins over a file, as in kubectl. */
function readPem(
  field: string,
  owner: string,
  file: string | undefined,
  data: string | undefined,
  isSound: (pem: string) => boolean,
): Pem {
  if (data !== undefined) {
    const pem = Buffer.from(data, "base64").toString("utf8");
    return isSound(pem)
      ? { kind: "pem", pem }
      : invalid(`The ${field}-data of ${owner} is not base64 of PEM, or is cut short.`);
  }
  if (file === undefined) return { kind: "pem", pem: undefined };
  try {
    const pem = readFileSync(file, "utf8");
    return isSound(pem)
      ? { kind: "pem", pem }
      : invalid(`${file}, the ${field} of ${owner}, is not PEM, or is cut short.`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const why =
      code === "ENOENT"
        ? "is not there"
        : code === "EACCES"
          ? "may not be read (permission denied)"
          : `could not be read (${code})`;
    return invalid(`${file}, the ${field} of ${owner}, ${why}.`);
  }
}

function isCertificate(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return blocks.length > 0 && blocks.every((block) => succeeds(() => new X509Certificate(block)));
}

function isKey(pem: string): boolean {
  return succeeds(() => createPrivateKey(pem));
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

function invalid(detail: string): { readonly kind: "failed"; readonly failure: SourceFailure } {
  return {
    kind: "failed",
    failure: {
      code: "kubeconfig-invalid",
      title: "A certificate or key in the kubeconfig cannot be used.",
      detail,
      remedy: "Fetch the kubeconfig again from where the cluster is managed.",
    },
  };
}
