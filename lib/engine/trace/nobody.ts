/** Addresses of the cluster's own that nobody has. */
import { seen } from "#lib/model/snapshot.ts";
import { type Cidr, contains, parseAddress, parseCidr } from "../cidr.ts";
import type { Facts } from "../facts.ts";
import { podRange } from "../pod-range.ts";
import { isFinished } from "../pod-readiness.ts";
import { readInFull } from "../read-in-full.ts";
import { serviceAt } from "../routing/proxies.ts";
import { insiders, isLoopback } from "./outside.ts";
import { type Step, step, unknownStep } from "./step.ts";

/** Why a packet for this one address comes to nothing; undefined where it may be somebody's. */
export function nobodyAt(facts: Facts, text: string): Step | undefined {
  const address = parseAddress(text);
  if (address === undefined || insiders(facts, address).pods.length > 0) return undefined;
  const { snapshot } = facts;
  const head = { slot: "outside:destination", kind: "destination", title: text } as const;
  const nobody = (who: "pod" | "Service", why: string) => {
    const plural = who === "pod" ? "pods" : "services";
    const common = { ...head, kubectl: `kubectl get ${plural} -A -o wide` };
    // A repository holds some of a cluster's objects only.
    if (snapshot.origin !== "manifests" && readInFull(snapshot, plural))
      return step({
        ...common,
        outcome: "block",
        reason: "nobody has its address",
        sentence: `no ${who} has the address ${text}${why}`,
      });
    const sentence = `no ${who} that was read has the address ${text}${why}`;
    return unknownStep({ ...common, sentence, code: "unread", objects: [] });
  };
  const range = podRange(seen(snapshot, "nodes"));
  if (range?.holds(text) === true && !isGateway(facts, address))
    return nobody("pod", `; it lies beside the nodes' pod ranges (${range.words})`);
  const former = seen(snapshot, "pods").find(
    (pod) => isFinished(pod) && !pod.hostNetwork && pod.ips.includes(text),
  );
  if (former !== undefined)
    return nobody("pod", ` any more: ${former.namespace}/${former.name} has finished`);
  const among = serviceSpan(facts, address);
  return among === undefined ? undefined : nobody("Service", `; it lies among cluster IPs (${among})`);
}

/** The first address of a node's range is, with most network plugins, the node's own. */
function isGateway({ snapshot }: Facts, address: Cidr): boolean {
  return seen(snapshot, "nodes").some(({ podCIDRs }) =>
    podCIDRs.some((cidr) => {
      const start = parseCidr(cidr)?.start;
      return start !== undefined && start + 1n === address.start;
    }),
  );
}

/** How far apart cluster IPs of one range are at most, in bits: kubeadm's is a /12, and a /108. */
const spanBits: Record<Cidr["family"], bigint> = { 4: 20n, 6: 20n };

/** "10.96.0.1 to 10.111.3.4" where an address lies between two cluster IPs of one range. */
function serviceSpan({ services }: Facts, address: Cidr): string | undefined {
  let below: Cidr | undefined;
  let above: Cidr | undefined;
  for (const { service } of services.values()) {
    for (const text of service.clusterIPs) {
      const ip = parseAddress(text);
      if (ip === undefined || ip.family !== address.family) continue;
      if (ip.start === address.start) return undefined;
      if (ip.start < address.start && (below === undefined || ip.start > below.start)) below = ip;
      if (ip.start > address.start && (above === undefined || ip.start < above.start)) above = ip;
    }
  }
  if (below === undefined || above === undefined) return undefined;
  const bits = spanBits[address.family];
  return below.start >> bits === above.start >> bits ? `${below.text} to ${above.text}` : undefined;
}

const linkLocal = ["169.254.0.0/16", "fe80::/10"].flatMap((text) => parseCidr(text) ?? []);

/**
 * Why kube-proxy gets nowhere with an endpoint that someone wrote down: "The endpoint IPs must not be loopback or
 * link-local, and cannot be the cluster IPs of other Services" (kubernetes.io, Services without selectors).
 */
export function noEndpointAt(facts: Facts, text: string): string | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  if (isLoopback(address)) return `${text} is a loopback address, which no endpoint may have`;
  if (linkLocal.some((block) => contains(block, address)))
    return `${text} is a link-local address, which no endpoint may have`;
  const service = serviceAt(facts, text)?.service;
  return service?.clusterIPs.includes(text) === true
    ? `${text} is the cluster IP of Service ${service.namespace}/${service.name}, and what was sent to one Service is not sent on to another`
    : undefined;
}
