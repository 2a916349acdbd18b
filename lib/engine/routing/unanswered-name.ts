import type { ObjectId } from "#lib/model/ids.ts";
import type { Facts } from "../facts.ts";
import { nearness } from "../near-words.ts";
import { readInFullIn } from "../read-in-full.ts";
import type { ClusterDns } from "./cluster-dns.ts";
import { lookUpInZone, namespaceState } from "./dns-zone.ts";
import type { NameAnswer } from "./name-answer.ts";
import { isInZone } from "./name-shape.ts";
import { isOutsideByLastLabel } from "./outside-name.ts";
import { isNamespaceSlip, nearService, servicesThere } from "./service-name-near-miss.ts";

export interface Question {
  readonly facts: Facts;
  readonly dns: ClusterDns;
  /** Lower case, without a final dot. */
  readonly name: string;
  /** With a final dot, or without: only the latter is tried below a search list. */
  readonly written: "absolute" | "relative";
  /** The asker's. */
  readonly namespace: string;
}

/**
 * What a name is for which the cluster's zone has no answer: a mistake (`not-found`), a name of another zone
 * (`outside`), or something that was not read (`unknown`). A name of one label, and `x.y` where `y` is a namespace, are
 * taken as meant for the cluster. Of other names only those that come near to a Service are, and none whose last label
 * is that of another zone.
 */
export function judgeName(question: Question): NameAnswer {
  const { facts, dns, name, written } = question;
  const outside: NameAnswer = { kind: "outside", hostname: name };
  const meant = meantBy(question);
  if (meant === undefined) {
    if (isInZone(name, dns.domain)) return notFound(noSuchName(question));
    return inOtherDomain(question) ?? outside;
  }
  const labels = name.split(".").length;
  const byLastLabel = !meant.sure && isOutsideByLastLabel(name);
  const found = lookUpInZone(facts, dns, meant.full);
  if (found.kind === "found" || found.kind === "alias") {
    return notFound(notAsked(question, meant), `ask for ${meant.full}`);
  }
  // Who writes a final dot, or an ExternalName, means the name as it is.
  if (written === "absolute" && !meant.sure && labels > 1) return outside;
  if (found.kind === "unknown") return byLastLabel ? outside : unknown(found.sentence, found.objects);
  const { fault } = found;
  if (fault !== undefined) return notFound(fault.sentence, fault.nearMiss, fault.object);
  const namespace = namespaceState(facts, meant.namespace);
  const nearMiss = nearService(facts, meant.service, meant.namespace);
  const none =
    namespace === "absent"
      ? `there is no namespace ${meant.namespace}`
      : `no Service ${meant.service} in ${meant.namespace}`;
  const there =
    namespace === "there" && nearMiss === undefined ? servicesThere(facts, meant.namespace) : undefined;
  if (meant.sure) return { ...notFound(none, nearMiss), there };
  const sentence = `${none}; only the cluster's own names were looked at`;
  if (labels === 1 || (labels === 2 && namespace === "there"))
    return { ...notFound(sentence, nearMiss), there };
  if (byLastLabel) return outside;
  const named = labels === 2 ? podNamed(question) : undefined;
  if (named !== undefined) return named;
  const near =
    namespace === "there" || labels === 2
      ? nearMiss !== undefined
      : isNamespaceSlip(facts, meant.service, meant.namespace);
  return near ? notFound(sentence, nearMiss) : outside;
}

/** `db-0.db`, where a pod has that name and the Service below which it would stand is missing. */
function podNamed({ facts, name, namespace }: Question): NameAnswer | undefined {
  const [hostname, subdomain] = name.split(".");
  const pod = facts.index.podsByNamespace
    .get(namespace)
    ?.find((each) => each.hostname === hostname && each.subdomain === subdomain);
  if (pod === undefined || subdomain === undefined) return undefined;
  const { snapshot } = facts;
  if (snapshot.origin !== "manifests" && !readInFullIn(snapshot, "services", namespace))
    return unknown(`Service ${namespace}/${subdomain} is not among the Services that could be read`, []);
  const none = `no Service ${subdomain} in ${namespace}`;
  return notFound(none, `pod ${pod.name} has its name below a headless Service ${subdomain}`);
}

/** Whether a name's form leaves no doubt that the cluster is meant: its zone, `svc` at its end, or a single label. */
export function isClusterName(question: Question): boolean {
  const { name, dns } = question;
  return isInZone(name, dns.domain) || meantBy(question)?.sure === true || !name.includes(".");
}

/** The Service, and what below it, that a name means if it is one of the cluster's. */
interface Meant {
  readonly service: string;
  readonly namespace: string;
  /** Its full name. */
  readonly full: string;
  /** By its zone or by `svc` at its end. */
  readonly sure: boolean;
}

function meantBy({ name, dns, namespace }: Question): Meant | undefined {
  const { domain } = dns;
  const inZone = isInZone(name, domain);
  const base = inZone ? name.slice(0, -domain.length - 1) : name;
  const bare = base.replace(/(^|\.)svc$/, "");
  const labels = bare === "" ? [] : bare.split(".");
  const [last, beforeLast, ...below] = [...labels].reverse();
  if (last === undefined || (inZone && last === "pod")) return undefined;
  // Of `shop.svc` the one label is a namespace, and nothing is asked of it.
  if (beforeLast === undefined && bare !== base) return undefined;
  // Two labels below a Service are a port and its protocol.
  if (below.length > 2 || (below.length === 2 && below[0]?.startsWith("_") !== true)) return undefined;
  const [service, of] = beforeLast === undefined ? [last, namespace] : [beforeLast, last];
  const full = [...below.reverse(), service, of, "svc", domain].join(".");
  return { service, namespace: of, full, sure: inZone || bare !== base };
}

function noSuchName({ name, dns }: Question): string {
  return `${name} is no name of the cluster: below ${dns.domain} stand <service>.<namespace>.svc and <address>.<namespace>.pod`;
}

/** Why a Service that is there was not among the names that were asked. */
function notAsked({ name, written, dns }: Question, { full }: Meant): string {
  if (isInZone(name, dns.domain)) return `no such name: ${name} lacks svc before ${dns.domain}`;
  return written === "absolute"
    ? `no such name: ${name} is taken as absolute, and the Service is ${full}`
    : `no such name: the pod's search list does not lead from ${name} to ${full}`;
}

/**
 * A full name of a Service under another domain than the cluster's; undefined where the name is none, or where it may
 * be another cluster's. Names of multi-cluster Services are for others to answer (KEP-1645).
 */
function inOtherDomain({ facts, dns, name }: Question): NameAnswer | undefined {
  const [, base, domain] = /^(.+)\.svc\.(.+)$/.exec(name) ?? [];
  if (base === undefined || domain === undefined || domain === "clusterset.local") return undefined;
  const full = `${base}.svc.${dns.domain}`;
  const { kind } = lookUpInZone(facts, dns, full);
  const isThere = kind === "found" || kind === "alias";
  if (dns.corefile === undefined) {
    return isThere
      ? unknown(`whether the cluster's domain is ${domain} is not known: no Corefile was read`, [])
      : undefined;
  }
  if (domain !== usualDomain && nearness(domain, dns.domain) === undefined) return undefined;
  return notFound(
    `the cluster's domain is ${dns.domain}, not ${domain}`,
    isThere ? `ask for ${full}` : undefined,
  );
}

/** Of all installers, so that people write it without looking. */
const usualDomain = "cluster.local";

export function notFound(
  sentence: string,
  nearMiss?: string | undefined,
  object?: ObjectId | undefined,
): Extract<NameAnswer, { kind: "not-found" }> {
  return { kind: "not-found", sentence, nearMiss, object };
}

export function unknown(sentence: string, objects: readonly ObjectId[]): NameAnswer {
  return { kind: "unknown", doubt: { code: "name-not-resolved", sentence, objects } };
}
