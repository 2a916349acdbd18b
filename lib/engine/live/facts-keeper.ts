/**
 * Facts, carried from one snapshot to the next: what a change touches is worked out anew, and the rest is taken over.
 * Equal to what `compileFacts` makes of the newer snapshot (a law that random histories are held against); where a
 * change is not of objects alone, everything is worked out anew.
 */
import type { Change } from "#lib/model/change.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { EndpointSlice, Gateway, Ingress, Node, Pod, Route, Service } from "#lib/model/objects.ts";
import { routePlurals, type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { BackendInputs } from "../backend.ts";
import { clusterDomain } from "../cluster-domain.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import { type EndpointInputs, slicedEndpoint, slicesFollowPods } from "../endpoints.ts";
import type {
  Facts,
  GatewayFacts,
  IngressFacts,
  PolicyFacts,
  Reason,
  RouteFacts,
  ServiceFacts,
} from "../facts.ts";
import { gatewayFacts } from "../gateway-facts.ts";
import { takerAmong, takesClassless } from "../ingress-controllers.ts";
import { type IngressInputs, ingressFacts } from "../ingress-facts.ts";
import { type NotReadyReasons, notReadyReasons } from "../not-ready-reasons.ts";
import { type PodRange, podRange } from "../pod-range.ts";
import { evaluatedPlurals, policyFacts } from "../policy-selection.ts";
import { routeFacts } from "../route-facts.ts";
import { serviceFacts } from "../service-facts.ts";
import { serviceOfSlice, slicesByService } from "../slice-endpoints.ts";
import { type TlsIngress, type TlsRoute, tlsEntries } from "../tls/tls-entries.ts";
import { EndpointParts } from "./endpoint-parts.ts";
import { LayeredMap } from "./layered-map.ts";
import { type LiveIndex, nextIndex, startIndex } from "./live-index.ts";
import {
  areStale,
  type Changed,
  type KeptReads,
  keptReads,
  noReads,
  notedFacts,
  notedIndex,
  notedMap,
  notedReasons,
  notedSnapshot,
  type Reads,
  reasonsKeys,
} from "./reads.ts";
import { sameJson } from "./same-json.ts";
import { Units } from "./units.ts";
import { WorkloadKeeper } from "./workload-keeper.ts";

/** What is the same for every Service. */
interface Common {
  readonly slicesFollowPods: boolean;
  readonly podRange: PodRange | undefined;
  readonly domain: string;
  readonly classless: ReturnType<typeof takerAmong>;
}

const noSlices: NonNullable<State["slices"]> = LayeredMap.of(new Map());

interface State {
  readonly snapshot: Snapshot;
  readonly live: LiveIndex;
  readonly slices: LayeredMap<ObjectId, readonly EndpointSlice[]> | undefined;
  readonly common: Common;
  /** Pods that take Ingresses without a class. */
  readonly takers: ReadonlyMap<string, Pod>;
  readonly reasons: NotReadyReasons;
  readonly now: number;
}

export class FactsKeeper {
  readonly #services = new Units<Service, ServiceFacts>(byKindAndId);
  readonly #policies = new Units<PolicyFacts["policy"], PolicyFacts>(byKindAndId);
  readonly #workloads = new WorkloadKeeper();
  readonly #ingresses = new Units<Ingress, IngressFacts>(byKindAndId);
  readonly #routes = new Units<Route, RouteFacts>(byKindAndId);
  readonly #gateways = new Units<Gateway, GatewayFacts>(byKindAndId);
  #tls: { readonly entries: Facts["tls"]; readonly reads: KeptReads } | undefined;
  #state: State | undefined;
  /** Why pods take no traffic, as it was told last; of those of which there is something to tell. */
  readonly #told = new Map<ObjectId, readonly Reason[]>();
  readonly #partsFrom: number;

  /** `partsFrom`: of so many endpoints each is kept by itself, which takes memory and saves time. */
  constructor(partsFrom = 200) {
    this.#partsFrom = partsFrom;
  }

  /**
   * The facts of a snapshot, `now` in ISO 8601. `changes` lead there from the last one; undefined where that is not
   * known, or where which kinds could be read is not the same. Yields often, so that others may run in between; is not
   * to be called again before it has ended, and begins anew where it was left half way.
   */
  *next(
    snapshot: Snapshot,
    changes: readonly Change[] | undefined,
    now: string,
  ): Generator<undefined, Facts> {
    const before = this.#state;
    // Left unset until the end: what was left half way is of no use.
    this.#state = undefined;
    const at = Date.parse(now);
    // Of a list of nodes without a single one nothing is concluded, so that the first one matters to every pod.
    const firstNode = before !== undefined && hasNodes(before.snapshot) !== hasNodes(snapshot);
    const state =
      before === undefined || changes === undefined || firstNode
        ? yield* this.#start(snapshot, at)
        : yield* this.#carry(before, snapshot, changes, at);
    this.#state = state;
    return {
      snapshot,
      index: state.live.index,
      services: this.#services.facts,
      workloads: this.#workloads.facts,
      ingresses: this.#ingresses.facts,
      gateways: this.#gateways.facts,
      routes: this.#routes.facts,
      policies: this.#policies.facts,
      slices: state.slices ?? noSlices,
      tls: this.#tls?.entries ?? [],
      now: at,
      whyNotReady: state.reasons,
    };
  }

  *#start(snapshot: Snapshot, now: number): Generator<undefined, State> {
    this.#told.clear();
    const live = yield* startIndex(snapshot);
    yield;
    const read = snapshot.objects.endpointSlices;
    const slices = read === undefined ? undefined : LayeredMap.of(slicesByService(read));
    yield;
    const takers = new Map<string, Pod>();
    for (const pod of seen(snapshot, "pods")) {
      if (takesClassless(pod) !== undefined) takers.set(pod.id, pod);
      yield;
    }
    const state = this.#stateOf(snapshot, live, slices, takers, undefined, now);
    yield;
    const reasons = this.#telling(state.reasons);
    const work = workOf({ ...state, reasons }, this, this.#partsFrom, undefined);
    yield* this.#services.start(seen(snapshot, "services"), work.service);
    yield* this.#policies.start(policiesIn(snapshot), work.policy);
    yield* this.#workloads.start(snapshot, live.index, this.#policies.facts, reasons);
    yield* this.#ingresses.start(seen(snapshot, "ingresses"), work.ingress);
    yield* this.#routes.start(routesIn(snapshot), work.route);
    yield* this.#gateways.start(seen(snapshot, "gateways"), work.gateway);
    this.#tls = work.tls();
    yield;
    return state;
  }

  *#carry(
    before: State,
    snapshot: Snapshot,
    changes: readonly Change[],
    now: number,
  ): Generator<undefined, State> {
    const { live, changed: looked } = nextIndex(before.live, snapshot, changes);
    yield;
    const slices = nextSlices(before.slices, changes);
    const takers = nextTakers(before.takers, changes);
    const state = this.#stateOf(snapshot, live, slices.map, takers, before, now);
    yield;
    const keys = new Set<string>(looked.ids);
    for (const id of podsOnNodes(live.index, changes)) keys.add(id);
    for (const address of looked.addresses) keys.add(`ip@${address}`);
    for (const namespace of looked.pods.keys()) keys.add(`pods@${namespace}`);
    for (const namespace of looked.serviceNamespaces) keys.add(`services@${namespace}`);
    for (const namespace of looked.workloadNamespaces) keys.add(`workloads@${namespace}`);
    for (const id of slices.ids) keys.add(`slices:${id}`);
    if (looked.pods.size > 0) keys.add("pods");
    if (looked.serviceNamespaces.size > 0) keys.add("services");
    if (looked.workloadNamespaces.size > 0) keys.add("workloads");
    if (looked.namespaceNames) keys.add("namespaceNames");
    if (slices.ids.size > 0) keys.add("slices");
    if (changes.length > 0) keys.add("everything");
    for (const { plural } of changes) keys.add(`list:${plural}`);
    for (const key of commonChanges(before, state)) keys.add(key);
    yield;
    if (before.now !== now) yield* this.#tellAnew(state, keys);

    const changed: Changed = {
      keys,
      pods: new Map(
        [...looked.pods].map(([namespace, own]) => [
          namespace,
          own.map(({ before: was, after }) => ({ before: podIn(was), after: podIn(after) })),
        ]),
      ),
    };
    const own = Map.groupBy(changes, ({ plural }) => plural);
    const { byId } = live.index;
    const reasons = this.#telling(state.reasons);
    const work = workOf({ ...state, reasons }, this, this.#partsFrom, changed);

    const services = yield* this.#services.next(
      changed,
      ownOf(own.get("services"), isService),
      (id) => objectOf(byId.get(id), isService),
      work.service,
      sameJson,
    );
    told(keys, "services", services);
    const policies = yield* this.#policies.next(
      changed,
      ownOf(
        evaluatedPlurals.flatMap((plural) => own.get(plural) ?? []),
        isPolicy,
      ),
      (id) => objectOf(byId.get(id), isPolicy),
      work.policy,
      sameJson,
    );
    yield* this.#workloads.next({
      snapshot,
      index: live.index,
      before: before.live.index,
      changes,
      keys,
      policies: this.#policies.facts,
      policiesRenewed: policies,
      reasons,
    });
    const ingressesBefore = this.ingresses;
    const ingresses = yield* this.#ingresses.next(
      changed,
      ownOf(own.get("ingresses"), isIngress),
      (id) => objectOf(byId.get(id), isIngress),
      work.ingress,
      sameJson,
    );
    told(keys, "ingresses", ingresses);
    if (areOthers(ingresses, ingressesBefore, this.ingresses, isSameTlsIngress)) keys.add("tlsIngresses");
    const routesBefore = this.routes;
    const routes = yield* this.#routes.next(
      changed,
      ownOf(
        routePlurals.flatMap((plural) => own.get(plural) ?? []),
        isRoute,
      ),
      (id) => objectOf(byId.get(id), isRoute),
      work.route,
      sameJson,
    );
    told(keys, "routes", routes);
    if (areOthers(routes, routesBefore, this.routes, isSameTlsRoute)) keys.add("tlsRoutes");
    yield* this.#gateways.next(
      changed,
      ownOf(own.get("gateways"), isGateway),
      (id) => objectOf(byId.get(id), isGateway),
      work.gateway,
      sameJson,
    );
    if (this.#tls === undefined || areStale(this.#tls.reads, changed)) this.#tls = work.tls();
    yield;
    return state;
  }

  /** Reasons, noting what is told. */
  #telling(reasons: NotReadyReasons): NotReadyReasons {
    return (pod) => {
      const found = reasons(pod);
      if (found.length > 0) this.#told.set(pod.id, found);
      else this.#told.delete(pod.id);
      return found;
    };
  }

  /**
   * Time passes for every pod, and the words change for few of them: after "for 3 h" comes the same for an hour. Only
   * what looked at those is worked out anew.
   */
  *#tellAnew({ live, reasons }: State, keys: Set<string>): Generator<undefined, void> {
    let looked = 0;
    for (const [id, was] of this.#told) {
      const pod = podIn(live.index.byId.get(id));
      const is = pod === undefined ? [] : reasons(pod);
      if (!sameJson(was, is)) keys.add(`${reasonsKeys}${id}`);
      if (is.length === 0) this.#told.delete(id);
      else this.#told.set(id, is);
      if (++looked % 100 === 0) yield;
    }
  }

  #stateOf(
    snapshot: Snapshot,
    live: LiveIndex,
    slices: State["slices"],
    takers: State["takers"],
    before: State | undefined,
    now: number,
  ): State {
    const { index } = live;
    const { nodes } = snapshot.objects;
    return {
      snapshot,
      live,
      slices,
      takers,
      common: {
        slicesFollowPods: slicesFollowPods(snapshot, index, slices),
        podRange:
          before !== undefined && before.snapshot.objects.nodes === nodes
            ? before.common.podRange
            : podRange(nodes),
        domain: clusterDomain(snapshot),
        classless: takerAmong([...takers.values()], snapshot, index),
      },
      reasons: notReadyReasons(snapshot, index, now),
      now,
    };
  }

  get services(): ReadonlyMap<ObjectId, ServiceFacts> {
    return this.#services.facts;
  }

  get ingresses(): ReadonlyMap<ObjectId, IngressFacts> {
    return this.#ingresses.facts;
  }

  get routes(): ReadonlyMap<ObjectId, RouteFacts> {
    return this.#routes.facts;
  }
}

/** The work on one object of each kind, with everything noted that it looks at. */
function workOf(state: State, keeper: FactsKeeper, partsFrom: number, changed: Changed | undefined) {
  const { snapshot, live, slices, common, reasons, now } = state;
  const backendInputs = (reads: Reads): BackendInputs => ({
    snapshot: notedSnapshot(snapshot, reads),
    index: notedIndex(live.index, reads),
    services: notedFacts(keeper.services, "services", reads),
  });
  const endpointInputs = (reads: Reads, kept?: EndpointInputs["kept"]): EndpointInputs => ({
    kept,
    snapshot: notedSnapshot(snapshot, reads),
    index: notedIndex(live.index, reads),
    slices:
      slices === undefined
        ? undefined
        : notedMap(
            slices,
            (id) => void reads.cells.add(`slices:${id}`),
            () => void reads.cells.add("slices"),
          ),
    reasons: notedReasons(reasons, reads),
    get slicesFollowPods() {
      reads.cells.add("slicesFollowPods");
      return common.slicesFollowPods;
    },
    get podRange() {
      reads.cells.add("podRange");
      return common.podRange;
    },
    get domain() {
      reads.cells.add("domain");
      return common.domain;
    },
    get now() {
      reads.cells.add("now");
      return now;
    },
  });
  return {
    service(service: Service, reads: Reads, before: KeptReads | undefined): ServiceFacts {
      return serviceFacts(
        service,
        endpointInputs(reads, (own) => {
          const count = own.reduce((sum, { endpoints }) => sum + endpoints.length, 0);
          if (count < partsFrom) return undefined;
          const known = before?.parts;
          const parts = known?.service === service ? known : new EndpointParts(service);
          reads.parts = parts;
          parts.follow(own, changed, (endpoint, piece) =>
            slicedEndpoint(service, endpoint, endpointInputs(piece)),
          );
          return parts;
        }),
      );
    },
    policy: (policy: PolicyFacts["policy"], reads: Reads): PolicyFacts =>
      policyFacts(policy, notedSnapshot(snapshot, reads), notedIndex(live.index, reads)),
    ingress(ingress: Ingress, reads: Reads): IngressFacts {
      const inputs: IngressInputs = {
        ...backendInputs(reads),
        get classless() {
          reads.cells.add("classless");
          return common.classless;
        },
      };
      return ingressFacts(ingress, inputs);
    },
    route: (route: Route, reads: Reads): RouteFacts => routeFacts(route, backendInputs(reads)),
    gateway: (gateway: Gateway, reads: Reads): GatewayFacts =>
      gatewayFacts(
        gateway,
        notedSnapshot(snapshot, reads),
        notedIndex(live.index, reads),
        notedFacts(keeper.routes, "routes", reads).values(),
      ),
    tls() {
      const reads = noReads();
      const entries = tlsEntries(
        notedSnapshot(snapshot, reads),
        notedIndex(live.index, reads),
        keeper.ingresses.values(),
        keeper.routes.values(),
      );
      // Nearly every answer has others of these, and only some are others for this.
      reads.cells.add("tlsIngresses").add("tlsRoutes");
      return { entries, reads: keptReads(reads) };
    },
  };
}

/** What every Service hangs on and is another now. */
function commonChanges(before: State, after: State): readonly string[] {
  const same = <K extends keyof Common>(key: K) => sameJson(before.common[key], after.common[key]);
  return [
    ...(before.now === after.now ? [] : ["now"]),
    ...(same("domain") ? [] : ["domain"]),
    ...(same("slicesFollowPods") ? [] : ["slicesFollowPods"]),
    ...(same("classless") ? [] : ["classless"]),
    // It has a function in it, so that it is the same only where it was taken over.
    ...(before.common.podRange === after.common.podRange ? [] : ["podRange"]),
  ];
}

function hasNodes(snapshot: Snapshot): boolean {
  return seen(snapshot, "nodes").length > 0;
}

/** Slices by Service, and the Services whose slices are others now. */
function nextSlices(
  before: State["slices"],
  changes: readonly Change[],
): { readonly map: State["slices"]; readonly ids: ReadonlySet<ObjectId> } {
  const ids = new Set<ObjectId>();
  if (before === undefined) return { map: undefined, ids };
  const lists = new Map<ObjectId, readonly EndpointSlice[] | undefined>();
  const change = (id: ObjectId, act: (list: readonly EndpointSlice[]) => readonly EndpointSlice[]) => {
    const list = act((lists.has(id) ? lists.get(id) : before.get(id)) ?? []);
    lists.set(id, list.length === 0 ? undefined : list);
    ids.add(id);
  };
  for (const { before: was, after } of changes) {
    if (was?.kind === "endpoint-slice") {
      const service = serviceOfSlice(was);
      if (service !== undefined) change(service, (list) => list.filter(({ id }) => id !== was.id));
    }
    if (after?.kind === "endpoint-slice") {
      const service = serviceOfSlice(after);
      if (service !== undefined)
        change(service, (list) => [...list, after].sort((a, b) => (a.id < b.id ? -1 : 1)));
    }
  }
  return { map: before.with(lists), ids };
}

function nextTakers(before: State["takers"], changes: readonly Change[]): State["takers"] {
  const takers = new Map(before);
  for (const { id, after } of changes) {
    const pod = podIn(after);
    if (pod !== undefined && takesClassless(pod) !== undefined) takers.set(id, pod);
    else takers.delete(id);
  }
  return takers;
}

/** A node that stops reporting is why its pods are not ready. */
function podsOnNodes({ podsByNamespace }: ClusterIndex, changes: readonly Change[]): readonly ObjectId[] {
  const names = new Set(
    changes.flatMap(({ before, after }) => {
      const node = after ?? before;
      return node !== undefined && isNode(node) ? [node.name] : [];
    }),
  );
  if (names.size === 0) return [];
  return [...podsByNamespace.values()].flatMap((pods) =>
    pods.flatMap(({ id, nodeName }) => (names.has(nodeName ?? "") ? [id] : [])),
  );
}

/** Facts that are others now are news for whoever looked at them, or at all of their kind. */
function told(keys: Set<string>, name: string, renewed: ReadonlySet<ObjectId>): void {
  for (const id of renewed) keys.add(`${name}:${id}`);
  if (renewed.size > 0) keys.add(`${name}:`);
}

function areOthers<F>(
  renewed: ReadonlySet<ObjectId>,
  before: ReadonlyMap<ObjectId, F>,
  after: ReadonlyMap<ObjectId, F>,
  same: (a: F, b: F) => boolean,
): boolean {
  for (const id of renewed) {
    const [was, is] = [before.get(id), after.get(id)];
    if (was === undefined || is === undefined || !same(was, is)) return true;
  }
  return false;
}

function isSameTlsIngress(a: TlsIngress, b: TlsIngress): boolean {
  return a.ingress === b.ingress && sameJson(a.class, b.class);
}

function isSameTlsRoute(a: TlsRoute, b: TlsRoute): boolean {
  return a.route === b.route && sameJson(a.attachments, b.attachments);
}

function ownOf<T extends Change["after"] & object>(
  changes: readonly Change[] | undefined,
  isOfKind: (object: NonNullable<Change["after"]>) => object is T,
): ReadonlyMap<ObjectId, T | undefined> {
  return new Map(
    (changes ?? []).flatMap(({ before, after }) => {
      const id = (after ?? before)?.id;
      return id === undefined ? [] : [[id, objectOf(after, isOfKind)] as const];
    }),
  );
}

function objectOf<T extends NonNullable<Change["after"]>>(
  object: Change["after"],
  isOfKind: (object: NonNullable<Change["after"]>) => object is T,
): T | undefined {
  return object !== undefined && isOfKind(object) ? object : undefined;
}

function podIn(object: Change["after"]): Pod | undefined {
  return object?.kind === "pod" ? object : undefined;
}

type AnyObject = NonNullable<Change["after"]>;
const isService = (object: AnyObject): object is Service => object.kind === "service";
const isIngress = (object: AnyObject): object is Ingress => object.kind === "ingress";
const isGateway = (object: AnyObject): object is Gateway => object.kind === "gateway";
const isNode = (object: AnyObject): object is Node => object.kind === "node";
const isPolicy = (object: AnyObject): object is PolicyFacts["policy"] =>
  object.kind === "network-policy" ||
  object.kind === "cluster-network-policy" ||
  object.kind === "admin-network-policy" ||
  object.kind === "baseline-admin-network-policy";
const isRoute = (object: AnyObject): object is Route =>
  object.kind === "http-route" ||
  object.kind === "grpc-route" ||
  object.kind === "tls-route" ||
  object.kind === "tcp-route" ||
  object.kind === "udp-route";

const kindOrder: readonly string[] = [...evaluatedPlurals, ...routePlurals];
const pluralOf: ReadonlyMap<string, string> = new Map(
  Object.entries(kinds).map(([kind, { plural }]) => [kind, plural]),
);

/** As `policiesIn` and `routesIn` have them: kind by kind, and by id within each. */
function byKindAndId(a: ObjectId, b: ObjectId): number {
  return rankOf(a) - rankOf(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function rankOf(id: ObjectId): number {
  return kindOrder.indexOf(pluralOf.get(id.slice(0, id.indexOf("/"))) ?? "");
}

function policiesIn(snapshot: Snapshot): readonly PolicyFacts["policy"][] {
  return evaluatedPlurals.flatMap((plural): readonly PolicyFacts["policy"][] => seen(snapshot, plural));
}

function routesIn(snapshot: Snapshot): readonly Route[] {
  return routePlurals.flatMap((plural) => seen(snapshot, plural));
}
