import { parseAddress } from "../cidr.ts";
import type { Facts } from "../facts.ts";
import { clusterDns } from "./cluster-dns.ts";
import { elsewhere, type Followed, followName } from "./follow-name.ts";
import type { Asker, NameAnswer, NameStep, Resolution } from "./name-answer.ts";
import { isInZone, nameFault } from "./name-shape.ts";
import { isOutsideByLastLabel } from "./outside-name.ts";
import { type ClusterNames, clusterFirst, namesAsked, type ResolvConf, resolvConf } from "./resolv-conf.ts";
import { isClusterName, judgeName, notFound, type Question, unknown } from "./unanswered-name.ts";

/**
 * What a name comes to for a pod, as glibc's resolver asks (res_search) and CoreDNS's kubernetes plugin answers. Only
 * the cluster's own zone is known: where it has no answer and the name looks like one of another zone, the answer is
 * `outside`. One that looks like a Service of the cluster is `not-found` then, though the node's resolver, or a search
 * domain of the node's, might know it.
 *
 * A Service that was read stands even where an earlier name of the search list cannot be told: that would have to be a
 * pod's name below a Service that bears the namespace's name.
 */
export function resolveName(facts: Facts, name: string, asker: Asker): Resolution {
  const dns = clusterDns(facts);
  const conf = resolvConf(facts, asker, dns);
  const { servers, clusterNames } = conf;
  const unasked = answeredUnasked(name);
  if (unasked !== undefined) return { ...unasked, steps: [], servers };
  const written = name.endsWith(".") ? "absolute" : "relative";
  const asked = (written === "absolute" ? name.slice(0, -1) : name).toLowerCase();
  const malformed = nameFault(asked);
  if (malformed !== undefined) return { answer: notFound(malformed), steps: [], servers, remarks: [] };
  const question: Question = { facts, dns, name: asked, written, namespace: asker.namespace };
  return clusterNames.known === "yes"
    ? askCluster(question, conf)
    : askOthers(question, conf, clusterNames, clusterFirst(asker, dns));
}

/** An address asks nobody, and the kubelet writes `localhost` into every pod's /etc/hosts. */
function answeredUnasked(name: string): Pick<Resolution, "answer" | "remarks"> | undefined {
  if (parseAddress(name) !== undefined) {
    return {
      answer: { kind: "address", address: name },
      remarks: [`${name} is an address: DNS is not asked`],
    };
  }
  if (/^localhost\.?$/i.test(name)) {
    return {
      answer: { kind: "address", address: "127.0.0.1" },
      remarks: ["localhost stands in every pod's /etc/hosts: DNS is not asked"],
    };
  }
  return undefined;
}

function askCluster(question: Question, conf: ResolvConf): Resolution {
  const { facts, dns, name } = question;
  const { servers } = conf;
  const tries = namesAsked(name, question.written, conf);
  const steps: NameStep[] = [];
  const misses: Miss[] = [];
  for (const [before, tried] of tries.entries()) {
    if (!isInZone(tried, dns.domain)) {
      steps.push({ name: tried, result: elsewhere });
      continue;
    }
    const { steps: followed, aliases, end } = followName(facts, dns, tried);
    steps.push(...followed);
    if (end.kind === "answer") {
      const foreign = tries.slice(0, before).filter((other) => !isInZone(other, dns.domain));
      const remarks = [
        ...failedBefore(conf, before),
        ...askedBefore(foreign),
        ...(end.remark === undefined ? [] : [end.remark]),
      ];
      return aliases.length === 0
        ? { answer: end.answer, steps, servers, remarks }
        : { answer: end.answer, steps, aliases, servers, remarks };
    }
    misses.push({ tried, end });
  }
  const answer = answerOfNone(question, tries, misses);
  if (answer.kind !== "outside") return { answer, steps, servers, remarks: [] };
  // What other servers answer ends the search: where the name as it is comes first, the search list is not used.
  const last = steps.findIndex((step) => step.name === answer.hostname);
  return {
    answer,
    steps: steps.slice(0, last + 1),
    servers,
    remarks: failedBefore(conf, tries.indexOf(answer.hostname)),
  };
}

function failedBefore({ ndots }: ResolvConf, lookups: number): readonly string[] {
  return lookups < 3 ? [] : [`with ndots ${ndots}, ${lookups} lookups fail before this one answers`];
}

function askedBefore(foreign: readonly string[]): readonly string[] {
  return foreign.map(
    (name) => `${name} is asked before; if a server outside the cluster knows it, that answer stands`,
  );
}

interface Miss {
  readonly tried: string;
  readonly end: Exclude<Followed["end"], { kind: "answer" }>;
}

/** None of the names that were asked has an answer in the cluster. */
function answerOfNone(question: Question, tries: readonly string[], misses: readonly Miss[]): NameAnswer {
  const { name, dns } = question;
  const faults = misses.flatMap(({ end }) =>
    end.kind === "fault" && end.fault !== undefined ? end.fault : [],
  );
  const fault = faults.find(({ of }) => of === "object") ?? faults.find(({ of }) => of === "endpoint");
  if (fault !== undefined) return notFound(fault.sentence, fault.nearMiss, fault.object);
  const doubts = misses.flatMap(({ tried, end }) => (end.kind === "doubt" ? { tried, ...end.doubt } : []));
  // A Service that is there, or the name as it was written, is what is meant.
  const doubt =
    doubts.find(({ objects }) => objects.length > 0) ?? doubts.find(({ tried }) => tried === name);
  if (doubt !== undefined) return unknown(doubt.sentence, doubt.objects);
  const answer = judgeName(question);
  const labels = name.split(".").length;
  if (answer.kind === "outside" && !isOutsideByLastLabel(name) && labels <= 3) {
    const [first] = doubts;
    return first === undefined ? answer : unknown(first.sentence, first.objects);
  }
  // Someone gave the pod a search list of other zones, for names like this one.
  const below = tries.find((tried) => tried !== name && !isInZone(tried, dns.domain));
  const hopeless = answer.kind === "not-found" && answer.nearMiss === undefined;
  return hopeless && below !== undefined && labels === 1 ? { kind: "outside", hostname: below } : answer;
}

/** The pod asks servers that do not know the cluster's names, or may not. `usual`: what it would have by ClusterFirst. */
function askOthers(
  question: Question,
  conf: ResolvConf,
  clusterNames: Exclude<ClusterNames, { known: "yes" }>,
  usual: ResolvConf,
): Resolution {
  const { servers } = conf;
  if (typeof servers !== "string" && servers.length === 0) {
    return { answer: notFound(clusterNames.sentence), steps: [], servers, remarks: [] };
  }
  const answer = answerOfOthers(question, askCluster(question, usual), clusterNames);
  const result = answer.kind === "outside" ? elsewhere : "asked of another server than the cluster's";
  const steps = namesAsked(question.name, question.written, conf).map((name) => ({ name, result }));
  return { answer, steps, servers, remarks: [] };
}

/** `would`: what the cluster's DNS would answer. */
function answerOfOthers(
  question: Question,
  { answer, aliases, steps }: Resolution,
  { known, sentence }: Exclude<ClusterNames, { known: "yes" }>,
): NameAnswer {
  const ofCluster = aliases !== undefined || isClusterName(question);
  if (answer.kind === "not-found" || (answer.kind === "outside" && !ofCluster)) return answer;
  if (answer.kind === "unknown" && (known === "unknown" || !ofCluster)) return answer;
  if (known === "unknown") return unknown(sentence, []);
  const reached = answer.kind === "unknown" ? undefined : steps.at(-1)?.result;
  return notFound(sentence, reached === undefined ? undefined : `the cluster's DNS would answer: ${reached}`);
}
