/** For tests only: questions of clusters that were not read in full, or that hold what is not defined. */
import { base, pod, policy, service } from "../cluster-yaml.ts";
import type { TraceCase } from "../trace-case.ts";

const web = [
  pod("shop/web-0", { ips: ["10.244.2.5"], node: "node-2", ports: "http:8080", owner: "StatefulSet/web" }),
  service("shop/web", { ports: "http:80:8080", ip: "10.96.1.1" }),
  `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web, namespace: shop }
spec:
  serviceName: web
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: app, ports: [{ name: http, containerPort: 8080 }] }] } }
---`,
].join("");
const cart = pod("shop/cart-0", { ips: ["10.244.1.6"], node: "node-1" });
const all = base + web + cart;
const admitsCart = policy(
  "shop/web",
  "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }] }]",
);
const slices = `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
ports: [{ name: http, port: 8080, protocol: TCP }]
endpoints: [{ addresses: [10.244.2.5], conditions: { ready: true }, nodeName: node-2, targetRef: { kind: Pod, namespace: shop, name: web-0 } }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: kube-dns-1, namespace: kube-system, labels: { kubernetes.io/service-name: kube-dns } }
addressType: IPv4
ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53, protocol: TCP }]
endpoints: [{ addresses: [10.244.1.2], conditions: { ready: true }, nodeName: node-1, targetRef: { kind: Pod, namespace: kube-system, name: coredns-1 } }]
---`;

/** A policy that the API would refuse: the end of its range is below its beginning. */
const invalid = policy(
  "shop/invalid",
  "podSelector: { matchLabels: { app: web } }\ningress: [{ ports: [{ port: 9000, endPort: 8000 }] }]",
);
const cilium = `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: l7, namespace: shop }
spec: { endpointSelector: { matchLabels: { app: web } }, ingress: [{}] }
---`;
const unlike = all.replaceAll("docker.io/calico/node:v3.30.0", "example.com/other:1");

export const unknownCases: readonly TraceCase[] = [
  {
    promise: "is unknown where NetworkPolicies could not be read",
    yaml: all,
    unread: ["networkPolicies"],
    ask: "shop/cart-0 shop/web-0 8080",
    tells: [
      "unknown: whether cart-0 reaches web-0 on 8080 is not known: NetworkPolicies could not be read, and may decide about it",
    ],
  },
  {
    promise: "is unknown where a dump does not hold NetworkPolicies",
    yaml: all,
    as: "dump",
    ask: "shop/cart-0 shop/web-0 8080",
    tells: [
      "unknown: whether cart-0 reaches web-0 on 8080 is not known: NetworkPolicies are not in the files, and may decide about it",
    ],
  },
  {
    promise: "does not miss in a dump the kinds of policies that most clusters have not",
    yaml: all + admitsCart,
    as: "dump",
    ask: "shop/cart-0 shop/web-0 8080",
    tells: ["reachable: cart-0 should reach web-0 on 8080"],
  },
  {
    promise: "stops at what does not run, whatever policies could not be read",
    yaml: all + pod("shop/job-0", { phase: "Failed", ready: false }),
    unread: ["networkPolicies"],
    ask: "shop/cart-0 shop/job-0 8080",
    tells: ["blocked: cart-0 should not reach job-0 on 8080: its pod does not run"],
  },
  {
    promise: "is unknown where policies of the Admin tier could not be read",
    yaml: all,
    unread: ["clusterNetworkPolicies"],
    ask: "shop/cart-0 shop/web-0 8080",
    tells: [
      "unknown: whether cart-0 reaches web-0 on 8080 is not known: ClusterNetworkPolicies could not be read, and may decide about it",
    ],
  },
  {
    promise: "reaches what is admitted, whatever policies of the Baseline tier could not be read",
    yaml:
      all +
      admitsCart +
      policy("shop/out", "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{}]"),
    unread: ["baselineAdminNetworkPolicies"],
    ask: "shop/cart-0 shop/web-0 8080",
    tells: ["reachable: cart-0 should reach web-0 on 8080"],
  },
  {
    promise: "is unknown where a policy that the API would refuse may admit it",
    yaml: all + invalid,
    ask: "shop/cart-0 shop/web-0 8080",
    tells: [
      "unknown: whether cart-0 reaches web-0 on 8080 is not known: NetworkPolicy invalid is not valid: spec.ingress[0].ports[0].endPort is below port 9000; what it does is not known",
    ],
  },
  {
    promise: "reaches what another policy admits beside one that the API would refuse",
    yaml: all + invalid + admitsCart,
    ask: "shop/cart-0 shop/web-0 8080",
    tells: ["reachable: cart-0 should reach web-0 on 8080"],
  },
  {
    promise: "does not mention a policy that the API would refuse where it concerns other pods",
    yaml: all + invalid,
    ask: "shop/cart-0 kube-system/coredns-1 53",
    tells: ["reachable: cart-0 should reach coredns-1 on 53"],
    never: ["invalid"],
  },
  {
    promise: "is unknown where a policy of a network plugin's own concerns the pods",
    yaml: all + cilium,
    ask: "shop/cart-0 shop/web-0 8080",
    tells: [
      "unknown: whether cart-0 reaches web-0 on 8080 is not known: CiliumNetworkPolicy l7 (cilium.io) concerns it, and policies of that kind are not evaluated",
    ],
  },
  {
    promise: "does not mention a network plugin's own policy for other pods",
    yaml: all + cilium,
    ask: "shop/web-0 shop/cart-0 8080",
    tells: ["reachable: web-0 should reach cart-0 on 8080"],
    never: ["Cilium"],
  },
  {
    promise: "is unknown where a block may mean pods, and no plugin was found that decides",
    yaml:
      unlike +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 10.244.0.0/16 } }] }]",
      ),
    ask: "shop/cart-0 shop/web-0 8080",
    tells: [
      "unknown: whether cart-0 reaches web-0 on 8080 is not known: whether the ipBlock 10.244.0.0/16 means pods such as cart-0 is left to the network plugin",
    ],
  },
  {
    promise: "reaches pods by a block where Calico runs, which takes it to mean pods",
    yaml:
      all +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 10.244.0.0/16 } }] }]",
      ),
    ask: "shop/cart-0 shop/web-0 8080",
    tells: ["reachable: cart-0 should reach web-0 on 8080"],
  },
  {
    promise: "takes a setting before what the cluster shows",
    yaml:
      all +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 10.244.0.0/16 } }] }]",
      ),
    settings: { ipBlockMatchesPods: "no" },
    ask: "shop/cart-0 shop/web-0 8080",
    tells: ["blocked: cart-0 should not reach web-0 on 8080: a policy stops it at the destination"],
  },
  {
    promise: "does not mention a block that may mean pods where another rule admits the sender",
    yaml:
      unlike +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 10.244.0.0/16 } }, { podSelector: {} }] }]",
      ),
    ask: "shop/cart-0 shop/web-0 8080",
    tells: ["reachable: cart-0 should reach web-0 on 8080"],
    never: ["left to the network plugin"],
  },
  {
    promise: "says that no policy engine was found where only policies block",
    yaml: unlike + policy("shop/web", "podSelector: { matchLabels: { app: web } }\ningress: []"),
    ask: "shop/cart-0 shop/web-0 8080",
    tells: [
      "blocked: cart-0 should not reach web-0 on 8080: a policy stops it at the destination; no policy engine was found, so the packet may still pass",
    ],
  },
  {
    promise: "is unknown where neither pods nor slices could be read",
    yaml: all,
    unread: ["pods", "endpointSlices"],
    ask: "shop/statefulset/web shop/service/web 80",
    tells: [
      "unknown: whether web reaches web on 80 is not known: nothing is known of the endpoints of web: neither pods nor EndpointSlices could be read",
    ],
  },
  {
    promise: "asks pods instead of slices that could not be read",
    yaml: all,
    unread: ["endpointSlices"],
    ask: "shop/cart-0 shop/service/web 80",
    tells: ["reachable: cart-0 should reach web on 80"],
  },
  {
    promise: "is unknown at endpoints whose pods could not be read",
    yaml: all + slices,
    unread: ["pods"],
    ask: "node/node-1 shop/service/web 80",
    tells: [
      "unknown: whether node-1 reaches web on 80 is not known: pod web-0 at 10.244.2.5 is not among what could be read, and so neither are its labels",
    ],
  },
  {
    promise: "is unknown at a workload whose pods could not be read",
    yaml: all,
    unread: ["pods"],
    ask: "node/node-1 shop/statefulset/web 8080",
    tells: ["unknown: whether node-1 reaches web on 8080 is not known: the pods of web could not be read"],
  },
  {
    promise: "is unknown by name where Services could not be read",
    yaml: all,
    unread: ["services"],
    ask: "shop/cart-0 web 80",
    tells: [
      "unknown: whether cart-0 reaches web on 80 is not known: Services could not be read, so whether there is a Service web in shop is not known",
    ],
  },
  {
    promise: "is unknown from outside where Services could not be read",
    yaml: all,
    unread: ["services"],
    ask: "internet shop/statefulset/web 8080",
    tells: [
      "unknown: whether the internet reaches web on 8080 is not known: no Service leads to web, so nothing leads in from outside, as far as could be read: Services could not be read in full",
    ],
  },
  {
    promise: "is unknown where namespaces could not be read and a policy selects them by label",
    yaml:
      all +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ namespaceSelector: { matchLabels: { team: shop } } }] }]",
      ),
    unread: ["namespaces"],
    ask: "shop/cart-0 shop/web-0 8080",
    tells: [
      "unknown: whether cart-0 reaches web-0 on 8080 is not known: the labels of namespace shop are not given, and a policy selects namespaces by label",
    ],
  },
  {
    promise: "knows the name of a namespace that could not be read",
    yaml:
      all +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } } }] }]",
      ),
    unread: ["namespaces"],
    ask: "shop/cart-0 shop/web-0 8080",
    tells: ["reachable: cart-0 should reach web-0 on 8080"],
  },
  {
    promise: "is unknown from a pod of unknown node where the Service keeps packets on nodes",
    yaml:
      base +
      web.replace('clusterIP: "10.96.1.1"', 'clusterIP: "10.96.1.1"\n  internalTrafficPolicy: Local') +
      pod("shop/cart-0", { ips: ["10.244.1.6"] }),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "unknown: whether cart-0 reaches web on 80 is not known: web has internalTrafficPolicy: Local, and from which node the packet comes is not given",
    ],
  },
  {
    promise:
      "remarks that a name may not resolve, where that is not known, and reaches the Service by its address",
    yaml: (
      all +
      policy(
        "shop/out",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: {} }] }, { to: [{ ipBlock: { cidr: 10.244.0.0/16 } }] }]",
      )
    ).replaceAll("docker.io/calico/node:v3.30.0", "example.com/other:1"),
    ask: "shop/cart-0 shop/service/web 80",
    tells: [
      "reachable: cart-0 should reach web on 80",
      "remark: its address leads there whether or not the name resolves",
    ],
  },
  {
    promise: "is unknown by name where egress to DNS is not known",
    yaml: (
      all +
      policy(
        "shop/out",
        "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: {} }] }, { to: [{ ipBlock: { cidr: 10.244.0.0/16 } }] }]",
      )
    ).replaceAll("docker.io/calico/node:v3.30.0", "example.com/other:1"),
    ask: "shop/cart-0 web 80",
    tells: [
      "unknown: whether cart-0 reaches web on 80 is not known: whether the ipBlock 10.244.0.0/16 means pods such as coredns-1 is left to the network plugin",
    ],
  },
  {
    promise: "is unknown by name where some of the DNS pods admit nobody",
    yaml:
      all.replace(
        'labels: { k8s-app: "kube-dns" }\nspec:\n  nodeName: node-2',
        'labels: { k8s-app: "kube-dns", hardened: "yes" }\nspec:\n  nodeName: node-2',
      ) + policy("kube-system/one", "podSelector: { matchLabels: { hardened: 'yes' } }\ningress: []"),
    ask: "shop/cart-0 web 80",
    tells: [
      "unknown: whether cart-0 reaches web on 80 is not known: policies let its questions through to some of the DNS pods only, not to coredns-2",
    ],
  },
];
