import { familyOf } from "#lib/engine/cidr.ts";
import type { ServiceFacts } from "#lib/engine/facts.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { objectId } from "#lib/model/ids.ts";
import type { Service } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

type Named = Pick<ServiceFacts, "service" | "dnsNames">;

export const serviceExternalName = defineCheck({
  id: "service/external-name-loops-or-has-ports",
  code: "NET-111",
  severity: "error",
  summary: "An ExternalName that DNS cannot resolve, or with ports that nothing translates",
  inputs: ["services"],
  ifRead: ["configMaps"],
  *find({ services, unread }) {
    const aliases = services.filter(({ service }) => service.type === "ExternalName");
    const byName = new Map(aliases.map(({ service, dnsNames }) => [dnsNames[0] ?? "", service]));
    const existing = new Set(aliases.map(({ service }) => service.id));
    // A circle is one fault, of all that lead into it.
    for (const [first, all] of circlesAmong(aliases, byName))
      yield goesInCircles(first, chainFrom(first, byName), all);
    for (const { service } of aliases) {
      const target = targetOf(service);
      if (familyOf(target) !== undefined) yield address(service, target);
      // The cluster's domain stands in a ConfigMap: the name may be one of its own.
      if (unread.includes("configMaps") && !byName.has(target) && mayBeOneOf(target, existing))
        yield unjudged("configMaps");
      yield* translatedPorts(service);
    }
  },
});

/** A CNAME's target: absolute, lower case, without a final dot. */
function targetOf({ externalName }: Service): string {
  return (externalName ?? "").toLowerCase().replace(/\.$/, "");
}

/** The first by id of every circle of aliases, with all that lead into it. Every alias leads to one other at most. */
function circlesAmong(
  aliases: readonly Named[],
  byName: ReadonlyMap<string, Service>,
): ReadonlyMap<Service, readonly Service[]> {
  const circleOf = new Map<Service, Service | undefined>();
  for (const { service } of aliases) {
    const way: Service[] = [];
    const steps = new Map<Service, number>();
    let at: Service | undefined = service;
    while (at !== undefined && !circleOf.has(at) && !steps.has(at)) {
      steps.set(at, way.length);
      way.push(at);
      at = byName.get(targetOf(at));
    }
    const start = at === undefined ? undefined : steps.get(at);
    const first =
      start === undefined
        ? at && circleOf.get(at)
        : way.slice(start).reduce((least, each) => (each.id < least.id ? each : least));
    for (const each of way) circleOf.set(each, first);
  }
  const circles = new Map<Service, Service[]>();
  for (const [service, first] of circleOf) {
    if (first === undefined) continue;
    const all = circles.get(first) ?? [];
    all.push(service);
    circles.set(first, all);
  }
  return circles;
}

/** Once around, back to where it began. */
function chainFrom(first: Service, byName: ReadonlyMap<string, Service>): readonly Service[] {
  const chain = [first];
  let at = byName.get(targetOf(first));
  for (; at !== undefined && at !== first; at = byName.get(targetOf(at))) chain.push(at);
  return [...chain, first];
}

function goesInCircles(first: Service, chain: readonly Service[], all: readonly Service[]): Found {
  const { id, name, namespace } = first;
  const way = chain.map((each) => `${each.namespace}/${each.name}`);
  const shown = way.length > 6 ? [...way.slice(0, 3), "…", ...way.slice(-2)] : way;
  return {
    subject: id,
    part: "spec.externalName",
    message: `${name} is an alias that leads back to itself: ${shown.join(" → ")}`,
    evidence: chain.slice(0, Math.min(5, chain.length - 1)).map((each) => ({
      object: each.id,
      path: "spec.externalName",
      value: each.externalName ?? "",
    })),
    fix: {
      text:
        way.length === 2
          ? `Let ${name} name something that has an address`
          : `Let one of ${listedUpTo(way.slice(1).sort(), 3)} name something that has an address`,
    },
    kubectl: kubectl(namespace, "get", "service", name, "-o", "jsonpath={.spec.externalName}"),
    touches: all.map((each) => each.id).sort(),
  };
}

function mayBeOneOf(target: string, existing: ReadonlySet<string>): boolean {
  const [name = "", namespace, root] = target.split(".");
  return root === "svc" && existing.has(objectId("service", namespace, name));
}

function address(service: Service, ip: string): Found {
  const { id, name, namespace, externalName = "" } = service;
  return {
    subject: id,
    part: "spec.externalName",
    message: `${name} names the IP address ${ip}, which DNS takes for a name that nobody has`,
    evidence: [{ object: id, path: "spec.externalName", value: externalName }],
    fix: {
      text: `Make ${name} a headless Service without a selector, and write its address into an EndpointSlice`,
      manifest: headlessWith(service, ip),
    },
    kubectl: kubectl(namespace, "get", "service", name, "-o", "jsonpath={.spec.externalName}"),
  };
}

/** The same name, answered with the address. A headless Service needs no ports. */
function headlessWith({ name, namespace }: Service, ip: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  type: ClusterIP
  clusterIP: None
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: ${name}-1
  namespace: ${namespace}
  labels:
    kubernetes.io/service-name: ${name}
addressType: IPv${familyOf(ip)}
ports: []
endpoints:
  - addresses: ["${ip}"]
`;
}

/** Ports that stay as they are promise nothing, and Ingresses need one to refer to. */
function* translatedPorts({ id, name, namespace, ports, externalName = "" }: Service): Generator<Found> {
  const changed = ports.flatMap((port, index) => (port.targetPort === port.port ? [] : [{ port, index }]));
  const [first] = changed;
  if (first === undefined) return;
  yield {
    subject: id,
    part: "spec.ports",
    severity: "info",
    message: `Port ${first.port.port} of ${name} asks for ${first.port.targetPort} on ${externalName}, and nothing translates ports of an ExternalName`,
    evidence: changed.map(({ port, index }) => ({
      object: id,
      path: `spec.ports[${index}].targetPort`,
      value: `${port.targetPort}`,
    })),
    fix: {
      text: `Let clients ask ${name} for port ${first.port.targetPort}, and drop targetPort; or give ${name} an EndpointSlice instead of a name`,
    },
    kubectl: kubectl(namespace, "get", "service", name, "-o", "yaml"),
  };
}
