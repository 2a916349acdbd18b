/** For tests only: questions of a Git repository, where nothing runs and nothing has a status. */
import { policy, service } from "../cluster-yaml.ts";
import type { TraceCase } from "../trace-case.ts";

function deployment(
  name: string,
  parts: { namespace?: string; labels?: string; replicas?: number; ports?: string; spec?: string } = {},
): string {
  const {
    namespace,
    labels = `app: ${name}`,
    replicas = 2,
    ports = "{ name: http, containerPort: 8080 }",
    spec,
  } = parts;
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}${namespace === undefined ? "" : `, namespace: ${namespace}`} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { ${labels} } }
  template:
    metadata: { labels: { ${labels} } }
    spec: { containers: [{ name: app, image: app, ports: [${ports}] }]${spec === undefined ? "" : `, ${spec}`} }
---`;
}

const shop =
  deployment("web", { namespace: "shop" }) +
  deployment("cart", { namespace: "shop" }) +
  service("shop/web", { ports: "http:80:http" });
const closedWeb = policy("shop/web", "podSelector: { matchLabels: { app: web } }\ningress: []");
const admitsCart = policy(
  "shop/web",
  "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }], ports: [{ port: 8080 }] }]",
);

export const manifestCases: readonly TraceCase[] = [
  {
    promise: "lets templates stand for pods",
    yaml: shop,
    as: "manifests",
    ask: "shop/deployment/cart shop/service/web 80",
    tells: [
      "reachable: cart should reach web on 80",
      "dns pass: web.shop → Service shop/web; the cluster's DNS is taken to be where it usually is (kube-system, k8s-app=kube-dns): these files hold no DNS Service",
      "service pass: web:80 → web:8080",
      "endpoints pass: 2 of 2 ready",
      "destination pass: web runs; container app declares 8080",
    ],
  },
  {
    promise: "stops at a policy in a repository",
    yaml: shop + closedWeb,
    as: "manifests",
    ask: "shop/deployment/cart shop/service/web 80",
    tells: [
      "blocked: cart should not reach web on 80: a policy stops it at the destination",
      "fix: Add a rule to shop/web that admits pods with app=cart on 8080/TCP",
    ],
  },
  {
    promise: "reaches what a policy in a repository admits",
    yaml: shop + admitsCart,
    as: "manifests",
    ask: "shop/deployment/cart shop/service/web 80",
    tells: [
      "reachable: cart should reach web on 80",
      "ingress-policy pass: allowed by shop/web rule 1: pods with app=cart of shop, 8080/TCP",
    ],
  },
  {
    promise: "stops egress that forgets DNS, though DNS is not in the files",
    yaml:
      shop +
      policy(
        "shop/cart",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: { matchLabels: { app: web } } }] }]",
      ),
    as: "manifests",
    ask: "shop/deployment/cart web 80",
    tells: [
      "blocked: cart should not reach web on 80: a policy does not let it ask DNS",
      "fix: Add a rule to shop/cart that lets out to pods with k8s-app=kube-dns of kube-system on 53/UDP and TCP",
    ],
  },
  {
    promise: "reaches DNS by the usual rule, though DNS is not in the files",
    yaml:
      shop +
      policy(
        "shop/cart",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: { matchLabels: { app: web } } }] }, { to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }], ports: [{ port: 53, protocol: UDP }, { port: 53 }] }]",
      ),
    as: "manifests",
    ask: "shop/deployment/cart web 80",
    tells: ["reachable: cart should reach web on 80"],
  },
  {
    promise: "tells pods of one template from the pod itself",
    yaml: shop + closedWeb,
    as: "manifests",
    ask: "shop/deployment/web shop/deployment/web 8080",
    tells: ["blocked: web should not reach web on 8080: a policy stops it at the destination"],
  },
  {
    promise: "reaches a Service of its own pods now and then where they are kept from each other",
    yaml: shop + closedWeb,
    as: "manifests",
    ask: "shop/deployment/web shop/service/web 80",
    tells: ["depends: web should reach web on 80 only from a pod to itself"],
  },
  {
    promise: "reaches itself as the only pod",
    yaml:
      deployment("web", { namespace: "shop", replicas: 1 }) +
      service("shop/web", { ports: "http:80:http" }) +
      closedWeb,
    as: "manifests",
    ask: "shop/deployment/web shop/service/web 80",
    tells: ["reachable: web should reach web on 80"],
  },
  {
    promise: "reaches a load balancer that has no address yet in the files",
    yaml: shop.replace(
      "ports: [{ name: http, port: 80",
      "type: LoadBalancer\n  ports: [{ name: http, port: 80",
    ),
    as: "manifests",
    ask: "internet shop/service/web 80",
    tells: [
      "reachable: the internet should reach web on 80",
      "service pass: takes port 80 once it has an address",
      "remark: manifests do not say which address it will have",
    ],
  },
  {
    promise: "asks a policy for the internet by IPv4 only where nothing knows of IPv6",
    yaml:
      shop.replace(
        "ports: [{ name: http, port: 80",
        "type: LoadBalancer\n  externalTrafficPolicy: Local\n  ports: [{ name: http, port: 80",
      ) +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]",
      ),
    as: "manifests",
    ask: "internet shop/service/web 80",
    tells: ["reachable: the internet should reach web on 80"],
  },
  {
    promise: "is unknown behind a load balancer where policies decide by addresses that nodes may replace",
    yaml:
      shop.replace("ports: [{ name: http, port: 80", "type: LoadBalancer\n  ports: [{ name: http, port: 80") +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }]",
      ),
    as: "manifests",
    ask: "203.0.113.7 shop/service/web 80",
    tells: [
      "unknown: whether 203.0.113.7 reaches web on 80 is not known: the address of another node is not given, and a policy decides by addresses (203.0.113.0/24)",
    ],
  },
  {
    promise: "stops behind a load balancer at pods that admit nobody",
    yaml:
      shop.replace("ports: [{ name: http, port: 80", "type: LoadBalancer\n  ports: [{ name: http, port: 80") +
      closedWeb,
    as: "manifests",
    ask: "internet shop/service/web 80",
    tells: ["blocked: the internet should not reach web on 80: a policy stops it at the destination"],
  },
  {
    promise: "is unknown at a node port of nodes that are not in the files",
    yaml: shop.replace("ports: [{ name: http, port: 80", "type: NodePort\n  ports: [{ name: http, port: 80"),
    as: "manifests",
    ask: "internet shop/service/web 80",
    tells: [
      "unknown: whether the internet reaches web on 80 is not known: node port to be assigned → port 80; the nodes' addresses are not given, so whether the internet gets to the nodes is not known",
    ],
  },
  {
    promise: "reaches a URL through an Ingress without a status",
    yaml:
      shop +
      `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  ingressClassName: nginx
  rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
---`,
    as: "manifests",
    ask: "internet http://shop.example.com/",
    tells: [
      "reachable: the internet should reach shop.example.com",
      "entry service pass: its address is not given",
    ],
  },
  {
    promise: "is unknown at an isolated backend whose proxy is not in the files",
    yaml:
      shop +
      admitsCart +
      `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  ingressClassName: nginx
  rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
---`,
    as: "manifests",
    ask: "internet http://shop.example.com/",
    tells: [
      "unknown: whether the internet reaches shop.example.com is not known: the pods that serve Ingress shop/web (class nginx) were not found, and a policy decides by who sends",
    ],
  },
  {
    promise: "puts what names no namespace into default",
    yaml: `${deployment("web") + deployment("cart")}\napiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }\n---`,
    as: "manifests",
    ask: "default/deployment/cart default/service/web 80",
    tells: ["reachable: cart should reach web on 80"],
  },
  {
    promise: "stops at a workload that is scaled to zero in the files",
    yaml: shop.replace(
      "name: web, namespace: shop }\nspec:\n  replicas: 2",
      "name: web, namespace: shop }\nspec:\n  replicas: 0",
    ),
    as: "manifests",
    ask: "shop/deployment/cart shop/deployment/web 8080",
    tells: [
      "blocked: cart should not reach web on 8080: there is no pod",
      "destination block: web has no pod (scaled to 0)",
    ],
  },
  {
    promise: "is unknown by a block where a template's pods have no address",
    yaml:
      shop +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]",
      ),
    as: "manifests",
    ask: "shop/deployment/cart shop/deployment/web 8080",
    tells: [
      "unknown: whether cart reaches web on 8080 is not known: the address of cart is not given, and a policy decides by addresses (10.0.0.0/8)",
    ],
  },
  {
    promise: "names a StatefulSet's pods that will be",
    yaml:
      shop +
      `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: redis, namespace: shop }
spec:
  replicas: 2
  serviceName: redis
  selector: { matchLabels: { app: redis } }
  template: { metadata: { labels: { app: redis } }, spec: { containers: [{ name: redis, image: redis, ports: [{ containerPort: 6379 }] }] } }
---
apiVersion: v1
kind: Service
metadata: { name: redis, namespace: shop }
spec: { clusterIP: None, selector: { app: redis }, ports: [{ port: 6379 }] }
---`,
    as: "manifests",
    ask: "shop/deployment/cart redis-1.redis 6379",
    tells: ["reachable: cart should reach redis-1.redis on 6379", "dns pass: redis-1.redis → pod redis"],
  },
  {
    promise: "stops at a named target port that a template does not declare",
    yaml:
      deployment("web", { namespace: "shop", ports: "{ name: web, containerPort: 8080 }" }) +
      deployment("cart", { namespace: "shop" }) +
      service("shop/web", { ports: "http:80:http" }),
    as: "manifests",
    ask: "shop/deployment/cart shop/service/web 80",
    tells: [
      "blocked: cart should not reach web on 80: the Service's target port leads nowhere",
      "fix: Set targetPort to web",
    ],
  },
];
