import type { ObjectId } from "#lib/model/ids.ts";
import type { LabelSelector, Labels, MatchExpression } from "#lib/model/objects.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import { authoredLabels } from "./controller-labels.ts";
import { asksControllerLabels } from "./expected-pods.ts";
import type { NearMiss } from "./facts.ts";
import { nearness } from "./near-words.ts";
import { listed, objectInWords } from "./object-words.ts";
import { isFinished, podCount } from "./pod-readiness.ts";
import { expressionMatches, labelValue } from "./selector.ts";

/**
 * The workload whose pods come nearest to a selector that matches nothing in a namespace; undefined when none is near.
 * In the namespace itself at most two labels may differ, and either what differs must look alike (`cart`, `carts`) or
 * what agrees must point at few workloads, since `part-of: shop` agreeing says nothing. In other namespaces only pods
 * that the selector would match exactly are offered; then `differs` is empty and the sentence says where they are.
 */
export function nearMiss(
  index: ClusterIndex,
  namespace: string,
  selector: LabelSelector,
): NearMiss | undefined {
  // Labels that tell one pod or one revision from the next are not compared: their neighbours are near by nature.
  if (asksControllerLabels(selector.matchLabels)) return undefined;
  const asks = [
    ...Object.entries(selector.matchLabels).map(([key, value]) => labelAsk(key, value)),
    ...selector.matchExpressions.map(expressionAsk),
  ];
  if (asks.length === 0) return undefined;
  return nearMissInNamespace(index, namespace, asks) ?? matchElsewhere(index, namespace, selector);
}

/** Pods of one workload that carry the same labels. */
interface LabelGroup {
  readonly workload: ObjectId;
  readonly labels: Labels;
  /** 0: only a template carries them, no pod runs. */
  readonly pods: number;
}

interface Ask {
  readonly key: string;
  /** "app=web", "env in (a, b)". */
  readonly words: string;
  readonly wanted: string;
  /** Values that would do, where the selector names them. */
  readonly values: readonly string[];
  readonly met: (labels: Labels) => boolean;
}

interface Candidate {
  readonly group: LabelGroup;
  readonly failed: readonly Ask[];
  readonly distance: number;
}

const mostDiffering = 2;
/** What agrees points somewhere when no more workloads than this carry it. */
const fewWorkloads = 3;
const unlike = 10;
/**
 * In a namespace of more workloads than this none is looked for: should every selector there match nothing, comparing
 * each with each would keep everything else waiting.
 */
const mostGroups = 2000;

function nearMissInNamespace(
  index: ClusterIndex,
  namespace: string,
  asks: readonly Ask[],
): NearMiss | undefined {
  const groups = labelGroups(index, namespace);
  if (groups.length > mostGroups) return undefined;
  let best: Candidate | undefined;
  for (const group of groups) {
    const failed = failedAsks(asks, group.labels, best?.failed.length ?? mostDiffering);
    if (failed === undefined || failed.length === 0) continue;
    const distances = failed.map((ask) => distanceTo(ask, group.labels));
    const distance = distances.reduce<number>((sum, each) => sum + (each ?? unlike), 0);
    const candidate = { group, failed, distance };
    if (best !== undefined && !isNearer(candidate, best)) continue;
    if (distances.every((each) => each !== undefined) || pointsSomewhere(asks, failed, group, groups))
      best = candidate;
  }
  return best === undefined ? undefined : inWords(best);
}

/** The asks that labels fail; undefined as soon as they are more than `limit`. */
function failedAsks(asks: readonly Ask[], labels: Labels, limit: number): readonly Ask[] | undefined {
  const failed: Ask[] = [];
  for (const ask of asks) {
    if (ask.met(labels)) continue;
    if (failed.length === limit) return undefined;
    failed.push(ask);
  }
  return failed;
}

function isNearer(a: Candidate, b: Candidate): boolean {
  if (a.failed.length !== b.failed.length) return a.failed.length < b.failed.length;
  if (a.distance !== b.distance) return a.distance < b.distance;
  if (a.group.pods > 0 !== b.group.pods > 0) return a.group.pods > 0;
  return a.group.workload < b.group.workload;
}

/** Whether the labels that do agree are carried by few workloads of the namespace. */
function pointsSomewhere(
  asks: readonly Ask[],
  failed: readonly Ask[],
  group: LabelGroup,
  groups: readonly LabelGroup[],
): boolean {
  const agreed = asks.filter(
    (ask) => !failed.includes(ask) && labelValue(group.labels, ask.key) !== undefined,
  );
  if (agreed.length === 0) return false;
  const sharing = new Set<ObjectId>();
  for (const other of groups) {
    if (agreed.every((ask) => ask.met(other.labels))) sharing.add(other.workload);
    if (sharing.size > fewWorkloads) return false;
  }
  return true;
}

/** How near labels come to an ask that they fail: by the value under its key, or by the same value under another key. */
function distanceTo(ask: Ask, labels: Labels): number | undefined {
  const actual = labelValue(labels, ask.key);
  const distances: (number | undefined)[] =
    actual !== undefined
      ? ask.values.map((value) => nearness(value, actual))
      : Object.entries(labels).map(([key, value]) => {
          if (!ask.values.includes(value) || value.length < 3 || value === "true" || value === "false")
            return undefined;
          return nearness(ask.key, key) ?? 3;
        });
  const near = distances.filter((distance) => distance !== undefined);
  return near.length === 0 ? undefined : Math.min(...near);
}

function inWords({ group, failed }: Candidate): NearMiss {
  const differs = failed.map((ask) => ({
    key: ask.key,
    wanted: ask.wanted,
    actual: labelValue(group.labels, ask.key),
  }));
  const carried = failed.map((ask) => {
    const actual = labelValue(group.labels, ask.key);
    if (actual !== undefined) return `${ask.key}=${actual}`;
    const twin = Object.entries(group.labels).find(([, value]) => ask.values.includes(value));
    return twin === undefined ? `no ${ask.key}` : `${twin[0]}=${twin[1]}`;
  });
  const count = failed.length === 1 ? "1 label differs" : `${failed.length} labels differ`;
  const who = `${group.pods > 0 ? "pods" : "the template"} of ${objectInWords(group.workload)}`;
  const verb = group.pods > 0 ? "carry" : "carries";
  return {
    workload: group.workload,
    pods: group.pods,
    differs,
    sentence: `${count}: the selector asks ${listed(failed.map((ask) => ask.words))}, ${who} ${verb} ${listed(carried)}`,
  };
}

function matchElsewhere(
  index: ClusterIndex,
  namespace: string,
  selector: LabelSelector,
): NearMiss | undefined {
  // An expression alone ("has no label x") matches half of any cluster.
  if (Object.keys(selector.matchLabels).length === 0) return undefined;
  for (const other of index.namespaceNames) {
    if (other === namespace) continue;
    const pods = index.podsMatching(other, selector).filter((pod) => !isFinished(pod));
    const workload = pods[0] === undefined ? undefined : index.ownerOf.get(pods[0].id);
    if (workload === undefined) continue;
    const sentence = `pods of ${objectInWords(workload)} in namespace ${other} carry these labels, but a selector only sees its own namespace, ${namespace}`;
    return { workload, pods: pods.reduce((sum, pod) => sum + podCount(pod), 0), differs: [], sentence };
  }
  return undefined;
}

function labelAsk(key: string, value: string): Ask {
  return {
    key,
    words: `${key}=${value}`,
    wanted: value,
    values: [value],
    met: (labels) => labels[key] === value,
  };
}

function expressionAsk(expression: MatchExpression): Ask {
  const { key, operator, values } = expression;
  const met = (labels: Labels) => expressionMatches(expression, labels);
  const list = `(${values.join(", ")})`;
  switch (operator) {
    case "In":
      return {
        key,
        words: `${key} in ${list}`,
        wanted: values.length === 1 ? values.join() : `in ${list}`,
        values,
        met,
      };
    case "NotIn":
      return { key, words: `${key} not in ${list}`, wanted: `not in ${list}`, values: [], met };
    case "Exists":
      return { key, words: `a label ${key}`, wanted: "any value", values: [], met };
    case "DoesNotExist":
      return { key, words: `no label ${key}`, wanted: "absent", values: [], met };
  }
}

const groupsByIndex = new WeakMap<ClusterIndex, Map<string, readonly LabelGroup[]>>();

/** Label groups of a namespace, kept beside the index: selectors that match nothing come in numbers. */
function labelGroups(index: ClusterIndex, namespace: string): readonly LabelGroup[] {
  let byNamespace = groupsByIndex.get(index);
  if (byNamespace === undefined) {
    byNamespace = new Map();
    groupsByIndex.set(index, byNamespace);
  }
  let groups = byNamespace.get(namespace);
  if (groups === undefined) {
    groups = makeGroups(index, namespace);
    byNamespace.set(namespace, groups);
  }
  return groups;
}

function makeGroups(index: ClusterIndex, namespace: string): readonly LabelGroup[] {
  const groups = new Map<ObjectId, Map<string, LabelGroup>>();
  for (const pod of index.podsByNamespace.get(namespace) ?? []) {
    if (isFinished(pod)) continue;
    const workload = index.ownerOf.get(pod.id) ?? pod.id;
    const { labels, text } = comparedLabels(pod.labels);
    const own = groups.get(workload) ?? new Map<string, LabelGroup>();
    groups.set(workload, own);
    own.set(text, { workload, labels, pods: (own.get(text)?.pods ?? 0) + podCount(pod) });
  }
  const running = [...groups.values()].flatMap((own) => [...own.values()]);
  const idle: LabelGroup[] = [];
  for (const workload of index.workloadsByNamespace.get(namespace) ?? []) {
    if (groups.has(workload.id) || workload.owners.some((owner) => owner.controller)) continue;
    idle.push({ workload: workload.id, labels: workload.template.labels, pods: 0 });
  }
  return [...running, ...idle];
}

const compared = new WeakMap<Labels, { readonly labels: Labels; readonly text: string }>();

/** A pod's labels as they are compared, and as a text that is the same for the same ones; pods share labels, and keep them. */
function comparedLabels(labels: Labels): { readonly labels: Labels; readonly text: string } {
  let known = compared.get(labels);
  if (known === undefined) {
    const authored = authoredLabels(labels);
    known = { labels: authored, text: JSON.stringify(Object.entries(authored).sort()) };
    compared.set(labels, known);
  }
  return known;
}
