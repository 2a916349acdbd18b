import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { coverageOf } from "#lib/engine/tls/certificate-names.ts";
import type { TlsEntry } from "#lib/engine/tls/tls-entries.ts";
import type { Fix } from "#lib/model/finding.ts";
import type { Secret, X509 } from "#lib/model/objects.ts";
import { defineCheck, unjudged } from "../../check.ts";
import {
  certificatePath,
  namesInWords,
  secretInWords,
  secretUnread,
  showCertificate,
} from "../../tls-words.ts";

export const tlsHostNotCovered = defineCheck({
  id: "tls/host-not-covered",
  code: "NET-222",
  severity: "error",
  summary: "A certificate does not name a host that it is used for",
  inputs: [],
  each: ["ingresses", "gateways", "listenerSets"],
  ifRead: ["secrets", "httpRoutes", "grpcRoutes", "tlsRoutes"],
  *find({ tls, objects, origin, unread }) {
    for (const entry of tls) {
      const { user, path, refs, hosts, within } = entry;
      const [ref] = refs;
      if (ref === undefined) continue;
      const unknown = refs.find(({ standing }) => standing === "unknown");
      if (unknown !== undefined && (hosts.length > 0 || within !== undefined))
        yield secretUnread(unknown, origin, unread.includes("secrets"));
      // For a wildcard, routes tell which names are asked for.
      if (entry.listener !== undefined && (within !== undefined || entry.listener.hostname === undefined))
        yield unjudged("httpRoutes", "grpcRoutes", "tlsRoutes");
      const own = refs.flatMap(({ secret }) => ownOf(secret) ?? []);
      // Any of several may be the one for a host; without all of them there is nothing to say.
      if (own.length < refs.length) continue;
      const best = (host: string) => {
        const found = own.map((certificate) => coverageOf(certificate, host));
        return found.includes("covered") ? "covered" : found.includes("partly") ? "partly" : "none";
      };
      const bad = hosts.filter((host) => best(host) !== "covered");
      if (bad.length === 0 && within !== undefined && best(within) === "none") bad.push(within);
      if (bad.length === 0) continue;
      const [first = ""] = bad;
      const isPart = bad.every((host) => best(host) === "partly");
      yield {
        subject: user.id,
        part: path,
        severity: isPart ? ("warning" as const) : undefined,
        message: `${whatInWords(entry, isPart)} ${listedUpTo(bad, 3)}`,
        evidence: refs.flatMap(({ id, secret }) => {
          const certificate = ownOf(secret);
          return certificate === undefined
            ? []
            : [{ object: id, path: certificatePath, value: namesInWords(certificate) }];
        }),
        nearMiss: nearMissOf(own, first),
        fix: fixFor(entry, bad, objects.secrets ?? []),
        kubectl: showCertificate(ref, "-subject", "-ext", "subjectAltName"),
        touches: refs.map(({ id }) => id),
      };
    }
  },
});

function ownOf(secret: Secret | undefined): X509 | undefined {
  return secret?.tls?.kind === "certificates" ? secret.tls.chain[0] : undefined;
}

function whatInWords({ user, listener, refs }: TlsEntry, isPart: boolean): string {
  const [ref] = refs;
  if (refs.length > 1 || ref === undefined) {
    const all = `${refs.length} certificates of listener ${listener?.name}`;
    return isPart ? `The ${all} cover only a part of` : `None of the ${all} is for`;
  }
  const own = `The certificate of ${secretInWords(ref, user.namespace)}`;
  return isPart ? `${own} covers only a part of` : `${own} is not for`;
}

function nearMissOf(own: readonly X509[], host: string): string {
  const names = own.flatMap(({ dnsNames }) => dnsNames);
  const common = own.find(({ commonName }) => commonName?.toLowerCase() === host)?.commonName;
  if (names.length === 0) {
    return common === undefined
      ? "it names no host at all"
      : `it has ${host} as its common name only, which clients do not read any more`;
  }
  const wildcard = names.find((name) => name.startsWith("*.") && host.endsWith(name.slice(1)));
  if (wildcard !== undefined) return `it is for ${wildcard}, where * stands for one label and no more`;
  const parent = names.find((name) => name === `*.${host}`);
  if (parent !== undefined) return `it is for ${parent}, which does not cover ${host} itself`;
  return `${own.length === 1 ? "it is" : "they are"} for ${listedUpTo(names, 4)}`;
}

/** Another Secret of the namespace may hold the right one. */
function fixFor(
  { user, refs: [ref, ...more], hosts, within, listener }: TlsEntry,
  bad: readonly string[],
  secrets: readonly Secret[],
): Fix {
  const wanted = hosts.length > 0 ? hosts : within === undefined ? [] : [within];
  const right =
    ref === undefined || more.length > 0 || ref.namespace !== user.namespace
      ? []
      : secrets.filter((secret) => {
          const own = secret.namespace === ref.namespace ? ownOf(secret) : undefined;
          return own !== undefined && wanted.every((host) => coverageOf(own, host) === "covered");
        });
  const [only] = right;
  if (ref === undefined || only === undefined || right.length > 1) {
    return { text: `Have a certificate issued that names ${listedUpTo(bad, 3)}` };
  }
  const path = listener === undefined ? pointer(ref.path) : pointer(ref.path, "name");
  return {
    text: `Take the certificate of the Secret ${only.name}, which names ${listedUpTo(bad, 3)}`,
    patch: jsonPatch(user.id, { op: "replace", path, value: only.name }),
  };
}
