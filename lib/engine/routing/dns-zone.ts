import { type ObjectId, objectId, refOf } from "#lib/model/ids.ts";
import type { Service } from "#lib/model/objects.ts";
import { isRead } from "#lib/model/snapshot.ts";
import { canonicalAddress, parseAddress } from "../cidr.ts";
import type { Facts, ServiceFacts } from "../facts.ts";
import { nearestOf } from "../near-words.ts";
import { counted, listedUpTo } from "../object-words.ts";
import { isHeadless } from "../ports.ts";
import { readInFull, readInFullIn } from "../read-in-full.ts";
import type { ClusterDns } from "./cluster-dns.ts";
import { endpointNamed } from "./endpoint-name.ts";
import type { NameAnswer } from "./name-answer.ts";
import { nameFault } from "./name-shape.ts";

/** What the cluster's zone holds under one full name. */
export type ZoneAnswer =
  | {
      readonly kind: "found";
      readonly answer: Extract<NameAnswer, { kind: "service" | "endpoints" | "pod" | "address" }>;
      /** "Service shop/cart, 10.96.41.7". */
      readonly words: string;
      readonly remark?: string | undefined;
    }
  /** `target`: absolute, lower case, without a final dot. */
  | { readonly kind: "alias"; readonly service: Service; readonly target: string }
  | { readonly kind: "absent"; readonly fault?: NameFault | undefined }
  | { readonly kind: "unknown"; readonly sentence: string; readonly objects: readonly ObjectId[] };

/** Why a name has no answer although what it names is there, at least in part. */
export interface NameFault {
  /**
   * `object`: the Service itself is there and gives no address. `endpoint`: a headless Service is there, and no such pod
   * below it. `part`: something else is asked of a Service that it has not.
   */
  readonly of: "object" | "endpoint" | "part";
  readonly sentence: string;
  readonly nearMiss?: string | undefined;
  readonly object?: ObjectId | undefined;
}

const absent: ZoneAnswer = { kind: "absent" };

/**
 * Looks a name up as CoreDNS does in the zone that it serves (Kubernetes DNS-Based Service Discovery 1.1). `name`: in
 * the zone, lower case, without a final dot.
 */
export function lookUpInZone(facts: Facts, dns: ClusterDns, name: string): ZoneAnswer {
  const base = name.slice(0, -dns.domain.length - 1);
  const [root, namespace, label, ...below] = base.split(".").reverse();
  // The zone's own name, `svc.<zone>` and `shop.svc.<zone>` exist and have no address.
  if (namespace === undefined || label === undefined) return absent;
  if (root === "pod") return below.length === 0 ? podAddress(facts, dns, label, namespace) : absent;
  if (root !== "svc" || below.length > 2) return absent;
  const known = facts.services.get(objectId("service", namespace, label));
  if (known === undefined) return missingService(facts, label, namespace);
  const [nearer, further] = below;
  if (known.service.type === "ExternalName") return alias(known.service, nearer);
  if (nearer !== undefined && further === undefined) return belowService(facts, known, nearer);
  if (nearer !== undefined && further !== undefined) {
    const fault = portFault(known.service, further.replace(/^_/, ""), nearer.replace(/^_/, ""));
    if (fault !== undefined) return { kind: "absent", fault };
  }
  const answer = isHeadless(known.service) ? headless(facts, known) : clusterIp(known.service);
  return answer.kind === "found" && nearer !== undefined
    ? { ...answer, remark: `${further}.${nearer} names a port: only an SRV query tells its number` }
    : answer;
}

/** Whether a namespace exists. In files nothing tells that one does not: others may create it. */
export function namespaceState(
  { index, snapshot }: Facts,
  namespace: string,
): "there" | "absent" | "unknown" {
  if (index.namespaces.has(namespace) || index.namespaceNames.includes(namespace)) return "there";
  return snapshot.origin !== "manifests" && readInFull(snapshot, "namespaces") ? "absent" : "unknown";
}

function missingService(facts: Facts, name: string, namespace: string): ZoneAnswer {
  const { snapshot, index } = facts;
  const unknown = (sentence: string): ZoneAnswer => ({ kind: "unknown", sentence, objects: [] });
  if (name === "kubernetes" && namespace === "default") {
    return unknown("every cluster has Service default/kubernetes, and it is not among what was read");
  }
  if (namespaceState(facts, namespace) === "absent") return absent;
  if (!readInFullIn(snapshot, "services", namespace)) {
    return unknown(
      !isRead(snapshot, "services")
        ? `Services could not be read, so whether there is a Service ${name} in ${namespace} is not known`
        : `Service ${namespace}/${name} is not among the Services that could be read`,
    );
  }
  if (snapshot.origin === "manifests" && !index.servicesByNamespace.has(namespace)) {
    return unknown(
      `these files hold no Service of namespace ${namespace}, so ${name} may come from elsewhere`,
    );
  }
  return absent;
}

function wordsOf({ namespace, name }: Service): string {
  return `Service ${namespace}/${name}`;
}

function clusterIp(service: Service): ZoneAnswer {
  const words = [wordsOf(service), ...service.clusterIPs].join(", ");
  return { kind: "found", answer: { kind: "service", service }, words };
}

/** CoreDNS gives the addresses that EndpointSlices call ready, which with publishNotReadyAddresses are all of them. */
function headless(facts: Facts, behind: ServiceFacts): ZoneAnswer {
  const { service, endpoints, sentence } = behind;
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  if (ready.length > 0) {
    const count = ready.reduce((sum, endpoint) => sum + endpoint.count, 0);
    return {
      kind: "found",
      answer: { kind: "endpoints", service },
      words: `${wordsOf(service)}, headless: ${counted(count, "endpoint")}`,
    };
  }
  if (endpointsUnknown(facts, behind)) {
    return {
      kind: "unknown",
      sentence: `${wordsOf(service)} is headless, and whether an endpoint of it is ready is not known: ${sentence}`,
      objects: [service.id],
    };
  }
  const none = endpoints.length > 0 ? "none of its endpoints is ready" : "it has no endpoints";
  return {
    kind: "absent",
    fault: {
      of: "object",
      sentence: `${wordsOf(service)} is headless, and ${none}: the name has no address`,
      nearMiss: behind.nearMiss?.sentence,
      object: service.id,
    },
  };
}

function endpointsUnknown({ snapshot }: Facts, { health, source }: ServiceFacts): boolean {
  if (health === "unknown") return true;
  return !readInFull(snapshot, source === "computed" ? "pods" : "endpointSlices");
}

function belowService(facts: Facts, behind: ServiceFacts, label: string): ZoneAnswer {
  const { service } = behind;
  const { namespace } = service;
  const named = endpointNamed(facts, behind, label);
  switch (named.kind) {
    case "pod":
      return {
        kind: "found",
        answer: { kind: "pod", service, pod: named.pod },
        words: `pod ${namespace}/${refOf(named.pod).name}, below ${wordsOf(service)}`,
      };
    case "address":
      return {
        kind: "found",
        answer: { kind: "address", address: named.address },
        words: `${named.address}, below ${wordsOf(service)}`,
      };
    case "absent":
      if (endpointsUnknown(facts, behind)) {
        return {
          kind: "unknown",
          sentence: `not all endpoints of ${wordsOf(service)} are known, and ${label} is not among those that are`,
          objects: [service.id],
        };
      }
      return {
        kind: "absent",
        fault: {
          of: isHeadless(service) ? "endpoint" : "part",
          sentence: named.sentence,
          nearMiss: named.nearMiss,
          object: named.object,
        },
      };
  }
}

function portFault(service: Service, name: string, protocol: string): NameFault | undefined {
  const sameProtocol = service.ports.filter((port) => port.protocol.toLowerCase() === protocol);
  if (sameProtocol.some((port) => port.name?.toLowerCase() === name)) return undefined;
  const names = service.ports.flatMap((port) => port.name ?? []);
  return {
    of: "part",
    sentence: `${wordsOf(service)} has no ${protocol.toUpperCase()} port named ${name}`,
    nearMiss:
      names.length === 0
        ? "its ports have no names"
        : `its ports are ${listedUpTo(names, 5)}${names.length > 1 ? nearestWords(name, names) : ""}`,
    object: service.id,
  };
}

function nearestWords(name: string, names: readonly string[]): string {
  const nearest = nearestOf(name, names);
  return nearest === undefined ? "" : `; ${nearest} is the closest`;
}

/** An ExternalName is a CNAME to a name that is absolute, and nothing has a name below it. */
function alias(service: Service, below: string | undefined): ZoneAnswer {
  const target = (service.externalName ?? "").toLowerCase().replace(/\.$/, "");
  const words = wordsOf(service);
  const fault = (of: NameFault["of"], sentence: string): ZoneAnswer => ({
    kind: "absent",
    fault: { of, sentence, object: service.id },
  });
  if (below !== undefined) return fault("part", `${words} is an alias, and no name stands below it`);
  if (target === "") return fault("object", `${words} is an ExternalName without a name`);
  if (parseAddress(target) !== undefined) {
    return fault(
      "object",
      `${words} is an ExternalName that is an IP address, ${target}: DNS takes it for a name, which nobody has`,
    );
  }
  const malformed = nameFault(target);
  if (malformed !== undefined) return fault("object", `${words} is an ExternalName: ${malformed}`);
  return { kind: "alias", service, target };
}

/** `10-244-0-7.shop.pod.<zone>`: the address that the name spells, as far as the Corefile lets it. */
function podAddress(facts: Facts, dns: ClusterDns, label: string, namespace: string): ZoneAnswer {
  const fault = (sentence: string, object?: ObjectId): ZoneAnswer => ({
    kind: "absent",
    fault: { of: "object", sentence, object },
  });
  const ipv4 = /^[^-]+(-[^-]+){3}$/.test(label);
  const address = label.replaceAll("-", ipv4 ? "." : ":");
  if (parseAddress(address) === undefined) return fault(`${label} spells no IP address`);
  if (dns.podNames === "disabled") {
    return fault(
      "CoreDNS does not answer names of pods' addresses: its Corefile leaves pods disabled",
      dns.corefile,
    );
  }
  const state = namespaceState(facts, namespace);
  if (state === "absent") return fault(`there is no namespace ${namespace}`);
  if (state === "unknown") {
    return {
      kind: "unknown",
      sentence: `whether there is a namespace ${namespace} is not known`,
      objects: [],
    };
  }
  if (
    dns.podNames === "verified" &&
    facts.index.podByIp.get(canonicalAddress(address))?.namespace !== namespace
  ) {
    return readInFull(facts.snapshot, "pods")
      ? fault(`no pod of ${namespace} has the address ${address}`)
      : {
          kind: "unknown",
          sentence: `whether a pod of ${namespace} has ${address} is not known`,
          objects: [],
        };
  }
  return { kind: "found", answer: { kind: "address", address }, words: address };
}
