import type { Evidence } from "#lib/model/finding.ts";
import { type ObjectId, objectId, refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Condition, ParentRef, Route } from "#lib/model/objects.ts";
import { known, type Snapshot } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import type { AttachmentFact } from "./facts.ts";
import { type Admission, admit, type ListenerOwner } from "./listener-admission.ts";
import { nearestOf } from "./near-words.ts";
import { listed, oneLine } from "./object-words.ts";
import { readInFull } from "./read-in-full.ts";

/**
 * Whether a route is attached by each of its parentRefs: read from the configuration, then joined with what the
 * parents' controllers report in the route's status. Where the two differ the status is what happened, so it wins, and
 * the sentence says what the configuration would have it.
 */
export function attachments(
  route: Route,
  snapshot: Snapshot,
  index: ClusterIndex,
): readonly AttachmentFact[] {
  return route.parentRefs.map((ref, i) => {
    const place = { path: `spec.parentRefs[${i}]`, ref };
    const reported = reportedOn(route, ref);
    const parent = parentId(ref);
    if (parent === undefined || ref.kind === "Service")
      return foreignParent(route, { ...place, parent }, reported);
    return joined(route, { ...place, parent }, computed(route, ref, parent, snapshot, index), reported);
  });
}

interface Place {
  readonly path: string;
  readonly parent: ObjectId | undefined;
  readonly ref: ParentRef;
}

type Computed =
  | Admission
  | {
      readonly kind: "parent-missing";
      readonly missing: ObjectId;
      readonly why: string;
      readonly nearMiss: string | undefined;
    };

interface Reported {
  readonly accepted: boolean;
  readonly condition: Condition;
}

function parentId(ref: ParentRef): ObjectId | undefined {
  switch (ref.kind) {
    case "ListenerSet":
      return objectId("listener-set", ref.namespace, ref.name);
    case "Service":
      return objectId("service", ref.namespace, ref.name);
    case "Gateway":
      return objectId("gateway", ref.namespace, ref.name);
    case "other":
      return undefined;
  }
}

function computed(
  route: Route,
  ref: ParentRef,
  id: ObjectId,
  snapshot: Snapshot,
  index: ClusterIndex,
): Computed {
  const parent = index.byId.get(id);
  const words = `${ref.kind} ${ref.namespace}/${ref.name}`;
  if (parent?.kind !== "gateway" && parent?.kind !== "listener-set") return missing(id, words, snapshot);
  if (parent.kind === "listener-set") {
    // It only adds listeners to a Gateway; without one nobody listens.
    const gateway = objectId("gateway", parent.parent.namespace, parent.parent.name);
    const added = `Gateway ${parent.parent.namespace}/${parent.parent.name}, to which ${words} adds listeners,`;
    if (!index.byId.has(gateway)) return missing(gateway, added, snapshot);
  }
  const owner: ListenerOwner = { words, namespace: parent.namespace, listeners: parent.listeners };
  return admit(route, ref, owner, index.namespaces.get(route.namespace));
}

function missing(id: ObjectId, words: string, snapshot: Snapshot): Computed {
  const plural = refOf(id).kind === "listener-set" ? "listenerSets" : "gateways";
  // Gateways commonly stand in another repository than the routes that use them.
  if (!readInFull(snapshot, plural) || snapshot.origin === "manifests") {
    return { kind: "unknown", why: `${words} is not among what could be read` };
  }
  return {
    kind: "parent-missing",
    missing: id,
    why: `${words} does not exist`,
    nearMiss: parentNearMiss(id, known(snapshot, plural) ?? []),
  };
}

function parentNearMiss(
  id: ObjectId,
  parents: readonly { readonly namespace: string; readonly name: string }[],
): string | undefined {
  const { kind, namespace, name } = refOf(id);
  const { api } = kinds[kind];
  const nearest = nearestOf(
    name,
    parents.filter((parent) => parent.namespace === namespace).map((parent) => parent.name),
  );
  if (nearest !== undefined) return `there is a ${api} ${nearest} in ${namespace}`;
  const elsewhere = parents.filter((parent) => parent.name === name).map((parent) => parent.namespace);
  return elsewhere.length === 0 ? undefined : `there is a ${api} ${name} in ${listed(elsewhere.sort())}`;
}

/** What status says of a parentRef; undefined where no controller has said anything definite. */
function reportedOn(route: Route, ref: ParentRef): Reported | undefined {
  const conditions = (route.parents ?? [])
    .filter(({ parentRef }) => sameRef(parentRef, ref))
    .flatMap((parent) => parent.conditions.filter((condition) => condition.type === "Accepted"));
  const accepted = conditions.find((condition) => condition.status === "True");
  if (accepted !== undefined) return { accepted: true, condition: accepted };
  const refused = conditions.find((condition) => condition.status === "False");
  return refused === undefined ? undefined : { accepted: false, condition: refused };
}

function sameRef(a: ParentRef, b: ParentRef): boolean {
  return (
    a.kind === b.kind &&
    a.namespace === b.namespace &&
    a.name === b.name &&
    a.sectionName === b.sectionName &&
    a.port === b.port
  );
}

/**
 * Routes of a service mesh have Services as parents; who serves them there is the mesh's business. Of a parent of any
 * other kind only the route's status tells.
 */
function foreignParent(
  route: Route,
  { path, parent, ref }: Place,
  reported: Reported | undefined,
): AttachmentFact {
  const words =
    ref.kind === "Service" ? `Service ${ref.namespace}/${ref.name}` : `${ref.namespace}/${ref.name}`;
  const evidence = [specEvidence(route, path, ref), ...statusEvidence(route, reported)];
  if (reported?.accepted === false) {
    const sentence = `not attached to ${words}: ${conditionInWords(reported.condition)}`;
    return {
      path,
      parent,
      state: "rejected",
      listeners: [],
      reason: reported.condition.reason,
      sentence,
      saidBy: "status",
      evidence,
    };
  }
  const what = ref.kind === "Service" ? "a Service, as service meshes have it" : "of a kind that is not read";
  const sentence = `its parent ${words} is ${what}; how it is attached there is not judged`;
  return {
    path,
    parent,
    state: ref.kind === "Service" || reported !== undefined ? "attached" : "unknown",
    listeners: [],
    sentence,
    saidBy: reported === undefined ? "computed" : "status",
    evidence,
  };
}

function joined(route: Route, place: Place, ours: Computed, reported: Reported | undefined): AttachmentFact {
  const { path, parent, ref } = place;
  const words = `${ref.kind} ${ref.namespace}/${ref.name}`;
  const evidence = [specEvidence(route, path, ref), ...statusEvidence(route, reported)];
  const fact = { path, parent, evidence };
  if (reported === undefined) return { ...fact, ...oursAlone(ours, words), saidBy: "computed" };
  const { condition } = reported;
  if (reported.accepted) {
    if (ours.kind === "admitted") {
      return {
        ...fact,
        state: "attached",
        listeners: ours.listeners,
        sentence: attachedTo(words, ours.listeners),
        saidBy: "both",
      };
    }
    const sentence =
      ours.kind === "unknown"
        ? `attached to ${words}, as its status says; ${ours.why}`
        : `attached to ${words}, as its status says, although ${ours.why}; the status may be old`;
    return {
      ...fact,
      state: "attached",
      listeners: [],
      sentence,
      nearMiss: nearMissOf(ours),
      saidBy: "status",
    };
  }
  const refusal = `not attached to ${words}: ${conditionInWords(condition)}`;
  const refused = { ...fact, state: "rejected", listeners: [], reason: condition.reason } as const;
  switch (ours.kind) {
    case "refused":
      return { ...refused, sentence: refusal, nearMiss: ours.nearMiss, saidBy: "both" };
    case "parent-missing":
      return {
        ...refused,
        state: "parent-missing",
        missing: ours.missing,
        sentence: `not attached: ${ours.why}`,
        nearMiss: ours.nearMiss,
        saidBy: "both",
      };
    case "unknown":
      return { ...refused, sentence: refusal, saidBy: "status" };
    case "admitted": {
      const sentence = `${refusal}, although by its configuration ${listenersInWords(ours.listeners)} would admit it`;
      return { ...refused, sentence, saidBy: "status" };
    }
  }
}

function oursAlone(
  ours: Computed,
  words: string,
): Pick<AttachmentFact, "state" | "missing" | "listeners" | "sentence" | "reason" | "nearMiss"> {
  switch (ours.kind) {
    case "admitted":
      return { state: "attached", listeners: ours.listeners, sentence: attachedTo(words, ours.listeners) };
    case "refused":
      return {
        state: "rejected",
        listeners: [],
        reason: ours.reason,
        sentence: `not attached to ${words}: ${ours.reason}: ${ours.why}`,
        nearMiss: ours.nearMiss,
      };
    case "parent-missing":
      return {
        state: "parent-missing",
        missing: ours.missing,
        listeners: [],
        sentence: `not attached: ${ours.why}`,
        nearMiss: ours.nearMiss,
      };
    case "unknown":
      return {
        state: "unknown",
        listeners: [],
        sentence: `whether it is attached cannot be told: ${ours.why}`,
      };
  }
}

function nearMissOf(ours: Computed): string | undefined {
  return ours.kind === "refused" || ours.kind === "parent-missing" ? ours.nearMiss : undefined;
}

function attachedTo(words: string, listeners: readonly string[]): string {
  return `attached to ${words} by ${listenersInWords(listeners)}`;
}

function listenersInWords(listeners: readonly string[]): string {
  return `${listeners.length === 1 ? "listener" : "listeners"} ${listed(listeners)}`;
}

function conditionInWords({ reason, message }: Condition): string {
  const words = [reason ?? "", message === undefined ? "" : oneLine(message)].filter((part) => part !== "");
  return words.length === 0 ? "its controller does not accept it" : words.join(": ");
}

function specEvidence(route: Route, path: string, ref: ParentRef): Evidence {
  const section = ref.sectionName === undefined ? "" : `, section ${ref.sectionName}`;
  const port = ref.port === undefined ? "" : `, port ${ref.port}`;
  return { object: route.id, path, value: `${ref.kind} ${ref.namespace}/${ref.name}${section}${port}` };
}

function statusEvidence(route: Route, reported: Reported | undefined): readonly Evidence[] {
  if (reported === undefined) return [];
  const { status, reason } = reported.condition;
  const value = reason === undefined ? status : `${status} (${reason})`;
  return [{ object: route.id, path: "status.parents[].conditions[Accepted].status", value }];
}
