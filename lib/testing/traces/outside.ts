/** For tests only: questions from outside the cluster, and about what is outside. */
import { base, pod, policy, service } from "../cluster-yaml.ts";
import type { TraceCase } from "../trace-case.ts";

const webPods = [
  pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080", owner: "StatefulSet/web" }),
  pod("shop/web-1", { ips: ["10.244.2.5"], node: "node-2", ports: "http:8080", owner: "StatefulSet/web" }),
  `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web, namespace: shop }
spec:
  serviceName: web
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: app }] } }
---`,
].join("");

const cart = pod("shop/cart-0", { ips: ["10.244.1.6"], node: "node-1", ports: "http:8080" });

/** A Service of that type over the web pods. `address`: its load balancer's; "" for none yet. */
function exposed(type: string, more = "", address?: string): string {
  const yaml = service("shop/web", {
    ports: "http:80:8080:30080",
    ip: "10.96.1.1",
    spec: `type: ${type}${more === "" ? "" : `\n${more}`}`,
  });
  if (address === undefined) return yaml;
  const ingress = address === "" ? "" : `ingress: [{ ip: ${address} }]`;
  return yaml.replace("\n---", `\nstatus: { loadBalancer: { ${ingress} } }\n---`);
}

/** A Gateway that passes connections on to a Service, with an address and no pods that serve it. */
function tcpGateway(to: string, port = 80): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: envoy }
spec: { controllerName: example.com/envoy }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { gatewayClassName: envoy, listeners: [{ name: db, port: 5432, protocol: TCP }] }
status: { addresses: [{ value: 198.51.100.9 }] }
---
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TCPRoute
metadata: { name: db, namespace: shop }
spec: { parentRefs: [{ name: public }], rules: [{ backendRefs: [{ name: ${to}, port: ${port} }] }] }
---`;
}

/** With the nodes' ranges of addresses for pods. */
const ranged = base.replaceAll(
  "status:\n  addresses",
  "spec: { podCIDRs: [10.244.1.0/24] }\nstatus:\n  addresses",
);
const balanced = base + webPods + exposed("LoadBalancer", "", "198.51.100.7");
const publicNodes = base.replace(
  '{ type: InternalIP, address: "192.168.0.1" }',
  '{ type: InternalIP, address: "192.168.0.1" }, { type: ExternalIP, address: "203.0.113.1" }',
);
const onlyOffice = policy(
  "shop/office",
  "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }]",
);
const closed = policy("shop/closed", "podSelector: { matchLabels: { app: web } }\ningress: []");

/** Pods of both families, whose policy admits IPv4, behind a load balancer. */
function bothFamilies(addresses: string): string {
  return (
    base +
    pod("shop/web-0", { ips: ["10.244.1.5", "fd00:10::5"], node: "node-1", ports: "8080" }) +
    service("shop/web", {
      ports: "80:8080",
      ip: "10.96.1.1",
      spec: "type: LoadBalancer\nexternalTrafficPolicy: Local\nclusterIPs: [10.96.1.1, fd00:96::1]\nipFamilies: [IPv4, IPv6]",
    }).replace("\n---", `\nstatus: { loadBalancer: { ingress: [${addresses}] } }\n---`) +
    policy(
      "shop/v4",
      "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]",
    )
  );
}

export const outsideCases: readonly TraceCase[] = [
  {
    promise: "reaches a Service from the internet through a TCPRoute, as far as its proxy's pods are known",
    yaml:
      base + webPods + service("shop/web", { ports: "http:80:8080", ip: "10.96.1.1" }) + tcpGateway("web"),
    ask: "internet shop/service/web",
    tells: [
      "reachable: the internet should reach web on 80",
      "198.51.100.9 answers for it",
      "every connection → Service shop/web port 80",
    ],
  },
  {
    promise: "stops at a TCPRoute whose backend has no such port",
    yaml:
      base +
      webPods +
      service("shop/web", { ports: "http:80:8080", ip: "10.96.1.1" }) +
      tcpGateway("web", 81),
    ask: "internet shop/service/web",
    tells: [
      "blocked: the internet should not reach web on 80: the route's backend has no such port",
      "near: it has port 80 (http)",
    ],
  },
  {
    promise: "reaches a Service from the internet by its load balancer",
    yaml: balanced,
    ask: "internet shop/service/web 80",
    tells: [
      "reachable: the internet should reach web on 80",
      "service pass: 198.51.100.7 takes port 80",
      "service pass: 198.51.100.7:80 → port 8080 of 2 endpoints",
      "endpoints pass: 2 of 2 ready",
    ],
    never: ["dns"],
  },
  {
    promise: "stops at a load balancer without an address, where nodes have no public one",
    yaml: base + webPods + exposed("LoadBalancer", "", ""),
    ask: "internet shop/service/web 80",
    tells: [
      "blocked: the internet should not reach web on 80: its load balancer has no address",
      "service block: the load balancer of web has no address yet: no event tells why",
      "ingress-policy pass",
    ],
  },
  {
    promise: "reaches a Service by its node port where its load balancer has no address and a node is public",
    yaml: publicNodes + webPods + exposed("LoadBalancer", "", ""),
    ask: "internet shop/service/web 80",
    tells: [
      "reachable: the internet should reach web on 80 through the node port of Service web",
      "service pass: node port 30080 → port 80, on 1 node with a public address",
      "remark: asked through the node port of Service web; blocked through the load balancer of Service web",
    ],
  },
  {
    promise: "depends on the sender where the load balancer admits some",
    yaml:
      base + webPods + exposed("LoadBalancer", "loadBalancerSourceRanges: [203.0.113.0/24]", "198.51.100.7"),
    ask: "internet shop/service/web 80",
    tells: [
      "depends: the internet should reach web on 80 only for 203.0.113.0/24",
      "loadBalancerSourceRanges of web leave out the rest of the internet",
    ],
  },
  {
    promise: "depends on the sender's address where externalTrafficPolicy Local lets policies see it",
    yaml:
      base + webPods + exposed("LoadBalancer", "externalTrafficPolicy: Local", "198.51.100.7") + onlyOffice,
    ask: "internet shop/service/web 80",
    tells: [
      "depends: the internet should reach web on 80 only for 203.0.113.0/24",
      "side for the rest of the internet, blocked: no rule admits it; isolated by shop/office",
      "fix: Add a rule to shop/office that admits addresses in 0.0.0.0/0 on 8080/TCP",
    ],
  },
  {
    promise: "is unknown where policies decide by an address that the entry node may have replaced",
    yaml: balanced + onlyOffice,
    ask: "203.0.113.7 shop/service/web 80",
    tells: [
      "unknown: whether 203.0.113.7 reaches web on 80 is not known: policies admit the sender and refuse node node-2; which of the two they see behind externalTrafficPolicy: Cluster is not defined",
    ],
  },
  {
    promise: "is unknown so where the nodes could not be read",
    yaml: balanced + onlyOffice,
    unread: ["nodes"],
    ask: "203.0.113.7 shop/service/web 80",
    tells: [
      "unknown: whether 203.0.113.7 reaches web on 80 is not known: the address of another node is not given, and a policy decides by addresses (203.0.113.0/24)",
      "policies admit the sender and leave open the nodes",
    ],
  },
  {
    promise: "reaches a Service whose policy admits anyone, whatever the entry node does",
    yaml:
      balanced +
      policy(
        "shop/any",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ ports: [{ port: 8080 }] }]",
      ),
    ask: "internet shop/service/web 80",
    tells: [
      "reachable: the internet should reach web on 80",
      "ingress-policy pass: allowed by shop/any rule 1: anyone, 8080/TCP",
    ],
  },
  {
    promise: "stops at pods that admit nobody, whatever the entry node does",
    yaml: balanced + closed,
    ask: "internet shop/service/web 80",
    tells: ["blocked: the internet should not reach web on 80: a policy stops it at the destination"],
  },
  {
    promise: "tells a policy that names the Service's port from one that names the pods'",
    yaml:
      balanced +
      policy("shop/any", "podSelector: { matchLabels: { app: web } }\ningress: [{ ports: [{ port: 80 }] }]"),
    ask: "internet shop/service/web 80",
    tells: [
      "blocked: the internet should not reach web on 80: a policy stops it at the destination",
      "near: any rule 1 admits 80/TCP: 80 is the Service's port, policies see the pods' own, 8080",
      "fix: Name the pods' port 8080 in shop/any rule 1",
    ],
  },
  {
    promise: "reaches a load balancer's address as its Service",
    yaml: balanced,
    ask: "internet 198.51.100.7 80",
    tells: [
      "reachable: the internet should reach 198.51.100.7 on 80",
      "remark: 198.51.100.7 is an address of Service shop/web, and asked as that",
    ],
  },
  {
    promise: "reaches a Service from the internet by its node port where a node has a public address",
    yaml: publicNodes + webPods + exposed("NodePort"),
    ask: "internet shop/service/web 80",
    tells: [
      "reachable: the internet should reach web on 80",
      "service pass: node port 30080 → port 80, on 1 node with a public address",
      "remark: whether a firewall in front of the nodes lets it through is not in the cluster",
    ],
  },
  {
    promise: "is unknown from the internet by a node port where no node has a public address",
    yaml: base + webPods + exposed("NodePort"),
    ask: "internet shop/service/web 80",
    tells: [
      "unknown: whether the internet reaches web on 80 is not known: node port 30080 → port 80; no node has a public address, so whether the internet gets to the nodes is not known",
    ],
  },
  {
    promise: "reaches a node port from a private address",
    yaml: base + webPods + exposed("NodePort"),
    ask: "10.99.0.1 shop/service/web 80",
    tells: [
      "reachable: 10.99.0.1 should reach web on 80",
      "remark: whether the network around the cluster leads from there to the nodes is not in the cluster",
    ],
  },
  {
    promise: "depends on the node where a node port keeps packets on it",
    yaml:
      base +
      pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080" }) +
      exposed("NodePort", "externalTrafficPolicy: Local"),
    ask: "10.99.0.1 shop/service/web 80",
    tells: [
      "depends: 10.99.0.1 should reach web on 80 only through node-1",
      "endpoints partial: no ready endpoint of web on node-2, and externalTrafficPolicy: Local keeps packets on their node",
    ],
  },
  {
    promise: "reaches a Service by an external IP",
    yaml:
      base +
      webPods +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1", spec: "externalIPs: [203.0.113.50]" }),
    ask: "internet shop/service/web 80",
    tells: ["reachable: the internet should reach web on 80", "service pass: 203.0.113.50 takes port 80"],
  },
  {
    promise: "stops from the internet at a Service with a cluster IP only",
    yaml: base + webPods + exposed("ClusterIP"),
    ask: "internet shop/service/web 80",
    tells: [
      "blocked: the internet should not reach web on 80: nothing leads in from outside",
      "service block: Service web is a ClusterIP, and no Ingress or route leads to it",
      "fix: Name port 80 of service/web as the backend of an Ingress or a route, if it is meant to be reached from outside",
    ],
  },
  {
    promise: "stops from the internet at a cluster IP, though its Service has a load balancer",
    yaml: balanced,
    ask: "internet 10.96.1.1 80",
    tells: [
      "blocked: the internet should not reach 10.96.1.1 on 80: nothing leads in from outside",
      "service block: 10.96.1.1 is a cluster IP, which only nodes and pods of the cluster know",
      "near: Service web has an address for the outside: 198.51.100.7",
    ],
  },
  {
    promise: "stops from the internet at a URL of a cluster IP or a pod's address",
    yaml: balanced,
    ask: "internet http://10.96.1.1/",
    tells: ["blocked: the internet should not reach 10.96.1.1: nothing leads in from outside"],
  },
  {
    promise: "reaches a workload from the internet by the Service that leads to it",
    yaml: balanced,
    ask: "internet shop/statefulset/web 8080",
    tells: ["reachable: the internet should reach web on 8080", "service pass: 198.51.100.7 takes port 80"],
  },
  {
    promise: "stops from the internet at a workload that no Service leads to on that port",
    yaml: balanced,
    ask: "internet shop/statefulset/web 9090",
    tells: [
      "blocked: the internet should not reach web on 9090: nothing leads in from outside",
      "service block: no Service leads to port 9090 of web, only to 8080",
    ],
  },
  {
    promise: "stops from the internet at a workload that only a cluster IP leads to",
    yaml: base + webPods + exposed("ClusterIP"),
    ask: "internet shop/statefulset/web 8080",
    tells: ["blocked: the internet should not reach web on 8080: nothing leads in from outside"],
  },
  {
    promise: "asks only for the workload's own pods behind a Service that leads to others as well",
    yaml:
      base +
      webPods +
      pod("shop/canary-0", {
        ips: ["10.244.1.9"],
        node: "node-1",
        ports: "http:8080",
        labels: "app=web,track=canary",
        owner: "StatefulSet/canary",
      }) +
      exposed("LoadBalancer", "", "198.51.100.7") +
      policy("shop/canary", "podSelector: { matchLabels: { track: canary } }\ningress: []"),
    ask: "internet shop/statefulset/web 8080",
    tells: ["reachable: the internet should reach web on 8080"],
  },
  {
    promise: "stops at the workload's own pods behind a Service that leads to open ones as well",
    yaml:
      base +
      webPods +
      pod("shop/canary-0", {
        ips: ["10.244.1.9"],
        node: "node-1",
        ports: "http:8080",
        labels: "app=web,track=canary",
      }) +
      exposed("LoadBalancer", "", "198.51.100.7") +
      policy("shop/canary", "podSelector: { matchLabels: { track: canary } }\ningress: []"),
    ask: "internet shop/canary-0 8080",
    tells: ["blocked: the internet should not reach canary-0 on 8080: a policy stops it at the destination"],
  },
  {
    promise: "stops where the Service sends nothing to the pods that were asked for",
    yaml:
      base +
      webPods +
      pod("shop/canary-0", {
        ips: ["10.244.1.9"],
        node: "node-1",
        ports: "http:8080",
        labels: "app=web,track=canary",
        ready: false,
      }) +
      exposed("LoadBalancer", "", "198.51.100.7"),
    ask: "internet shop/canary-0 8080",
    tells: ["blocked: the internet should not reach canary-0 on 8080: the Service sends nothing there"],
  },
  {
    promise: "reaches a pod from the internet by a host port of a public node",
    yaml:
      publicNodes +
      pod("shop/edge-0", { ips: ["10.244.1.7"], node: "node-1" }).replace(
        "ports: []",
        "ports: [{ containerPort: 8443, hostPort: 443 }]",
      ),
    ask: "internet shop/edge-0 8443",
    tells: ["reachable: the internet should reach edge-0 on 8443", "service pass: port 443 of 1 node → 8443"],
  },
  {
    promise: "stops at the policy over a pod with a host port",
    yaml:
      publicNodes +
      pod("shop/edge-0", { ips: ["10.244.1.7"], node: "node-1" }).replace(
        "ports: []",
        "ports: [{ containerPort: 8443, hostPort: 443 }]",
      ) +
      policy("shop/closed", "podSelector: {}\ningress: []"),
    ask: "internet shop/edge-0 8443",
    tells: ["blocked: the internet should not reach edge-0 on 8443: a policy stops it at the destination"],
  },
  {
    promise: "reaches a pod on the network of a public node",
    yaml:
      publicNodes +
      pod("shop/edge-0", { ips: ["192.168.0.1"], node: "node-1", ports: "443", spec: "hostNetwork: true" }),
    ask: "internet shop/edge-0 443",
    tells: ["reachable: the internet should reach edge-0 on 443"],
  },
  {
    promise: "depends on which half of a private block sends",
    yaml:
      base +
      webPods +
      policy(
        "shop/half",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 172.16.0.0/13 } }] }]",
      ),
    ask: "172.16.0.0/12 shop/statefulset/web 8080",
    tells: [
      "depends: 172.16.0.0/12 should reach web on 8080 only for 172.16.0.0/13",
      "side for 172.24.0.0/13, blocked",
      "remark: whether the network around the cluster leads from there to pods is not in the cluster",
    ],
  },
  {
    promise: "asks pods and nodes within a block as what they are",
    yaml:
      base +
      webPods +
      cart +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }] }]",
      ),
    ask: "10.244.0.0/16 shop/statefulset/web 8080",
    tells: [
      "depends: 10.244.0.0/16 should reach web on 8080 only from cart-0",
      "5 pods of this cluster have addresses in 10.244.0.0/16",
    ],
  },
  {
    promise: "asks a pod's address as the pod, for a sender",
    yaml:
      base +
      webPods +
      cart +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }] }]",
      ),
    ask: "10.244.1.6 shop/statefulset/web 8080",
    tells: [
      "reachable: 10.244.1.6 should reach web on 8080",
      "remark: 10.244.1.6 is the address of shop/cart-0, and asked as that",
    ],
  },
  {
    promise: "asks a pod's address as the pod, for a destination",
    yaml: base + webPods + cart + closed,
    ask: "shop/cart-0 10.244.1.5 8080",
    tells: [
      "blocked: cart-0 should not reach 10.244.1.5 on 8080: a policy stops it at the destination",
      "remark: 10.244.1.5 is the address of shop/web-0, and asked as that",
    ],
  },
  {
    promise: "asks a node's address as the node",
    yaml: base + webPods + closed,
    ask: "192.168.0.1 shop/web-1 8080",
    tells: [
      "blocked: 192.168.0.1 should not reach web-1 on 8080: a policy stops it at the destination",
      "remark: 192.168.0.1 is the address of node-1, and asked as that",
    ],
  },
  {
    promise: "reaches the pods of a block that is asked for, and leaves the cluster for the rest",
    yaml: base + webPods + cart + closed,
    ask: "shop/cart-0 10.244.0.0/16 8080",
    tells: [
      "depends: cart-0 should reach 10.244.0.0/16 on 8080 only to cart-0, coredns-1, coredns-2 and 1 more",
    ],
  },
  {
    promise: "stops from the internet at a block of private addresses",
    yaml: base + webPods,
    ask: "internet 10.244.0.0/16 8080",
    tells: [
      "blocked: the internet should not reach 10.244.0.0/16 on 8080: its addresses are private",
      "service block: what the cluster has in 10.244.0.0/16 has private addresses, to which nothing leads from the internet",
    ],
  },
  {
    promise: "is unknown from the internet to a node without a public address",
    yaml: base,
    ask: "internet node/node-1 22",
    tells: [
      "unknown: whether the internet reaches node-1 on 22 is not known: node-1 has no public address, so whether the internet gets to it is not known",
    ],
  },
  {
    promise: "reaches a public node from the internet",
    yaml: publicNodes,
    ask: "internet node/node-1 22",
    tells: [
      "reachable: the internet should reach node-1 on 22",
      "destination pass: on node node-1; what listens there is not in the cluster",
    ],
  },
  {
    promise: "goes through a node port that a node is asked on",
    yaml: base + webPods + exposed("NodePort") + closed,
    ask: "10.99.0.1 node/node-1 30080",
    tells: [
      "blocked: 10.99.0.1 should not reach node-1 on 30080: a policy stops it at the destination",
      "service pass: node port 30080 → port 80",
    ],
  },
  {
    promise: "leaves for the internet",
    yaml: base + cart,
    ask: "shop/cart-0 internet 443",
    tells: [
      "reachable: cart-0 should reach the internet on 443",
      "destination pass: leaves the cluster; what happens there is not in the cluster",
    ],
  },
  {
    promise: "leaves for the internet past an exception for private addresses",
    yaml:
      base +
      cart +
      policy(
        "shop/out",
        "podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16] } }] }]",
      ),
    ask: "shop/cart-0 internet 443",
    tells: [
      "reachable: cart-0 should reach the internet on 443",
      "egress-policy pass: allowed by shop/out rule 1: addresses in 0.0.0.0/0 except",
    ],
  },
  {
    promise: "depends on the address where a public block is excepted",
    yaml:
      base +
      cart +
      policy(
        "shop/out",
        "podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [203.0.113.0/24] } }] }]",
      ),
    ask: "shop/cart-0 internet 443",
    tells: [
      "depends: cart-0 should reach the internet on 443 only to the rest of the internet",
      "side to 203.0.113.0/24, blocked",
      "near: out rule 1 lets out to addresses in 0.0.0.0/0 except 203.0.113.0/24, which is what is asked for",
    ],
  },
  {
    promise: "reaches the internet on one port, and remarks on all others",
    yaml:
      base +
      cart +
      policy("shop/out", "podSelector: {}\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 443 }] }]"),
    ask: "shop/cart-0 internet",
    tells: [
      "reachable: cart-0 should reach the internet on 443",
      "remark: asked on port 443; blocked on any port but 443",
    ],
  },
  {
    promise: "reaches the internet on any port but the one that a rule of a tier denies",
    yaml:
      base +
      cart +
      `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: no-mail }
spec:
  tier: Admin
  priority: 10
  subject: { namespaces: {} }
  egress: [{ action: Deny, to: [{ networks: [0.0.0.0/0] }], protocols: [{ tcp: { destinationPort: { number: 25 } } }] }]
---`,
    ask: "shop/cart-0 internet",
    tells: [
      "reachable: cart-0 should reach the internet on any port but 25",
      "remark: asked on any port but 25; blocked on port 25",
    ],
  },
  {
    promise: "leaves for a URL that nothing here serves, and names the nearest host that is",
    yaml:
      base +
      cart +
      `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
---`,
    ask: "shop/cart-0 https://shop.exmaple.com/",
    tells: [
      "reachable: cart-0 should reach shop.exmaple.com",
      "remark: no Gateway and no Ingress here serves shop.exmaple.com; one serves shop.example.com",
      "destination pass: leaves the cluster",
    ],
  },
  {
    promise: "stops a URL outside at the egress",
    yaml:
      base +
      cart +
      policy(
        "shop/out",
        "podSelector: {}\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 53, protocol: UDP }] }]",
      ),
    ask: "shop/cart-0 https://api.example.com/",
    tells: ["blocked: cart-0 should not reach api.example.com: a policy stops it at the source"],
  },
  {
    promise: "leaves for a URL outside from a node",
    yaml: base,
    ask: "node/node-1 https://api.example.com/",
    tells: [
      "reachable: node-1 should reach api.example.com",
      "dns pass: api.example.com is a name outside the cluster, and the node's resolver is asked",
    ],
  },
  {
    promise: "stops from outside at a name of the cluster's DNS",
    yaml: balanced,
    ask: "internet web.shop.svc.cluster.local 80",
    tells: [
      "blocked: the internet should not reach web.shop.svc.cluster.local on 80: its name does not resolve there",
    ],
  },
  {
    promise: "asks in a cluster of both families for each of them",
    yaml: bothFamilies("{ ip: 198.51.100.7 }, { ip: '2001:db8::7' }"),
    ask: "internet shop/service/web 80",
    tells: [
      "depends: the internet should reach web on 80 only for the internet over IPv4",
      "side for the internet over IPv6, blocked",
    ],
  },
  {
    promise: "asks in a cluster of both families by those only that the load balancer has an address of",
    yaml: bothFamilies("{ ip: 198.51.100.7 }"),
    ask: "internet shop/service/web 80",
    tells: ["reachable: the internet should reach web on 80"],
  },
  {
    promise: "asks by the family of an address that was asked for",
    yaml:
      bothFamilies("{ ip: 198.51.100.7 }") +
      cart.replace('{ ip: "10.244.1.6" }', '{ ip: "10.244.1.6" }, { ip: "fd00:10::6" }'),
    ask: "shop/cart-0 10.244.1.5 8080",
    tells: ["reachable: cart-0 should reach 10.244.1.5 on 8080"],
  },
  {
    promise: "asks by the family of an address that sends",
    yaml:
      bothFamilies("{ ip: 198.51.100.7 }") +
      cart.replace('{ ip: "10.244.1.6" }', '{ ip: "10.244.1.6" }, { ip: "fd00:10::6" }'),
    ask: "fd00:10::6 shop/web-0 8080",
    tells: ["blocked: fd00:10::6 should not reach web-0 on 8080: a policy stops it at the destination"],
  },
  {
    promise: "goes through a host port that a node is asked on",
    yaml:
      base +
      pod("shop/edge-0", { ips: ["10.244.1.7"], node: "node-1" }).replace(
        "ports: []",
        "ports: [{ containerPort: 8443, hostPort: 443 }]",
      ) +
      policy("shop/closed", "podSelector: {}\ningress: []"),
    ask: "10.99.0.1 node/node-1 443",
    tells: [
      "blocked: 10.99.0.1 should not reach node-1 on 443: a policy stops it at the destination",
      "service pass: host port 443 → port 8443 of edge-0",
    ],
  },
  {
    promise: "tells Services apart that share a load balancer's address",
    yaml:
      balanced +
      pod("shop/dns-0", { ips: ["10.244.1.8"], node: "node-1", ports: "5353" }) +
      service("shop/dns", { ports: "5353", ip: "10.96.1.2", spec: "type: LoadBalancer" }).replace(
        "\n---",
        "\nstatus: { loadBalancer: { ingress: [{ ip: 198.51.100.7 }] } }\n---",
      ),
    ask: "internet 198.51.100.7 80",
    tells: [
      "reachable: the internet should reach 198.51.100.7 on 80",
      "remark: 198.51.100.7 is an address of Service shop/web, and asked as that",
    ],
  },
  {
    promise: "stops from the internet at a port that the Service has not, and asks no further",
    yaml: balanced,
    ask: "internet shop/service/web 8080",
    tells: [
      "blocked: the internet should not reach web on 8080: the Service has no such port",
      "near: 8080 is the pods' own port; the Service's is 80",
    ],
    never: ["endpoints"],
  },
  {
    promise: "stops at an address beside the pods' that no pod has",
    yaml: ranged + cart,
    ask: "shop/cart-0 10.244.1.99 8080",
    tells: [
      "blocked: cart-0 should not reach 10.244.1.99 on 8080: nobody has its address",
      "destination block: no pod has the address 10.244.1.99; it lies beside the nodes' pod ranges (10.244.1.0/24)",
    ],
  },
  {
    promise: "is unknown at such an address where pods could not be read",
    yaml: ranged + cart,
    unread: ["pods"],
    ask: "node/node-1 10.244.1.99 8080",
    tells: [
      "unknown: whether node-1 reaches 10.244.1.99 on 8080 is not known: no pod that was read has the address 10.244.1.99; it lies beside the nodes' pod ranges (10.244.1.0/24)",
    ],
  },
  {
    promise: "goes to the first address of a node's range, which the node has for itself",
    yaml: ranged + cart,
    ask: "shop/cart-0 10.244.1.1 8080",
    tells: ["reachable: cart-0 should reach 10.244.1.1 on 8080"],
  },
  {
    promise: "takes the name of a load balancer as its address, from outside",
    yaml:
      base +
      webPods +
      exposed("LoadBalancer", "", "").replace(
        "loadBalancer: {  }",
        "loadBalancer: { ingress: [{ hostname: lb-1.example.net }] }",
      ),
    ask: "internet lb-1.example.net 80",
    tells: [
      "reachable: the internet should reach lb-1.example.net on 80",
      "service pass: lb-1.example.net takes port 80",
    ],
  },
];
