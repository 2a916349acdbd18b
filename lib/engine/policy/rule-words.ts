/** What a NetworkPolicy's rules say, in words. */
import type { PolicyPeer, PolicyPort } from "#lib/model/objects.ts";
import { listed } from "../object-words.ts";
import { isEmptySelector, selectorInWords } from "../selector.ts";

/** Set by the API server on every Namespace, and the usual way to mean one by its name. */
const namespaceNameLabel = "kubernetes.io/metadata.name";

/** "Pods with app=web of shop", "Every pod of every namespace", "Addresses in 10.0.0.0/8 except 10.1.0.0/16". */
export function peerInWords(peer: PolicyPeer, policyNamespace: string): string {
  if (peer.kind === "ip-block") {
    const except = peer.except.length === 0 ? "" : ` except ${listed(peer.except)}`;
    return `Addresses in ${peer.cidr}${except}`;
  }
  const { namespaceSelector, podSelector } = peer;
  const pods =
    podSelector === undefined || isEmptySelector(podSelector)
      ? "Every pod"
      : `Pods with ${selectorInWords(podSelector)}`;
  if (namespaceSelector === undefined) return `${pods} of ${policyNamespace}`;
  if (isEmptySelector(namespaceSelector)) return `${pods} of every namespace`;
  const [label, ...more] = Object.entries(namespaceSelector.matchLabels);
  const isName = label?.[0] === namespaceNameLabel && more.length === 0;
  return isName && namespaceSelector.matchExpressions.length === 0
    ? `${pods} of ${label[1]}`
    : `${pods} of namespaces with ${selectorInWords(namespaceSelector)}`;
}

/** "every port", "8080/TCP", "every UDP port", "30000–32767/TCP, http/TCP". */
export function portsInWords(ports: readonly PolicyPort[]): string {
  if (ports.length === 0) return "every port";
  return ports.map(portInWords).join(", ");
}

function portInWords({ port, endPort, protocol }: PolicyPort): string {
  if (port === undefined) return `every ${protocol} port`;
  return endPort === undefined || typeof port === "string"
    ? `${port}/${protocol}`
    : `${port}–${endPort}/${protocol}`;
}
