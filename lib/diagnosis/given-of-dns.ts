/** The part of what a check is handed that the cluster's DNS tells: see `given.ts`. */
import type { Facts, ServiceFacts } from "#lib/engine/facts.ts";
import { clusterDns } from "#lib/engine/routing/cluster-dns.ts";
import { type CorefileFaults, configOfDns, corefileFaults } from "#lib/engine/routing/corefile-faults.ts";
import {
  type UndecidedName,
  type UnresolvedName,
  unresolvedNames,
} from "#lib/engine/routing/unresolved-names.ts";
import type { ConfigMap } from "#lib/model/objects.ts";
import type { PluralKind } from "#lib/model/snapshot.ts";
import type { IfAll } from "./given.ts";

export type DnsGiven<Sure extends PluralKind, Any extends PluralKind> = IfAll<
  Any,
  "services" | "endpointSlices" | "pods",
  {
    /** The Service that answers the cluster's DNS; undefined where none is known as that. */
    readonly dnsServer: () =>
      | Pick<ServiceFacts, "service" | "backing" | "source" | "endpoints" | "ready" | "total">
      | undefined;
  }
> &
  IfAll<
    Any,
    "services" | "configMaps",
    {
      /** The ConfigMap with its Corefile; undefined where none is known as that. */
      readonly dnsConfig: () => ConfigMap | undefined;
    }
  > &
  IfAll<
    Sure,
    "configMaps",
    {
      /** What is wrong with it, as far as Service and pods of the DNS were read. */
      readonly corefileFaults: () => CorefileFaults | undefined;
    }
  > &
  IfAll<
    Any,
    "services" | "pods" | "namespaces" | "configMaps",
    {
      /** Names in environments and ExternalNames that name a Service or namespace which does not exist. */
      readonly unresolvedNames: () => Iterable<UnresolvedName | UndecidedName | undefined>;
    }
  >;

/** All of it; `DnsGiven` says what a check may see. */
export function givenOfDns(facts: Facts) {
  return {
    dnsServer: () => {
      const { server } = clusterDns(facts);
      return server.kind === "service" ? server.facts : undefined;
    },
    dnsConfig: () => configOfDns(facts),
    unresolvedNames: () => unresolvedNames(facts),
    corefileFaults: () => corefileFaults(facts),
  };
}
