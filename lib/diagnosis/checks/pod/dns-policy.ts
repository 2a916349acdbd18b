import { contains, parseAddress } from "#lib/engine/cidr.ts";
import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { listed, objectInWords } from "#lib/engine/object-words.ts";
import { canChange, type PodMaker } from "#lib/engine/pod-makers.ts";
import type { ClusterDns } from "#lib/engine/routing/cluster-dns.ts";
import { type ServiceRange, serviceRange } from "#lib/engine/service-range.ts";
import type { Fix } from "#lib/model/finding.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

const policies: ReadonlySet<string> = new Set(["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]);
/** The API server takes no more (core/v1, validation of PodDNSConfig). */
const mostNameservers = 3;

export const podDnsPolicy = defineCheck({
  id: "pod/dns-policy",
  code: "NET-505",
  severity: "warning",
  summary: "A pod's DNS policy keeps it from resolving Services",
  inputs: [],
  each: ["pods", "deployments", "statefulSets", "daemonSets", "replicaSets", "jobs", "cronJobs"],
  ifRead: ["services", "configMaps"],
  *find({ podMakers, clusterDns, resolvConf, objects, unread: missing }) {
    const { makers, unread } = yield* podMakers();
    if (unread.length > 0) yield unjudged(...unread);
    const range = serviceRange(objects.services ?? [], 4);
    for (const [at, maker] of makers.entries()) {
      if (at % 100 === 0) yield;
      const { spec, namespace } = maker;
      const refused = refusedWhy(maker);
      if (refused !== undefined) yield refusal(maker, refused);
      else if (spec.dnsPolicy === "None") {
        // Whose address a nameserver is, Services and pods tell.
        if (missing.includes("services") || missing.includes("pods")) yield unjudged("services", "pods");
        else if (!isDnsServer(maker)) {
          const { clusterNames } = resolvConf({ namespace, ...spec });
          const stale = staleNameserver(maker, range, clusterDns());
          const foreign = foreignDomain(maker, clusterDns());
          if (stale !== undefined) yield staleServer(maker, stale, clusterDns());
          else if (clusterNames.known === "no" && isWorthKnowing(maker))
            yield noCluster(maker, clusterNames.sentence);
          else if (clusterNames.known === "yes" && foreign !== undefined)
            yield otherDomain(maker, foreign, clusterDns());
          else if (clusterSearch(maker) !== undefined && clusterDns().corefile === undefined)
            yield unjudged("configMaps");
        }
      } else if (asksNode(maker) && !isDnsServer(maker)) {
        const wants = clusterSearch(maker);
        if (wants !== undefined) yield nodeResolver(maker, wants);
        else if (isWorthKnowing(maker)) yield nodeResolver(maker, undefined);
      }
    }
  },
});

/** What the API server says of it, where these are manifests; in a cluster there is no such pod. */
function refusedWhy({ spec: { dnsPolicy, dnsConfig } }: PodMaker): string | undefined {
  const nameservers = dnsConfig?.nameservers ?? [];
  if (!policies.has(dnsPolicy)) return `${dnsPolicy} is no DNS policy`;
  if (dnsPolicy === "None" && nameservers.length === 0)
    return "with dnsPolicy None, dnsConfig must name a nameserver";
  if (nameservers.length > mostNameservers) return `more than ${mostNameservers} nameservers are not allowed`;
  const wrong = nameservers.find((each) => parseAddress(each) === undefined);
  return wrong === undefined ? undefined : `nameserver ${wrong} is no IP address`;
}

/** Whether it gets its node's resolver: on the node's network ClusterFirst, which everyone gets by default, is taken for Default. */
function asksNode({ spec: { dnsPolicy, hostNetwork } }: PodMaker): boolean {
  return dnsPolicy === "Default" || (dnsPolicy === "ClusterFirst" && hostNetwork);
}

/** A DNS server that asked the cluster's DNS would ask itself. */
function isDnsServer({ spec, labels }: PodMaker): boolean {
  return (
    /^(kube-dns|coredns|node-local-dns|nodelocaldns)$/.test(labels["k8s-app"] ?? "") ||
    spec.containers.some(({ image }) =>
      /(^|\/)([\w.]+-)*(coredns|k8s-dns|node-cache|dnsmasq|pihole|bind9?|unbound)([-\w]*)(:|@|$)/.test(
        image ?? "",
      ),
    )
  );
}

/** Agents of nodes and of the platform do without Services more often than not, and nobody wrote their policy by mistake. */
function isWorthKnowing({ kind, namespace }: PodMaker): boolean {
  return kind !== "daemon-set" && !/^(kube|openshift)-|-(system|operator)$/.test(namespace);
}

/** A search domain as clusters have them: whoever writes one means to resolve Services. */
function clusterSearch({ spec }: PodMaker): string | undefined {
  return spec.dnsConfig?.searches.find((search) => clusterDomainIn(search) !== undefined);
}

/** `cluster.local` of `shop.svc.cluster.local`. */
function clusterDomainIn(search: string): string | undefined {
  return /(?:^|\.)svc\.(.+?)\.?$/.exec(search.toLowerCase())?.[1];
}

/** A nameserver of the Service range that no Service has: the address of another cluster's DNS, or of an older one. */
function staleNameserver(
  { spec }: PodMaker,
  { atLeast, given }: ServiceRange,
  { server }: ClusterDns,
): number | undefined {
  if (atLeast === undefined || atLeast.start === atLeast.end || server.kind !== "service") return undefined;
  const at = (spec.dnsConfig?.nameservers ?? []).findIndex((text) => {
    const address = parseAddress(text);
    return (
      address !== undefined &&
      contains(atLeast, address) &&
      !given.some((each) => each.address.start === address.start)
    );
  });
  return at === -1 ? undefined : at;
}

/** A search domain that looks like a cluster's and is not this one's, as far as its Corefile was read. */
function foreignDomain({ spec }: PodMaker, { domain, corefile }: ClusterDns): string | undefined {
  if (corefile === undefined) return undefined;
  return spec.dnsConfig?.searches.find((search) => {
    const of = clusterDomainIn(search);
    return of !== undefined && of !== domain;
  });
}

function refusal(maker: PodMaker, why: string): Found {
  return {
    ...common(maker),
    severity: "error",
    message: `The API server refuses the pods of ${objectInWords(maker.id)}: ${why}`,
    fix: {
      text: "Give dnsConfig nameservers by their IP addresses, at most 3, or set dnsPolicy to ClusterFirst",
    },
  };
}

function nodeResolver(maker: PodMaker, wants: string | undefined): Found {
  const { spec } = maker;
  const meant = spec.hostNetwork ? "ClusterFirstWithHostNet" : "ClusterFirst";
  const why =
    spec.dnsPolicy === "Default"
      ? "with dnsPolicy Default, which is not the default, they ask"
      : "on their node's network dnsPolicy ClusterFirst is taken for Default, so they ask";
  return {
    ...common(maker),
    severity: wants === undefined ? "info" : "warning",
    message: `Pods of ${objectInWords(maker.id)} cannot resolve Services: ${why} the node's resolver${wants === undefined ? "" : `, and dnsConfig has them search ${wants}`}`,
    fix: changed(maker, `Set dnsPolicy to ${meant}, where its pods ask for Services`, "dnsPolicy", meant),
  };
}

function staleServer(maker: PodMaker, at: number, { server }: ClusterDns): Found {
  const stale = maker.spec.dnsConfig?.nameservers[at] ?? "";
  const service = server.kind === "service" ? server.facts.service : undefined;
  const own = service?.clusterIPs[0] ?? "";
  return {
    ...common(maker),
    message: `Pods of ${objectInWords(maker.id)} ask ${stale} for names, an address of the Service range that no Service has`,
    nearMiss: service && `the cluster's DNS is ${service.namespace}/${service.name}, ${own}`,
    fix: changed(maker, `Name ${own} as the nameserver`, `dnsConfig.nameservers[${at}]`, own),
    touches: service === undefined ? [] : [service.id],
  };
}

function otherDomain(maker: PodMaker, search: string, { domain }: ClusterDns): Found {
  const at = maker.spec.dnsConfig?.searches.indexOf(search) ?? 0;
  const own = search.replace(/(^|\.)svc\..+$/i, `$1svc.${domain}`);
  return {
    ...common(maker),
    message: `Pods of ${objectInWords(maker.id)} search ${search}, and the cluster's domain is ${domain}: short names of Services do not resolve`,
    fix: changed(maker, `Search ${own} instead`, `dnsConfig.searches[${at}]`, own),
  };
}

function noCluster(maker: PodMaker, sentence: string): Found {
  return {
    ...common(maker),
    severity: "info",
    message: `Pods of ${objectInWords(maker.id)} cannot resolve Services: ${sentence}`,
    fix: {
      text: "Where its pods ask for Services, set dnsPolicy to ClusterFirst; the nameservers of dnsConfig are then asked after the cluster's",
    },
  };
}

function common(maker: PodMaker): Pick<Found, "subject" | "evidence" | "kubectl" | "touches"> {
  const { id, path, spec, pods } = maker;
  const { dnsPolicy, dnsConfig, hostNetwork } = spec;
  return {
    subject: id,
    evidence: [
      { object: id, path: `${path}.dnsPolicy`, value: dnsPolicy },
      ...(hostNetwork ? [{ object: id, path: `${path}.hostNetwork`, value: "true" }] : []),
      ...(dnsConfig === undefined
        ? []
        : [
            {
              object: id,
              path: `${path}.dnsConfig`,
              value: `nameservers ${listed(dnsConfig.nameservers) || "none"}, searches ${listed(dnsConfig.searches) || "none"}`,
            },
          ]),
    ],
    kubectl: kubectlGet(id),
    touches: pods.map((pod) => pod.id),
  };
}

function changed(maker: PodMaker, text: string, field: string, value: string): Fix {
  if (!canChange(maker)) return { text: `${text}, and create ${objectInWords(maker.id)} anew` };
  // A policy that was left to the default is not written there.
  const op = field === "dnsPolicy" ? "add" : "replace";
  return { text, patch: jsonPatch(maker.id, { op, path: pointer(`${maker.path}.${field}`), value }) };
}
