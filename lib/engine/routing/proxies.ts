import { type ObjectId, objectId, refOf } from "#lib/model/ids.ts";
import type { Labels, Pod, Service } from "#lib/model/objects.ts";
import { canonicalAddress } from "../cidr.ts";
import type { Facts, ServiceFacts } from "../facts.ts";
import { controllerPods } from "../ingress-controllers.ts";
import { objectInWords } from "../object-words.ts";
import { isFinished } from "../pod-readiness.ts";
import { labelsInWords } from "../selector.ts";

/** The pods that serve a Gateway or an Ingress, which the packet goes through. */
export interface ProxyPods {
  /** The Service in front of them; undefined where they were found by their labels and none selects them. */
  readonly service: ServiceFacts | undefined;
  readonly pods: readonly Pod[];
  /** `address`: the Service has the entry's own, so that what it does not take, nobody takes. */
  readonly by: "address" | "labels";
  /** How they were found: "Service ingress-nginx/ingress-nginx-controller has its address 198.51.100.10". */
  readonly because: string;
}

/**
 * Finds the pods behind an entry, by what the cluster says of it: a Service with the entry's own address, the Service
 * or pods that carry the Gateway's name (gateway-api GEP-1762), and for Ingresses the labels that the makers of the
 * class's controller give its pods. Undefined where nothing says so: it may run elsewhere.
 */
export function proxyOf(facts: Facts, entry: ObjectId): ProxyPods | undefined {
  const known = proxies.get(facts) ?? new Map<ObjectId, ProxyPods | undefined>();
  proxies.set(facts, known);
  if (!known.has(entry)) known.set(entry, findProxy(facts, entry));
  return known.get(entry);
}

const proxies = new WeakMap<Facts, Map<ObjectId, ProxyPods | undefined>>();

function findProxy(facts: Facts, entry: ObjectId): ProxyPods | undefined {
  const object = facts.index.byId.get(entry);
  // It only adds listeners to its Gateway, whose proxy serves them.
  if (object?.kind === "listener-set")
    return proxyOf(facts, objectId("gateway", object.parent.namespace, object.parent.name));
  if (object?.kind !== "gateway" && object?.kind !== "ingress") return undefined;
  const addresses =
    object.kind === "gateway"
      ? (object.addresses ?? []).map(({ value }) => value)
      : (object.loadBalancer ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  for (const address of addresses) {
    const service = serviceAt(facts, address, 443, 80);
    if (service === undefined) continue;
    const { namespace, name } = service.service;
    const pods = podsBehind(facts, service);
    if (pods.length > 0)
      return {
        service,
        pods,
        by: "address",
        because: `Service ${namespace}/${name} has its address ${address}`,
      };
  }
  if (object.kind === "gateway") return byGatewayName(facts, object.namespace, object.name);
  const found = facts.ingresses.get(entry)?.class;
  if (found?.state === "none-needed") return byTaker(facts, found.taker);
  const controller = found?.state === "found" ? found.class.controller : object.className;
  return controller === undefined ? undefined : byController(facts, controller);
}

const byAddressCache = new WeakMap<Facts, ReadonlyMap<string, readonly ServiceFacts[]>>();

/**
 * The Service that answers at an address: its load balancer's, an external IP, or its cluster IP. Load balancers may
 * share an address and divide the ports: then the one with the first of these ports is meant, else the first.
 */
export function serviceAt(
  facts: Facts,
  address: string,
  ...ports: readonly (number | string | undefined)[]
): ServiceFacts | undefined {
  let known = byAddressCache.get(facts);
  if (known === undefined) {
    const map = new Map<string, ServiceFacts[]>();
    for (const each of facts.services.values()) {
      for (const at of new Set(addressesOf(each.service).map(canonicalAddress))) {
        const list = map.get(at);
        if (list === undefined) map.set(at, [each]);
        else list.push(each);
      }
    }
    byAddressCache.set(facts, map);
    known = map;
  }
  const all = known.get(address) ?? [];
  for (const asked of ports) {
    const found = all.find(({ service }) =>
      service.ports.some(({ port, name }) => port === asked || (name !== undefined && name === asked)),
    );
    if (found !== undefined) return found;
  }
  return all[0];
}

export function addressesOf({ loadBalancer, externalIPs, clusterIPs }: Service): readonly string[] {
  return [
    ...(loadBalancer ?? []).flatMap(({ ip, hostname }) => [ip, hostname].filter((at) => at !== undefined)),
    ...externalIPs,
    ...clusterIPs.filter((ip) => ip !== "None"),
  ];
}

function podsBehind(facts: Facts, service: ServiceFacts): readonly Pod[] {
  const selected = service.selected ?? [];
  if (selected.length > 0) return selected;
  return service.endpoints.flatMap(({ pod }) => {
    const object = pod === undefined ? undefined : facts.index.byId.get(pod);
    return object?.kind === "pod" ? [object] : [];
  });
}

function byGatewayName(facts: Facts, namespace: string, name: string): ProxyPods | undefined {
  const wanted: readonly Labels[] = [
    { "gateway.networking.k8s.io/gateway-name": name },
    {
      "gateway.envoyproxy.io/owning-gateway-name": name,
      "gateway.envoyproxy.io/owning-gateway-namespace": namespace,
    },
    {
      "gateway.istio.io/managed": "istio.io-gateway-controller",
      "gateway.networking.k8s.io/gateway-name": name,
    },
  ];
  for (const labels of wanted) {
    // The first belongs to the Gateway's own namespace; Envoy Gateway keeps its proxies in its own.
    const namespaces =
      "gateway.envoyproxy.io/owning-gateway-name" in labels ? facts.index.namespaceNames : [namespace];
    const pods = namespaces
      .flatMap((each) => facts.index.podsSelectedBy(each, labels))
      .filter((pod) => !isFinished(pod));
    if (pods.length > 0)
      return {
        service: serviceOver(facts, pods),
        pods,
        by: "labels",
        because: `its pods carry ${labelsInWords(labels)}`,
      };
  }
  return undefined;
}

function byTaker(facts: Facts, taker: ObjectId): ProxyPods | undefined {
  const pods = facts.workloads.get(taker)?.pods ?? [];
  if (pods.length === 0) return undefined;
  const because = `${objectInWords(taker)} takes Ingresses without a class`;
  return { service: serviceOver(facts, pods), pods, by: "labels", because };
}

const controllerCache = new WeakMap<Facts, Map<string, ProxyPods | undefined>>();

/** Thousands of Ingresses have one controller. */
function byController(facts: Facts, controller: string): ProxyPods | undefined {
  const known = controllerCache.get(facts) ?? new Map<string, ProxyPods | undefined>();
  controllerCache.set(facts, known);
  if (known.has(controller)) return known.get(controller);
  const found = controllerPods(facts.index, controller);
  const proxy: ProxyPods | undefined =
    found === undefined ? undefined : { service: serviceOver(facts, found.pods), by: "labels", ...found };
  known.set(controller, proxy);
  return proxy;
}

/** The Service through which the outside comes to these pods: one with an outside to it before any other. */
function serviceOver(facts: Facts, pods: readonly Pod[]): ServiceFacts | undefined {
  const [first] = pods;
  if (first === undefined) return undefined;
  const ids = new Set(pods.map(({ id }) => id));
  const over = (facts.index.servicesByNamespace.get(first.namespace) ?? []).flatMap(({ id }) => {
    const service = facts.services.get(id);
    return service?.selected?.some((pod) => ids.has(pod.id)) ? [service] : [];
  });
  return (
    over.find(({ service }) => service.type === "LoadBalancer") ??
    over.find(({ service }) => service.type === "NodePort") ??
    over[0]
  );
}

/**
 * The Service in front of a Gateway's proxy, also where it has no pods: one that was made for it carries its name.
 */
export function proxyServiceOf(facts: Facts, gateway: ObjectId): Service | undefined {
  const found = proxyOf(facts, gateway)?.service;
  if (found !== undefined) return found.service;
  const { namespace = "", name } = refOf(gateway);
  const named = servicesByGateway(facts).get(`${namespace}/${name}`) ?? [];
  return named.find(({ type }) => type === "LoadBalancer") ?? named[0];
}

const gatewayServices = new WeakMap<Facts, ReadonlyMap<string, readonly Service[]>>();

function servicesByGateway(facts: Facts): ReadonlyMap<string, readonly Service[]> {
  const known = gatewayServices.get(facts);
  if (known !== undefined) return known;
  const made = new Map<string, Service[]>();
  for (const { service } of facts.services.values()) {
    const { labels } = service;
    const name =
      labels["gateway.networking.k8s.io/gateway-name"] ?? labels["gateway.envoyproxy.io/owning-gateway-name"];
    if (name === undefined) continue;
    const key = `${labels["gateway.envoyproxy.io/owning-gateway-namespace"] ?? service.namespace}/${name}`;
    const list = made.get(key);
    if (list === undefined) made.set(key, [service]);
    else list.push(service);
  }
  gatewayServices.set(facts, made);
  return made;
}

/** Services whose endpoints are, or may be, these pods. */
export function servicesOver(facts: Facts, pods: readonly Pod[]): readonly ServiceFacts[] {
  const ids = new Set(pods.map(({ id }) => id));
  const namespaces = new Set(pods.map(({ namespace }) => namespace));
  return [...namespaces].flatMap((namespace) =>
    (facts.index.servicesByNamespace.get(namespace) ?? []).flatMap(({ id }) => {
      const service = facts.services.get(id);
      const own =
        service?.selected?.some((pod) => ids.has(pod.id)) ??
        service?.endpoints.some(({ pod }) => pod !== undefined && ids.has(pod));
      return service !== undefined && own === true ? [service] : [];
    }),
  );
}
