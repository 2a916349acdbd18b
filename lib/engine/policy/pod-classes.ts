import type { LabelSelector, Pod } from "#lib/model/objects.ts";
import { foreignPlurals, seen, tieredPlurals } from "#lib/model/snapshot.ts";
import { type Cidr, contains, parseAddress, parseCidr } from "../cidr.ts";
import type { Facts } from "../facts.ts";
import { isFinished } from "../pod-readiness.ts";
import { labelValue } from "../selector.ts";
import { findPort } from "../target-port.ts";
import { undefinedDialect } from "./dialect.ts";
import { type Sight, sightOf } from "./sight.ts";

/** All that any policy looks at in a pod besides its namespace. */
interface Mentions {
  readonly labelKeys: readonly string[];
  readonly portNames: readonly string[];
  readonly blocks: readonly Cidr[];
  readonly nodeSelectors: readonly LabelSelector[];
}

/**
 * What tells pods apart for policies: pods with equal keys get equal verdicts as the same end of the same packet,
 * where both ends are different pods and, if one of them is on its node's network, the other is in the same way on
 * that node or not (`pairs.ts`). Keys are strings for use in maps.
 */
export function podClasses(facts: Facts): (pod: Pod) => string {
  const { labelKeys, portNames, blocks, nodeSelectors } = mentionsIn(facts);
  const sight = sightOf(facts, undefinedDialect);
  return (pod) => {
    const parts: string[] = [pod.namespace];
    if (pod.hostNetwork) parts.push(hostKey(pod, nodeSelectors, blocks, sight));
    if (isFinished(pod)) parts.push("finished");
    for (const key of labelKeys) parts.push(labelValue(pod.labels, key) ?? "\u0000");
    for (const name of portNames) parts.push(portKey(pod, name));
    for (const ip of pod.ips.length === 0 ? [""] : pod.ips) parts.push(addressKey(ip, blocks));
    return parts.join("\u0001");
  };
}

/** Others see the node, by its labels and its address. */
function hostKey(
  { nodeName, hostIP }: Pod,
  selectors: readonly LabelSelector[],
  blocks: readonly Cidr[],
  sight: Sight,
): string {
  const matches = selectors.map((selector) => sight.nodeMatches(selector, nodeName ?? "").is);
  const address = hostIP === undefined ? "" : addressKey(hostIP, blocks);
  return `${nodeName === undefined ? "unplaced" : "host"} ${matches.join(" ")} ${address}`;
}

function portKey(pod: Pod, name: string): string {
  const numbers = (["TCP", "UDP", "SCTP"] as const).map(
    (protocol) =>
      findPort(pod, (declared) => declared.name === name && declared.protocol === protocol)?.port
        .containerPort,
  );
  return numbers.join(" ");
}

/** The family, and which blocks hold it. */
function addressKey(ip: string, blocks: readonly Cidr[]): string {
  const address = parseAddress(ip);
  if (address === undefined) return "-";
  let key = String(address.family);
  for (const [i, block] of blocks.entries()) if (contains(block, address)) key += ` ${i}`;
  return key;
}

function mentionsIn({ snapshot }: Facts): Mentions {
  const labelKeys = new Set<string>();
  const portNames = new Set<string>();
  const blocks = new Map<string, Cidr>();
  const nodeSelectors = new Map<string, LabelSelector>();
  const selector = (each: LabelSelector | undefined) => {
    if (each === undefined) return;
    for (const key of Object.keys(each.matchLabels)) labelKeys.add(key);
    for (const { key } of each.matchExpressions) labelKeys.add(key);
  };
  const block = (text: string) => {
    const parsed = parseCidr(text);
    if (parsed !== undefined) blocks.set(text, parsed);
  };
  for (const policy of seen(snapshot, "networkPolicies")) {
    selector(policy.podSelector);
    for (const { peers, ports } of [...policy.ingress, ...policy.egress]) {
      for (const peer of peers) {
        if (peer.kind === "pods") selector(peer.podSelector);
        else for (const text of [peer.cidr, ...peer.except]) block(text);
      }
      for (const { port } of ports) if (typeof port === "string") portNames.add(port);
    }
  }
  for (const policy of tieredPlurals.flatMap((plural) => seen(snapshot, plural))) {
    selector(policy.subject.podSelector);
    for (const { peers, ports } of [...policy.ingress, ...policy.egress]) {
      for (const peer of peers) {
        if (peer.kind === "pods") selector(peer.podSelector);
        if (peer.kind === "networks") for (const text of peer.cidrs) block(text);
        if (peer.kind === "nodes") nodeSelectors.set(JSON.stringify(peer.selector), peer.selector);
      }
      for (const port of ports) if (port.kind === "named") portNames.add(port.name);
    }
  }
  for (const policy of foreignPlurals.flatMap((plural) => seen(snapshot, plural)))
    selector(policy.subject?.podSelector);
  return {
    labelKeys: [...labelKeys].sort(),
    portNames: [...portNames].sort(),
    blocks: [...blocks.values()],
    nodeSelectors: [...nodeSelectors.values()],
  };
}
