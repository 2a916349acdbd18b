/** For tests only: questions about Services, asked from inside the cluster. */
import { base, pod, policy, service } from "../cluster-yaml.ts";
import type { TraceCase } from "../trace-case.ts";

const cart = pod("shop/cart-0", { ips: ["10.244.1.6"], node: "node-1", ports: "http:8080" });
const webPods = [
  pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080" }),
  pod("shop/web-1", { ips: ["10.244.2.5"], node: "node-2", ports: "http:8080" }),
].join("");
const web = webPods + service("shop/web", { ports: "http:80:8080", ip: "10.96.1.1" });
const shop = base + cart;

/** Egress of every pod of shop, to DNS only. */
const dnsOnly = policy(
  "shop/dns-only",
  "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 53, protocol: UDP }, { port: 53 }] }]",
);

/** A slice that someone wrote, with one endpoint. */
function slice(of: string, address: string, port: number, endpoint = ""): string {
  return `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${of}-1, namespace: shop, labels: { kubernetes.io/service-name: ${of} } }
addressType: IPv4
ports: [{ name: "", port: ${port}, protocol: TCP }]
endpoints: [{ addresses: [${address}], conditions: { ready: true }${endpoint === "" ? "" : `, ${endpoint}`} }]
---`;
}

function statefulSet(name: string, labels: string, serviceName = name): string {
  return `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name}, namespace: shop }
spec:
  serviceName: ${serviceName}
  selector: { matchLabels: { ${labels} } }
  template: { metadata: { labels: { ${labels} } }, spec: { containers: [{ name: app, image: app }] } }
---`;
}

function externalName(name: string, target: string, of = "shop"): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${of} }
spec: { type: ExternalName, externalName: ${target} }
---`;
}

/** Without the pods of payments, which someone was not allowed to read. */
function forbid(yaml: string): string {
  return `${yaml}
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template: { metadata: { labels: { app: cart } }, spec: { containers: [{ name: app, image: app }] } }
---`.replace(/\napiVersion: v1\nkind: Pod\n[\s\S]*?\n---/g, "");
}

const cartPods = [
  pod("shop/cart-0", { ips: ["10.244.1.6"], node: "node-1", owner: "StatefulSet/cart" }),
  pod("shop/cart-1", { ips: ["10.244.2.6"], node: "node-2", owner: "StatefulSet/cart" }),
  statefulSet("cart", "app: cart"),
].join("");

const webWorkload =
  [
    pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080", owner: "StatefulSet/web" }),
    pod("shop/web-1", { ips: ["10.244.2.5"], node: "node-2", ports: "http:8080", owner: "StatefulSet/web" }),
  ].join("") + statefulSet("web", "app: web");

const redis = [
  ...[0, 1].map((n) =>
    pod(`shop/redis-${n}`, {
      ips: [`10.244.${n + 1}.8`],
      node: `node-${n + 1}`,
      ports: "redis:6379",
      owner: "StatefulSet/redis",
      spec: `hostname: redis-${n}\n  subdomain: redis`,
    }),
  ),
  statefulSet("redis", "app: redis"),
  service("shop/redis", { ports: "6379", ip: "None" }),
].join("");

const dualStack = [
  base,
  pod("shop/cart-0", { ips: ["10.244.1.6", "fd00:10::6"], node: "node-1" }),
  pod("shop/web-0", { ips: ["10.244.1.5", "fd00:10::5"], node: "node-1", ports: "http:8080" }),
  service("shop/web", {
    ports: "80:8080",
    ip: "10.96.1.1",
    spec: "clusterIPs: [10.96.1.1, fd00:96::1]\nipFamilies: [IPv4, IPv6]",
  }),
].join("");

/** The controller's own, where other slices are: of Services without any, nothing would be ready. */
const dnsSlice = `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: kube-dns-1, namespace: kube-system, labels: { kubernetes.io/service-name: kube-dns } }
addressType: IPv4
ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53, protocol: TCP }]
endpoints:
  - { addresses: [10.244.1.2], conditions: { ready: true }, nodeName: node-1, targetRef: { kind: Pod, namespace: kube-system, name: coredns-1 } }
---`;

/** Each of the two web pods is for its own zone. */
const hinted = `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web, endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io } }
addressType: IPv4
ports: [{ name: "", port: 8080, protocol: TCP }]
endpoints:
  - { addresses: [10.244.1.5], conditions: { ready: true }, nodeName: node-1, zone: zone-a, hints: { forZones: [{ name: zone-a }] }, targetRef: { kind: Pod, namespace: shop, name: web-0 } }
  - { addresses: [10.244.2.5], conditions: { ready: true }, nodeName: node-2, zone: zone-b, hints: { forZones: [{ name: zone-b }] }, targetRef: { kind: Pod, namespace: shop, name: web-1 } }
---${dnsSlice}`;

export const serviceCases: readonly TraceCase[] = [
  {
    promise: "reaches a Service by its port's number",
    yaml: shop + web,
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "dns pass: web.shop → 10.96.1.1; kube-dns 2 of 2 ready",
      "service pass: 10.96.1.1:80 → port 8080 of 2 endpoints",
      "endpoints pass: 2 of 2 ready",
      "egress-policy pass: no policy limits its egress",
      "ingress-policy pass: no policy limits its ingress",
      "destination pass: web-0 and 1 more run; container app declares 8080",
    ],
  },
  {
    promise: "reaches a Service by its port's name",
    yaml: shop + web,
    ask: "shop/cart-0 shop/service/web http",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "service pass: 10.96.1.1:80 → port 8080 of 2 endpoints",
    ],
  },
  {
    promise: "stops at a Service that has no port of that name",
    yaml: shop + web,
    ask: "shop/cart-0 shop/service/web https",
    tells: [
      "blocked: cart-0 should not reach web on https: the Service has no such port",
      "service block: web has no port https",
      "near: it has port 80 (http)",
    ],
  },
  {
    promise: "stops at a Service that is asked on its pods' port",
    yaml: shop + web,
    ask: "shop/cart-0 shop/service/web 8080",
    tells: [
      "blocked: cart-0 should not reach web on 8080: the Service has no such port",
      "service block: web has no port 8080",
      "near: 8080 is the pods' own port; the Service's is 80",
      "ingress-policy pass",
    ],
  },
  {
    promise: "stops at a Service that is asked by another protocol",
    yaml: shop + web,
    ask: "shop/cart-0 shop/service/web 80 UDP",
    tells: [
      "blocked: cart-0 should not reach web on 80/UDP: the Service has no such port",
      "service block: web has no port 80/UDP",
      "near: it has port 80 for TCP",
    ],
  },
  {
    promise: "reaches a Service where one of its ports is served, and remarks on the other",
    yaml: shop + webPods + service("shop/web", { ports: "http:80:8080 admin:9000:admin", ip: "10.96.1.1" }),
    ask: "shop/cart-0 shop/service/web",
    tells: ["reachable: cart-0 should reach web on 80", "remark: asked on port 80; blocked on port 9000"],
  },
  {
    promise: "stops at a Service of which no port is served",
    yaml: shop + webPods + service("shop/web", { ports: "http:80:htpp admin:9000:admin", ip: "10.96.1.1" }),
    ask: "shop/cart-0 shop/service/web",
    tells: [
      "blocked: cart-0 should not reach web on 80: the Service's target port leads nowhere",
      "remark: asked on port 80; blocked on port 9000",
      "near: pods declare the port name http",
      "fix: Set targetPort to http",
    ],
  },
  {
    promise: "reaches a named target port that pods have on different numbers",
    yaml:
      shop +
      pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080" }) +
      pod("shop/web-1", { ips: ["10.244.2.5"], node: "node-2", ports: "http:9090" }) +
      service("shop/web", { ports: "80:http", ip: "10.96.1.1" }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "service pass: 10.96.1.1:80 → ports 8080 and 9090 of 2 endpoints",
    ],
  },
  {
    promise: "depends on the pod where a policy admits one of two numbers of a named target port",
    yaml:
      shop +
      pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080" }) +
      pod("shop/web-1", { ips: ["10.244.2.5"], node: "node-2", ports: "http:9090" }) +
      service("shop/web", { ports: "80:http", ip: "10.96.1.1" }) +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ ports: [{ port: 8080 }] }]",
      ),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "depends: cart-0 should reach web on 80 only to web-0",
      "ingress-policy partial: no rule admits it; isolated by shop/web",
      "side to web-0, reachable: ",
      "side to web-1, blocked: no rule admits it; isolated by shop/web",
      "near: web rule 1 admits 8080/TCP; the packet arrives on 9090/TCP",
    ],
  },
  {
    promise: "reaches a named target port that some pods lack, by the others",
    yaml:
      shop +
      pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080" }) +
      pod("shop/web-1", { ips: ["10.244.2.5"], node: "node-2", ports: "9090" }) +
      service("shop/web", { ports: "80:http", ip: "10.96.1.1" }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "remark: 1 endpoint does not serve this port",
      "endpoints pass: 1 of 2 ready",
    ],
  },
  {
    promise: "finds a named target port in a native sidecar",
    yaml:
      shop +
      pod("shop/web-0", {
        ips: ["10.244.1.5"],
        node: "node-1",
        ports: "8080",
        spec: "initContainers: [{ name: proxy, image: proxy, restartPolicy: Always, ports: [{ name: proxied, containerPort: 15001 }] }]",
      }) +
      service("shop/web", { ports: "80:proxied", ip: "10.96.1.1" }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "service pass: 10.96.1.1:80 → 10.244.1.5:15001",
      "destination pass: web-0 runs; container proxy declares 15001",
    ],
  },
  {
    promise: "stops at a named target port that only an init container has",
    yaml:
      shop +
      pod("shop/web-0", {
        ips: ["10.244.1.5"],
        node: "node-1",
        ports: "8080",
        spec: "initContainers: [{ name: setup, image: setup, ports: [{ name: proxied, containerPort: 15001 }] }]",
      }) +
      service("shop/web", { ports: "80:proxied", ip: "10.96.1.1" }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: ["blocked: cart-0 should not reach web on 80: the Service's target port leads nowhere"],
  },
  {
    promise: "stops at a selector with a slip, and asks on with the pods that were meant",
    yaml:
      shop +
      webPods +
      service("shop/web", { selector: "app=webb", ports: "80:8080", ip: "10.96.1.1" }) +
      policy("shop/web", "podSelector: { matchLabels: { app: web } }\ningress: []"),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "blocked: cart-0 should not reach web on 80: the Service selects no pod and a policy stops it at the destination",
      "service block: web selects no pod: app=webb",
      "near: 1 label differs: the selector asks app=webb, pods of pod/web-0 carry app=web",
      "ingress-policy block: no rule admits it; isolated by shop/web",
    ],
    never: ["destination pass"],
  },
  {
    promise: "stops at a Service whose workload is scaled to zero",
    yaml:
      shop +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1" }) +
      `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 0
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, ports: [{ containerPort: 8080 }] }] } }
---`,
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "blocked: cart-0 should not reach web on 80: the Service selects no pod",
      "service block: web has no pod behind it (scaled to 0: deployment/web)",
    ],
  },
  {
    promise: "stops where no endpoint is ready, and asks on",
    yaml:
      shop +
      webPods.replaceAll('type: Ready, status: "True"', 'type: Ready, status: "False"') +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1" }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "blocked: cart-0 should not reach web on 80: no endpoint is ready",
      "endpoints block: none of the 2 endpoints of web is ready",
      "ingress-policy pass",
    ],
  },
  {
    promise: "reaches the ready ones of a Service's endpoints, and remarks on the others",
    yaml:
      shop +
      pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080" }) +
      pod("shop/web-1", { ips: ["10.244.2.5"], node: "node-2", ports: "http:8080", ready: false }) +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1" }) +
      policy(
        "shop/web-1",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ ports: [{ port: 8080 }] }]",
      ),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "endpoints pass: ready on node-1, 1 of 2",
      "remark: web-1 is not ready and takes no packets",
    ],
  },
  {
    promise: "reaches endpoints that are not ready where the Service publishes these",
    yaml:
      shop +
      pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080", ready: false }) +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1", spec: "publishNotReadyAddresses: true" }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: ["reachable: cart-0 should reach web on 80"],
  },
  {
    promise: "reaches endpoints that serve while all of them terminate",
    yaml:
      shop +
      pod("shop/web-0", {
        ips: ["10.244.1.5"],
        node: "node-1",
        ports: "http:8080",
        meta: 'deletionTimestamp: "2025-12-31T23:59:00Z"',
      }) +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1" }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "endpoints pass: serving while terminating on node-1, 1 of 1",
      "remark: none is ready: those that serve while they terminate take the packets",
    ],
  },
  {
    promise: "stops where all endpoints terminate and none serves any more",
    yaml:
      shop +
      pod("shop/web-0", {
        ips: ["10.244.1.5"],
        node: "node-1",
        ports: "http:8080",
        ready: false,
        meta: 'deletionTimestamp: "2025-12-31T23:59:00Z"',
      }) +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1" }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: ["blocked: cart-0 should not reach web on 80: no endpoint is ready"],
  },
  {
    promise: "leaves the cluster for an address that someone wrote into a slice",
    yaml:
      shop +
      service("shop/db", { selector: "", ports: "5432", ip: "10.96.1.9" }) +
      slice("db", "203.0.113.9", 5432),
    ask: "shop/cart-0 shop/service/db 5432",
    tells: [
      "reachable: cart-0 should reach db on 5432",
      "service pass: 10.96.1.9:5432 → 203.0.113.9:5432",
      "destination pass: leaves the cluster; what happens there is not in the cluster",
    ],
  },
  {
    promise: "stops at egress to an address that someone wrote into a slice, with a rule for it",
    yaml:
      shop +
      service("shop/db", { selector: "", ports: "5432", ip: "10.96.1.9" }) +
      slice("db", "203.0.113.9", 5432) +
      dnsOnly,
    ask: "shop/cart-0 shop/service/db 5432",
    tells: [
      "blocked: cart-0 should not reach db on 5432: a policy stops it at the source",
      "egress-policy block: no rule lets it out; isolated by shop/dns-only",
      "fix: Add a rule to shop/dns-only that lets out to addresses in 203.0.113.9/32 on 5432/TCP",
    ],
  },
  {
    promise: "goes to a node whose address someone wrote into a slice",
    yaml:
      shop +
      service("shop/agent", { selector: "", ports: "9100", ip: "10.96.1.9" }) +
      slice("agent", "192.168.0.2", 9100),
    ask: "shop/cart-0 shop/service/agent 9100",
    tells: [
      "reachable: cart-0 should reach agent on 9100",
      "destination pass: on node node-2; what listens there is not in the cluster",
    ],
  },
  {
    promise:
      "does not know whether a pod that egress isolates may send to its own node, and stops it at others",
    yaml:
      shop +
      pod("shop/cart-1", {
        ips: ["10.244.2.6"],
        node: "node-2",
        labels: "app=cart",
        owner: "StatefulSet/cart",
      }) +
      pod("shop/cart-2", {
        ips: ["10.244.1.7"],
        node: "node-1",
        labels: "app=cart",
        owner: "StatefulSet/cart",
      }) +
      statefulSet("cart", "app: cart") +
      service("shop/agent", { selector: "", ports: "9100", ip: "10.96.1.9" }) +
      slice("agent", "192.168.0.2", 9100) +
      dnsOnly,
    ask: "shop/statefulset/cart shop/service/agent 9100",
    tells: [
      "unknown: whether cart reaches agent on 9100 is not known: cart-1 runs on node-2: that a pod may always send to its own node is documented, and not every network plugin holds to it",
      "side from node-1, blocked: no rule lets it out; isolated by shop/dns-only",
      "side from node-2, unknown",
    ],
  },
  {
    promise: "stops at an address in a slice that no pod has",
    yaml:
      shop.replaceAll("status:\n  addresses", "spec: { podCIDRs: [10.244.1.0/24] }\nstatus:\n  addresses") +
      service("shop/db", { selector: "", ports: "5432", ip: "10.96.1.9" }) +
      slice("db", "10.244.1.99", 5432),
    ask: "shop/cart-0 shop/service/db 5432",
    tells: [
      "blocked: cart-0 should not reach db on 5432: nobody has its address",
      "destination block: nobody has the address 10.244.1.99: EndpointSlice db-1 lists 10.244.1.99, which no pod has",
    ],
  },
  {
    promise: "stops at a slice that names a pod that is gone",
    yaml:
      shop +
      service("shop/db", { selector: "", ports: "5432", ip: "10.96.1.9" }) +
      slice("db", "10.244.1.99", 5432, "targetRef: { kind: Pod, namespace: shop, name: db-0 }"),
    ask: "shop/cart-0 shop/service/db 5432",
    tells: [
      "blocked: cart-0 should not reach db on 5432: nobody has its address",
      "destination block: nobody has the address 10.244.1.99: EndpointSlice db-1 lists pod db-0, which does not exist",
    ],
  },
  {
    promise: "follows the address in a slice to the pod that has it, whatever pod the slice names",
    yaml:
      shop +
      webPods +
      service("shop/db", { selector: "", ports: "8080", ip: "10.96.1.9" }) +
      slice("db", "10.244.1.5", 8080, "targetRef: { kind: Pod, namespace: shop, name: web-1 }") +
      policy("shop/web", "podSelector: { matchLabels: { app: web } }\ningress: []"),
    ask: "shop/cart-0 shop/service/db 8080",
    tells: ["blocked: cart-0 should not reach db on 8080: a policy stops it at the destination"],
  },
  {
    promise: "is unknown where the pod behind an endpoint could not be read",
    yaml: forbid(
      shop +
        service("shop/db", { selector: "app=db", ports: "5432", ip: "10.96.1.9" }) +
        slice("db", "10.244.1.99", 5432, "targetRef: { kind: Pod, namespace: payments, name: db-0 }") +
        dnsSlice +
        policy("payments/any", "podSelector: {}"),
    ),
    as: "dump",
    ask: "shop/deployment/cart shop/service/db 5432",
    tells: [
      "unknown: whether cart reaches db on 5432 is not known: pod db-0 at 10.244.1.99 is not among what could be read, and so neither are its labels",
    ],
  },
  {
    promise: "reads v1 Endpoints where there is no slice",
    yaml:
      shop +
      webPods +
      service("shop/web", { selector: "", ports: "80:8080", ip: "10.96.1.1" }) +
      `
apiVersion: v1
kind: Endpoints
metadata: { name: web, namespace: shop }
subsets: [{ addresses: [{ ip: 10.244.1.5, targetRef: { kind: Pod, namespace: shop, name: web-0 } }], ports: [{ port: 8080 }] }]
---`,
    ask: "shop/cart-0 shop/service/web 80",
    tells: ["reachable: cart-0 should reach web on 80", "service pass: 10.96.1.1:80 → 10.244.1.5:8080"],
  },
  {
    promise: "stops at a Service without a selector and without a slice",
    yaml: shop + service("shop/db", { selector: "", ports: "5432", ip: "10.96.1.9" }),
    ask: "shop/cart-0 shop/service/db 5432",
    tells: [
      "blocked: cart-0 should not reach db on 5432: no endpoint is ready",
      "endpoints block: no endpoint of db takes packets: no selector and no EndpointSlice names an address",
    ],
  },
  {
    promise: "reaches the pods of a headless Service on their own port",
    yaml: shop + webPods + service("shop/web", { ports: "8080", ip: "None" }),
    ask: "shop/cart-0 shop/service/web 8080",
    tells: [
      "reachable: cart-0 should reach web on 8080",
      "dns pass: web.shop → the addresses of shop/web's endpoints (headless)",
      "service pass: headless: clients take its endpoints' own addresses, on port 8080",
      "endpoints pass: 2 of 2 ready",
    ],
  },
  {
    promise: "says of a headless Service that nothing translates its ports",
    yaml:
      shop +
      webPods +
      service("shop/web", { ports: "80:http", ip: "None" }) +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ ports: [{ port: http }] }]",
      ),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "blocked: cart-0 should not reach web on 80: a policy stops it at the destination",
      "remark: nothing translates 80 to 8080 for a headless Service: ask on 8080",
    ],
  },
  {
    promise: "reaches the pods of a headless Service on a port that it does not list",
    yaml: shop + webPods + service("shop/web", { ports: "80:8080", ip: "None" }),
    ask: "shop/cart-0 shop/service/web 8080",
    tells: [
      "reachable: cart-0 should reach web on 8080",
      "remark: web does not list port 8080, which for a headless Service keeps nobody from it",
    ],
  },
  {
    promise: "reaches the pods of a headless Service without ports on those that they declare",
    yaml: shop + webPods + service("shop/web", { ports: "", ip: "None" }),
    ask: "shop/cart-0 shop/service/web",
    tells: ["reachable: cart-0 should reach web on 8080"],
  },
  {
    promise: "stops at a headless Service without a ready endpoint, once",
    yaml:
      shop +
      webPods.replaceAll('type: Ready, status: "True"', 'type: Ready, status: "False"') +
      service("shop/web", { ports: "8080", ip: "None" }),
    ask: "shop/cart-0 shop/service/web 8080",
    tells: [
      "blocked: cart-0 should not reach web on 8080: no endpoint is ready",
      "endpoints block: none of the 2 endpoints of web is ready",
    ],
    never: ["dns"],
  },
  {
    promise: "stops at the selector of a headless Service, and asks on",
    yaml: shop + webPods + service("shop/web", { selector: "app=wep", ports: "8080", ip: "None" }),
    ask: "shop/cart-0 web 8080",
    tells: [
      "blocked: cart-0 should not reach web on 8080: its name does not resolve and the Service selects no pod",
      "service block: web selects no pod: app=wep",
      "ingress-policy pass",
    ],
  },
  {
    promise: "leaves the cluster for an address behind a headless Service",
    yaml:
      shop +
      service("shop/db", { selector: "", ports: "5432", ip: "None" }) +
      slice("db", "203.0.113.9", 5432),
    ask: "shop/cart-0 shop/service/db 5432",
    tells: ["reachable: cart-0 should reach db on 5432", "destination pass: leaves the cluster"],
  },
  {
    promise: "reaches one pod of a StatefulSet by its name below the headless Service",
    yaml: shop + redis,
    ask: "shop/cart-0 redis-1.redis 6379",
    tells: [
      "reachable: cart-0 should reach redis-1.redis on 6379",
      "dns pass: redis-1.redis → pod redis-1",
      "destination pass: redis-1 runs",
    ],
  },
  {
    promise:
      "reaches one pod by its name on a port's name, and on the one that it declares where none is asked",
    yaml: shop + redis,
    ask: "shop/cart-0 redis-1.redis redis",
    tells: [
      "reachable: cart-0 should reach redis-1.redis on redis",
      "destination pass: redis-1 runs; container app declares 6379",
    ],
  },
  {
    promise: "stops at a port's name that the pod does not declare",
    yaml: shop + redis,
    ask: "shop/cart-0 redis-1.redis sentinel",
    tells: [
      "blocked: cart-0 should not reach redis-1.redis on sentinel: no port is called sentinel there",
      "destination block: no pod of redis-1 declares a port named sentinel",
      "near: it declares redis",
    ],
  },
  {
    promise: "stops at the name of a pod that is not ready",
    yaml: shop + redis.replace('type: Ready, status: "True"', 'type: Ready, status: "False"'),
    ask: "shop/cart-0 redis-0.redis 6379",
    tells: [
      "blocked: cart-0 should not reach redis-0.redis on 6379: its name does not resolve",
      "dns block: pod redis-0 is not ready, so that redis-0 has no address below Service shop/redis",
    ],
  },
  {
    promise: "follows ExternalNames to a Service of the cluster",
    yaml:
      shop +
      web +
      externalName("front", "front.payments.svc.cluster.local") +
      externalName("front", "web.shop.svc.cluster.local", "payments"),
    ask: "shop/cart-0 shop/service/front 80",
    tells: [
      "reachable: cart-0 should reach front on 80",
      "dns pass: front.shop → 10.96.1.1",
      "service pass: 10.96.1.1:80 → port 8080 of 2 endpoints",
    ],
  },
  {
    promise: "leaves the cluster by an ExternalName",
    yaml: shop + externalName("db", "db.example.com"),
    ask: "shop/cart-0 shop/service/db 5432",
    tells: [
      "reachable: cart-0 should reach db on 5432",
      "dns pass: db.example.com is a name outside the cluster",
      "destination pass: leaves the cluster",
    ],
  },
  {
    promise: "is unknown where egress decides by the address behind an ExternalName",
    yaml:
      shop +
      externalName("db", "db.example.com") +
      policy(
        "shop/out",
        "podSelector: {}\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 53, protocol: UDP }] }, { to: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }]",
      ),
    ask: "shop/cart-0 shop/service/db 5432",
    tells: [
      "unknown: whether cart-0 reaches db on 5432 is not known: the address of db.example.com is not given, and a policy decides by addresses (203.0.113.0/24)",
    ],
  },
  {
    promise: "stops at an ExternalName that is an address",
    yaml: shop + externalName("db", "203.0.113.9"),
    ask: "shop/cart-0 shop/service/db 5432",
    tells: [
      "blocked: cart-0 should not reach db on 5432: its name does not resolve",
      "dns block: Service shop/db is an ExternalName that is an IP address, 203.0.113.9",
    ],
  },
  {
    promise: "stops at ExternalNames that lead in a circle",
    yaml:
      shop + externalName("a", "b.shop.svc.cluster.local") + externalName("b", "a.shop.svc.cluster.local"),
    ask: "shop/cart-0 shop/service/a 80",
    tells: ["blocked: cart-0 should not reach a on 80: its name does not resolve", "which leads back to it"],
  },
  {
    promise: "stops from a node at an ExternalName, which nodes do not resolve",
    yaml: shop + externalName("db", "db.example.com"),
    ask: "node/node-1 shop/service/db 5432",
    tells: [
      "blocked: node-1 should not reach db on 5432: its name does not resolve there",
      "dns block: db.shop.svc.cluster.local is a name of the cluster's own DNS, which a node's resolver does not ask",
    ],
  },
  {
    promise: "depends on the family where a policy admits IPv4 only",
    yaml:
      dualStack +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]",
      ),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "depends: cart-0 should reach web on 80 only over IPv4",
      "side over IPv6, blocked: no rule admits it; isolated by shop/web",
    ],
  },
  {
    promise: "reaches a dual-stack Service by both families",
    yaml: dualStack,
    ask: "shop/cart-0 shop/service/web 80",
    tells: ["reachable: cart-0 should reach web on 80"],
  },
  {
    promise: "does not ask dual-stack pods by a family that their Service has not",
    yaml:
      dualStack.replace("clusterIPs: [10.96.1.1, fd00:96::1]", "clusterIPs: [10.96.1.1]") +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]",
      ),
    ask: "shop/cart-0 shop/service/web 80",
    tells: ["reachable: cart-0 should reach web on 80"],
  },
  {
    promise: "stops where a Service has IPv6 and its pods have IPv4",
    yaml:
      shop +
      webPods +
      service("shop/web", { ports: "80:8080", ip: "fd00:96::1", spec: "ipFamilies: [IPv6]" }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "blocked: cart-0 should not reach web on 80: its ends have no address family in common",
      "destination block: it is sent over IPv6, and cart-0 has no IPv6 address",
    ],
  },
  {
    promise: "depends on the node where internalTrafficPolicy is Local",
    yaml:
      base +
      cartPods +
      pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080" }) +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1", spec: "internalTrafficPolicy: Local" }),
    ask: "shop/statefulset/cart shop/service/web 80",
    tells: [
      "depends: cart should reach web on 80 only from node-1",
      "endpoints partial: no ready endpoint of web on node-2, and internalTrafficPolicy: Local keeps packets on their node",
      "near: 1 endpoint ready on node-1",
      "fix: Set internalTrafficPolicy of web to Cluster, or run an endpoint on node-2",
    ],
  },
  {
    promise: "reaches a Service with internalTrafficPolicy Local that has an endpoint on every sender's node",
    yaml:
      base +
      cartPods +
      webPods +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1", spec: "internalTrafficPolicy: Local" }),
    ask: "shop/statefulset/cart shop/service/web 80",
    tells: ["reachable: cart should reach web on 80"],
  },
  {
    promise: "follows zone hints, and says so",
    yaml:
      base +
      cartPods +
      webPods +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1" }) +
      hinted +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }] }]",
      ),
    ask: "shop/statefulset/cart shop/service/web 80",
    tells: [
      "reachable: cart should reach web on 80",
      "endpoints pass: ready on node-1 by the hint for zone zone-a, 1 of 2; elsewhere ready on node-2 by the hint for zone zone-b, 1 of 2",
    ],
  },
  {
    promise: "depends on the zone where hints lead to different pods",
    yaml:
      base +
      cartPods +
      webPods.replace('{ app: "web" }', '{ app: "web", closed: "yes" }') +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1" }) +
      hinted +
      policy("shop/closed", "podSelector: { matchLabels: { closed: 'yes' } }\ningress: []"),
    ask: "shop/statefulset/cart shop/service/web 80",
    tells: ["depends: cart should reach web on 80 only from node-2"],
  },
  {
    promise: "remarks on session affinity",
    yaml:
      shop +
      webPods +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1", spec: "sessionAffinity: ClientIP" }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "remark: session affinity: a client keeps its endpoint",
    ],
  },
  {
    promise: "depends on whether it is asked by name where DNS is forgotten in the egress",
    yaml:
      shop +
      web +
      policy(
        "shop/out",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: {} }] }]",
      ),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "depends: cart-0 should reach web on 80 only by its address",
      "dns partial: its egress does not let it ask DNS (UDP 53): isolated by shop/out, so web.shop does not resolve",
      "fix: Add a rule to shop/out that lets out to pods with k8s-app=kube-dns of kube-system on 53/UDP and TCP",
      "side by its name, blocked",
    ],
  },
  {
    promise: "stops by name where DNS is forgotten in the egress",
    yaml:
      shop +
      web +
      policy(
        "shop/out",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: {} }] }]",
      ),
    ask: "shop/cart-0 web 80",
    tells: [
      "blocked: cart-0 should not reach web on 80: a policy does not let it ask DNS",
      "egress-policy pass: allowed by shop/out rule 1: every pod of shop, every port",
    ],
  },
  {
    promise: "stops at DNS for a headless Service, which has no address of its own",
    yaml:
      shop +
      webPods +
      service("shop/web", { ports: "8080", ip: "None" }) +
      policy(
        "shop/out",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: {} }] }]",
      ),
    ask: "shop/cart-0 shop/service/web 8080",
    tells: ["blocked: cart-0 should not reach web on 8080: a policy does not let it ask DNS"],
  },
  {
    promise: "remarks where DNS is let out by UDP only",
    yaml:
      shop +
      web +
      policy(
        "shop/out",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: {} }] }, { ports: [{ port: 53, protocol: UDP }] }]",
      ),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "remark: DNS is let through by UDP only: answers that are too long for it fail",
    ],
  },
  {
    promise: "asks a pod on its node's network by its node's resolver, which knows no names of the cluster",
    yaml:
      base + web + pod("shop/agent-0", { ips: ["192.168.0.1"], node: "node-1", spec: "hostNetwork: true" }),
    ask: "shop/agent-0 shop/service/web 80",
    tells: ["depends: agent-0 should reach web on 80 only by its address", "set ClusterFirstWithHostNet"],
  },
  {
    promise: "tells a pod that reaches itself through its Service from those that it is kept from",
    yaml:
      base +
      webWorkload +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1" }) +
      policy("shop/web", "podSelector: { matchLabels: { app: web } }\ningress: []"),
    ask: "shop/statefulset/web shop/service/web 80",
    tells: [
      "depends: web should reach web on 80 only from a pod to itself",
      "side between different pods, blocked: no rule admits it; isolated by shop/web",
    ],
  },
  {
    promise: "reaches the other pods of its own workload through their Service",
    yaml:
      base +
      webWorkload +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1" }) +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }]",
      ),
    ask: "shop/statefulset/web shop/service/web 80",
    tells: ["reachable: web should reach web on 80"],
  },
  {
    promise: "reaches a cluster IP as its Service",
    yaml: shop + web,
    ask: "shop/cart-0 10.96.1.1 80",
    tells: [
      "reachable: cart-0 should reach 10.96.1.1 on 80",
      "remark: 10.96.1.1 is an address of Service shop/web, and asked as that",
    ],
    never: ["dns"],
  },
  {
    promise: "reaches a load balancer's address from inside, whatever its traffic policy",
    yaml:
      base +
      cartPods +
      pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080" }) +
      service("shop/web", {
        ports: "80:8080",
        ip: "10.96.1.1",
        spec: "type: LoadBalancer\nexternalTrafficPolicy: Local\ninternalTrafficPolicy: Local",
      }).replace("\n---", "\nstatus: { loadBalancer: { ingress: [{ ip: 198.51.100.7 }] } }\n---"),
    ask: "shop/statefulset/cart 198.51.100.7 80",
    tells: ["reachable: cart should reach 198.51.100.7 on 80"],
  },
  {
    promise: "reaches the address that a pod's name spells",
    yaml: shop + web,
    ask: "shop/cart-0 10-244-1-5.shop.pod.cluster.local",
    tells: [
      "reachable: cart-0 should reach 10-244-1-5.shop.pod.cluster.local on 8080",
      "destination pass: web-0 runs",
    ],
  },
  {
    promise: "never leaves the pod for localhost",
    yaml: shop + dnsOnly,
    ask: "shop/cart-0 localhost 8080",
    tells: [
      "reachable: cart-0 should reach localhost on 8080",
      "egress-policy pass: a pod always reaches itself",
    ],
  },
  {
    promise: "asks the pods of a headless Service by the families that it lists",
    yaml:
      dualStack
        .replace('clusterIP: "10.96.1.1"', "clusterIP: None")
        .replace("clusterIPs: [10.96.1.1, fd00:96::1]\n  ipFamilies: [IPv4, IPv6]", "ipFamilies: [IPv4]") +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]",
      ),
    ask: "shop/cart-0 shop/service/web 8080",
    tells: ["reachable: cart-0 should reach web on 8080"],
  },
  {
    promise: "stops a pod at the source ranges of a load balancer that is asked by its address",
    yaml:
      shop +
      webPods +
      service("shop/web", {
        ports: "80:8080",
        ip: "10.96.1.1",
        spec: "type: LoadBalancer\nloadBalancerSourceRanges: [203.0.113.0/24]",
      }).replace("\n---", "\nstatus: { loadBalancer: { ingress: [{ ip: 198.51.100.7 }] } }\n---"),
    ask: "shop/cart-0 198.51.100.7 80",
    tells: [
      "blocked: cart-0 should not reach 198.51.100.7 on 80: its load balancer does not admit the sender",
      "service block: loadBalancerSourceRanges of web leave out cart-0",
    ],
  },
  {
    promise: "asks a pod past the source ranges of a load balancer by the Service's name",
    yaml:
      shop +
      webPods +
      service("shop/web", {
        ports: "80:8080",
        ip: "10.96.1.1",
        spec: "type: LoadBalancer\nloadBalancerSourceRanges: [203.0.113.0/24]",
      }).replace("\n---", "\nstatus: { loadBalancer: { ingress: [{ ip: 198.51.100.7 }] } }\n---"),
    ask: "shop/cart-0 shop/service/web 80",
    tells: ["reachable: cart-0 should reach web on 80"],
  },
  {
    promise: "asks DNS for the name of a pod's address, too",
    yaml:
      shop +
      web +
      policy(
        "shop/out",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: {} }] }]",
      ),
    ask: "shop/cart-0 10-244-1-5.shop.pod.cluster.local 8080",
    tells: [
      "blocked: cart-0 should not reach 10-244-1-5.shop.pod.cluster.local on 8080: a policy does not let it ask DNS",
    ],
  },
  {
    promise: "stops at a port that no EndpointSlice opens",
    yaml:
      shop +
      webPods +
      service("shop/web", { selector: "", ports: "http:80:8080 admin:9000", ip: "10.96.1.1" }) +
      slice("web", "10.244.1.5", 8080).replace('name: ""', "name: http"),
    ask: "shop/cart-0 shop/service/web 9000",
    tells: [
      "blocked: cart-0 should not reach web on 9000: the Service's target port leads nowhere",
      "service block: no EndpointSlice of web opens port 9000",
    ],
  },
];
