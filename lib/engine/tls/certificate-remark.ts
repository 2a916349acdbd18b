import type { ObjectId } from "#lib/model/ids.ts";
import type { Facts } from "../facts.ts";
import { normalHostname } from "../hostname.ts";
import { readInFull } from "../read-in-full.ts";
import { coverageOf } from "./certificate-names.ts";
import type { TlsEntry, TlsRef } from "./tls-entries.ts";
import { validityOf } from "./validity.ts";

type Finding = { readonly kind: "good" | "bad" | "unknown"; readonly words: string };

const rank = { good: 0, unknown: 1, bad: 2 } as const;

/**
 * What a client finds that asks these Ingresses, or this listener (by its field path), for a host over TLS: one sentence.
 * Of several certificates the server chooses one that fits, so the best of them counts.
 */
export function certificateRemark(
  facts: Facts,
  users: ReadonlySet<ObjectId>,
  host: string,
  path?: string,
): string {
  const entries = facts.tls.filter(
    (entry) => users.has(entry.user.id) && (path === undefined ? isFor(entry, host) : entry.path === path),
  );
  const [best] = entries
    .flatMap(({ refs }) => refs)
    .map((ref) => judge(ref, facts, host))
    .sort((a, b) => rank[a.kind] - rank[b.kind]);
  return best?.words ?? "Its certificate comes from no Secret, so it is not checked";
}

/** An entry's hosts are those that its certificate is named for; a wildcard among them stands for one label. */
function isFor({ hosts }: TlsEntry, host: string): boolean {
  return hosts.length === 0 || coverageOf({ dnsNames: hosts.map(normalHostname) }, host) === "covered";
}

function judge(ref: TlsRef, { snapshot, now }: Facts, host: string): Finding {
  const secret = `the Secret ${ref.namespace}/${ref.name}`;
  const bad = (why: string): Finding => ({
    kind: "bad",
    words: `Clients do not accept its certificate: ${why}`,
  });
  const none = (why: string): Finding => ({ kind: "bad", words: `It has no certificate: ${why}` });
  const unknown = (why: string): Finding => ({
    kind: "unknown",
    words: `${why}, so its certificate is not checked`,
  });
  if (ref.standing === "missing") return none(`${secret} does not exist`);
  if (ref.standing === "made") return unknown("Its Secret is made as these files are applied");
  if (ref.secret === undefined) {
    return readInFull(snapshot, "secrets")
      ? unknown(`These files do not hold ${secret}`)
      : unknown("Secrets are not read");
  }
  const { tls, type } = ref.secret;
  if (ref.permitted === "no") return none(`no ReferenceGrant permits ${secret}`);
  if (tls === undefined) return unknown(`The Secret ${ref.namespace}/${ref.name} is of type ${type}`);
  const [own] = tls.kind === "certificates" ? tls.chain : [];
  if (tls.kind === "none" || own === undefined) {
    return snapshot.origin === "cluster"
      ? none(`${secret} holds nothing that can be read as one`)
      : unknown("It is left out of the files");
  }
  if (coverageOf(own, host) === "none") return bad(`that of ${secret} is not for ${host}`);
  const { state, words } = validityOf(own, now);
  if (state === "expired") return bad(`that of ${secret} ${words}`);
  if (state === "not-yet-valid") return bad(`that of ${secret} is ${words}`);
  if (tls.key === "of-none" || tls.key === "of-another" || tls.key === "encrypted") {
    return bad(`the key in ${secret} cannot be used with it`);
  }
  return { kind: "good", words: `Its certificate, of ${secret}, is for ${host} and ${words}` };
}
