import { parseCidr } from "#lib/engine/cidr.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { isEntryProxy } from "#lib/engine/ingress-controllers.ts";
import { listed, listedUpTo } from "#lib/engine/object-words.ts";
import { portInWords } from "#lib/engine/ports.ts";
import { isInternalLoadBalancer } from "#lib/engine/reachability/internal-load-balancer.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod, Service, ServicePort } from "#lib/model/objects.ts";
import { defineCheck, type Found, notInManifests } from "../../check.ts";
import { unjudgedFor, verdictPlurals } from "../../undecided.ts";

export const serviceUnprotectedExposure = defineCheck({
  id: "service/unprotected-exposure",
  code: "NET-117",
  // Many a Service is meant to be open.
  severity: "info",
  summary: "A Service is open to everybody outside, without source ranges or a policy in front",
  inputs: ["services", "pods", "networkPolicies"],
  ifRead: verdictPlurals,
  *find({ services, objects, origin, unread, ownerOf, internetVerdict }) {
    const governed = new Set(objects.networkPolicies.map(({ namespace }) => namespace));
    for (const { service, backing, selected } of services) {
      const door = doorOf(service);
      if (door === undefined || backing !== "selector" || selected.length === 0) continue;
      // Ingress controllers and Gateways are there to be open.
      if (selected.some(isEntryProxy)) continue;
      yield;
      const asked = door.ports.map((port) => ({ port, verdict: internetVerdict(selected, port) }));
      const open = asked.flatMap(({ port, verdict }) =>
        verdict.is === "open" ? [{ port, ...verdict }] : [],
      );
      const doubts = asked.flatMap(({ verdict }) => (verdict.is === "undecided" ? verdict.doubts : []));
      if (open.length === 0) {
        if (doubts.length > 0) yield unjudgedFor(doubts);
      }
      // What lets somebody in may be shut by a policy that was not read.
      else if (unread.includes("networkPolicies")) yield unjudgedFor([], ["networkPolicies"]);
      else if (origin === "manifests" && !governed.has(service.namespace))
        yield notInManifests("networkPolicies", service.namespace);
      else yield exposed(service, door, open, ownersOf(selected, ownerOf));
    }
  },
});

/** By which the outside comes to a Service. */
interface Door {
  readonly kind: "load-balancer" | "node-port";
  readonly ports: readonly ServicePort[];
  /** Families that source ranges leave open; empty where there are no ranges. */
  readonly unranged: readonly string[];
}

function doorOf(service: Service): Door | undefined {
  const { type, ports, loadBalancer, loadBalancerSourceRanges } = service;
  const nodePorts = ports.filter(({ nodePort }) => nodePort !== undefined);
  if (type === "LoadBalancer" && (loadBalancer === undefined || loadBalancer.length > 0)) {
    const unranged = unrangedFamilies(service);
    if (isInternalLoadBalancer(service) || unranged.length === 0) return undefined;
    return { kind: "load-balancer", ports, unranged: loadBalancerSourceRanges.length === 0 ? [] : unranged };
  }
  // A load balancer without an address leaves the node ports open, and so do its source ranges.
  const isNodePort =
    type === "NodePort" || (type === "LoadBalancer" && loadBalancerSourceRanges.length === 0);
  return isNodePort && nodePorts.length > 0
    ? { kind: "node-port", ports: nodePorts, unranged: [] }
    : undefined;
}

/** Families of a Service that its source ranges do not limit: kube-proxy looks at those of the same family alone. */
function unrangedFamilies({ ipFamilies, loadBalancerSourceRanges }: Service): readonly string[] {
  const ranges = loadBalancerSourceRanges.flatMap((text) => parseCidr(text.trim()) ?? []);
  return (ipFamilies.length === 0 ? ["IPv4"] : ipFamilies).filter((name) => {
    const own = ranges.filter(({ family }) => `IPv${family}` === name);
    return own.length === 0 || own.some(({ text }) => text.endsWith("/0"));
  });
}

function exposed(
  service: Service,
  door: Door,
  open: readonly { readonly port: ServicePort; readonly isolated: boolean }[],
  workloads: readonly ObjectId[],
): Found {
  const { id, name, namespace, type, loadBalancerSourceRanges } = service;
  const byNode = door.kind === "node-port";
  const numbers = open.map(({ port }) => (byNode ? `${port.nodePort}/${port.protocol}` : portInWords(port)));
  const ports = `${numbers.length === 1 ? "port" : "ports"} ${listedUpTo(numbers, 3)}`;
  const policies = open.some(({ isolated }) => isolated)
    ? "the policies in front of its pods let everybody in"
    : "no policy stands in front of its pods";
  const ranges =
    door.unranged.length > 0
      ? `its source ranges do not limit ${listed(door.unranged)}`
      : "it has no source ranges";
  return {
    subject: id,
    part: "spec.type",
    message: byNode
      ? `Whoever reaches a node reaches ${name} by node ${ports}: ${policies}`
      : `The load balancer of ${name} takes ${ports} from everybody: ${ranges}, and ${policies}`,
    evidence: [
      { object: id, path: "spec.type", value: type },
      ...(byNode
        ? []
        : [
            {
              object: id,
              path: "spec.loadBalancerSourceRanges",
              value: loadBalancerSourceRanges.join(", ") || "none",
            },
          ]),
    ],
    fix: {
      text: byNode
        ? `Let a NetworkPolicy say who may come to the pods of ${name}, or make it a ClusterIP Service behind an Ingress or Gateway`
        : `Set loadBalancerSourceRanges of ${name} to those who are meant to come, or let a NetworkPolicy say so`,
    },
    kubectl: kubectl(namespace, "describe", "service", name),
    touches: workloads,
  };
}

function ownersOf(pods: readonly Pod[], ownerOf: ReadonlyMap<ObjectId, ObjectId>): readonly ObjectId[] {
  return [...new Set(pods.map(({ id }) => ownerOf.get(id) ?? id))];
}
