/** The part of what a check is handed that nodes and the pods on them tell: see `given.ts`. */
import type { ClusterIndex } from "#lib/engine/cluster-index.ts";
import type { Facts } from "#lib/engine/facts.ts";
import { addressing } from "#lib/engine/nodes/addressing.ts";
import { type Gaps, gapsOf } from "#lib/engine/nodes/coverage.ts";
import {
  type NodePods,
  nodeNamed,
  placePods,
  podsOn,
  type ServiceOnNode,
  servicesOnNodes,
} from "#lib/engine/nodes/on-nodes.ts";
import { type NodeProgram, networkPrograms, proxyPrograms } from "#lib/engine/nodes/programs.ts";
import { podsWithAddress } from "#lib/engine/pod-addresses.ts";
import { type PodMakers, podMakers } from "#lib/engine/pod-makers.ts";
import { type NetworkPlugin, networkPlugin } from "#lib/engine/policy/network-plugin.ts";
import { type ClusterDns, clusterDns } from "#lib/engine/routing/cluster-dns.ts";
import type { Asker } from "#lib/engine/routing/name-answer.ts";
import { type ResolvConf, resolvConf } from "#lib/engine/routing/resolv-conf.ts";
import { servicesBehind } from "#lib/engine/services-behind.ts";
import { sharedAddressesInSteps } from "#lib/engine/shared-addresses.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Event, Node, Pod } from "#lib/model/objects.ts";
import type { PluralKind, workloadPlurals } from "#lib/model/snapshot.ts";
import type { IfAll } from "./given.ts";

type WorkloadPlural = (typeof workloadPlurals)[number];

/** `Sure` kinds were read; `Any` adds those that may not have been. */
export type NodeGiven<Sure extends PluralKind, Any extends PluralKind> = IfAll<
  Any,
  "nodes",
  {
    readonly nodeNamed: (name: string | undefined) => Node | undefined;
    /** When the cluster was read, ISO 8601: what has just come into being is not judged as what stays. */
    readonly takenAt: string | undefined;
  }
> &
  IfAll<
    Any,
    "nodes" | "pods",
    Pick<ClusterIndex, "ownerOf"> & {
      readonly podsOn: (node: string) => NodePods;
      /** Before all nodes are gone through, so that others may run meanwhile. */
      readonly placePods: () => Generator<undefined, void>;
    }
  > &
  IfAll<
    Any,
    "nodes" | "services",
    {
      /** The Services with endpoints on each of these nodes. One walk over all endpoints: ask once for all nodes. */
      readonly servicesOnNodes: (
        names: ReadonlySet<string>,
        pods: "all" | "own",
      ) => ReadonlyMap<string, readonly ServiceOnNode[]>;
    }
  > &
  IfAll<
    Any,
    "pods" | "services",
    {
      /** The Services of which each of these pods is an endpoint. One walk over all endpoints: ask once for many pods. */
      readonly servicesBehind: (pods: ReadonlySet<ObjectId>) => ReadonlyMap<ObjectId, readonly ObjectId[]>;
    }
  > &
  /** Programs of the network that are meant to run on every node. Those that were not read are known by their pods. */
  IfAll<
    Any,
    "daemonSets",
    {
      readonly networkPrograms: () => readonly NodeProgram[];
      readonly proxyPrograms: () => readonly NodeProgram[];
      readonly networkPlugin: () => NetworkPlugin;
      /** Where pods get their addresses from, as far as DaemonSets tell: ask only where they were read in full. */
      readonly addressing: () => ReturnType<typeof addressing>;
    }
  > &
  IfAll<
    Sure,
    "pods",
    {
      readonly whyNotReady: Facts["whyNotReady"];
      /** Addresses that several live pods have, with those pods; hostNetwork aside. */
      readonly sharedAddresses: () => Generator<undefined, ReadonlyMap<string, readonly Pod[]>>;
      /** The live pods that have one of these addresses, hostNetwork aside. */
      readonly podsWithAddress: (addresses: ReadonlySet<string>) => Generator<undefined, readonly Pod[]>;
    }
  > &
  IfAll<
    Any,
    "pods" | WorkloadPlural,
    {
      /** Workloads with their templates, and pods that none of them made. */
      readonly podMakers: () => Generator<undefined, PodMakers>;
    }
  > &
  IfAll<
    Any,
    "services" | "configMaps",
    {
      readonly clusterDns: () => ClusterDns;
      /** A pod's /etc/resolv.conf. Of Services and pods that were not read, none has the address of a nameserver. */
      readonly resolvConf: (asker: Asker) => ResolvConf;
    }
  > &
  IfAll<
    Any,
    "events",
    {
      /** Warning events about an object, newest first. */
      readonly warningsOf: (id: ObjectId) => readonly Event[];
    }
  > &
  IfAll<
    Sure,
    "nodes" | "pods",
    {
      /** The nodes on which none of these programs runs, which stand in for each other. */
      readonly gapsOf: (programs: readonly NodeProgram[]) => Gaps;
    }
  >;

/** All of it; `NodeGiven` says what a check may see. */
export function givenOfNodes(facts: Facts) {
  return {
    nodeNamed: (name: string | undefined) => nodeNamed(facts, name),
    takenAt: facts.snapshot.takenAt,
    podsOn: (node: string) => podsOn(facts, node),
    placePods: () => placePods(facts),
    servicesOnNodes: (names: ReadonlySet<string>, pods: "all" | "own") => servicesOnNodes(facts, names, pods),
    servicesBehind: (pods: ReadonlySet<ObjectId>) => servicesBehind(facts, pods),
    networkPrograms: () => networkPrograms(facts),
    proxyPrograms: () => proxyPrograms(facts),
    networkPlugin: () => networkPlugin(facts),
    addressing: () => addressing(facts),
    whyNotReady: facts.whyNotReady,
    sharedAddresses: () => sharedAddressesInSteps(facts),
    podsWithAddress: (addresses: ReadonlySet<string>) => podsWithAddress(facts.index, addresses),
    podMakers: () => podMakers(facts),
    clusterDns: () => clusterDns(facts),
    resolvConf: (asker: Asker) => resolvConf(facts, asker, clusterDns(facts)),
    warningsOf: (id: ObjectId) => facts.index.warnings.get(id) ?? [],
    gapsOf: (programs: readonly NodeProgram[]) => gapsOf(facts, programs),
  };
}
