/** For tests only: questions about URLs, which come in through a Gateway or an Ingress. */
import { base, namespace, pod, policy, service } from "../cluster-yaml.ts";
import type { TraceCase } from "../trace-case.ts";

const web = [
  pod("shop/web-0", { ips: ["10.244.1.5"], node: "node-1", ports: "http:8080" }),
  service("shop/web", { ports: "http:80:8080", ip: "10.96.1.1" }),
].join("");
const cart = pod("shop/cart-0", { ips: ["10.244.1.6"], node: "node-1" });

const ingressClass = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx }
---`;

const nginxLabels = "app.kubernetes.io/name=ingress-nginx,app.kubernetes.io/component=controller";

function controller(of: { spec?: string; status?: string; ports?: string } = {}): string {
  const {
    spec = "type: LoadBalancer",
    status = "loadBalancer: { ingress: [{ ip: 198.51.100.10 }] }",
    ports = "http:80:http https:443:https",
  } = of;
  return [
    namespace("ingress"),
    pod("ingress/nginx-0", {
      labels: nginxLabels,
      ips: ["10.244.2.9"],
      node: "node-2",
      ports: "http:80 https:443",
    }),
    service("ingress/nginx", { selector: nginxLabels, ports, ip: "10.96.2.1", spec }).replace(
      "\n---",
      `\nstatus: { ${status} }\n---`,
    ),
  ].join("");
}

interface IngressParts {
  readonly name?: string;
  readonly host?: string;
  readonly path?: string;
  readonly backend?: string;
  readonly address?: string;
  readonly tls?: string;
}

function ingress({
  name = "web",
  host = "shop.example.com",
  path = "/",
  backend,
  address,
  tls,
}: IngressParts = {}): string {
  const to = backend ?? "{ name: web, port: { number: 80 } }";
  const at = address === undefined ? "ip: 198.51.100.10" : address;
  return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: shop }
spec:
  ingressClassName: nginx${tls === undefined ? "" : `\n  tls: [{ hosts: [${tls}], secretName: tls }]`}
  rules: [{ ${host === "" ? "" : `host: ${host}, `}http: { paths: [{ path: ${path}, pathType: Prefix, backend: { service: ${to} } }] } }]
status: { loadBalancer: { ingress: [${at === "" ? "" : `{ ${at} }`}] } }
---`;
}

const nginx = base + web + ingressClass + controller();

function gateway(address = "198.51.100.20"): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: eg }
spec: { controllerName: gateway.envoyproxy.io/gatewayclass-controller }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec:
  gatewayClassName: eg
  listeners: [{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }]
status: { addresses: [${address === "" ? "" : `{ type: IPAddress, value: ${address} }`}] }
---`;
}

function route(rules: string, name = "web", of = "shop"): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${of} }
spec:
  parentRefs: [{ name: public, namespace: edge }]
  hostnames: [shop.example.com]
  rules: ${rules}
---`;
}

const toWeb = "[{ backendRefs: [{ name: web, port: 80 }] }]";
/** Pods of the Gateway, found by their label, with a Service that has its address. */
const envoy = [
  namespace("edge"),
  pod("edge/envoy-0", {
    labels: "gateway.networking.k8s.io/gateway-name=public",
    ips: ["10.244.2.10"],
    node: "node-2",
    ports: "10080",
  }),
  service("edge/envoy", {
    selector: "gateway.networking.k8s.io/gateway-name=public",
    ports: "80:10080",
    ip: "10.96.2.2",
    spec: "type: LoadBalancer",
  }).replace("\n---", "\nstatus: { loadBalancer: { ingress: [{ ip: 198.51.100.20 }] } }\n---"),
].join("");

const admitsEnvoy = policy(
  "shop/web",
  "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: edge } } }], ports: [{ port: 8080 }] }]",
);
const admitsNobody = policy("shop/web", "podSelector: { matchLabels: { app: web } }\ningress: []");

export const urlCases: readonly TraceCase[] = [
  {
    promise: "reaches a URL through an Ingress whose proxy is found by its address",
    yaml: nginx + ingress(),
    ask: "internet http://shop.example.com/cart",
    tells: [
      "reachable: the internet should reach shop.example.com/cart",
      "entry service pass: 198.51.100.10 takes port 80",
      "entry endpoints pass: ready on node-2, 1 of 1",
      "entry destination pass: nginx-0 runs; container app declares 80",
      "route pass: Prefix / → Service shop/web port 80",
      "backend service pass: port 80 → 10.244.1.5:8080",
      "backend egress-policy pass: no policy limits its egress",
      "backend ingress-policy pass: no policy limits its ingress",
      "backend destination pass: web-0 runs; container app declares 8080",
    ],
  },
  {
    promise: "stops at the policy over the proxy",
    yaml:
      nginx + ingress() + policy("ingress/closed", "podSelector: {}\ningress: [{ ports: [{ port: 443 }] }]"),
    ask: "internet http://shop.example.com/",
    tells: [
      "blocked: the internet should not reach shop.example.com: a policy stops it at the destination",
      "entry ingress-policy block: no rule admits it; isolated by ingress/closed",
      "backend destination pass",
    ],
  },
  {
    promise: "stops at the policy over the backend",
    yaml: nginx + ingress() + admitsNobody,
    ask: "internet http://shop.example.com/",
    tells: [
      "blocked: the internet should not reach shop.example.com: a policy stops it at the destination",
      "backend ingress-policy block: no rule admits it; isolated by shop/web",
      "fix: Add a rule to shop/web that admits pods with app.kubernetes.io/name=ingress-nginx of ingress on 8080/TCP",
    ],
  },
  {
    promise: "stops at the proxy's own egress",
    yaml:
      nginx +
      ingress() +
      policy(
        "ingress/out",
        "podSelector: {}\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 53, protocol: UDP }] }]",
      ),
    ask: "internet http://shop.example.com/",
    tells: [
      "blocked: the internet should not reach shop.example.com: a policy stops it at the source",
      "backend egress-policy block: no rule lets it out; isolated by ingress/out",
    ],
  },
  {
    promise: "reaches a Service from the internet as the request that leads to it",
    yaml: nginx + ingress(),
    ask: "internet shop/service/web 80",
    tells: [
      "reachable: the internet should reach web on 80",
      "route pass: Prefix / → Service shop/web port 80",
    ],
  },
  {
    promise: "reaches a Service by the best way in, and remarks on the others",
    yaml:
      nginx +
      ingress() +
      ingress({
        name: "other",
        host: "other.example.com",
        backend: "{ name: web, port: { number: 80 } }",
        path: "/api",
      }) +
      ingress({ name: "broken", host: "broken.example.com" }).replace(
        "ingressClassName: nginx",
        "ingressClassName: ngin",
      ),
    ask: "internet shop/service/web 80",
    tells: [
      "reachable: the internet should reach web on 80 as http://other.example.com/api",
      "remark: asked as http://other.example.com/api; unknown as http://broken.example.com/ and reachable as http://shop.example.com/",
    ],
  },
  {
    promise: "reaches a Service from the internet by a rule for every host",
    yaml: nginx + ingress({ host: "" }),
    ask: "internet shop/service/web 80",
    tells: [
      "reachable: the internet should reach web on 80",
      "route pass: Prefix / → Service shop/web port 80",
    ],
  },
  {
    promise: "reaches a workload from the internet by a rule for every host",
    yaml: nginx + ingress({ host: "" }),
    ask: "internet shop/web-0 8080",
    tells: ["reachable: the internet should reach web-0 on 8080"],
  },
  {
    promise: "reaches a URL by the entry's own address",
    yaml: nginx + ingress({ host: "" }),
    ask: "internet http://198.51.100.10/",
    tells: [
      "reachable: the internet should reach 198.51.100.10",
      "route pass: Prefix / → Service shop/web port 80",
    ],
  },
  {
    promise: "reaches a URL from a pod, by the load balancer's address inside the cluster",
    yaml: nginx + ingress() + cart,
    ask: "shop/cart-0 http://shop.example.com/",
    tells: [
      "reachable: cart-0 should reach shop.example.com",
      "dns pass: shop.example.com is a name for other servers than the cluster's; taken to lead to what serves it here",
      "entry service pass: 198.51.100.10:80 → 10.244.2.9:80",
      "entry egress-policy pass",
    ],
  },
  {
    promise: "stops a pod's request at the pod's egress to the proxy",
    yaml:
      nginx +
      ingress() +
      cart +
      policy(
        "shop/out",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 53, protocol: UDP }] }]",
      ),
    ask: "shop/cart-0 http://shop.example.com/",
    tells: [
      "blocked: cart-0 should not reach shop.example.com: a policy stops it at the source",
      "entry egress-policy block: no rule lets it out; isolated by shop/out",
    ],
  },
  {
    promise: "stops a pod's request where its egress forgets DNS",
    yaml:
      nginx +
      ingress() +
      cart +
      policy(
        "shop/out",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 80 }] }]",
      ),
    ask: "shop/cart-0 http://shop.example.com/",
    tells: [
      "blocked: cart-0 should not reach shop.example.com: a policy does not let it ask DNS",
      "entry egress-policy pass",
    ],
  },
  {
    promise: "stops a pod's request where the cluster's DNS does not answer",
    yaml: (nginx + ingress() + cart).replaceAll(
      'labels: { k8s-app: "kube-dns" }\nspec',
      'labels: { k8s-app: "other" }\nspec',
    ),
    ask: "shop/cart-0 http://shop.example.com/",
    tells: ["blocked: cart-0 should not reach shop.example.com: DNS does not answer"],
  },
  {
    promise: "leaves the cluster and comes back for a pod where the entry's address is a name",
    yaml:
      base +
      web +
      ingressClass +
      controller({ status: "loadBalancer: { ingress: [{ hostname: lb-1.example.net }] }" }) +
      ingress({ address: "hostname: lb-1.example.net" }) +
      cart +
      policy(
        "shop/out",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 53, protocol: UDP }] }, { to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } } }] }]",
      ),
    ask: "shop/cart-0 http://shop.example.com/",
    tells: ["blocked: cart-0 should not reach shop.example.com: a policy stops it at the source"],
  },
  {
    promise: "reaches an https URL, and remarks on its certificate",
    yaml: nginx + ingress({ tls: "shop.example.com" }),
    ask: "internet https://shop.example.com/",
    tells: [
      "reachable: the internet should reach shop.example.com",
      "remark: It has no certificate: the Secret shop/tls does not exist",
    ],
  },
  {
    promise: "stops where the load balancer takes no such port",
    yaml:
      base +
      web +
      ingressClass +
      controller({ ports: "http:80:http" }) +
      ingress({ tls: "shop.example.com" }),
    ask: "internet https://shop.example.com/",
    tells: [
      "blocked: the internet should not reach shop.example.com: nothing takes that port at its address",
      "service block: Service ingress/nginx has its address 198.51.100.10, and no port 443",
      "near: it has port 80",
    ],
  },
  {
    promise: "finds the proxy by the labels that its makers give it",
    yaml:
      base +
      web +
      ingressClass +
      controller({ spec: "type: NodePort", status: "" }) +
      ingress({ address: "" }),
    ask: "10.99.0.1 http://shop.example.com/",
    tells: [
      "reachable: 10.99.0.1 should reach shop.example.com",
      "entry service pass: node port to be assigned → port 80",
    ],
  },
  {
    promise: "asks the policy over a proxy that only a cluster IP leads to",
    yaml:
      base +
      web +
      ingressClass +
      controller({ spec: "type: ClusterIP", status: "" }) +
      ingress({ address: "" }) +
      policy("ingress/closed", "podSelector: {}\ningress: []"),
    ask: "internet http://shop.example.com/",
    tells: [
      "blocked: the internet should not reach shop.example.com: a policy stops it at the destination",
      "entry ingress-policy block",
    ],
  },
  {
    promise: "reaches an open backend where the proxy's pods are not found",
    yaml: base + web + ingressClass + ingress({ address: "ip: 203.0.113.80" }),
    ask: "internet http://shop.example.com/",
    tells: [
      "reachable: the internet should reach shop.example.com",
      "entry service pass: 203.0.113.80 answers for it",
      "remark: the pods that serve it were not found in the cluster, so the way to them is not checked",
    ],
  },
  {
    promise: "is unknown at an isolated backend where the proxy's pods are not found",
    yaml: base + web + ingressClass + ingress({ address: "ip: 203.0.113.80" }) + admitsEnvoy,
    ask: "internet http://shop.example.com/",
    tells: [
      "unknown: whether the internet reaches shop.example.com is not known: the pods that serve Ingress shop/web (class nginx) were not found, and a policy decides by who sends",
    ],
  },
  {
    promise: "reaches an isolated backend that admits anyone on its port, whoever serves it",
    yaml:
      base +
      web +
      ingressClass +
      ingress({ address: "ip: 203.0.113.80" }) +
      policy("shop/web", "podSelector: {}\ningress: [{ ports: [{ port: 8080 }] }]"),
    ask: "internet http://shop.example.com/",
    tells: ["reachable: the internet should reach shop.example.com"],
  },
  {
    promise: "stops at a backend that admits nobody, whoever serves it",
    yaml: base + web + ingressClass + ingress({ address: "ip: 203.0.113.80" }) + admitsNobody,
    ask: "internet http://shop.example.com/",
    tells: ["blocked: the internet should not reach shop.example.com: a policy stops it at the destination"],
  },
  {
    promise: "stops a pod at its egress to a proxy that is not found",
    yaml:
      base +
      web +
      cart +
      ingressClass +
      ingress({ address: "ip: 203.0.113.80" }) +
      policy(
        "shop/out",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 53, protocol: UDP }] }]",
      ),
    ask: "shop/cart-0 http://shop.example.com/",
    tells: ["blocked: cart-0 should not reach shop.example.com: a policy stops it at the source"],
  },
  {
    promise: "is unknown where neither an address nor the proxy's pods are found",
    yaml: base + web + ingressClass + ingress({ address: "" }),
    ask: "internet http://shop.example.com/",
    tells: [
      "unknown: whether the internet reaches shop.example.com is not known: Ingress shop/web (class nginx) has no address yet, and the pods that serve it were not found",
    ],
  },
  {
    promise: "stops at a backend that does not exist, with the one that was meant",
    yaml: nginx + ingress({ backend: "{ name: wep, port: { number: 80 } }" }),
    ask: "internet http://shop.example.com/",
    tells: [
      "blocked: the internet should not reach shop.example.com: the route's backend does not exist",
      "route block: Prefix / → Service shop/wep port 80: Service wep does not exist in shop",
      "near: there is a Service web in shop",
      "fix: Send the requests to the Service web instead",
    ],
  },
  {
    promise: "stops at a backend's port that the Service has not",
    yaml: nginx + ingress({ backend: "{ name: web, port: { number: 8080 } }" }),
    ask: "internet http://shop.example.com/",
    tells: [
      "blocked: the internet should not reach shop.example.com: the route's backend has no such port",
      "fix: Send the requests to port 80 of web",
    ],
  },
  {
    promise: "stops at a host that nothing serves, and names the nearest",
    yaml: nginx + ingress(),
    ask: "internet http://shop.exmaple.com/",
    tells: [
      "blocked: the internet should not reach shop.exmaple.com: nothing serves that host",
      "route block: no Gateway and no Ingress serves shop.exmaple.com",
      "near: there is something for shop.example.com",
    ],
  },
  {
    promise: "is unknown at a host that nothing serves where Ingresses could not be read",
    yaml: nginx + ingress(),
    unread: ["ingresses"],
    ask: "internet http://shop.example.com/",
    tells: [
      "unknown: whether the internet reaches shop.example.com is not known: no Gateway and no Ingress serves shop.example.com among what could be read; Ingresses could not be read in full",
    ],
  },
  {
    promise: "stops at a host of two labels where an Ingress's wildcard stands for one",
    yaml: nginx + ingress({ host: '"*.example.com"' }),
    ask: "internet http://a.b.example.com/",
    tells: [
      "blocked: the internet should not reach a.b.example.com: nothing serves that host",
      "near: there is something for *.example.com, where * stands for one label",
    ],
  },
  {
    promise: "takes the default backend for a host that no rule names",
    yaml:
      nginx +
      `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: all, namespace: shop }
spec: { ingressClassName: nginx, defaultBackend: { service: { name: web, port: { number: 80 } } } }
status: { loadBalancer: { ingress: [{ ip: 198.51.100.10 }] } }
---`,
    ask: "internet http://anything.example.com/",
    tells: [
      "reachable: the internet should reach anything.example.com",
      "route pass: default backend → Service shop/web port 80",
    ],
  },
  {
    promise: "depends on the entry where several have the host",
    yaml:
      nginx +
      ingress() +
      `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: traefik }
spec: { controller: traefik.io/ingress-controller }
---` +
      ingress({
        name: "second",
        backend: "{ name: wep, port: { number: 80 } }",
        address: "ip: 203.0.113.80",
      }).replace("ingressClassName: nginx", "ingressClassName: traefik"),
    ask: "internet http://shop.example.com/",
    tells: [
      "depends: the internet should reach shop.example.com only through Ingress shop/web (class nginx)",
    ],
  },
  {
    promise: "reaches a URL through a Gateway",
    yaml: base + web + envoy + gateway() + route(toWeb),
    ask: "internet http://shop.example.com/",
    tells: [
      "reachable: the internet should reach shop.example.com",
      "entry service pass: 198.51.100.20:80 → 10.244.2.10:10080",
      "route pass: PathPrefix / → Service shop/web port 80",
    ],
  },
  {
    promise: "finds a Gateway's pods by its name",
    yaml:
      base +
      web +
      envoy.replace(
        "status: { loadBalancer: { ingress: [{ ip: 198.51.100.20 }] } }",
        "status: { loadBalancer: {} }",
      ) +
      gateway("") +
      route(toWeb) +
      admitsEnvoy,
    ask: "internet http://shop.example.com/",
    tells: [
      "blocked: the internet should not reach shop.example.com: its load balancer has no address",
      "backend ingress-policy pass: allowed by shop/web rule 1: every pod of edge, 8080/TCP",
    ],
  },
  {
    promise: "admits the Gateway's pods at the backend",
    yaml: base + web + envoy + gateway() + route(toWeb) + admitsEnvoy,
    ask: "internet http://shop.example.com/",
    tells: [
      "reachable: the internet should reach shop.example.com",
      "backend ingress-policy pass: allowed by shop/web rule 1: every pod of edge, 8080/TCP",
    ],
  },
  {
    promise: "depends on the backend where weights share the requests",
    yaml:
      base +
      web +
      envoy +
      gateway() +
      pod("shop/next-0", { ips: ["10.244.1.7"], node: "node-1", ports: "8080", ready: false }) +
      service("shop/next", { ports: "80:8080", ip: "10.96.1.2" }) +
      route("[{ backendRefs: [{ name: web, port: 80, weight: 9 }, { name: next, port: 80, weight: 1 }] }]"),
    ask: "internet http://shop.example.com/",
    tells: [
      "depends: the internet should reach shop.example.com only for backend shop/web (90 % of the requests)",
      "side for backend shop/next (10 % of the requests), blocked: the only endpoint of next is not ready",
    ],
  },
  {
    promise: "leaves out a backend without weight",
    yaml:
      base +
      web +
      envoy +
      gateway() +
      service("shop/next", { ports: "80:8080", ip: "10.96.1.2" }) +
      route("[{ backendRefs: [{ name: web, port: 80, weight: 1 }, { name: next, port: 80, weight: 0 }] }]"),
    ask: "internet http://shop.example.com/",
    tells: ["reachable: the internet should reach shop.example.com"],
  },
  {
    promise: "ends at a redirect",
    yaml:
      base +
      web +
      envoy +
      gateway() +
      route("[{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }] }]"),
    ask: "internet http://shop.example.com/",
    tells: ["reachable: the internet should reach shop.example.com", "redirect"],
  },
  {
    promise: "stops at a backend in another namespace without a ReferenceGrant",
    yaml:
      base +
      web +
      envoy +
      gateway() +
      route("[{ backendRefs: [{ name: web, namespace: shop, port: 80 }] }]", "web", "payments"),
    ask: "internet http://shop.example.com/",
    tells: [
      "blocked: the internet should not reach shop.example.com: no ReferenceGrant permits the route's backend",
      "fix: Create a ReferenceGrant in shop that lets HTTPRoutes of payments refer to the Service web",
    ],
  },
  {
    promise: "stops at a route that the listener does not admit, with the label that it asks for",
    yaml:
      base +
      web +
      envoy +
      gateway().replace("from: All", "from: Selector, selector: { matchLabels: { expose: 'true' } }") +
      route(toWeb),
    ask: "internet http://shop.example.com/",
    tells: [
      "blocked: the internet should not reach shop.example.com: no route leads there (NotAllowedByListeners)",
      "fix: Label namespace shop with expose=true, which admits all of its routes",
    ],
  },
  {
    promise: "is unknown at a backend that is no Service",
    yaml:
      base +
      web +
      envoy +
      gateway() +
      route("[{ backendRefs: [{ group: example.com, kind: Bucket, name: static }] }]"),
    ask: "internet http://shop.example.com/",
    tells: [
      "unknown: whether the internet reaches shop.example.com is not known: Bucket shop/static is no Service; only its controller knows where it leads",
    ],
  },
  {
    promise: "reaches a Service of the cluster by a URL with its name",
    yaml: base + web + cart,
    ask: "shop/cart-0 http://web.shop/cart",
    tells: [
      "reachable: cart-0 should reach web.shop/cart",
      "dns pass: web.shop → 10.96.1.1",
      "service pass: 10.96.1.1:80 → 10.244.1.5:8080",
    ],
  },
  {
    promise: "stops at a URL with a Service's name on a port that it has not",
    yaml: base + web + cart,
    ask: "shop/cart-0 http://web.shop:8080/",
    tells: [
      "blocked: cart-0 should not reach web.shop: the Service has no such port",
      "near: 8080 is the pods' own port; the Service's is 80",
    ],
  },
  {
    promise: "stops from the internet at a URL with a name of the cluster's DNS",
    yaml: base + web,
    ask: "internet http://web.shop.svc.cluster.local/",
    tells: [
      "blocked: the internet should not reach web.shop.svc.cluster.local: its name does not resolve there",
    ],
  },
  {
    promise: "goes past the Service's traffic policy, since proxies take endpoints themselves",
    yaml:
      base +
      web.replace("clusterIP", "internalTrafficPolicy: Local\n  clusterIP") +
      ingressClass +
      controller() +
      ingress(),
    ask: "internet http://shop.example.com/",
    tells: ["reachable: the internet should reach shop.example.com"],
  },
  {
    promise: "says of a name that an Ingress serves how to ask for it, where it is asked by name only",
    yaml: nginx + ingress() + cart,
    ask: "shop/cart-0 shop.example.com 80",
    tells: [
      "reachable: cart-0 should reach shop.example.com on 80",
      "remark: Ingress shop/web (class nginx) serves that host: ask for http://shop.example.com/ to go through it",
    ],
  },
  {
    promise: "reaches a proxy by the host ports of its pods where its load balancer has no address",
    yaml:
      base +
      web +
      ingressClass +
      controller({ status: "loadBalancer: {}" }).replace(
        "ports: [{ name: http, containerPort: 80 }",
        "ports: [{ name: http, containerPort: 80, hostPort: 80 }",
      ) +
      ingress({ address: "" }),
    ask: "internet http://shop.example.com/",
    tells: [
      "reachable: the internet should reach shop.example.com",
      "entry service pass: served by pods that were found: pods of k8s.io/ingress-nginx carry app.kubernetes.io/name=ingress-nginx, app.kubernetes.io/component=controller",
    ],
  },
  {
    promise: "stops at a headless backend's pods on the port that proxies translate to",
    yaml: nginx.replace('clusterIP: "10.96.1.1"', "clusterIP: None") + ingress() + admitsNobody,
    ask: "internet http://shop.example.com/",
    tells: [
      "blocked: the internet should not reach shop.example.com: a policy stops it at the destination",
      "backend service pass: port 80 → 10.244.1.5:8080",
    ],
  },
  {
    promise: "depends on the node by a URL with the name of a Service that keeps packets on theirs",
    yaml:
      base +
      web.replace("clusterIP", "internalTrafficPolicy: Local\n  clusterIP") +
      pod("shop/cart-0", { ips: ["10.244.1.6"], node: "node-1", owner: "StatefulSet/cart" }) +
      pod("shop/cart-1", { ips: ["10.244.2.6"], node: "node-2", owner: "StatefulSet/cart" }) +
      `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: cart, namespace: shop }
spec:
  serviceName: cart
  selector: { matchLabels: { app: cart } }
  template: { metadata: { labels: { app: cart } }, spec: { containers: [{ name: app, image: app }] } }
---`,
    ask: "shop/statefulset/cart http://web.shop/",
    tells: ["depends: cart should reach web.shop only from node-1"],
  },
];
