/**
 * For tests only: questions at the edges of what the API's documentation says, where tools are most often wrong. Each
 * promise follows from the comments of the API's types, a concept page of kubernetes.io, or kube-proxy's own source.
 */
import { base, node, pod, policy, service } from "../cluster-yaml.ts";
import type { TraceCase } from "../trace-case.ts";

const cart = pod("shop/cart-0", { ips: ["10.244.1.6"], node: "node-1", ports: "http:8080" });
const web = pod("shop/web-0", { ips: ["10.244.2.5"], node: "node-2", ports: "8080" });
const webService = service("shop/web", { ports: "80:8080", ip: "10.96.1.1" });
const shop = base + cart + web;

/** Of the pods of shop/web. */
const onWeb = (rules: string) => policy("shop/web", `podSelector: { matchLabels: { app: web } }\n${rules}`);
/** Egress of shop/cart. */
const onCart = (rules: string) =>
  policy(
    "shop/cart",
    `podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [${rules}]`,
  );

/** A pod with an init container, which is a native sidecar where it restarts. */
const withInit = (restarts: string) =>
  pod("shop/web-0", {
    ips: ["10.244.2.5"],
    node: "node-2",
    ports: "8080",
    spec: `initContainers: [{ name: proxy, image: proxy, ${restarts}ports: [{ name: admin, containerPort: 15001 }, { name: dns, containerPort: 53, protocol: UDP }] }]`,
  });
const sidecar = base + cart + withInit("restartPolicy: Always, ");
const initOnly = base + cart + withInit("");

const portCases: readonly TraceCase[] = [
  {
    promise: "admits by the name of a native sidecar's port",
    yaml: sidecar + onWeb("ingress: [{ ports: [{ port: admin }] }]"),
    ask: "shop/cart-0 shop/web-0 15001",
    tells: [
      "reachable: cart-0 should reach web-0 on 15001",
      "ingress-policy pass: allowed by shop/web rule 1: anyone, admin/TCP",
    ],
  },
  {
    promise: "does not admit by the name of a port that only an init container has, which has ended",
    yaml: initOnly + onWeb("ingress: [{ ports: [{ port: admin }] }]"),
    ask: "shop/cart-0 shop/web-0 15001",
    tells: [
      "blocked: cart-0 should not reach web-0 on 15001: a policy stops it at the destination",
      "near: web rule 1 admits admin/TCP; the packet arrives on 15001/TCP, and web-0 declares no port named admin",
    ],
  },
  {
    promise: "asks a port's name and its protocol together",
    yaml: sidecar + onWeb("ingress: [{ ports: [{ port: dns }] }]"),
    ask: "shop/cart-0 shop/web-0 53 UDP",
    tells: ["blocked: cart-0 should not reach web-0 on 53/UDP: a policy stops it at the destination"],
  },
  {
    promise: "looks up a port's name of an egress rule on the destination, not on the sender",
    yaml: sidecar + onCart("{ ports: [{ port: admin }] }"),
    ask: "shop/cart-0 shop/web-0 15001",
    tells: ["reachable: cart-0 should reach web-0 on 15001"],
  },
  {
    promise: "knows no port's name of what is no pod",
    yaml: shop + onCart("{ ports: [{ port: http }] }"),
    ask: "shop/cart-0 203.0.113.7 8080",
    tells: ["blocked: cart-0 should not reach 203.0.113.7 on 8080: a policy stops it at the source"],
  },
  {
    promise: "admits the last port of a range",
    yaml: initOnly + onWeb("ingress: [{ ports: [{ port: 15000, endPort: 15001 }] }]"),
    ask: "shop/cart-0 shop/web-0 15001",
    tells: ["reachable: cart-0 should reach web-0 on 15001"],
  },
  {
    promise: "does not admit the port behind a range",
    yaml: initOnly + onWeb("ingress: [{ ports: [{ port: 15000, endPort: 15001 }] }]"),
    ask: "shop/cart-0 shop/web-0 15002",
    tells: ["blocked: cart-0 should not reach web-0 on 15002: a policy stops it at the destination"],
  },
  {
    promise: "does not know what a range from a port's name means, which the API refuses",
    yaml: sidecar + onWeb("ingress: [{ ports: [{ port: admin, endPort: 15001 }] }]"),
    ask: "shop/cart-0 shop/web-0 15001",
    tells: [
      "unknown: whether cart-0 reaches web-0 on 15001 is not known: NetworkPolicy web is not valid: spec.ingress[0].ports[0].endPort needs a port that is a number; what it does is not known",
    ],
  },
  {
    promise: "takes a clause with a protocol and no port for every port of that protocol only",
    yaml: shop + onWeb("ingress: [{ ports: [{ protocol: UDP }] }]"),
    ask: "shop/cart-0 shop/web-0 8080",
    tells: ["blocked: cart-0 should not reach web-0 on 8080: a policy stops it at the destination"],
  },
];

const sctp =
  base +
  cart +
  pod("shop/web-0", { ips: ["10.244.2.5"], node: "node-2", ports: "sig:3868/SCTP dns:53/UDP" }) +
  service("shop/web", { ports: "sig:3868:sig/SCTP dns:53:dns/UDP tcp:53:dns", ip: "10.96.1.1" });

const protocolCases: readonly TraceCase[] = [
  {
    promise: "reaches an SCTP port by its name",
    yaml: sctp + onWeb("ingress: [{ ports: [{ port: sig, protocol: SCTP }] }]"),
    ask: "shop/cart-0 shop/service/web sig SCTP",
    tells: ["reachable: cart-0 should reach web on 3868/SCTP"],
  },
  {
    promise: "takes a rule without a protocol for TCP",
    yaml: sctp + onWeb("ingress: [{ ports: [{ port: 3868 }] }]"),
    ask: "shop/cart-0 shop/service/web 3868 SCTP",
    tells: [
      "blocked: cart-0 should not reach web on 3868/SCTP: a policy stops it at the destination",
      "near: web rule 1 admits 3868/TCP; the packet arrives on 3868/SCTP",
    ],
  },
  {
    promise: "resolves a named target port for the Service port's own protocol",
    yaml: sctp,
    ask: "shop/cart-0 shop/service/web 53",
    tells: [
      "blocked: cart-0 should not reach web on 53: the Service's target port leads nowhere",
      "near: pods declare the port name dns for UDP, the Service asks TCP",
    ],
  },
  {
    promise: "reaches a UDP port beside a TCP one of the same number",
    yaml: sctp,
    ask: "shop/cart-0 shop/service/web 53 UDP",
    tells: ["reachable: cart-0 should reach web on 53/UDP"],
  },
];

const cart6 = pod("shop/cart-0", { ips: ["fd00:10::6"], node: "node-1" });
const cart46 = pod("shop/cart-0", { ips: ["10.244.1.6", "fd00:10::6"], node: "node-1" });
const web6 = pod("shop/web-1", { ips: ["fd00:10::7"], node: "node-2", ports: "8080" });
const web46 = pod("shop/web-0", { ips: ["10.244.2.5", "fd00:10::5"], node: "node-2", ports: "8080" });
const dualService = service("shop/web", {
  ports: "80:8080",
  ip: "10.96.1.1",
  spec: "clusterIPs: [10.96.1.1, fd00:96::1]\nipFamilies: [IPv4, IPv6]\nipFamilyPolicy: PreferDualStack",
});

const familyCases: readonly TraceCase[] = [
  {
    promise: "stops an IPv4 sender at a dual-stack Service whose pods have IPv6 only",
    yaml: base + cart + web6 + dualService,
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "blocked: cart-0 should not reach web on 80: its ends have no address family in common",
      "destination block: cart-0 and web-1 have no address family in common",
    ],
  },
  {
    promise: "depends on the family from a dual-stack sender to a Service whose pods have IPv6 only",
    yaml: base + cart46 + web6 + dualService,
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "depends: cart-0 should reach web on 80 only over IPv6",
      "service pass: [fd00:96::1]:80 → [fd00:10::7]:8080",
      "side over IPv4, blocked: no endpoint of web has an IPv4 address",
    ],
  },
  {
    promise: "never chooses an endpoint without an address of the packet's family",
    yaml: base + cart + web46 + web6 + dualService,
    ask: "shop/cart-0 shop/service/web 80",
    tells: ["reachable: cart-0 should reach web on 80"],
    never: ["web-1 have no address family"],
  },
  {
    promise: "asks the policies over those endpoints only that have the packet's family",
    yaml:
      base +
      cart +
      web46 +
      pod("shop/web-1", {
        labels: "app=web,closed=yes",
        ips: ["fd00:10::7"],
        node: "node-2",
        ports: "8080",
      }) +
      dualService +
      policy("shop/closed", "podSelector: { matchLabels: { closed: 'yes' } }\ningress: []"),
    ask: "shop/cart-0 shop/service/web 80",
    tells: ["reachable: cart-0 should reach web on 80"],
  },
  {
    promise: "reaches by IPv6 from a sender that has no other, past DNS that answers by IPv4",
    yaml: base + cart6 + web6 + dualService,
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "depends: cart-0 should reach web on 80 only by its address",
      "service pass: [fd00:96::1]:80 → [fd00:10::7]:8080",
    ],
  },
  {
    promise: "takes a block of every IPv4 address for no IPv6 one",
    yaml: base + cart46 + web46 + onWeb("ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]"),
    ask: "shop/cart-0 shop/web-0 8080",
    tells: ["depends: cart-0 should reach web-0 on 8080 only over IPv4"],
  },
  {
    promise: "knows an IPv6 address in whatever spelling",
    yaml: base + cart46 + web46 + onWeb("ingress: []"),
    ask: "shop/cart-0 FD00:0010:0:0::5 8080",
    tells: [
      "blocked: cart-0 should not reach fd00:10::5 on 8080: a policy stops it at the destination",
      "remark: fd00:10::5 is the address of shop/web-0, and asked as that",
    ],
  },
  {
    promise: "sends to an IPv4 address in IPv6 clothes as IPv4",
    yaml: base + cart46 + web46 + onWeb("ingress: []"),
    ask: "shop/cart-0 ::ffff:10.244.2.5 8080",
    tells: ["blocked: cart-0 should not reach 10.244.2.5 on 8080: a policy stops it at the destination"],
  },
  {
    promise: "knows a Service's IPv6 address in whatever spelling",
    yaml: base + cart46 + web46 + dualService.replace("fd00:96::1]", "FD00:96:0::1]"),
    ask: "shop/cart-0 fd00:96::1 80",
    tells: [
      "reachable: cart-0 should reach fd00:96::1 on 80",
      "service pass: [fd00:96::1]:80 → [fd00:10::5]:8080",
    ],
  },
];

const draining = (of: string) =>
  pod(`shop/web-${of}`, {
    ips: [`10.244.${of}.5`],
    node: `node-${of}`,
    ports: "8080",
    meta: 'deletionTimestamp: "2025-12-31T23:59:00Z"',
  });
const live = (of: string, ready = true) =>
  pod(`shop/web-${of}`, { ips: [`10.244.${of}.5`], node: `node-${of}`, ports: "8080", ready });
const publicNodes =
  base.replace(/\napiVersion: v1\nkind: Node\n[\s\S]*?\n---/g, "") +
  node("node-1", ["192.168.0.1", "203.0.113.1"]) +
  node("node-2", ["192.168.0.2", "203.0.113.2"]);
const balancer = (spec: string, address = "ip: 198.51.100.7") =>
  service("shop/web", {
    ports: "80:8080:30080",
    ip: "10.96.1.1",
    spec: `type: LoadBalancer\n${spec}`,
  }).replace("\n---", `\nstatus: { loadBalancer: { ingress: [{ ${address} }] } }\n---`);
const nodePort = (spec: string) =>
  service("shop/web", { ports: "80:8080:30080", ip: "10.96.1.1", spec: `type: NodePort\n${spec}` });

const endpointCases: readonly TraceCase[] = [
  {
    promise: "sends a load balancer's packets to ready endpoints, not to those that terminate elsewhere",
    yaml: base + draining("1") + live("2") + balancer("externalTrafficPolicy: Local"),
    ask: "internet shop/service/web 80",
    tells: ["reachable: the internet should reach web on 80", "endpoints pass: ready on node-2, 1 of 1"],
  },
  {
    promise: "does not know what a load balancer does whose nodes all fail its health check",
    yaml: base + draining("1") + balancer("externalTrafficPolicy: Local"),
    ask: "internet shop/service/web 80",
    tells: [
      "unknown: whether the internet reaches web on 80 is not known: no endpoint of web is ready, so by externalTrafficPolicy: Local every node fails the load balancer's health check; whether it still sends to one is left to it",
    ],
  },
  {
    promise: "reaches what terminates behind a load balancer that sends to any node",
    yaml: base + draining("1") + balancer("externalTrafficPolicy: Cluster"),
    ask: "internet shop/service/web 80",
    tells: [
      "reachable: the internet should reach web on 80",
      "endpoints pass: serving while terminating on node-1, 1 of 1",
    ],
  },
  {
    promise: "reaches what terminates by a node port of its node only",
    yaml: publicNodes + draining("1") + nodePort("externalTrafficPolicy: Local"),
    ask: "internet shop/service/web 80",
    tells: ["depends: the internet should reach web on 80 only through node-1"],
  },
  {
    promise: "asks for ready endpoints on each node by itself",
    yaml:
      base +
      cart +
      draining("1") +
      live("2") +
      service("shop/web", { ports: "80:8080", ip: "10.96.1.1", spec: "internalTrafficPolicy: Local" }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "endpoints pass: serving while terminating on node-1, 1 of 1",
    ],
  },
  {
    promise: "takes endpoints for ready on their node where the Service publishes them before they are",
    yaml:
      base +
      cart +
      live("1", false) +
      live("2") +
      service("shop/web", {
        ports: "80:8080",
        ip: "10.96.1.1",
        spec: "internalTrafficPolicy: Local\npublishNotReadyAddresses: true",
      }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: ["reachable: cart-0 should reach web on 80", "endpoints pass: ready on node-1, 1 of 2"],
  },
  {
    promise: "drops what comes from outside to a node port of a node without an endpoint",
    yaml: publicNodes + live("2") + nodePort("externalTrafficPolicy: Local"),
    ask: "203.0.113.200 node/node-1 30080",
    tells: ["blocked: 203.0.113.200 should not reach node-1 on 30080: no endpoint is ready on node-1"],
  },
  {
    promise: "does not know whether the internet gets to a node port of a node without a public address",
    yaml: base + live("2") + nodePort("externalTrafficPolicy: Cluster"),
    ask: "internet node/node-1 30080",
    tells: [
      "unknown: whether the internet reaches node-1 on 30080 is not known: node-1 has no public address, so whether the internet gets to it is not known",
    ],
  },
  {
    promise: "does not know whether a public address gets to a host port of a node without one",
    yaml:
      base +
      pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1" }).replace(
        "ports: []",
        "ports: [{ containerPort: 8080, hostPort: 80 }]",
      ),
    ask: "203.0.113.200 node/node-1 80",
    tells: [
      "unknown: whether 203.0.113.200 reaches node-1 on 80 is not known: node-1 has no public address, so whether the internet gets to it is not known",
    ],
  },
  {
    promise:
      "reaches a node port from a private address, as far as the network around the cluster leads there",
    yaml: base + live("2") + nodePort("externalTrafficPolicy: Cluster"),
    ask: "10.99.0.1 node/node-1 30080",
    tells: [
      "reachable: 10.99.0.1 should reach node-1 on 30080",
      "remark: whether the network around the cluster leads from there to nodes is not in the cluster",
    ],
  },
  {
    promise: "drops what a pod sends to a node port of another node without an endpoint",
    yaml:
      base +
      pod("shop/cart-0", { ips: ["10.244.2.6"], node: "node-2" }) +
      live("2") +
      nodePort("externalTrafficPolicy: Local"),
    ask: "shop/cart-0 node/node-1 30080",
    tells: ["blocked: cart-0 should not reach node-1 on 30080: no endpoint is ready on node-1"],
  },
  {
    promise: "leads a pod's packets for its own node's node port to any endpoint",
    yaml: base + cart + live("2") + nodePort("externalTrafficPolicy: Local"),
    ask: "shop/cart-0 node/node-1 30080",
    tells: ["reachable: cart-0 should reach node-1 on 30080", "endpoints pass: ready on node-2, 1 of 1"],
  },
  {
    promise: "asks a pod's egress for the pods behind its own node's node port",
    yaml:
      base +
      cart +
      live("2") +
      nodePort("externalTrafficPolicy: Cluster") +
      onCart("{ to: [{ podSelector: { matchLabels: { app: web } } }] }"),
    ask: "shop/cart-0 node/node-1 30080",
    tells: [
      "reachable: cart-0 should reach node-1 on 30080",
      "egress-policy pass: allowed by shop/cart rule 1: pods with app=web of shop, every port",
    ],
  },
  {
    promise: "asks a pod's egress for another node whose node port it asks",
    yaml:
      base +
      cart +
      live("2") +
      nodePort("externalTrafficPolicy: Cluster") +
      onCart("{ to: [{ podSelector: { matchLabels: { app: web } } }] }"),
    ask: "shop/cart-0 node/node-2 30080",
    tells: ["blocked: cart-0 should not reach node-2 on 30080: a policy stops it at the source"],
  },
  {
    promise: "does not let a pod out to its own node's node port by a rule for nodes",
    yaml:
      base +
      cart +
      live("2") +
      nodePort("externalTrafficPolicy: Cluster") +
      onCart("{ to: [{ ipBlock: { cidr: 192.168.0.0/24 } }] }"),
    ask: "shop/cart-0 node/node-1 30080",
    tells: ["blocked: cart-0 should not reach node-1 on 30080: a policy stops it at the source"],
  },
  {
    promise: "leads a node's packets for its own node port to any endpoint",
    yaml: base + live("2") + nodePort("externalTrafficPolicy: Local"),
    ask: "node/node-1 192.168.0.1 30080",
    tells: ["reachable: node-1 should reach 192.168.0.1 on 30080"],
  },
];

const addressCases: readonly TraceCase[] = [
  {
    promise: "asks egress for pods, not for the load balancer's address that led to them",
    yaml:
      shop +
      balancer("externalTrafficPolicy: Cluster") +
      onCart("{ to: [{ ipBlock: { cidr: 198.51.100.7/32 } }] }"),
    ask: "shop/cart-0 198.51.100.7 80",
    tells: ["blocked: cart-0 should not reach 198.51.100.7 on 80: a policy stops it at the source"],
  },
  {
    promise: "asks egress for the address of a load balancer that no node takes for its own",
    yaml:
      shop +
      balancer("externalTrafficPolicy: Cluster", "ip: 198.51.100.7, ipMode: Proxy") +
      onCart("{ to: [{ podSelector: {} }] }"),
    ask: "shop/cart-0 198.51.100.7 80",
    tells: [
      "blocked: cart-0 should not reach 198.51.100.7 on 80: a policy stops it at the source",
      "egress-policy block: no rule lets it out; isolated by shop/cart",
      "service pass: 198.51.100.7 takes port 80",
    ],
  },
  {
    promise: "does not know whom policies see behind a load balancer that no node takes for its own",
    yaml:
      shop +
      balancer("externalTrafficPolicy: Local", "ip: 198.51.100.7, ipMode: Proxy") +
      onWeb("ingress: [{ from: [{ podSelector: {} }] }]"),
    ask: "shop/cart-0 198.51.100.7 80",
    tells: [
      "unknown: whether cart-0 reaches 198.51.100.7 on 80 is not known: from which addresses the load balancer of web sends is not known, and a policy decides by who sends",
    ],
  },
  {
    promise: "admits a pod within the source ranges of a load balancer",
    yaml: shop + balancer("loadBalancerSourceRanges: [10.244.0.0/16]"),
    ask: "shop/cart-0 198.51.100.7 80",
    tells: ["reachable: cart-0 should reach 198.51.100.7 on 80"],
  },
  {
    promise: "stops a node that the source ranges of a load balancer leave out",
    yaml: shop + balancer("loadBalancerSourceRanges: [203.0.113.0/24]"),
    ask: "node/node-1 198.51.100.7 80",
    tells: [
      "blocked: node-1 should not reach 198.51.100.7 on 80: its load balancer does not admit the sender",
    ],
  },
  {
    promise: "has no source ranges at a node port",
    yaml: publicNodes + web + balancer("loadBalancerSourceRanges: [203.0.113.0/24]"),
    ask: "203.0.114.9 node/node-1 30080",
    tells: ["reachable: 203.0.114.9 should reach node-1 on 30080"],
  },
  {
    promise: "leads packets from inside for an external IP to any endpoint, whatever the traffic policy",
    yaml:
      shop +
      service("shop/web", {
        ports: "80:8080",
        ip: "10.96.1.1",
        spec: "externalIPs: [192.0.2.50]\nexternalTrafficPolicy: Local",
      }),
    ask: "shop/cart-0 192.0.2.50 80",
    tells: ["reachable: cart-0 should reach 192.0.2.50 on 80"],
  },
  {
    promise: "takes no packets at an external IP on a port that the Service has not",
    yaml:
      shop + service("shop/web", { ports: "80:8080", ip: "10.96.1.1", spec: "externalIPs: [192.0.2.50]" }),
    ask: "shop/cart-0 192.0.2.50 81",
    tells: ["blocked: cart-0 should not reach 192.0.2.50 on 81: the Service has no such port"],
  },
];

const externalName = (name: string, target: string, more = "") => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { type: ExternalName, externalName: "${target}"${more} }
---`;
const db = (spec: string) =>
  pod("shop/db-0", { ips: ["10.244.2.9"], node: "node-2", ports: "5432", spec }) +
  service("shop/db", { ports: "5432", ip: "None" });
const named = db("hostname: db-0\n  subdomain: db");
/** Written by hand for shop/ext, beside the controller's own for DNS. */
const sliceTo = (address: string, type = "IPv4") => `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ext-1, namespace: shop, labels: { kubernetes.io/service-name: ext } }
addressType: ${type}
ports: [{ name: "", port: 5432, protocol: TCP }]
endpoints: [{ addresses: ["${address}"], conditions: { ready: true } }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: kube-dns-1, namespace: kube-system, labels: { kubernetes.io/service-name: kube-dns } }
addressType: IPv4
ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53, protocol: TCP }]
endpoints:
  - { addresses: [10.244.1.2], conditions: { ready: true }, nodeName: node-1, targetRef: { kind: Pod, namespace: kube-system, name: coredns-1 } }
---`;

const nameCases: readonly TraceCase[] = [
  {
    promise: "asks behind an ExternalName for its target's ports, whatever ports it lists itself",
    yaml:
      shop +
      webService +
      externalName("alias", "web.shop.svc.cluster.local", ", ports: [{ port: 9999, targetPort: 80 }]"),
    ask: "shop/cart-0 shop/service/alias 9999",
    tells: ["blocked: cart-0 should not reach alias on 9999: the Service has no such port"],
  },
  {
    promise: "takes the target of an ExternalName for absolute",
    yaml: shop + webService + externalName("alias", "web.shop"),
    ask: "shop/cart-0 alias 80",
    tells: [
      "blocked: cart-0 should not reach alias on 80: its name does not resolve",
      "near: ask for web.shop.svc.cluster.local",
    ],
  },
  {
    promise: "reads the target of an ExternalName in any case, with or without a final dot",
    yaml: shop + webService + externalName("alias", "WEB.shop.svc.cluster.local."),
    ask: "shop/cart-0 alias 80",
    tells: ["reachable: cart-0 should reach alias on 80"],
  },
  {
    promise: "stops at an ExternalName of itself",
    yaml: shop + externalName("alias", "alias.shop.svc.cluster.local"),
    ask: "shop/cart-0 shop/service/alias 80",
    tells: [
      "blocked: cart-0 should not reach alias on 80: its name does not resolve",
      "which leads back to it",
    ],
  },
  {
    promise: "follows an ExternalName to one pod below a headless Service",
    yaml: shop + named + externalName("alias", "db-0.db.shop.svc.cluster.local"),
    ask: "shop/cart-0 alias 5432",
    tells: ["reachable: cart-0 should reach alias on 5432", "dns pass: alias → pod db-0"],
  },
  {
    promise: "stops at a pod's name below a Service that is not its subdomain",
    yaml: shop + db("hostname: db-0\n  subdomain: database"),
    ask: "shop/cart-0 db-0.db 5432",
    tells: [
      "blocked: cart-0 should not reach db-0.db on 5432: its name does not resolve",
      "near: pod db-0 has its name below database: ask for db-0.database.shop",
    ],
  },
  {
    promise: "stops at a pod's name below its subdomain where no Service has that name",
    yaml: shop + db("hostname: db-0\n  subdomain: database"),
    ask: "shop/cart-0 db-0.database 5432",
    tells: [
      "blocked: cart-0 should not reach db-0.database on 5432: its name does not resolve",
      "dns block: no Service database in shop",
      "near: pod db-0 has its name below a headless Service database",
    ],
  },
  {
    promise: "stops at a pod's name below a headless Service where its spec sets none",
    yaml: shop + db(""),
    ask: "shop/cart-0 db-0.db 5432",
    tells: [
      "blocked: cart-0 should not reach db-0.db on 5432: its name does not resolve",
      "near: pod db-0 has no name below a Service: for that, its spec sets hostname and subdomain",
    ],
  },
  {
    promise: "leaves for the addresses that someone wrote for a headless Service without ports",
    yaml: shop + service("shop/ext", { selector: "", ports: "", ip: "None" }) + sliceTo("203.0.113.9"),
    ask: "shop/cart-0 shop/service/ext",
    tells: ["reachable: cart-0 should reach ext on 5432"],
  },
  {
    promise: "stops at a headless Service without selector for which nobody wrote addresses",
    yaml: shop + service("shop/ext", { selector: "", ports: "5432", ip: "None" }),
    ask: "shop/cart-0 shop/service/ext 5432",
    tells: [
      "blocked: cart-0 should not reach ext on 5432: no endpoint is ready",
      "endpoints block: no endpoint of ext takes packets: no selector and no EndpointSlice names an address",
    ],
  },
  {
    promise: "asks a headless Service without ports on any port where its pods declare none",
    yaml:
      base +
      cart +
      pod("shop/web-0", { ips: ["10.244.2.5"], node: "node-2" }) +
      service("shop/web", { ports: "", ip: "None" }),
    ask: "shop/cart-0 shop/service/web",
    tells: ["reachable: cart-0 should reach web on any port"],
    never: ["49152"],
  },
  {
    promise: "asks a headless Service on the ports to which its own lead, since nothing translates them",
    yaml: shop + service("shop/web", { ports: "80:8080", ip: "None" }),
    ask: "shop/cart-0 shop/service/web",
    tells: ["reachable: cart-0 should reach web on 8080"],
    never: ["ask on"],
  },
  {
    promise: "keeps to the protocols that a headless Service lists",
    yaml: shop + service("shop/web", { ports: "53/UDP", ip: "None" }),
    ask: "shop/cart-0 shop/service/web - SCTP",
    tells: ["blocked: cart-0 should not reach web: the Service has no such port"],
  },
];

const cache = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: node-local-dns, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: node-local-dns } }
  template:
    metadata: { labels: { k8s-app: node-local-dns } }
    spec: { hostNetwork: true, containers: [{ name: node-cache, image: "registry.k8s.io/dns/k8s-dns-node-cache:1.26.0" }] }
---`;
const askingCache = pod("shop/cart-0", {
  ips: ["10.244.1.6"],
  node: "node-1",
  spec: "dnsPolicy: None\n  dnsConfig: { nameservers: [169.254.20.10], searches: [shop.svc.cluster.local], options: [{ name: ndots, value: '5' }] }",
});
const dnsTo = (to: string) =>
  onCart(
    `{ to: [${to}], ports: [{ port: 53, protocol: UDP }, { port: 53 }] }, { to: [{ podSelector: {} }] }`,
  );
const dnsPods = "{ namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } }";

const dnsCases: readonly TraceCase[] = [
  {
    promise: "needs UDP for DNS, which resolvers ask by first",
    yaml: shop + webService + onCart("{ ports: [{ port: 53 }] }, { to: [{ podSelector: {} }] }"),
    ask: "shop/cart-0 web 80",
    tells: [
      "blocked: cart-0 should not reach web on 80: a policy does not let it ask DNS",
      "near: cart rule 1 lets out 53/TCP; the packet arrives on 53/UDP",
    ],
  },
  {
    promise: "asks NodeLocal DNSCache at its own address, which an ipBlock lets out to",
    yaml: base + web + webService + cache + askingCache + dnsTo("{ ipBlock: { cidr: 169.254.20.10/32 } }"),
    ask: "shop/cart-0 web 80",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "NodeLocal DNSCache answers at 169.254.20.10, egress to it allowed by shop/cart rule 1: addresses in 169.254.20.10/32",
    ],
  },
  {
    promise: "does not let out to NodeLocal DNSCache by a rule for the DNS pods",
    yaml: base + web + webService + cache + askingCache + dnsTo(dnsPods),
    ask: "shop/cart-0 web 80",
    tells: [
      "unknown: whether cart-0 reaches web on 80 is not known: cart-0 runs on node-1: that a pod may always send to its own node is documented, and not every network plugin holds to it",
    ],
  },
  {
    promise: "does not know at which address a kubelet has its pods ask NodeLocal DNSCache",
    yaml: shop + webService + cache + dnsTo(`{ ipBlock: { cidr: 169.254.20.10/32 } }, ${dnsPods}`),
    ask: "shop/cart-0 web 80",
    tells: [
      "unknown: whether cart-0 reaches web on 80 is not known: cart-0 runs on node-1: that a pod may always send to its own node is documented, and not every network plugin holds to it",
      "whether its questions get to DNS is not known: NodeLocal DNSCache answers on the node; cart-0 runs on node-1",
    ],
  },
  {
    promise: "reaches NodeLocal DNSCache and the DNS pods alike by a rule for port 53",
    yaml:
      shop +
      webService +
      cache +
      onCart("{ ports: [{ port: 53, protocol: UDP }, { port: 53 }] }, { to: [{ podSelector: {} }] }"),
    ask: "shop/cart-0 web 80",
    tells: ["reachable: cart-0 should reach web on 80"],
  },
];

const ext = service("shop/ext", { selector: "", ports: "5432", ip: "10.96.1.9" });

const nobodyCases: readonly TraceCase[] = [
  ...(
    [
      [
        "10.96.1.1",
        "10.96.1.1 is the cluster IP of Service shop/web, and what was sent to one Service is not sent on to another",
      ],
      ["127.0.0.1", "127.0.0.1 is a loopback address, which no endpoint may have"],
      ["169.254.169.254", "169.254.169.254 is a link-local address, which no endpoint may have"],
    ] as const
  ).map(
    ([address, why]): TraceCase => ({
      promise: `stops at an endpoint that someone wrote down as ${address}`,
      yaml: shop + webService + ext + sliceTo(address),
      ask: "shop/cart-0 shop/service/ext 5432",
      tells: [
        "blocked: cart-0 should not reach ext on 5432: its endpoint has no address to send to",
        `destination block: ${why}`,
      ],
    }),
  ),
  {
    promise: "does not know what an EndpointSlice of names comes to",
    yaml: shop + ext + sliceTo("db.example.com", "FQDN"),
    ask: "shop/cart-0 shop/service/ext 5432",
    tells: [
      "unknown: whether cart-0 reaches ext on 5432 is not known: an EndpointSlice has the name db.example.com in place of an address, and what comes of that is not defined",
    ],
  },
  {
    promise: "asks the policies over the pod that has an address that someone wrote down",
    yaml: shop + ext + sliceTo("10.244.2.5") + onWeb("ingress: []"),
    ask: "shop/cart-0 shop/service/ext 5432",
    tells: ["blocked: cart-0 should not reach ext on 5432: a policy stops it at the destination"],
  },
  {
    promise: "stops at an address that a pod had before it finished",
    yaml: shop + pod("shop/job-0", { ips: ["10.244.2.9"], node: "node-2", phase: "Succeeded", ready: false }),
    ask: "shop/cart-0 10.244.2.9 8080",
    tells: [
      "blocked: cart-0 should not reach 10.244.2.9 on 8080: nobody has its address",
      "destination block: no pod has the address 10.244.2.9 any more: shop/job-0 has finished",
    ],
  },
  {
    promise: "asks a pod by an address that another had before it finished",
    yaml: shop + pod("shop/job-0", { ips: ["10.244.2.5"], node: "node-2", phase: "Succeeded", ready: false }),
    ask: "shop/cart-0 10.244.2.5 8080",
    tells: ["reachable: cart-0 should reach 10.244.2.5 on 8080"],
  },
  {
    promise: "stops at an address among cluster IPs that no Service has",
    yaml: shop + webService + service("shop/other", { ip: "10.97.3.4" }),
    ask: "shop/cart-0 10.96.7.7 80",
    tells: [
      "blocked: cart-0 should not reach 10.96.7.7 on 80: nobody has its address",
      "destination block: no Service has the address 10.96.7.7; it lies among cluster IPs (10.96.1.1 to 10.97.3.4)",
    ],
  },
  {
    promise: "does not know whose an address among cluster IPs is where Services could not be read in full",
    yaml: shop + webService + service("shop/other", { ip: "10.97.3.4" }),
    as: "manifests",
    ask: "shop/cart-0 10.96.7.7 80",
    tells: [
      "unknown: whether cart-0 reaches 10.96.7.7 on 80 is not known: no Service that was read has the address 10.96.7.7; it lies among cluster IPs (10.96.1.1 to 10.97.3.4)",
    ],
  },
  {
    promise: "leaves the cluster for an address beside cluster IPs",
    yaml: shop + webService,
    ask: "shop/cart-0 10.96.200.7 80",
    tells: ["reachable: cart-0 should reach 10.96.200.7 on 80"],
  },
  {
    promise: "stops a sender that the annotation for source ranges leaves out",
    yaml:
      shop +
      balancer("externalTrafficPolicy: Cluster").replace(
        "metadata: { name: web, namespace: shop }",
        "metadata: { name: web, namespace: shop, annotations: { service.beta.kubernetes.io/load-balancer-source-ranges: '203.0.113.0/24' } }",
      ),
    ask: "203.0.114.9 shop/service/web 80",
    tells: ["blocked: 203.0.114.9 should not reach web on 80: its load balancer does not admit the sender"],
  },
];

const isolation = (rules: string) => policy("payments/all", `podSelector: {}\n${rules}`);
const pay = base + cart + pod("payments/db-0", { ips: ["10.244.2.7"], node: "node-2", ports: "5432" });

const isolationCases: readonly TraceCase[] = [
  ...(
    [
      [
        "takes an empty podSelector for every pod of the policy's own namespace",
        "ingress: [{ from: [{ podSelector: {} }] }]",
        false,
      ],
      [
        "takes an empty namespaceSelector for every pod of every namespace",
        "ingress: [{ from: [{ namespaceSelector: {} }] }]",
        true,
      ],
      ["takes an empty list of peers for anyone", "ingress: [{ from: [] }]", true],
      ["takes null for peers and ports for anyone", "ingress: [{ from: null, ports: null }]", true],
      ["takes an empty list of rules for nobody", "ingress: []", false],
      ["takes an empty rule for anyone", "ingress: [{}]", true],
      ["isolates by no rules at all", "policyTypes: [Ingress]", false],
      ["isolates for Ingress where no types are given", "egress: [{}]", false],
      [
        "does not isolate for Ingress where the types leave it out, whatever its rules",
        "policyTypes: [Egress]\ningress: []",
        true,
      ],
    ] as const
  ).map(
    ([promise, rules, isAdmitted]): TraceCase => ({
      promise,
      yaml: pay + isolation(rules),
      ask: "shop/cart-0 payments/db-0 5432",
      tells: [
        isAdmitted
          ? "reachable: cart-0 should reach db-0 on 5432"
          : "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      ],
    }),
  ),
  {
    promise: "does not isolate for Egress where the types leave it out, whatever its rules",
    yaml: pay + policy("shop/all", "podSelector: {}\npolicyTypes: [Ingress]\negress: []\ningress: [{}]"),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: ["reachable: cart-0 should reach db-0 on 5432"],
  },
  {
    promise: "does not isolate for Egress where no types are given and it has no egress rules",
    yaml: pay + policy("shop/all", "podSelector: {}\negress: []"),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: ["reachable: cart-0 should reach db-0 on 5432"],
  },
  {
    promise: "reaches itself through its Service as the only endpoint, whatever isolates it",
    yaml: base + web + webService + onWeb("policyTypes: [Ingress]"),
    ask: "shop/web-0 shop/service/web 80",
    tells: ["reachable: web-0 should reach web on 80", "ingress-policy pass: a pod always reaches itself"],
  },
  {
    promise: "does not reach itself by its Service's name where it may not ask DNS",
    yaml: base + web + webService + onWeb("policyTypes: [Ingress, Egress]"),
    ask: "shop/web-0 web 80",
    tells: ["blocked: web-0 should not reach web on 80: a policy does not let it ask DNS"],
  },
];

const agents = [1, 2]
  .map((n) =>
    pod(`shop/agent-${n}`, {
      labels: "app=agent",
      ips: [`192.168.0.${n}`],
      node: `node-${n}`,
      spec: "hostNetwork: true",
      ports: "9100",
    }),
  )
  .join("");

const hostCases: readonly TraceCase[] = [
  {
    promise: "lets no policy keep two pods on their nodes' networks apart",
    yaml: base + agents + policy("shop/closed", "podSelector: {}\npolicyTypes: [Ingress, Egress]"),
    ask: "shop/agent-1 shop/agent-2 9100",
    tells: ["reachable: agent-1 should reach agent-2 on 9100"],
  },
  {
    promise: "lets out to a pod on its node's network by a block, not by its labels",
    yaml: base + cart + agents + onCart("{ to: [{ podSelector: { matchLabels: { app: agent } } }] }"),
    ask: "shop/cart-0 shop/agent-2 9100",
    tells: [
      "blocked: cart-0 should not reach agent-2 on 9100: a policy stops it at the source",
      "near: cart rule 1 lets out to pods with app=agent, and agent-2 is on its node's network, where policies see the node",
    ],
  },
  {
    promise: "tells pods of a node from others for one on its network that asks their Service",
    yaml:
      base +
      agents +
      pod("shop/web-1", { ips: ["10.244.1.5"], node: "node-1", ports: "8080" }) +
      web +
      webService +
      onWeb("ingress: []"),
    ask: "shop/agent-1 10.96.1.1 80",
    tells: ["depends: agent-1 should reach 10.96.1.1 on 80 only to web-1", "side to web-0, blocked"],
  },
  {
    promise: "admits a pod on its node's network by its labels where the plugin takes it for a pod",
    yaml:
      base + agents + web + onWeb("ingress: [{ from: [{ podSelector: { matchLabels: { app: agent } } }] }]"),
    settings: { hostNetworkPods: "as-pod" },
    ask: "shop/agent-1 shop/web-0 8080",
    tells: ["reachable: agent-1 should reach web-0 on 8080"],
  },
];

const subject = (namespace: string) =>
  `namespaces: { matchLabels: { kubernetes.io/metadata.name: ${namespace} } }`;
const clusterPolicy = (name: string, priority: number, rules: string, tier = "Admin", of = "payments") => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${name} }
spec: { tier: ${tier}, priority: ${priority}, subject: { ${subject(of)} }, ${rules} }
---`;
const adminPolicy = (rules: string) => `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: admin }
spec: { priority: 5, subject: { ${subject("shop")} }, ${rules} }
---`;
const everyPod = (action: string) => `ingress: [{ action: ${action}, from: [{ namespaces: {} }] }]`;
const asksDb = "shop/cart-0 payments/db-0 5432";
const reachesDb = "reachable: cart-0 should reach db-0 on 5432";
const stoppedAtDb = "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination";
const stoppedAtCart = "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the source";

const tierCases: readonly TraceCase[] = [
  {
    promise: "comes by Pass to the Baseline tier where no NetworkPolicy isolates",
    yaml:
      pay +
      clusterPolicy("pass", 5, everyPod("Pass")) +
      clusterPolicy("deny", 1, everyPod("Deny"), "Baseline"),
    ask: asksDb,
    tells: [stoppedAtDb, "denied by ClusterNetworkPolicy deny rule 1"],
  },
  {
    promise: "skips by Pass the later rules of the policy and of the tier",
    yaml:
      pay +
      clusterPolicy(
        "pass",
        5,
        "ingress: [{ action: Pass, from: [{ namespaces: {} }] }, { action: Deny, from: [{ namespaces: {} }] }]",
      ) +
      clusterPolicy("deny", 6, everyPod("Deny")),
    ask: asksDb,
    tells: [reachesDb],
  },
  {
    promise: "knows what two policies of one priority agree on",
    yaml: pay + clusterPolicy("a", 5, everyPod("Deny")) + clusterPolicy("b", 5, everyPod("Deny")),
    ask: asksDb,
    tells: [stoppedAtDb],
  },
  {
    promise: "knows what two policies of one priority come to where they differ and it makes no difference",
    yaml: pay + clusterPolicy("a", 5, everyPod("Accept")) + clusterPolicy("b", 5, everyPod("Pass")),
    ask: asksDb,
    tells: [reachesDb],
  },
  {
    promise: "asks the Baseline tier where a NetworkPolicy isolates for the other direction only",
    yaml:
      pay +
      clusterPolicy("deny", 1, everyPod("Deny"), "Baseline") +
      isolation("policyTypes: [Egress]\negress: [{}]"),
    ask: asksDb,
    tells: [stoppedAtDb],
  },
  {
    promise: "takes a peer without any field for nobody in Accept",
    yaml: pay + clusterPolicy("a", 5, "ingress: [{ action: Accept, from: [{}] }]") + isolation("ingress: []"),
    ask: asksDb,
    tells: [stoppedAtDb],
  },
  {
    promise: "takes a peer without any field for everything in Deny, whatever the ports",
    yaml:
      pay +
      clusterPolicy(
        "a",
        5,
        "ingress: [{ action: Deny, protocols: [{ tcp: { destinationPort: { number: 9 } } }], from: [{}] }]",
      ),
    ask: asksDb,
    tells: [stoppedAtDb, "Deny everything, since a peer without any field fails closed"],
  },
  {
    promise: "matches pods by networks, too, whatever the plugin makes of an ipBlock",
    yaml: pay + adminPolicy("egress: [{ action: Deny, to: [{ networks: [10.244.0.0/16] }] }]"),
    settings: { ipBlockMatchesPods: "no" },
    ask: asksDb,
    tells: [stoppedAtCart],
  },
  {
    promise: "matches a pod on its node's network by its node's labels",
    yaml:
      base +
      cart +
      agents +
      adminPolicy(
        "egress: [{ action: Deny, to: [{ nodes: { matchLabels: { kubernetes.io/hostname: node-2 } } }] }]",
      ),
    ask: "shop/cart-0 shop/agent-2 9100",
    tells: [
      "blocked: cart-0 should not reach agent-2 on 9100: a policy stops it at the source",
      "denied by AdminNetworkPolicy admin rule 1: Deny nodes with kubernetes.io/hostname=node-2, every port",
    ],
  },
  {
    promise: "leaves out pods on their node's network as peers that are selected by labels",
    yaml:
      pay +
      agents +
      clusterPolicy(
        "a",
        5,
        "ingress: [{ action: Deny, from: [{ pods: { namespaceSelector: {}, podSelector: {} } }] }]",
      ),
    ask: "shop/agent-1 payments/db-0 5432",
    tells: ["reachable: agent-1 should reach db-0 on 5432"],
  },
  {
    promise: "takes the wildcard of a domain name for one label or more, not for none",
    yaml:
      base +
      cart +
      clusterPolicy(
        "names",
        5,
        'egress: [{ action: Accept, to: [{ domainNames: ["*.example.com"] }] }, { action: Deny, to: [{ networks: [203.0.113.0/24] }] }, { action: Accept, to: [{ namespaces: {} }] }]',
        "Admin",
        "shop",
      ),
    ask: "shop/cart-0 example.com 443",
    tells: [
      "unknown: whether cart-0 reaches example.com on 443 is not known: the address of example.com is not given, and a policy decides by addresses (203.0.113.0/24)",
    ],
  },
  {
    promise: "offers a rule of the tier's own where a tier keeps DNS from being asked",
    yaml:
      shop +
      webService +
      adminPolicy(
        "egress: [{ action: Deny, to: [{ pods: { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: {} } }] }]",
      ),
    ask: "shop/cart-0 web 80",
    tells: [
      "blocked: cart-0 should not reach web on 80: a policy does not let it ask DNS",
      "fix: Put a rule with Allow for pods with k8s-app=kube-dns of kube-system on 53/UDP before rule 1 of AdminNetworkPolicy admin",
    ],
  },
];

export const documentedCases: readonly TraceCase[] = [
  ...portCases,
  ...protocolCases,
  ...familyCases,
  ...endpointCases,
  ...addressCases,
  ...nameCases,
  ...dnsCases,
  ...nobodyCases,
  ...isolationCases,
  ...hostCases,
  ...tierCases,
];
