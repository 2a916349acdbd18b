import type { Container } from "#lib/model/objects.ts";
import { type Dialect, undefinedDialect } from "./dialect.ts";

/** A program that a DaemonSet runs on every node for the pods' network, as its makers describe it. */
export interface KnownPlugin {
  readonly name: string;
  /** An image of its agent, wherever it was mirrored to. */
  readonly image: RegExp;
  /** Its DaemonSet, where a distribution names images by digest alone: the namespace is the distribution's own. */
  readonly daemonSet?: { readonly namespace: string; readonly name: string } | undefined;
  /** `policies`: it only enforces policies in a network that something else makes. */
  readonly makes: "pod-network" | "policies";
  /** `maybe`: it can be turned off by something that is not read. */
  readonly enforces: "yes" | "no" | "maybe";
  /**
   * Where pods get their addresses from: their node's `podCIDRs`, or ranges that the plugin keeps in objects of its own.
   * `either`: by its settings.
   */
  readonly addresses: "node-ranges" | "own-ranges" | "either";
  /** Whether it can do what kube-proxy does, by its settings or always. */
  readonly proxies: boolean;
  readonly dialect: Dialect;
}

const byAddress: Dialect = {
  ipBlockMatchesPods: "yes",
  ipBlockMatchesNodes: "yes",
  hostNetworkPods: "as-node",
};

/** By identity, not by address: pods and nodes are no part of any block, as it comes. */
const byIdentity: Dialect = {
  ipBlockMatchesPods: "no",
  ipBlockMatchesNodes: "no",
  hostNetworkPods: "as-node",
};

/** Those that enforce policies come first: of several, the first that is found counts. */
export const knownPlugins: readonly KnownPlugin[] = [
  {
    name: "Calico",
    // RKE2's own build runs as Calico and in Canal.
    image: /(^|\/)((mirrored-)?(calico[-/]node|cnx-node)|hardened-calico)(:|@|$)/,
    makes: "pod-network",
    enforces: "yes",
    addresses: "own-ranges",
    proxies: true,
    dialect: byAddress,
  },
  {
    name: "Cilium",
    image: /(^|\/)(mirrored-)?cilium(-cilium)?(:|@|$)/,
    makes: "pod-network",
    enforces: "yes",
    addresses: "own-ranges",
    proxies: true,
    dialect: byIdentity,
  },
  {
    name: "Antrea",
    image: /(^|\/)antrea-(agent|ubuntu|ubi|debian|advanced|standard)[^/]*(:|@|$)/,
    makes: "pod-network",
    enforces: "yes",
    addresses: "either",
    proxies: true,
    dialect: byAddress,
  },
  {
    name: "OVN-Kubernetes",
    image: /(^|\/)ovn-?kube(rnetes)?[^/]*(:|@|$)/,
    daemonSet: { namespace: "openshift-ovn-kubernetes", name: "ovnkube-node" },
    makes: "pod-network",
    enforces: "yes",
    addresses: "own-ranges",
    proxies: true,
    dialect: byAddress,
  },
  {
    name: "kube-router",
    image: /(^|\/)(mirrored-)?(cloudnativelabs-)?kube-router(:|@|$)/,
    makes: "pod-network",
    enforces: "yes",
    addresses: "node-ranges",
    proxies: true,
    dialect: byAddress,
  },
  {
    name: "kube-network-policies",
    image: /(^|\/)kube-network-policies(:|@|$)/,
    makes: "policies",
    enforces: "yes",
    addresses: "either",
    proxies: false,
    dialect: byAddress,
  },
  {
    name: "Weave Net",
    image: /(^|\/)weave-npc(:|@|$)/,
    makes: "pod-network",
    enforces: "yes",
    addresses: "own-ranges",
    proxies: false,
    dialect: byAddress,
  },
  {
    name: "Azure Network Policy Manager",
    image: /(^|\/)azure-npm(:|@|$)/,
    makes: "policies",
    enforces: "yes",
    addresses: "either",
    proxies: false,
    dialect: byAddress,
  },
  {
    name: "Kube-OVN",
    image: /(^|\/)kube-ovn(:|@|$)/,
    makes: "pod-network",
    enforces: "yes",
    addresses: "own-ranges",
    proxies: true,
    dialect: undefinedDialect,
  },
  {
    name: "OpenShift SDN",
    image: /(^|\/)openshift-sdn(:|@|$)/,
    daemonSet: { namespace: "openshift-sdn", name: "sdn" },
    makes: "pod-network",
    enforces: "yes",
    addresses: "own-ranges",
    proxies: true,
    dialect: undefinedDialect,
  },
  {
    name: "the AWS network policy agent",
    image: /(^|\/)aws-(eks-nodeagent|network-policy-agent)(:|@|$)/,
    makes: "policies",
    enforces: "maybe",
    addresses: "either",
    proxies: false,
    dialect: byAddress,
  },
  {
    name: "kindnet",
    image: /(^|\/)kindnetd(:|@|$)/,
    makes: "pod-network",
    enforces: "maybe",
    addresses: "node-ranges",
    proxies: false,
    dialect: byAddress,
  },
  {
    name: "Terway",
    image: /(^|\/)terway(:|@|$)/,
    makes: "pod-network",
    enforces: "maybe",
    addresses: "own-ranges",
    proxies: false,
    dialect: undefinedDialect,
  },
  {
    name: "Flannel",
    image: /(^|\/)([\w.]+-)*flannel(-amd64|-arm64)?(:|@|$)/,
    makes: "pod-network",
    enforces: "no",
    addresses: "node-ranges",
    proxies: false,
    dialect: undefinedDialect,
  },
  {
    name: "the AWS VPC CNI",
    image: /(^|\/)amazon-k8s-cni(:|@|$)/,
    makes: "pod-network",
    enforces: "no",
    addresses: "own-ranges",
    proxies: false,
    dialect: undefinedDialect,
  },
  {
    name: "Azure CNI",
    image: /(^|\/)azure-cns(:|@|$)/,
    makes: "pod-network",
    enforces: "no",
    addresses: "own-ranges",
    proxies: false,
    dialect: undefinedDialect,
  },
];

/** Where a DaemonSet with these containers shows that it runs this program; undefined where it does not. */
export function agentIn(
  { image, daemonSet }: KnownPlugin,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  containers: readonly Container[],
): { readonly path: string; readonly value: string } | undefined {
  // A sidecar stands among the init containers.
  const main = containers.filter(({ role }) => role === "main");
  const at = main.findIndex((container) => image.test(withoutDigest(container.image)));
  const found = main[at]?.image;
  if (found !== undefined) return { path: `spec.template.spec.containers[${at}].image`, value: found };
  return daemonSet?.namespace === namespace && daemonSet.name === name
    ? { path: "metadata.name", value: name }
    : undefined;
}

function withoutDigest(image = ""): string {
  return image.split("@")[0] ?? "";
}
