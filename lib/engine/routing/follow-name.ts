import { assertNever } from "#lib/model/assert-never.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import type { Facts } from "../facts.ts";
import type { ClusterDns } from "./cluster-dns.ts";
import { lookUpInZone, type NameFault, type ZoneAnswer } from "./dns-zone.ts";
import type { NameAnswer, NameStep } from "./name-answer.ts";
import { isInZone } from "./name-shape.ts";
import { judgeName } from "./unanswered-name.ts";

/** What came of one full name of the cluster's zone. */
export interface Followed {
  readonly steps: readonly NameStep[];
  /** ExternalName Services on the way. */
  readonly aliases: readonly ObjectId[];
  readonly end:
    | { readonly kind: "answer"; readonly answer: NameAnswer; readonly remark?: string | undefined }
    /** No address: the resolver goes on to its next name. */
    | { readonly kind: "fault"; readonly fault: NameFault | undefined }
    | { readonly kind: "doubt"; readonly doubt: Doubt };
}

export const elsewhere = "outside the cluster: for other servers to say";

/** CoreDNS follows no further (plugin/backend_lookup.go). */
const mostAliases = 8;

/** Looks a name of the cluster's zone up, through ExternalNames to what has addresses or to another zone. */
export function followName(facts: Facts, dns: ClusterDns, name: string): Followed {
  const steps: NameStep[] = [];
  const aliases: ObjectId[] = [];
  const asked = new Set<string>();
  for (let at = name; ; ) {
    asked.add(at);
    const found = lookUpInZone(facts, dns, at);
    if (found.kind !== "alias") {
      steps.push({ name: at, result: resultWords(found) });
      return { steps, aliases, end: ending(found, at, aliases) };
    }
    const { service, target } = found;
    steps.push({ name: at, result: `an alias of ${target}` });
    aliases.push(service.id);
    const words = `Service ${service.namespace}/${service.name} is an alias of ${target}`;
    const broken = (sentence: string, nearMiss?: string): Followed => {
      const fault: NameFault = { of: "object", sentence, nearMiss, object: service.id };
      return { steps, aliases, end: { kind: "fault", fault } };
    };
    if (asked.has(target)) return broken(`${words}, which leads back to it`);
    if (aliases.length > mostAliases) return broken(`${words}, the last of more than ${mostAliases} aliases`);
    if (!isInZone(target, dns.domain)) {
      steps.push({ name: target, result: elsewhere });
      const { namespace } = service;
      const answer = judgeName({ facts, dns, name: target, written: "absolute", namespace });
      if (answer.kind === "not-found") {
        return broken(`${words}, which is no name of the cluster: a target is absolute`, answer.nearMiss);
      }
      return { steps, aliases, end: { kind: "answer", answer } };
    }
    at = target;
  }
}

function resultWords(found: Exclude<ZoneAnswer, { kind: "alias" }>): string {
  switch (found.kind) {
    case "found":
      return found.words;
    case "absent":
      return found.fault === undefined ? "no such name" : `no address: ${found.fault.sentence}`;
    case "unknown":
      return `not known: ${found.sentence}`;
    default:
      return assertNever(found);
  }
}

/** What the last name of a chain of aliases makes of the whole. */
function ending(
  found: Exclude<ZoneAnswer, { kind: "alias" }>,
  name: string,
  aliases: readonly ObjectId[],
): Followed["end"] {
  const last = aliases.at(-1);
  switch (found.kind) {
    case "found":
      return { kind: "answer", answer: found.answer, remark: found.remark };
    case "absent": {
      if (last === undefined) return { kind: "fault", fault: found.fault };
      const why = found.fault?.sentence ?? "no such Service";
      const sentence = `an alias leads to ${name}, which has no address: ${why}`;
      return {
        kind: "fault",
        fault: { of: "object", sentence, nearMiss: found.fault?.nearMiss, object: last },
      };
    }
    case "unknown": {
      const doubt = doubtOf(found.sentence, [...aliases, ...found.objects]);
      // An alias that is there is what the name means, whatever it leads to.
      return last === undefined
        ? { kind: "doubt", doubt }
        : { kind: "answer", answer: { kind: "unknown", doubt } };
    }
    default:
      return assertNever(found);
  }
}

function doubtOf(sentence: string, objects: readonly ObjectId[]): Doubt {
  return { code: "name-not-resolved", sentence, objects };
}
