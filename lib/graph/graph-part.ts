import type {
  Facts,
  GatewayFacts,
  IngressFacts,
  RouteFacts,
  ServiceFacts,
  WorkloadFacts,
} from "#lib/engine/facts.ts";
import { byParts } from "#lib/engine/live/by-parts.ts";
import { LayeredMap } from "#lib/engine/live/layered-map.ts";
import { type PlacedChange, PlacedMap } from "#lib/engine/live/placed-map.ts";
import { namespaceIn } from "#lib/engine/live/reads.ts";
import type { GraphEdge, GraphNode, NodeId } from "#lib/model/graph.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { compareText } from "./compare-text.ts";
import { entryNodes } from "./entry-nodes.ts";
import { emptyBackends, entryStrands, isScaledToZero } from "./entry-strands.ts";
import { internetId, internetStrands } from "./internet-strands.ts";
import { pointsOutside } from "./outside.ts";
import { canBeReferredTo } from "./referred-nodes.ts";
import { serviceNodes } from "./service-nodes.ts";
import { serviceStrands, slicesTell } from "./service-strands.ts";
import { edgesFromStrands } from "./strand.ts";
import type { FindingTally } from "./tally-findings.ts";
import { workloadNodes } from "./workload-nodes.ts";

/** What stands in a namespace, as the facts name it. */
interface MemberTypes {
  readonly ingresses: IngressFacts;
  readonly gateways: GatewayFacts;
  readonly routes: RouteFacts;
  readonly services: ServiceFacts;
  readonly workloads: WorkloadFacts;
}

type MemberKind = keyof MemberTypes;

/** The facts about one namespace's objects, each list in the order of the facts. */
export type Members = { readonly [Kind in MemberKind]: MemberTypes[Kind][] };

type MemberFacts = { readonly [Kind in MemberKind]: ReadonlyMap<string, MemberTypes[Kind]> };

const namespaceOf: { readonly [Kind in MemberKind]: (each: MemberTypes[Kind]) => string } = {
  ingresses: ({ ingress }) => ingress.namespace,
  gateways: ({ gateway }) => gateway.namespace,
  routes: ({ route }) => route.namespace,
  services: ({ service }) => service.namespace,
  workloads: ({ namespace }) => namespace,
};

const idOf: { readonly [Kind in MemberKind]: (each: MemberTypes[Kind]) => string } = {
  ingresses: ({ ingress }) => ingress.id,
  gateways: ({ gateway }) => gateway.id,
  routes: ({ route }) => route.id,
  services: ({ service }) => service.id,
  workloads: ({ id }) => id,
};

const memberKinds: readonly MemberKind[] = ["ingresses", "gateways", "routes", "services", "workloads"];

/**
 * What one namespace's objects add to the graph: a node each, and all edges that begin with one of them or are told by
 * one (a route tells of the edge from its Gateway). No edge is told by two namespaces.
 */
export interface GraphPart {
  readonly namespace: string;
  readonly members: Members;
  readonly traits: Traits;
  /** All else that the rest follows from. */
  readonly given: Given;
  /** Sorted by id. */
  readonly nodes: readonly GraphNode[];
  /** Sorted by id. */
  readonly edges: readonly GraphEdge[];
  /** Ends of its edges that are none of its nodes. */
  readonly ends: readonly NodeId[];
  /** How many of its objects can be reached from outside the cluster. */
  readonly waysIn: number;
  /** Services that point at something outside of it. */
  readonly pointing: readonly ServiceFacts[];
}

/** The parts of a graph, and what they were made of. */
export interface PartsBefore {
  readonly members: PlacedMap<string, Members>;
  readonly byNamespace: PlacedMap<string, GraphPart>;
  readonly of: Facts;
  readonly tally: FindingTally;
}

/**
 * The members of each namespace. Where they are the same things as before, they are the very lists that the part before
 * was made of: of a hundred thousand things a few change, and new lists of all of them would be garbage at once.
 */
export function* membersByNamespace(
  facts: Facts,
  before: PartsBefore | undefined,
): Generator<undefined, PlacedMap<string, Members>> {
  const followed = before === undefined ? undefined : membersAfter(facts, before);
  if (followed !== undefined) return followed;
  const found = new Map<string, Members>();
  for (const kind of memberKinds) {
    putAll(kind, facts, found);
    yield;
  }
  return PlacedMap.of(new Map([...found].sort(([a], [b]) => compareText(a, b))), compareText);
}

function putAll<Kind extends MemberKind>(kind: Kind, facts: MemberFacts, found: Map<string, Members>): void {
  for (const each of facts[kind].values()) {
    const namespace = namespaceOf[kind](each);
    const members = found.get(namespace) ?? noMembers();
    found.set(namespace, members);
    members[kind].push(each);
  }
}

/** The members as they were, but of the namespaces in which any is another now; undefined where facts do not tell. */
function membersAfter(facts: Facts, { members, of }: PartsBefore): PlacedMap<string, Members> | undefined {
  const changed = new Map<string, Members>();
  const isKnown = memberKinds.every((kind) =>
    follow(kind, of, facts, changed, (namespace) => changed.get(namespace) ?? members.get(namespace)),
  );
  if (!isKnown) return undefined;
  const isEmpty = (own: Members) => memberKinds.every((kind) => own[kind].length === 0);
  return members.with(
    new Map([...changed].map(([namespace, own]) => [namespace, isEmpty(own) ? undefined : own])),
  );
}

/** False where it is not known what of this kind is another. */
function follow<Kind extends MemberKind>(
  kind: Kind,
  was: MemberFacts,
  is: MemberFacts,
  found: Map<string, Members>,
  membersOf: (namespace: string) => Members | undefined,
): boolean {
  const [then, now] = [was[kind], is[kind]];
  if (then === now) return true;
  if (!(then instanceof PlacedMap && now instanceof PlacedMap)) return false;
  const changed: ReadonlyMap<string, PlacedChange<MemberTypes[Kind]>> = now.changedSince(then);
  for (const [namespace, own] of Map.groupBy(changed, ([, change]) => namespaceOfChange(kind, change))) {
    const before = membersOf(namespace) ?? noMembers();
    found.set(namespace, { ...before, [kind]: changedList(kind, before[kind], own, now.order) });
  }
  return true;
}

function namespaceOfChange<Kind extends MemberKind>(
  kind: Kind,
  { was, is }: PlacedChange<MemberTypes[Kind]>,
): string {
  const each = is ?? was;
  return each === undefined ? "" : namespaceOf[kind](each);
}

/** `order`: that of the facts, by id. */
function changedList<Kind extends MemberKind>(
  kind: Kind,
  list: readonly MemberTypes[Kind][],
  changed: readonly (readonly [string, PlacedChange<MemberTypes[Kind]>])[],
  order: (a: string, b: string) => number,
): readonly MemberTypes[Kind][] {
  const nextOf = new Map<MemberTypes[Kind], MemberTypes[Kind] | undefined>();
  const came: MemberTypes[Kind][] = [];
  for (const [, { was, is }] of changed) {
    if (was !== undefined) nextOf.set(was, is);
    else if (is !== undefined) came.push(is);
  }
  const next = list.flatMap((each) => (nextOf.has(each) ? (nextOf.get(each) ?? []) : each));
  if (came.length === 0) return next;
  return [...next, ...came].sort((a, b) => order(idOf[kind](a), idOf[kind](b)));
}

function noMembers(): Members {
  return { ingresses: [], gateways: [], routes: [], services: [], workloads: [] };
}

/**
 * The namespaces of which the part may be another than before, each that came or went among them; undefined where that is
 * not known. All that a part follows from (`Given`) is asked for here.
 */
export function touchedNamespaces(
  facts: Facts,
  tally: FindingTally,
  members: PlacedMap<string, Members>,
  { of, tally: tallyBefore, members: membersBefore, byNamespace }: PartsBefore,
): ReadonlySet<string> | undefined {
  if (facts.snapshot.objects.listenerSets !== of.snapshot.objects.listenerSets) return undefined;
  const pods = touchedIn(of.index.podsByNamespace, facts.index.podsByNamespace);
  const workloads = touchedIn(of.index.workloadsByNamespace, facts.index.workloadsByNamespace);
  const slices = touchedIn(of.slices, facts.slices);
  if (pods === undefined || workloads === undefined || slices === undefined) return undefined;
  const touched = new Set([...members.changedSince(membersBefore).keys(), ...pods, ...workloads]);
  for (const service of slices) touched.add(namespaceIn(service) ?? "");
  for (const namespace of marked(tallyBefore, tally)) touched.add(namespace);
  // Whether nothing runs behind a Service of another namespace is asked each time.
  for (const namespaces of leadingNowhere(byNamespace))
    for (const namespace of namespaces) touched.add(namespace);
  return touched;
}

const leadingNowhere = byParts((parts: readonly GraphPart[]) =>
  parts.flatMap(({ namespace, traits }) => (traits.emptyBackends.length > 0 ? [namespace] : [])),
);

/** The namespaces in which findings are others, or other objects carry them. */
function* marked({ marks: was }: FindingTally, { marks: is }: FindingTally): Iterable<string> {
  if (was === is) return;
  for (const [namespace, marks] of is) if (was.get(namespace) !== marks) yield namespace;
  for (const namespace of was.keys()) if (!is.has(namespace)) yield namespace;
}

/** The keys of what may be others in a map than it was before; undefined where the maps do not tell. */
function touchedIn<V>(was: ReadonlyMap<string, V>, is: ReadonlyMap<string, V>): Iterable<string> | undefined {
  if (was === is) return [];
  if (was instanceof PlacedMap && is instanceof PlacedMap) return is.changedSince(was).keys();
  return was instanceof LayeredMap && is instanceof LayeredMap ? is.touchedSince(was) : undefined;
}

/** The same part where nothing that it follows from has changed. */
export function graphPart(
  facts: Facts,
  tally: FindingTally,
  namespace: string,
  members: Members,
  before: GraphPart | undefined,
): GraphPart {
  const traits = before?.members === members ? before.traits : traitsOf(members);
  const given = givenTo(facts, tally, namespace, traits);
  if (before?.members === members && isSame(before.given, given)) return before;
  const exposed = internetStrands(members);
  const strands = [...exposed, ...entryStrands(facts, members), ...serviceStrands(facts, members)];
  const nodes = [
    ...entryNodes(facts, members, tally),
    ...serviceNodes(members.services, tally),
    ...workloadNodes(members, tally),
  ].sort((a, b) => compareText(a.id, b.id));
  const ids = new Set<NodeId>(nodes.map(({ id }) => id));
  const own = (end: NodeId) => end === internetId || ids.has(end);
  // An end of a kind that is never drawn leads nowhere on the map.
  const edges = edgesFromStrands(strands).filter(({ source, target }) =>
    [source, target].every((end) => own(end) || canBeReferredTo(end)),
  );
  const ends = new Set(edges.flatMap(({ source, target }) => [source, target]).filter((end) => !own(end)));
  return {
    namespace,
    members,
    traits,
    given,
    nodes,
    edges,
    ends: [...ends],
    waysIn: exposed.length,
    pointing: members.services.filter(pointsOutside),
  };
}

/** What follows from the members alone: most namespaces are looked at only to find that nothing is another there. */
interface Traits {
  readonly hasEntries: boolean;
  /** Services of which the slices tell more than the facts. */
  readonly sliced: readonly ObjectId[];
  /** See `emptyBackends`. */
  readonly emptyBackends: readonly ObjectId[];
}

function traitsOf(members: Members): Traits {
  const { ingresses, gateways, routes, services } = members;
  return {
    hasEntries: ingresses.length + gateways.length + routes.length > 0,
    sliced: services.filter(slicesTell).map(({ service }) => service.id),
    emptyBackends: emptyBackends(members),
  };
}

/** A part stands as long as these are the same things. */
interface Given {
  readonly marks: string;
  /** Who owns a pod follows from the pods and workloads of its namespace. */
  readonly pods: unknown;
  readonly workloads: unknown;
  readonly slices: readonly unknown[];
  /** By these a route's parent is drawn as another Gateway. */
  readonly listenerSets: unknown;
  readonly idle: string;
}

const noSlices: readonly unknown[] = [];

function givenTo(
  facts: Facts,
  tally: FindingTally,
  namespace: string,
  { hasEntries, sliced, emptyBackends: empty }: Traits,
): Given {
  return {
    marks: tally.marks.get(namespace) ?? "",
    pods: facts.index.podsByNamespace.get(namespace),
    workloads: facts.index.workloadsByNamespace.get(namespace),
    slices: sliced.length === 0 ? noSlices : sliced.map((service) => facts.slices.get(service)),
    listenerSets: hasEntries ? facts.snapshot.objects.listenerSets : undefined,
    idle: empty.length === 0 ? "" : empty.filter((service) => isScaledToZero(facts, service)).join(" "),
  };
}

function isSame(a: Given, b: Given): boolean {
  return (
    a.marks === b.marks &&
    a.pods === b.pods &&
    a.workloads === b.workloads &&
    a.slices.length === b.slices.length &&
    a.slices.every((own, at) => own === b.slices[at]) &&
    a.listenerSets === b.listenerSets &&
    a.idle === b.idle
  );
}
