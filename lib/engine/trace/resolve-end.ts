import { endText } from "#lib/model/end-text.ts";
import { type ObjectId, type ObjectRef, objectId, refOf } from "#lib/model/ids.ts";
import { type Kind, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { Node, Pod, Workload } from "#lib/model/objects.ts";
import type { QuestionProblem, TraceEnd } from "#lib/model/trace.ts";
import type { Facts, ServiceFacts } from "../facts.ts";
import { hiddenWords } from "../hidden.ts";
import { nearestOf } from "../near-words.ts";
import { listedOr } from "../object-words.ts";
import { podOfTemplate } from "../pod-of-template.ts";
import { isFinished } from "../pod-readiness.ts";
import { readInFull, readInFullIn } from "../read-in-full.ts";
import type { EndRef } from "./question.ts";

/** What an object that was asked for is to packets. */
export type Found =
  | {
      readonly kind: "pods";
      readonly pods: readonly Pod[];
      /** There is no pod: one of the workload's template stands for those that there might be. */
      readonly absent?: Absent | undefined;
    }
  | { readonly kind: "service"; readonly service: ServiceFacts }
  | { readonly kind: "node"; readonly node: Node };

export interface Absent {
  /** "scaled to 0". */
  readonly why: string;
  /** Pods could not be read, so that there may be some. */
  readonly isUnread: boolean;
}

export type Resolved =
  | { readonly kind: "found"; readonly found: Found; readonly end: TraceEnd }
  | { readonly kind: "problem"; readonly problem: QuestionProblem };

/** Finds the object that an end names; where there is none, the nearest names. */
export function resolveObject(facts: Facts, field: "from" | "to", ref: ObjectRef): Resolved {
  const id = objectId(ref.kind, ref.namespace, ref.name);
  const found = find(facts, id);
  if (found !== undefined) return { kind: "found", found, end: endOf(ref, id) };
  return {
    kind: "problem",
    problem: { field, sentence: missing(facts, ref), nearest: nearestEnds(facts, field, ref) },
  };
}

function find(facts: Facts, id: ObjectId): Found | undefined {
  const object = facts.index.byId.get(id);
  if (object?.kind === "pod") return { kind: "pods", pods: [object] };
  if (object?.kind === "node") return { kind: "node", node: object };
  const service = facts.services.get(id);
  if (service !== undefined) return { kind: "service", service };
  const workload = facts.workloads.get(id);
  if (workload !== undefined && workload.pods.length > 0) return { kind: "pods", pods: workload.pods };
  const written = facts.index.workloads.get(id);
  if (written === undefined && workload === undefined) return undefined;
  const own = written === undefined ? [] : ownPods(facts, written);
  if (own.length > 0) return { kind: "pods", pods: own };
  const { snapshot } = facts;
  const { namespace = "" } = refOf(id);
  return {
    kind: "pods",
    pods: written === undefined ? [] : [podOfTemplate(written)],
    absent: {
      why: workload?.sentence ?? "none belongs to it",
      isUnread:
        snapshot.origin !== "manifests" &&
        makersOf(id).some((plural) => !readInFullIn(snapshot, plural, namespace)),
    },
  };
}

/** What has to be read to know the pods of a workload: them, and what stands between. */
function makersOf(id: ObjectId): readonly PluralKind[] {
  switch (refOf(id).kind) {
    case "deployment":
      return ["pods", "replicaSets"];
    case "cron-job":
      return ["pods", "jobs"];
    default:
      return ["pods"];
  }
}

/** The pods of a ReplicaSet or a Job that belongs to another workload. */
function ownPods({ index }: Facts, workload: Workload): readonly Pod[] {
  const { api } = kinds[workload.kind];
  return (index.podsByNamespace.get(workload.namespace) ?? []).filter(
    (pod) =>
      !isFinished(pod) && pod.owners.some(({ apiKind, name }) => apiKind === api && name === workload.name),
  );
}

function endOf(ref: ObjectRef, id: ObjectId): TraceEnd {
  const { kind, namespace, name } = ref;
  const word = kind === "pod" ? "pod" : kind.replaceAll("-", "");
  const words = namespace === undefined ? `${word}/${name}` : `${word}/${name} in ${namespace}`;
  return { text: endText(ref), words, name, namespace, object: id };
}

function missing(facts: Facts, { kind, namespace, name }: ObjectRef): string {
  const { api, plural } = kinds[kind];
  const where = namespace === undefined ? "" : ` in ${namespace}`;
  if (!readInFull(facts.snapshot, plural)) {
    const hidden = hiddenWords(facts.snapshot, [plural], namespace === undefined ? [] : [namespace]);
    return `${api} ${name}${where} is not among what could be read${hidden === undefined ? "" : `; ${hidden}`}`;
  }
  return namespace !== undefined && !facts.index.namespaceNames.includes(namespace)
    ? `there is no namespace ${namespace}, and so no ${api} ${name}`
    : `there is no ${api} ${name}${where}`;
}

const askable: readonly Kind[] = [
  "deployment",
  "stateful-set",
  "daemon-set",
  "service",
  "pod",
  "cron-job",
  "job",
];
const mostNearest = 5;

/** Ends that may have been meant: the same name as another kind or elsewhere, else the nearest names. */
function nearestEnds(
  facts: Facts,
  field: "from" | "to",
  { kind, namespace, name }: ObjectRef,
): readonly string[] {
  // A Service sends nothing.
  const others = askable.filter((each) => field === "to" || each !== "service");
  if (namespace === undefined) {
    const nearest = nearestOf(
      name,
      (facts.snapshot.objects.nodes ?? []).map((node) => node.name),
    );
    return nearest === undefined ? [] : [endText({ kind, namespace: undefined, name: nearest })];
  }
  const found = new Set<string>();
  const here = namesIn(facts, namespace);
  for (const other of others)
    if (here.get(other)?.has(name)) found.add(endText({ kind: other, namespace, name }));
  for (const other of [kind, ...others]) {
    const nearest = nearestOf(name, here.get(other) ?? []);
    if (nearest !== undefined) found.add(endText({ kind: other, namespace, name: nearest }));
  }
  // `deployment/cart`: a kind where the namespace was meant to be.
  for (const elsewhere of [...facts.index.namespaceNames]) {
    if (elsewhere === namespace) continue;
    if (facts.index.byId.has(objectId(kind, elsewhere, name)))
      found.add(endText({ kind, namespace: elsewhere, name }));
    for (const other of others) {
      if (other.replaceAll("-", "") !== namespace.replaceAll("-", "")) continue;
      if (facts.index.byId.has(objectId(other, elsewhere, name)))
        found.add(endText({ kind: other, namespace: elsewhere, name }));
    }
  }
  const nearestNamespace = facts.index.namespaceNames.includes(namespace)
    ? undefined
    : nearestOf(namespace, facts.index.namespaceNames);
  if (nearestNamespace !== undefined && facts.index.byId.has(objectId(kind, nearestNamespace, name)))
    found.add(endText({ kind, namespace: nearestNamespace, name }));
  return [...found].slice(0, mostNearest);
}

function namesIn({ index, workloads }: Facts, namespace: string): ReadonlyMap<Kind, ReadonlySet<string>> {
  const names = new Map<Kind, Set<string>>();
  const add = (kind: Kind, name: string) => {
    const set = names.get(kind) ?? new Set();
    names.set(kind, set.add(name));
  };
  for (const pod of index.podsByNamespace.get(namespace) ?? []) add("pod", pod.name);
  for (const service of index.servicesByNamespace.get(namespace) ?? []) add("service", service.name);
  for (const workload of index.workloadsByNamespace.get(namespace) ?? []) add(workload.kind, workload.name);
  for (const workload of workloads.values())
    if (workload.namespace === namespace) add(workload.kind, workload.name);
  return names;
}

/** An end that is no object of the cluster. */
export function plainEnd(end: Exclude<EndRef, { kind: "object" }>): TraceEnd {
  switch (end.kind) {
    case "internet":
      return { text: "internet", words: "the internet", name: "the internet" };
    case "addresses":
      return { text: end.text, words: end.text, name: end.text };
    case "name":
      return { text: end.text, words: `the name ${end.name}`, name: end.name };
    case "url":
      return {
        text: end.text,
        words: end.text,
        name: `${end.request.host}${end.request.path === "/" ? "" : end.request.path}`,
      };
  }
}

export function didYouMean(nearest: readonly string[]): string {
  return nearest.length === 0 ? "" : `; did you mean ${listedOr(nearest.slice(0, 3))}?`;
}
