/**
 * What a check is handed. The kinds that it declared decide what it can reach, and the compiler holds it to that:
 * a check that forgot to declare EndpointSlices has no `endpoints` to look at, so it can never conclude from
 * something that was not read without saying so.
 */
import type { ClusterIndex } from "#lib/engine/cluster-index.ts";
import { workloadsMeant } from "#lib/engine/expected-pods.ts";
import type {
  Facts,
  GatewayFacts,
  IngressFacts,
  NearMiss,
  PolicyFacts,
  RouteFacts,
  ServiceFacts,
  WorkloadFacts,
} from "#lib/engine/facts.ts";
import { keptFor } from "#lib/engine/kept-for.ts";
import { nearMiss } from "#lib/engine/near-miss.ts";
import { readInFull } from "#lib/engine/read-in-full.ts";
import type { TlsEntry } from "#lib/engine/tls/tls-entries.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { LabelSelector, Pod, Workload } from "#lib/model/objects.ts";
import {
  known,
  type ObjectsByKind,
  type PluralKind,
  type routePlurals,
  type Snapshot,
  seen,
  type workloadPlurals,
} from "#lib/model/snapshot.ts";
import { type DnsGiven, givenOfDns } from "./given-of-dns.ts";
import { type EntryGiven, givenOfEntries } from "./given-of-entries.ts";
import { givenOfNodes, type NodeGiven } from "./given-of-nodes.ts";
import { givenOfPolicies, type PolicyGiven } from "./given-of-policies.ts";

/** What a check declares. See `CheckSpec` for the meaning of the three lists. */
export interface Declared {
  readonly inputs: readonly PluralKind[];
  readonly each: readonly PluralKind[];
  readonly ifRead: readonly PluralKind[];
}

type RoutePlural = (typeof routePlurals)[number];
type WorkloadPlural = (typeof workloadPlurals)[number];
type TieredPlural = "clusterNetworkPolicies" | "adminNetworkPolicies" | "baselineAdminNetworkPolicies";

/**
 * `Part` when any of `AnyOf` is among the declared kinds. By its keys: a choice between two types for each part would
 * be one between as many types as there are combinations of parts, which the compiler refuses to look at.
 */
type If<Kinds extends PluralKind, AnyOf extends PluralKind, Part> = {
  [Key in keyof Part as [Extract<Kinds, AnyOf>] extends [never] ? never : Key]: Part[Key];
};

/** `Part` when all of `AllOf` are among the declared kinds. */
export type IfAll<Kinds extends PluralKind, AllOf extends PluralKind, Part> = {
  [Key in keyof Part as [AllOf] extends [Kinds] ? Key : never]: Part[Key];
};

/** `Sure` kinds were read; `Any` adds those that may not have been, whose facts are `unknown` or undefined then. */
type ServicePart<Sure extends PluralKind, Any extends PluralKind> = Pick<
  ServiceFacts,
  "service" | "backing"
> &
  If<Any, "pods", Pick<ServiceFacts, "selected" | "ports" | "nearMiss">> &
  If<Sure, "pods", { readonly selected: readonly Pod[] }> &
  If<
    Any,
    "pods" | "endpointSlices",
    Pick<ServiceFacts, "source" | "endpoints" | "ready" | "total" | "health" | "sentence">
  > &
  If<Any, "events", Pick<ServiceFacts, "loadBalancer">> &
  If<Any, "configMaps", Pick<ServiceFacts, "dnsNames">>;

type IngressPart<Any extends PluralKind> = Pick<IngressFacts, "ingress" | "hosts"> &
  If<Any, "services", Pick<IngressFacts, "backends">> &
  If<Any, "ingressClasses", Pick<IngressFacts, "class">>;

type RoutePart<Any extends PluralKind> = Pick<RouteFacts, "route"> &
  If<Any, "gateways", Pick<RouteFacts, "attachments">> &
  If<Any, "services", Pick<RouteFacts, "backends">>;

type GatewayPart<Any extends PluralKind> = Pick<GatewayFacts, "gateway"> &
  If<Any, "gatewayClasses", Pick<GatewayFacts, "class">>;

type PolicyPart<Sure extends PluralKind, Any extends PluralKind> = Pick<
  PolicyFacts,
  "policy" | "directions"
> &
  IfAll<
    Any,
    "pods" | "namespaces",
    Pick<PolicyFacts, "workloads" | "pods" | "hostNetworkPods" | "nearMiss">
  > &
  IfAll<Sure, "pods" | "namespaces", { readonly workloads: readonly ObjectId[]; readonly pods: number }>;

export type Given<
  Inputs extends PluralKind,
  Each extends PluralKind,
  IfRead extends PluralKind,
  Sure extends PluralKind = Inputs | Each,
  Any extends PluralKind = Inputs | Each | IfRead,
> = {
  /** The objects of each declared kind; undefined for an `ifRead` kind that was not read. */
  readonly objects: { readonly [P in Sure]: readonly ObjectsByKind[P][] } & {
    readonly [P in Exclude<IfRead, Sure>]: readonly ObjectsByKind[P][] | undefined;
  };
  /** Manifests are a part of a cluster: what they do not hold may well be there. */
  readonly origin: Snapshot["origin"];
  /**
   * Declared kinds that were not read in full (`inputs` among them were read in part: some namespaces, a file cut
   * short). What is missing from these may be there all the same.
   */
  readonly unread: readonly Any[];
} & If<
  Any,
  WorkloadPlural,
  {
    /** Workloads whose templates a selector would match: its pods are meant to exist, even where none does now. */
    readonly workloadsMeant: (namespace: string, selector: LabelSelector) => readonly Workload[];
  }
> &
  If<Sure, "services", { readonly services: readonly ServicePart<Sure, Any>[] }> &
  If<Sure, "ingresses", { readonly ingresses: readonly IngressPart<Any>[] }> &
  If<Sure, "gateways", { readonly gateways: readonly GatewayPart<Any>[] }> &
  If<Sure, RoutePlural, { readonly routes: readonly RoutePart<Any>[] }> &
  If<Sure, "networkPolicies" | TieredPlural, { readonly policies: readonly PolicyPart<Sure, Any>[] }> &
  NodeGiven<Sure, Any> &
  PolicyGiven<Sure> &
  DnsGiven<Sure, Any> &
  If<
    Sure,
    "ingresses" | "gateways" | "listenerSets",
    IfAll<Any, "secrets", { readonly tls: readonly TlsEntry[]; readonly now: number }>
  > &
  EntryGiven<Sure, Any> &
  If<
    Sure,
    "pods",
    Pick<ClusterIndex, "podsMatching" | "podsByNamespace" | "ownerOf"> & {
      /** What a selector that matches nothing in a namespace nearly matches. */
      readonly nearMissOf: (namespace: string, selector: LabelSelector) => NearMiss | undefined;
      readonly workloads: ReadonlyMap<
        ObjectId,
        Pick<WorkloadFacts, "id" | "kind" | "namespace" | "name" | "pods">
      >;
    }
  >;

/** Cuts the facts down to what was declared. `Given` is a view by type; this is the one place that asserts it. */
export function give<Inputs extends PluralKind, Each extends PluralKind, IfRead extends PluralKind>(
  facts: Facts,
  declared: Declared,
): Given<Inputs, Each, IfRead> {
  const all = [...declared.inputs, ...declared.each, ...declared.ifRead];
  const judged = new Set<PluralKind>([...declared.inputs, ...declared.each]);
  const given = {
    objects: objectsOf(facts.snapshot, declared),
    origin: facts.snapshot.origin,
    unread: all.filter((plural) => !readInFull(facts.snapshot, plural)),
    // Asked for by some checks only, and there may be many.
    get services() {
      return servicesOf(facts);
    },
    get ingresses() {
      return ingressesOf(facts);
    },
    get gateways() {
      return gatewaysOf(facts);
    },
    get routes() {
      return routesOf(facts).filter(({ route }) => judged.has(kinds[route.kind].plural));
    },
    get policies() {
      return policiesOf(facts).filter(({ policy }) => judged.has(kinds[policy.kind].plural));
    },
    get tls() {
      return facts.tls.filter(({ user }) => judged.has(kinds[user.kind].plural));
    },
    now: facts.now,
    workloads: facts.workloads,
    podsMatching: facts.index.podsMatching,
    podsByNamespace: facts.index.podsByNamespace,
    ownerOf: facts.index.ownerOf,
    workloadsMeant: (namespace: string, selector: LabelSelector) =>
      workloadsMeant(facts.index, namespace, selector),
    nearMissOf: (namespace: string, selector: LabelSelector) => nearMiss(facts.index, namespace, selector),
    ...givenOfNodes(facts),
    ...givenOfPolicies(facts),
    ...givenOfDns(facts),
    ...givenOfEntries(facts),
  };
  return given as unknown as Given<Inputs, Each, IfRead>;
}

/** The values of what facts are by id, as lists that are made once for all checks. */
const servicesOf = keptFor((facts: Facts) => [...facts.services.values()]);
const ingressesOf = keptFor((facts: Facts) => [...facts.ingresses.values()]);
const gatewaysOf = keptFor((facts: Facts) => [...facts.gateways.values()]);
const routesOf = keptFor((facts: Facts) => [...facts.routes.values()]);
const policiesOf = keptFor((facts: Facts) => [...facts.policies.values()]);

/** The objects of each declared kind. Of a live cluster a list of them is made where somebody asks for it. */
function objectsOf(snapshot: Snapshot, { inputs, each, ifRead }: Declared): object {
  const objects = {};
  for (const plural of new Set([...inputs, ...each, ...ifRead])) {
    const get = () => (each.includes(plural) ? seen(snapshot, plural) : known(snapshot, plural));
    Object.defineProperty(objects, plural, { get, enumerable: true });
  }
  return objects;
}
