import type { ConfigMap, Pod } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import { contains, parseAddress, parseCidr } from "../cidr.ts";
import type { Facts } from "../facts.ts";
import { listed } from "../object-words.ts";
import { isFinished } from "../pod-readiness.ts";
import { targetPortOn } from "../target-port.ts";
import { clusterDns } from "./cluster-dns.ts";
import { type Corefile, type Plugin, parseCorefile, plainZone, type ServerBlock } from "./corefile.ts";
import { isInZone } from "./name-shape.ts";

/** What keeps the configuration of the cluster's DNS from answering as it should. */
export interface CorefileFault {
  readonly is: "unreadable" | "no-kubernetes" | "no-zone" | "shadowed" | "loop";
  /** In the Corefile, counts from 1. */
  readonly line: number;
  /** "the block for cluster.local has no kubernetes plugin …": one sentence. */
  readonly sentence: string;
  /** What stands there. */
  readonly value: string;
  /** What to change, in one sentence. */
  readonly fix: string;
}

export interface CorefileFaults {
  readonly configMap: ConfigMap;
  readonly faults: readonly CorefileFault[];
}

/** Of the ConfigMap that the cluster's DNS is configured by; undefined where none is known as that. */
export function corefileFaults(facts: Facts): CorefileFaults | undefined {
  const configMap = configOfDns(facts);
  if (configMap === undefined) return undefined;
  const parsed = parseCorefile(configMap.corefile);
  if ("fault" in parsed) {
    const { line, why } = parsed.fault;
    const value = configMap.corefile.split("\n")[line - 1]?.trim() ?? "";
    const fault: CorefileFault = {
      is: "unreadable",
      line,
      sentence: `${why}, so CoreDNS does not start with it`,
      value,
      fix: "Set the braces right",
    };
    return { configMap, faults: [fault] };
  }
  const { corefile } = parsed;
  const server = serverOf(facts);
  const served = corefile.servers.filter((block) => isServed(block, server.ports));
  const forwards = served.flatMap((block) => forwardsOf(block).map((plugin) => ({ block, plugin })));
  return {
    configMap,
    faults: [
      ...zoneFaults(corefile, served),
      ...forwards.flatMap(({ block, plugin }) => loopOf(block, plugin, server) ?? []),
    ],
  };
}

/** CoreDNS's, in the namespace of the DNS Service. NodeLocal DNSCache has one of its own there. */
export function configOfDns(facts: Facts): ConfigMap | undefined {
  const { server } = clusterDns(facts);
  const { namespace, name } =
    server.kind === "service" ? server.facts.service : { namespace: server.namespace, name: "coredns" };
  const maps = seen(facts.snapshot, "configMaps").filter(
    (map) => map.namespace === namespace && !/^node-?local-?dns$/.test(map.name),
  );
  return (
    maps.find((map) => map.name === "coredns") ??
    maps.find((map) => map.name === name) ??
    (server.kind === "service" && maps.length === 1 ? maps[0] : undefined)
  );
}

interface Server {
  /** Cluster IPs of the Service. */
  readonly addresses: readonly string[];
  readonly pods: readonly Pod[];
  /** On which its pods listen; 53 where that is not known. */
  readonly ports: ReadonlySet<number>;
}

const dnsPort = 53;

function serverOf(facts: Facts): Server {
  const { server } = clusterDns(facts);
  if (server.kind !== "service") return { addresses: [], pods: [], ports: new Set([dnsPort]) };
  const { service, selected = [] } = server.facts;
  const pods = selected.filter((pod) => !isFinished(pod));
  const ports = service.ports
    .filter(({ port }) => port === dnsPort)
    .flatMap((port) => pods.flatMap((pod) => targetPortOn(pod, port).number ?? []));
  return { addresses: service.clusterIPs, pods, ports: new Set(ports.length === 0 ? [dnsPort] : ports) };
}

/** A block for another port (metrics, DNS over TLS) answers none of what pods ask. */
function isServed({ zones }: ServerBlock, ports: ReadonlySet<number>): boolean {
  return zones.some(({ port = dnsPort }) => ports.has(port) || port === dnsPort);
}

function zoneFaults({ imports }: Corefile, served: readonly ServerBlock[]): readonly CorefileFault[] {
  const isWhole = !imports && served.every((block) => !block.imports);
  const found = served.flatMap((block) =>
    block.plugins.filter(({ name }) => name === "kubernetes").map((plugin) => ({ block, plugin })),
  );
  if (found.length === 0) {
    const [first] = served;
    if (!isWhole || first === undefined) return [];
    const fault: CorefileFault = {
      is: "no-kubernetes",
      line: first.line,
      sentence: "no server block has the kubernetes plugin, so no name of a Service resolves",
      value: keysOf(first),
      fix: "Add the kubernetes plugin with the cluster's domain: kubernetes cluster.local in-addr.arpa ip6.arpa",
    };
    return [fault];
  }
  const zones = found.flatMap(({ block, plugin }) =>
    zonesOfPlugin(block, plugin).map((zone) => ({ block, plugin, zone })),
  );
  const forward = zones.filter(({ zone }) => zone !== "arpa" && !zone.endsWith(".arpa"));
  const [first] = found;
  if (forward.length === 0 && first !== undefined && isWhole) {
    const fault: CorefileFault = {
      is: "no-zone",
      line: first.plugin.line,
      sentence:
        "the kubernetes plugin serves no zone of names, only of addresses, so no name of a Service resolves",
      value: wordsOf(first.plugin),
      fix: "Add the cluster's domain to the kubernetes plugin: kubernetes cluster.local in-addr.arpa ip6.arpa",
    };
    return [fault];
  }
  return forward.flatMap(({ block, plugin, zone }) => shadowOf(served, block, plugin, zone, isWhole) ?? []);
}

function zonesOfPlugin({ zones }: ServerBlock, { args }: Plugin): readonly string[] {
  return args.length === 0 ? zones.map(({ zone }) => zone) : args.map(plainZone);
}

/** CoreDNS hands a question to the block with the longest zone that holds its name, and to no other. */
function shadowOf(
  served: readonly ServerBlock[],
  block: ServerBlock,
  plugin: Plugin,
  zone: string,
  isWhole: boolean,
): CorefileFault | undefined {
  const holding = served.flatMap((each) =>
    each.zones
      .filter((key) => key.zone === "" || isInZone(zone, key.zone))
      .map((key) => ({ each, length: key.zone.length })),
  );
  const [longest] = holding.toSorted((a, b) => b.length - a.length);
  const shown = zone === "" ? "the root" : zone;
  if (longest === undefined || !holding.some(({ each }) => each === block)) {
    if (longest === undefined && !isWhole) return undefined;
    return {
      is: "shadowed",
      line: plugin.line,
      sentence: `the kubernetes plugin for ${shown} stands in the block for ${keysOf(block)}, which is never asked for it`,
      value: wordsOf(plugin),
      fix: `Move the kubernetes plugin into a block whose zone holds ${shown}`,
    };
  }
  const { each } = longest;
  if (each === block || each.imports) return undefined;
  const answers = each.plugins.some(
    (other) =>
      other.name === "kubernetes" &&
      zonesOfPlugin(each, other).some((own) => own === "" || isInZone(zone, own)),
  );
  if (answers) return undefined;
  return {
    is: "shadowed",
    line: each.line,
    sentence: `${shown} is asked of the block for ${keysOf(each)}, which has no kubernetes plugin for it, and never of the one that has`,
    value: keysOf(each),
    fix: `Move the kubernetes plugin into the block for ${keysOf(each)}, or take that block's zone out`,
  };
}

function forwardsOf({ plugins }: ServerBlock): readonly Plugin[] {
  return plugins.filter(({ name }) => name === "forward" || name === "proxy");
}

const loopback = ["127.0.0.0/8", "::1/128"].flatMap((text) => parseCidr(text) ?? []);

/** Whether questions come back to the servers that forward them. */
function loopOf(block: ServerBlock, plugin: Plugin, server: Server): CorefileFault | undefined {
  const [from = ".", ...to] = plugin.args;
  for (const target of to) {
    const why = target.startsWith("/") ? ownResolver(target, server) : ownAddress(target, server);
    if (why === undefined) continue;
    // Of what comes to its block, a plugin for the root takes all.
    const zones = plainZone(from) === "" ? block.zones.map(({ zone }) => zone) : [plainZone(from)];
    const whose = zones.includes("") ? "names outside the cluster" : `names in ${listed(zones)}`;
    return {
      is: "loop",
      line: plugin.line,
      sentence: `${whose} are forwarded to ${target}, ${why}: a loop`,
      value: wordsOf(plugin),
      fix: target.startsWith("/")
        ? "Set dnsPolicy Default in the pods of CoreDNS, or forward to the servers outside the cluster by their addresses"
        : `Forward to servers outside the cluster in place of ${target}`,
    };
  }
  return undefined;
}

/** The file that the kubelet writes: with the cluster's DNS in it, where the pod's policy says so. */
function ownResolver(path: string, { pods }: Server): string | undefined {
  if (path !== "/etc/resolv.conf") return undefined;
  const pod = pods.find(
    ({ dnsPolicy, hostNetwork }) =>
      dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !hostNetwork),
  );
  return pod === undefined
    ? undefined
    : `and ${pod.name} has dnsPolicy ${pod.dnsPolicy}, so that file names the cluster's own DNS`;
}

function ownAddress(target: string, { addresses, pods, ports }: Server): string | undefined {
  const plain = target.replace(/^dns:\/\//i, "");
  if (/^[a-z]+:\/\//i.test(plain)) return undefined;
  const [, bracketed, bare, portText] = /^(?:\[(.+)\]|([^[\]]+?))(?::(\d+))?$/.exec(plain) ?? [];
  // An IPv6 address without brackets ends like a port.
  const whole = parseAddress(plain);
  const address = whole ?? parseAddress(bracketed ?? bare ?? "");
  const port = whole !== undefined || portText === undefined ? dnsPort : Number(portText);
  if (address === undefined) return undefined;
  const isIn = (texts: readonly string[]) =>
    texts.some((text) => {
      const own = parseAddress(text);
      return own !== undefined && contains(own, address) && contains(address, own);
    });
  if (port === dnsPort && isIn(addresses)) return "the address of the cluster's own DNS Service";
  if (!ports.has(port)) return undefined;
  if (isIn(pods.filter(({ hostNetwork }) => !hostNetwork).flatMap(({ ips }) => ips)))
    return "the address of a pod of the cluster's DNS";
  const isLoopback = loopback.some((block) => contains(block, address));
  return isLoopback && pods.length > 0 && pods.every(({ hostNetwork }) => !hostNetwork)
    ? "where CoreDNS itself listens in its pod"
    : undefined;
}

function keysOf({ zones }: ServerBlock): string {
  return zones
    .map(({ zone, port }) => `${zone === "" ? "." : zone}${port === undefined ? "" : `:${port}`}`)
    .join(" ");
}

function wordsOf({ name, args }: Plugin): string {
  return [name, ...args].join(" ");
}
