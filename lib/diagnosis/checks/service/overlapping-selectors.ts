import { authoredLabels } from "#lib/engine/controller-labels.ts";
import type { PortFact, ServiceFacts } from "#lib/engine/facts.ts";
import { kubectl, labelsArgument } from "#lib/engine/fix/kubectl.ts";
import { mergePatch } from "#lib/engine/fix/patch.ts";
import { counted, objectInWords } from "#lib/engine/object-words.ts";
import { isTerminating } from "#lib/engine/pod-readiness.ts";
import { declarationOf } from "#lib/engine/port-declaration.ts";
import { isHeadless, portInWords } from "#lib/engine/ports.ts";
import { labelsInWords, labelValue } from "#lib/engine/selector.ts";
import { targetPortOn } from "#lib/engine/target-port.ts";
import type { Fix } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod, ServicePort } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

type Selecting = Pick<ServiceFacts, "service"> & {
  readonly selected: readonly Pod[];
  readonly ports: readonly PortFact[];
};

interface Entry {
  readonly facts: Selecting;
  readonly fact: PortFact;
  readonly index: number;
}

export const serviceOverlappingSelectors = defineCheck({
  id: "service/overlapping-selectors",
  code: "NET-115",
  // Two doors to the same pods may well be meant.
  severity: "info",
  summary: "Two Services select the same pods, and their ports do not agree",
  inputs: ["services", "pods"],
  *find({ services, unread, ownerOf }) {
    // Clients of a headless Service choose the port themselves.
    const selecting = services.filter(
      ({ service, backing, selected }) =>
        backing === "selector" && selected.length > 0 && !isHeadless(service),
    );
    const found: Found[] = [];
    // A Service selects pods of its own namespace.
    for (const own of Map.groupBy(selecting, ({ service }) => service.namespace).values()) {
      if (own.length < 2) continue;
      for (const finds of [disagreeing(own), strayed(own, ownerOf)]) {
        for (const each of finds) {
          if (each === undefined) yield;
          else found.push(each);
        }
      }
    }
    // Which of several is told of, and which pods nobody declares a port on, hangs on all of them.
    if (found.length > 0 && unread.length > 0) yield unjudged(...unread);
    else yield* found;
  },
});

/** The same port of the same name, which leads to one place on a pod by one Service and to another by the other. */
function* disagreeing(services: readonly Selecting[]): Generator<Found | undefined> {
  const entries = services
    .toSorted((a, b) => (a.service.id < b.service.id ? -1 : 1))
    .flatMap((facts) => facts.ports.map((fact, index): Entry => ({ facts, fact, index })));
  yield;
  for (const onNumber of Map.groupBy(entries, ({ fact }) => fact.port.port).values())
    if (differ(onNumber)) yield* disagreeingOn(onNumber);
}

/** Whether several lead to several places, wherever these are. */
function differ(entries: readonly Entry[]): boolean {
  if (entries.length < 2) return false;
  const [first] = entries[0]?.fact.targets ?? [];
  return entries.some(({ fact }) => fact.targets.some(({ number }) => number !== first?.number));
}

/** False where no pod can carry what both select by. */
function mayShare({ facts: { service: one } }: Entry, { facts: { service: other } }: Entry): boolean {
  return Object.entries(one.selector).every(
    ([key, value]) => (labelValue(other.selector, key) ?? value) === value,
  );
}

function* disagreeingOn(entries: readonly Entry[]): Generator<Found | undefined> {
  const alike = Map.groupBy(
    entries,
    ({ fact: { port } }) => `${port.port}/${port.protocol} ${port.name ?? ""}`,
  );
  for (const named of alike.values()) {
    yield;
    const group = named.filter((one) => named.some((other) => other !== one && mayShare(one, other)));
    if (!differ(group)) continue;
    const first = new Map<ObjectId, { readonly entry: Entry; readonly number: number }>();
    for (const entry of group) {
      const conflicts = entry.facts.selected.flatMap((pod) => {
        const { number } = targetPortOn(pod, entry.fact.port);
        if (number === undefined) return [];
        const other = first.get(pod.id);
        if (other === undefined) first.set(pod.id, { entry, number });
        return other === undefined || other.number === number ? [] : [{ pod, number, other }];
      });
      const [one] = conflicts;
      if (one !== undefined) {
        const pods = conflicts.filter(({ other }) => other.entry === one.other.entry);
        yield disagreement(
          entry,
          one,
          pods.map(({ pod }) => pod),
        );
      }
    }
  }
}

function disagreement(
  { facts: { service }, fact: { port }, index }: Entry,
  {
    number,
    other,
  }: { readonly number: number; readonly other: { readonly entry: Entry; readonly number: number } },
  pods: readonly Pod[],
): Found {
  const { id, name, namespace, selector } = service;
  const { entry } = other;
  const path = `spec.ports[${index}].targetPort`;
  return {
    subject: id,
    part: path,
    message: `${name} and ${entry.facts.service.name} both select ${counted(pods.length, "pod")}, and port ${portInWords(port)} leads to ${number} by the one and to ${other.number} by the other`,
    evidence: [
      { object: id, path, value: `${port.targetPort}` },
      {
        object: entry.facts.service.id,
        path: `spec.ports[${entry.index}].targetPort`,
        value: `${entry.fact.port.targetPort}`,
      },
    ],
    fix: {
      text: `Where ${name} is meant for other pods, narrow its selector; where both are meant, give their ports different names`,
    },
    kubectl: kubectl(namespace, "get", "pods", "-l", labelsArgument(selector), "--show-labels"),
    touches: [entry.facts.service.id],
  };
}

/** A selector so wide that it takes pods of another workload too, which do not declare the port and have a Service of their own. */
function* strayed(
  services: readonly Selecting[],
  ownerOf: ReadonlyMap<ObjectId, ObjectId>,
): Generator<Found | undefined> {
  let over: ReadonlyMap<ObjectId, readonly Selecting[]> | undefined;
  for (const facts of services) {
    yield;
    const strays: Stray[] = [];
    for (const { port, targets } of facts.ports) {
      const { targetPort } = port;
      const isSplit = targets.some(({ declared }) => declared) && targets.some(({ declared }) => !declared);
      if (typeof targetPort === "string" || !isSplit) continue;
      const pods = facts.selected.filter((pod) => !isTerminating(pod));
      const byWorkload = Map.groupBy(pods, (pod) => ownerOf.get(pod.id) ?? pod.id);
      const says = (pod: Pod) => declarationOf(pod, targetPort, port.protocol).kind;
      const meant = [...byWorkload.values()].filter((own) => own.some((pod) => says(pod) === "declared"));
      for (const [workload, own] of byWorkload) {
        const [pod] = own;
        if (pod === undefined || meant.length === 0 || own.some((each) => says(each) !== "other-numbers"))
          continue;
        over ??= servicesOver(services);
        const theirs = over.get(pod.id)?.find((other) => other !== facts && isFor(other, workload, ownerOf));
        if (theirs !== undefined)
          strays.push({ port, number: targetPort, workload, own, theirs, meant: meant.flat() });
      }
    }
    const [first, ...more] = strays.sort((x, y) => (x.workload < y.workload ? -1 : 1));
    if (first !== undefined) yield stray(facts, first, more);
  }
}

function servicesOver(services: readonly Selecting[]): ReadonlyMap<ObjectId, readonly Selecting[]> {
  const over = new Map<ObjectId, Selecting[]>();
  for (const facts of services) {
    for (const { id } of facts.selected) {
      const known = over.get(id);
      if (known === undefined) over.set(id, [facts]);
      else known.push(facts);
    }
  }
  return over;
}

/** Whether a Service is for this workload alone, and leads to a port that its pods declare. */
function isFor(
  { selected, ports }: Selecting,
  workload: ObjectId,
  ownerOf: ReadonlyMap<ObjectId, ObjectId>,
): boolean {
  return (
    ports.some(({ targets }) => targets.every(({ declared }) => declared)) &&
    selected.every((pod) => (ownerOf.get(pod.id) ?? pod.id) === workload)
  );
}

/** Pods of a workload that a Service selects and is not for. */
interface Stray {
  readonly port: ServicePort;
  readonly number: number;
  readonly workload: ObjectId;
  readonly own: readonly Pod[];
  readonly theirs: Selecting;
  /** Pods that declare the port, and those of their workloads. */
  readonly meant: readonly Pod[];
}

function stray({ service }: Selecting, first: Stray, more: readonly Stray[]): Found {
  const { id, name, namespace, selector } = service;
  const { port, number, workload, own, theirs } = first;
  const pods = `${counted(own.length, "pod")} of ${objectInWords(workload)}`;
  const others = more.filter((each) => each.workload !== workload).length;
  return {
    subject: id,
    part: "spec.selector",
    // A part of the connections is refused, unless the port is open undeclared.
    severity: "warning",
    message: `${name} sends port ${portInWords(port)} to ${pods} as well, which ${
      own.length === 1 ? "does" : "do"
    } not declare ${number} and which ${theirs.service.name} is for${others === 0 ? "" : `; and so to ${counted(others, "more workload")}`}`,
    evidence: [
      { object: id, path: "spec.selector", value: labelsInWords(selector) },
      ...own.slice(0, 3).map((pod) => ({
        object: pod.id,
        path: "metadata.labels",
        value: labelsInWords(pod.labels),
      })),
    ],
    fix: narrow(
      id,
      name,
      first.meant,
      [first, ...more].flatMap((each) => each.own),
    ),
    kubectl: kubectl(namespace, "get", "pods", "-l", labelsArgument(selector), "--show-labels"),
    touches: [first, ...more].flatMap((each) => [each.workload, each.theirs.service.id]),
  };
}

/** A label that all pods that are meant carry, and none of the others. */
function narrow(id: ObjectId, name: string, meant: readonly Pod[], strangers: readonly Pod[]): Fix {
  const [first] = meant;
  const label = Object.entries(authoredLabels(first?.labels ?? {}))
    .sort()
    .find(
      ([key, value]) =>
        meant.every(({ labels }) => labels[key] === value) &&
        strangers.every(({ labels }) => labels[key] !== value),
    );
  if (label === undefined)
    return { text: `Give the pods that ${name} is for a label of their own, and select by it` };
  const [key, value] = label;
  return {
    text: `Add ${key}=${value} to the selector of ${name}`,
    patch: mergePatch(id, { spec: { selector: { [key]: value } } }),
  };
}
