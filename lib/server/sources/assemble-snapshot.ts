import { type ObjectId, objectId } from "#lib/model/ids.ts";
import { allKinds, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { ClusterObject, EndpointSlice, Namespace, Origin } from "#lib/model/objects.ts";
import type { ObjectsByKind, Problem, Snapshot, Unread } from "#lib/model/snapshot.ts";
import { kindInWords } from "../kind-names.ts";
import { impliedNamespace } from "./implied-namespace.ts";
import { byPlace } from "./problem-order.ts";
import { templatePods } from "./template-pods.ts";

export interface SnapshotParts {
  /** In any order, of any kinds. Of two with the same id the later one stands: by place in the files, else by order here. */
  readonly objects: Iterable<ClusterObject>;
  /**
   * Kinds that could not be read, or not in full: with objects of the kind present as well, the snapshot holds both
   * what was read and why there may be more.
   */
  readonly unread?: { readonly [P in PluralKind]?: Unread } | undefined;
  readonly problems?: readonly Problem[] | undefined;
  readonly origin: Snapshot["origin"];
  readonly takenAt: string | undefined;
  readonly version?: string | undefined;
  /**
   * True: what is given is all there is, so a kind without objects was read and is empty, unless `unread` names it.
   * A list of kinds: those were read, even where they have no object; every other kind without an object is unread.
   */
  readonly complete: true | readonly PluralKind[];
}

/**
 * Puts read objects together into a snapshot: grouped, each id once, sorted by id so that the order of input never
 * matters; namespaces that are only referred to are added as `implied`, and in manifests templates stand for pods.
 */
export function assembleSnapshot(parts: SnapshotParts): Snapshot {
  const problems = [...(parts.problems ?? [])];
  const byId = deduplicate(parts.objects, problems);
  dropEndpointsWithSlices(byId);
  if (parts.origin === "manifests") for (const object of withoutStatus(byId)) byId.set(object.id, object);
  const unread: { [P in PluralKind]?: Unread } = { ...parts.unread };
  // Where a cluster's namespaces could not be read, their labels are unknown, and an implied one would pass for known.
  if (
    parts.origin === "manifests" ||
    (unread.namespaces === undefined && wasRead(parts, "namespaces", byId))
  ) {
    for (const namespace of impliedNamespaces(byId)) byId.set(namespace.id, namespace);
  }

  const lists = new Map<PluralKind, ClusterObject[]>();
  for (const object of byId.values()) {
    const plural = kinds[object.kind].plural;
    const list = lists.get(plural);
    if (list === undefined) lists.set(plural, [object]);
    else list.push(object);
  }
  const objects: { [P in PluralKind]?: readonly ClusterObject[] | undefined } = {};
  for (const kind of allKinds) {
    const { plural } = kinds[kind];
    const list = lists.get(plural)?.sort(byIdOrder);
    if (list !== undefined) {
      objects[plural] = list;
    } else if (unread[plural] === undefined && (parts.complete === true || parts.complete.includes(plural))) {
      objects[plural] = [];
    } else {
      objects[plural] = undefined;
      unread[plural] ??= {
        reason: "not-collected",
        message: `No ${kindInWords(kind)} is in the given files.`,
      };
    }
  }
  return {
    // Each object went under the key of its own kind, which the compiler cannot follow through the loop.
    objects: objects as { readonly [P in PluralKind]: readonly ObjectsByKind[P][] | undefined },
    unread,
    problems: problems.sort(byPlace),
    takenAt: parts.takenAt,
    origin: parts.origin,
    version: parts.version,
  };
}

type ById = Map<ObjectId, ClusterObject>;

function deduplicate(objects: Iterable<ClusterObject>, problems: Problem[]): ById {
  const byId: ById = new Map();
  for (const object of objects) {
    const other = byId.get(object.id);
    // Objects without an origin come from one API server, where a later one is simply newer.
    if (other?.origin === undefined || object.origin === undefined) {
      byId.set(object.id, object);
      continue;
    }
    const [earlier, later] = isBefore(object.origin, other.origin) ? [object, other] : [other, object];
    byId.set(object.id, later);
    if (!sameContent(earlier, later)) problems.push(givenTwice(object.id, earlier.origin, later.origin));
  }
  return byId;
}

/** By name of the file and then by line, so that it does not matter in which order the files were read. */
function isBefore(a: Origin, b: Origin): boolean {
  return a.file === b.file ? (a.line ?? 0) < (b.line ?? 0) : a.file < b.file;
}

function givenTwice(id: ObjectId, earlier: Origin | undefined, later: Origin | undefined): Problem {
  const where = earlier?.file ?? "";
  const again =
    later?.file === where ? `again in line ${later.line ?? "unknown"}` : `again in ${later?.file ?? ""}`;
  const why = `The same object is given ${again}, with other content. The later one is used.`;
  return { kind: "skipped", where, line: earlier?.line, why, subject: id };
}

function sameContent(a: ClusterObject, b: ClusterObject): boolean {
  return JSON.stringify({ ...a, origin: undefined }) === JSON.stringify({ ...b, origin: undefined });
}

/** Endpoints say again what slices say, and less well (1,000 addresses at most): they count only where a Service has no slice. */
function dropEndpointsWithSlices(byId: ById): void {
  const sliced = new Set<string>();
  const endpoints: EndpointSlice[] = [];
  for (const object of byId.values()) {
    if (object.kind !== "endpoint-slice") continue;
    if (object.from === "endpoints") endpoints.push(object);
    else if (object.serviceName !== undefined) sliced.add(`${object.namespace}/${object.serviceName}`);
  }
  for (const object of endpoints) {
    if (sliced.has(`${object.namespace}/${object.serviceName}`)) byId.delete(object.id);
  }
}

/**
 * Manifests have no status, even where a generator wrote `status: {}` or `loadBalancer: {}` into them: an empty one
 * would read as "no address yet". Templates stand for the pods that a workload would make.
 */
function* withoutStatus(byId: ById): Iterable<ClusterObject> {
  const pods = templatePods([...byId.values()].sort(byIdOrder));
  for (const object of byId.values()) {
    switch (object.kind) {
      case "service":
      case "ingress":
        if (object.loadBalancer !== undefined) yield { ...object, loadBalancer: undefined };
        break;
      case "gateway":
        if (object.addresses !== undefined) yield { ...object, addresses: undefined };
        break;
      case "http-route":
      case "grpc-route":
      case "tls-route":
      case "tcp-route":
      case "udp-route":
        if (object.parents !== undefined) yield { ...object, parents: undefined };
        break;
      case "certificate":
      case "external-secret":
      case "sealed-secret":
        yield { ...object, conditions: [], validity: undefined, renewalTime: undefined };
        break;
      default:
        break;
    }
  }
  yield* pods;
}

function wasRead(parts: SnapshotParts, plural: "namespaces", byId: ById): boolean {
  if (parts.complete === true || parts.complete.includes(plural)) return true;
  for (const object of byId.values()) if (object.kind === "namespace") return true;
  return false;
}

function impliedNamespaces(byId: ById): readonly Namespace[] {
  const implied = new Map<string, Namespace>();
  for (const object of byId.values()) {
    if (!("namespace" in object) || object.namespace === undefined || implied.has(object.namespace)) continue;
    const id = objectId("namespace", undefined, object.namespace);
    if (byId.has(id)) continue;
    implied.set(object.namespace, impliedNamespace(object.namespace));
  }
  return [...implied.values()];
}

function byIdOrder(a: ClusterObject, b: ClusterObject): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
