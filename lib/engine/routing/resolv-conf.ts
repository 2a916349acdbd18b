import type { DnsConfig } from "#lib/model/objects.ts";
import { type Cidr, contains, parseAddress, parseCidr } from "../cidr.ts";
import type { Facts } from "../facts.ts";
import { listed } from "../object-words.ts";
import type { ClusterDns } from "./cluster-dns.ts";
import type { Asker, Resolution } from "./name-answer.ts";

/** A container's /etc/resolv.conf, as far as a pod's spec decides it. */
export interface ResolvConf {
  readonly servers: Resolution["servers"];
  readonly clusterNames: ClusterNames;
  /** Lower case, without final dots; an empty one is the root. The node's own are not known and left out. */
  readonly searches: readonly string[];
  readonly ndots: number;
}

/** Whether the servers that a pod asks know the cluster's zone. `sentence`: why they do not, or why that is not known. */
export type ClusterNames =
  | { readonly known: "yes" }
  | { readonly known: "no" | "unknown"; readonly sentence: string };

/** glibc takes no more (resolv.conf(5)). */
const mostDots = 15;

/**
 * What the kubelet writes for a pod (pkg/kubelet/network/dns). Its search list is the cluster's, then the node's, then
 * the pod's own. A policy that the API would refuse is taken as ClusterFirst, as the kubelet does.
 */
export function resolvConf(facts: Facts, asker: Asker, dns: ClusterDns): ResolvConf {
  const { dnsPolicy, dnsConfig, hostNetwork } = asker;
  if (dnsPolicy === "None") {
    const nameservers = dnsConfig?.nameservers ?? [];
    const clusterNames = knownTo(facts, dns, nameservers);
    const servers = clusterNames.known === "yes" ? "cluster" : nameservers;
    return { servers, clusterNames, ...searching(dnsConfig, [], 1) };
  }
  if (dnsPolicy === "Default" || (dnsPolicy !== withHostNet && hostNetwork)) {
    const sentence = `the node's resolver is asked, which does not know the cluster's names: ${whyNode(asker)}`;
    return { servers: "node", clusterNames: { known: "no", sentence }, ...searching(dnsConfig, [], 1) };
  }
  return clusterFirst(asker, dns);
}

/** What a pod has that leaves DNS to the cluster. */
export function clusterFirst({ namespace, dnsConfig }: Asker, { domain }: ClusterDns): ResolvConf {
  const searches = [`${namespace}.svc.${domain}`, `svc.${domain}`, domain];
  return { servers: "cluster", clusterNames: { known: "yes" }, ...searching(dnsConfig, searches, 5) };
}

/** The search list with the pod's own behind it, each once (omitDuplicates). */
function searching(
  own: DnsConfig | undefined,
  searches: readonly string[],
  ndots: number,
): Pick<ResolvConf, "searches" | "ndots"> {
  const all = [...searches, ...(own?.searches ?? [])];
  return {
    searches: [...new Set(all.map((search) => search.toLowerCase().replace(/\.$/, "")))],
    ndots: Math.min(Math.max(own?.ndots ?? ndots, 0), mostDots),
  };
}

const withHostNet = "ClusterFirstWithHostNet";

function whyNode({ dnsPolicy }: Asker): string {
  return dnsPolicy === "Default"
    ? "dnsPolicy is Default, set ClusterFirst"
    : `on its node's network a pod with dnsPolicy ClusterFirst gets Default, set ${withHostNet}`;
}

/**
 * Only the first nameserver counts: glibc goes on to the next where one does not answer, not where it answers "no such
 * name" (resolv.conf(5)).
 */
function knownTo(facts: Facts, dns: ClusterDns, nameservers: readonly string[]): ClusterNames {
  const [first, ...others] = nameservers;
  if (first === undefined)
    return { known: "no", sentence: "dnsPolicy is None, and dnsConfig names no nameserver" };
  const own = dnsAddresses(dns);
  if (own.some((address) => sameAddress(address, first))) return { known: "yes" };
  if (others.some((other) => own.some((address) => sameAddress(address, other)))) {
    return {
      known: "unknown",
      sentence: `the pod asks ${first} before the cluster's DNS, and whether that server knows the cluster's names is not known`,
    };
  }
  const is = `dnsConfig names ${listed(nameservers)}`;
  if (isPublic(first)) return { known: "no", sentence: `${is}, which is not the cluster's DNS` };
  if (own.length === 0) {
    return { known: "unknown", sentence: `${is}, and the address of the cluster's DNS is not known` };
  }
  if (isInCluster(facts, first)) {
    return {
      known: "unknown",
      sentence: `${is}, a server in the cluster, and which names it knows is not known`,
    };
  }
  return { known: "no", sentence: `${is}, which is not the cluster's DNS` };
}

/** Where NodeLocal DNSCache listens, unless someone chose another address. */
export const nodeLocalAddress = "169.254.20.10";

function dnsAddresses({ server, nodeLocal }: ClusterDns): readonly string[] {
  const service = server.kind === "service" ? server.facts.service.clusterIPs : [];
  return nodeLocal.state === "runs" ? [...service, nodeLocalAddress] : service;
}

function sameAddress(a: string, b: string): boolean {
  const [first, second] = [parseAddress(a), parseAddress(b)];
  return first !== undefined && second !== undefined && contains(first, second) && contains(second, first);
}

/** Where a server of the cluster, or one that forwards to it, may be: RFC 1918, RFC 6598, link-local, unique local, loopback. */
const privateBlocks: readonly Cidr[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
].flatMap((text) => parseCidr(text) ?? []);

function isPublic(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && !privateBlocks.some((block) => contains(block, address));
}

function isInCluster({ index, services }: Facts, address: string): boolean {
  if (index.podByIp.has(address) || /^(169\.254|127)\.|^fe80:|^::1$/i.test(address)) return true;
  for (const { service } of services.values())
    if (service.clusterIPs.some((ip) => sameAddress(ip, address))) return true;
  return false;
}

/**
 * The names that glibc's resolver asks for, in order and without final dots (res_search): the name as it is first where
 * it has at least `ndots` dots, last otherwise. `name`: lower case, without a final dot.
 */
export function namesAsked(
  name: string,
  written: "absolute" | "relative",
  { searches, ndots }: ResolvConf,
): readonly string[] {
  if (written === "absolute") return [name];
  const dots = name.split(".").length - 1;
  const below = searches.map((search) => (search === "" ? name : `${name}.${search}`));
  return [...new Set(dots >= ndots ? [name, ...below] : [...below, name])];
}
