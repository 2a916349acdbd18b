import { durationWords } from "#lib/engine/duration-words.ts";
import { secretsInUse, type TlsRef } from "#lib/engine/tls/tls-entries.ts";
import { validityOf } from "#lib/engine/tls/validity.ts";
import type { Evidence } from "#lib/model/finding.ts";
import type { SecretMaker } from "#lib/model/objects.ts";
import { defineCheck } from "../../check.ts";
import {
  certificatePath,
  makerInWords,
  makersEvidence,
  makersFaultInWords,
  secretUnread,
  showCertificate,
  usersInWords,
} from "../../tls-words.ts";

export const tlsExpiresSoon = defineCheck({
  id: "tls/expires-soon",
  code: "NET-224",
  severity: "warning",
  summary: "A certificate in use expires soon",
  inputs: [],
  each: ["ingresses", "gateways", "listenerSets"],
  ifRead: ["secrets", "certificates"],
  *find({ tls, now, origin, unread }) {
    for (const { ref, users } of secretsInUse(tls)) {
      const { makers, id, name, namespace } = ref;
      const life = lifeOf(ref);
      if (life === undefined) {
        if (ref.standing === "unknown") yield secretUnread(ref, origin, unread.includes("secrets"));
        continue;
      }
      const { state, words } = validityOf(life, now);
      const [renewing] = makers.filter(({ renewalTime }) => renewalTime !== undefined);
      const isLate = renewing !== undefined && now > renewalOf(renewing) + hour;
      if (state !== "expires-soon" && !(state === "valid" && isLate)) continue;
      yield {
        subject: id,
        // What renews by itself and is not late is only worth knowing, however little time it leaves itself.
        severity: renewing !== undefined && !isLate ? ("info" as const) : undefined,
        message: `The certificate of the Secret ${name}, for ${usersInWords(users, namespace)}, ${words}`,
        evidence: [life.evidence, ...makersEvidence(ref)],
        nearMiss: makersFaultInWords(ref, "renews it") ?? renewalInWords(renewing, now),
        fix: { text: fixInWords(ref, renewing !== undefined && !isLate) },
        kubectl: showCertificate(ref, "-dates"),
        touches: [...users.map(({ user }) => user.id), ...makers.map((each) => each.id)],
      };
    }
  },
});

/** A renewal takes its time: until an hour after it was due it is not late. */
const hour = 60 * 60 * 1000;

interface Life {
  readonly notBefore: string;
  readonly notAfter: string;
  readonly evidence: Evidence;
}

/** As the certificate says, or where that was not read, as cert-manager says. */
function lifeOf({ standing, id, secret, makers }: TlsRef): Life | undefined {
  if (standing !== "unknown") {
    const own = secret?.tls?.kind === "certificates" ? secret.tls.chain[0] : undefined;
    if (own === undefined) return undefined;
    const evidence = { object: id, path: certificatePath, value: `not after ${own.notAfter}` };
    return { notBefore: own.notBefore, notAfter: own.notAfter, evidence };
  }
  const maker = makers.find(({ validity }) => validity !== undefined);
  if (maker?.validity === undefined) return undefined;
  const evidence = { object: maker.id, path: "status.notAfter", value: maker.validity.notAfter };
  return { ...maker.validity, evidence };
}

function renewalOf({ renewalTime }: SecretMaker): number {
  return renewalTime === undefined ? Number.POSITIVE_INFINITY : Date.parse(renewalTime);
}

function renewalInWords(maker: SecretMaker | undefined, now: number): string | undefined {
  if (maker === undefined) return undefined;
  const ms = renewalOf(maker) - now;
  const what = makerInWords(maker);
  return ms > 0
    ? `${what} is to renew it in ${durationWords(ms)}`
    : `${what} was to renew it ${durationWords(-ms)} ago`;
}

function fixInWords({ name, makers: [maker] }: TlsRef, isAwaited: boolean): string {
  if (maker === undefined) return `Have it issued anew before that, and put it into the Secret ${name}`;
  return isAwaited
    ? `Let ${makerInWords(maker)} renew it earlier (renewBefore), so that a failure leaves time to act`
    : `See why ${makerInWords(maker)} has not renewed it`;
}
