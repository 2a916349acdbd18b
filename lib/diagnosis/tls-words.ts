/** How the checks of TLS speak of Secrets, of what uses them, and of what makes them. */
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo, oneLine } from "#lib/engine/object-words.ts";
import { makersFault, type TlsEntry, type TlsRef } from "#lib/engine/tls/tls-entries.ts";
import type { Evidence } from "#lib/model/finding.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { SecretMaker, X509 } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { notInManifests, type Unjudged, unjudged } from "./check.ts";

/** "Ingress web", "listener https of Gateway edge/public": as one says it in a namespace. */
export function userInWords({ user, listener }: TlsEntry, from: string): string {
  const where = user.namespace === from ? user.name : `${user.namespace}/${user.name}`;
  const object = `${kinds[user.kind].api} ${where}`;
  return listener === undefined ? object : `listener ${listener.name} of ${object}`;
}

/** "Ingress web, Ingress api and 3 more". */
export function usersInWords(users: readonly TlsEntry[], from: string): string {
  return listedUpTo([...new Set(users.map((user) => userInWords(user, from)))], 2);
}

/** "the Secret shop-tls", with its namespace where that is another one. */
export function secretInWords({ name, namespace }: TlsRef, from: string): string {
  return `the Secret ${namespace === from ? name : `${namespace}/${name}`}`;
}

/** That a Secret could not be judged: it was not read, or, of manifests, is not among them. */
export function secretUnread({ namespace }: TlsRef, origin: Snapshot["origin"], isUnread: boolean): Unjudged {
  return origin === "manifests" && !isUnread ? notInManifests("secrets", namespace) : unjudged("secrets");
}

/** What stands in the way of what makes a Secret: "Certificate shop-tls, which makes it, is not ready: Failed: …". */
export function makersFaultInWords({ makers }: TlsRef, does: string): string | undefined {
  for (const maker of makers) {
    const fault = makersFault(maker);
    if (fault === undefined) continue;
    const why = [fault.reason, fault.message === undefined ? "" : oneLine(fault.message)]
      .filter(Boolean)
      .join(": ");
    const state = `is not ${maker.kind === "sealed-secret" ? "synced" : "ready"}`;
    return `${makerInWords(maker)}, which ${does}, ${state}${why === "" ? "" : `: ${why}`}`;
  }
  return undefined;
}

export function makerInWords({ kind, name }: SecretMaker): string {
  return `${kinds[kind].api} ${name}`;
}

export function makersEvidence({ makers }: TlsRef): readonly Evidence[] {
  return makers.flatMap((maker) => {
    const fault = makersFault(maker);
    if (fault === undefined) return [];
    const { type, status, reason } = fault;
    const value = reason === undefined ? status : `${status} (${reason})`;
    return [{ object: maker.id, path: `status.conditions[${type}]`, value }];
  });
}

export const certificatePath = "data[tls.crt]";

/** "names shop.example.com, *.shop.example.com and 3 more"; of a certificate without any, that. */
export function namesInWords({ dnsNames, ipAddresses }: X509): string {
  const names = [...dnsNames, ...ipAddresses];
  return names.length === 0 ? "names no host" : `names ${listedUpTo(names, 4)}`;
}

/** Shows what a certificate says, and touches no key: `openssl x509 -noout -dates`. */
export function showCertificate({ namespace, name }: TlsRef, ...what: readonly string[]): string {
  const get = kubectl(namespace, "get", "secret", name, "-o", "jsonpath={.data.tls\\.crt}");
  return `${get} | base64 -d | openssl x509 -noout ${what.join(" ")}`;
}

/** What makes a Secret and does not, or the Secret itself. */
export function showMaker({ namespace, name, makers }: TlsRef): string {
  const [maker] = makers.filter((each) => makersFault(each) !== undefined);
  if (maker === undefined) return kubectl(namespace, "get", "secret", name);
  const { resource, group } = kinds[maker.kind];
  return kubectl(namespace, "describe", `${resource}.${group}`, maker.name);
}
