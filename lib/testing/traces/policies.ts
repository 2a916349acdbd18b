/** For tests only: questions between workloads, pods and nodes, which policies and the pods themselves decide. */
import { base, pod, policy, service } from "../cluster-yaml.ts";
import type { TraceCase } from "../trace-case.ts";

const db = pod("payments/db-0", { ips: ["10.244.2.7"], node: "node-2", ports: "postgres:5432" });
const cart = pod("shop/cart-0", { ips: ["10.244.1.6"], node: "node-1", ports: "http:8080" });
const two = base + cart + db;

const admitsShop = policy(
  "payments/db",
  "podSelector: { matchLabels: { app: db } }\ningress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: { matchLabels: { app: cart } } }], ports: [{ port: 5432 }] }]",
);
const toDb = policy(
  "shop/cart",
  "podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Egress]\negress: [{ to: [{ namespaceSelector: { matchLabels: { team: pay } } }], ports: [{ port: 5432 }] }]",
);
const closedDb = policy("payments/closed", "podSelector: {}\npolicyTypes: [Ingress]");
const noWayOut = policy("shop/no-way-out", "podSelector: {}\npolicyTypes: [Egress]");

/** Pods of one StatefulSet, each with labels of its own. */
function workload(
  name: string,
  pods: readonly { labels: string; parts?: Parameters<typeof pod>[1] }[],
): string {
  return [
    ...pods.map(({ labels, parts }, i) =>
      pod(`shop/${name}-${i}`, {
        labels,
        ips: [`10.244.${(i % 2) + 1}.${20 + i}`],
        node: `node-${(i % 2) + 1}`,
        ports: "http:8080",
        owner: `StatefulSet/${name}`,
        ...parts,
      }),
    ),
    `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name}, namespace: shop }
spec:
  serviceName: ${name}
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: app, image: app, ports: [{ name: http, containerPort: 8080 }] }] } }
---`,
  ].join("");
}

const canary = workload("web", [{ labels: "app=web,track=stable" }, { labels: "app=web,track=canary" }]);
const stableOnly = policy(
  "shop/cart",
  "podSelector: { matchLabels: { app: cart } }\ningress: [{ from: [{ podSelector: { matchLabels: { track: stable } } }] }]",
);

function clusterPolicy(name: string, priority: number, spec: string, tier = "Admin"): string {
  return `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${name} }
spec:
  tier: ${tier}
  priority: ${priority}
  subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: payments } } }
  ${spec}
---`;
}

const hostPod = pod("shop/agent-0", {
  ips: ["192.168.0.1"],
  node: "node-1",
  spec: "hostNetwork: true",
  ports: "9100",
});

export const policyCases: readonly TraceCase[] = [
  {
    promise: "reaches what policies at both ends let through, and says by which rules",
    yaml: two + admitsShop + toDb,
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "reachable: cart-0 should reach db-0 on 5432",
      "egress-policy pass: allowed by shop/cart rule 1: every pod of namespaces with team=pay, 5432/TCP",
      "ingress-policy pass: allowed by payments/db rule 1: pods with app=cart of shop, 5432/TCP",
      "destination pass: db-0 runs; container app declares 5432",
    ],
  },
  {
    promise: "names the blockers at both ends",
    yaml: two + noWayOut + closedDb,
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: policies stop it at the source and at the destination",
      "egress-policy block: no rule lets it out; isolated by shop/no-way-out",
      "fix: Create a NetworkPolicy in shop for pods with app=cart that lets out to pods with app=db of payments on 5432/TCP",
      "ingress-policy block: no rule admits it; isolated by payments/closed",
      "fix: Create a NetworkPolicy in payments for pods with app=db that admits pods with app=cart of shop on 5432/TCP",
    ],
  },
  {
    promise: "stops at a rule for another port of the same peer",
    yaml: two + admitsShop.replace("port: 5432", "port: 5433"),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "near: db rule 1 admits 5433/TCP; the packet arrives on 5432/TCP",
      "fix: Add port 5432/TCP to payments/db rule 1",
    ],
  },
  {
    promise: "stops at a rule for the same port by another protocol",
    yaml: two + admitsShop.replace("port: 5432", "port: 5432, protocol: UDP"),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "near: db rule 1 admits 5432/UDP; the packet arrives on 5432/TCP",
    ],
  },
  {
    promise: "stops at a rule for a port's name that the pod does not declare",
    yaml: two + admitsShop.replace("port: 5432", "port: pgsql"),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "near: db rule 1 admits pgsql/TCP; the packet arrives on 5432/TCP, and db-0 declares no port named pgsql (it calls it postgres)",
    ],
  },
  {
    promise: "stops at a podSelector that was meant for another namespace",
    yaml:
      two +
      policy(
        "payments/db",
        "podSelector: { matchLabels: { app: db } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }] }]",
      ),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "near: db rule 1 admits pods with app=cart of its own namespace payments only; the peer has no namespaceSelector, and cart-0 runs in shop",
      "fix: Add a namespaceSelector for shop to payments/db rule 1",
    ],
  },
  {
    promise: "adds a rule where the podSelector is in use in its own namespace",
    yaml:
      two +
      pod("payments/cart-0", { ips: ["10.244.2.8"], node: "node-2" }) +
      policy(
        "payments/db",
        "podSelector: { matchLabels: { app: db } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }] }]",
      ),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "fix: Add a rule to payments/db that admits pods with app=cart of shop on 5432/TCP",
    ],
  },
  {
    promise: "adds a rule where the nearest one misses both the namespace and the port",
    yaml:
      two +
      policy(
        "payments/db",
        "podSelector: { matchLabels: { app: db } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }], ports: [{ port: 80 }] }]",
      ),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "cart-0 runs in shop; besides, it is for 80/TCP",
      "fix: Add a rule to payments/db that admits pods with app=cart of shop on 5432/TCP",
    ],
  },
  {
    promise: "stops at a label with a slip, with the label that the pods carry",
    yaml:
      two +
      policy(
        "payments/db",
        "podSelector: { matchLabels: { app: db } }\ningress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: { matchLabels: { app: carts } } }] }]",
      ),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "near: db rule 1 admits pods with app=carts; cart-0 carries app=cart",
    ],
  },
  {
    promise: "stops at a label with a slip in its own namespace, with the patch",
    yaml:
      base +
      cart +
      pod("shop/web-0", { ips: ["10.244.2.5"], node: "node-2", ports: "8080" }) +
      policy(
        "shop/web",
        "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: carts } } }] }]",
      ),
    ask: "shop/cart-0 shop/web-0 8080",
    tells: [
      "blocked: cart-0 should not reach web-0 on 8080: a policy stops it at the destination",
      "fix: Select app=cart in shop/web rule 1",
    ],
  },
  {
    promise: "says of a policy for the Service's port that another policy lets the packet through",
    yaml:
      two +
      service("payments/db", { ports: "80:5432", ip: "10.96.1.9" }) +
      admitsShop +
      policy(
        "payments/wrong",
        "podSelector: { matchLabels: { app: db } }\ningress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } } }], ports: [{ port: 80 }] }]",
      ),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "reachable: cart-0 should reach db-0 on 5432",
      "remark: wrong rule 1 admits 80/TCP: 80 is the Service's port, policies see the pods' own, 5432",
    ],
  },
  {
    promise: "knows the Service's port in a rule where the pods are asked directly",
    yaml:
      two +
      service("payments/db", { ports: "80:5432", ip: "10.96.1.9" }) +
      policy(
        "payments/wrong",
        "podSelector: { matchLabels: { app: db } }\ningress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 80 }] }]",
      ),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "near: wrong rule 1 admits 80/TCP: 80 is the Service's port, policies see the pods' own, 5432",
      "fix: Name the pods' port 5432 in payments/wrong rule 1",
    ],
  },
  {
    promise: "stops at a rule of the Admin tier, before any NetworkPolicy",
    yaml:
      two + admitsShop + clusterPolicy("shut", 5, "ingress: [{ action: Deny, from: [{ namespaces: {} }] }]"),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "ingress-policy block: denied by ClusterNetworkPolicy shut rule 1: Deny every pod of every namespace, every port",
      "fix: Put a rule with Accept for pods with app=cart of shop on 5432/TCP before rule 1 of ClusterNetworkPolicy shut",
    ],
  },
  {
    promise: "reaches what the Admin tier accepts, past a NetworkPolicy that does not",
    yaml:
      two +
      closedDb +
      clusterPolicy(
        "open",
        5,
        "ingress: [{ name: shop, action: Accept, from: [{ namespaces: { matchLabels: { kubernetes.io/metadata.name: shop } } }] }]",
      ),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "reachable: cart-0 should reach db-0 on 5432",
      "ingress-policy pass: allowed by ClusterNetworkPolicy open rule 1 (shop): Accept every pod of namespaces with kubernetes.io/metadata.name=shop, every port",
    ],
  },
  {
    promise: "leaves the Admin tier by Pass, and stops at a NetworkPolicy",
    yaml:
      two +
      closedDb +
      clusterPolicy("pass", 5, "ingress: [{ action: Pass, from: [{ namespaces: {} }] }]") +
      clusterPolicy("open", 6, "ingress: [{ action: Accept, from: [{ namespaces: {} }] }]"),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "ingress-policy block: no rule admits it; isolated by payments/closed",
    ],
  },
  {
    promise: "stops at the Baseline tier where no NetworkPolicy isolates",
    yaml:
      two +
      clusterPolicy("baseline", 5, "ingress: [{ action: Deny, from: [{ namespaces: {} }] }]", "Baseline"),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "denied by ClusterNetworkPolicy baseline rule 1",
    ],
  },
  {
    promise: "never comes to the Baseline tier past a NetworkPolicy that admits it",
    yaml:
      two +
      admitsShop +
      clusterPolicy("baseline", 5, "ingress: [{ action: Deny, from: [{ namespaces: {} }] }]", "Baseline"),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: ["reachable: cart-0 should reach db-0 on 5432"],
  },
  {
    promise: "is unknown where two policies of one priority differ",
    yaml:
      two +
      clusterPolicy("open", 5, "ingress: [{ action: Accept, from: [{ namespaces: {} }] }]") +
      clusterPolicy("shut", 5, "ingress: [{ action: Deny, from: [{ namespaces: {} }] }]"),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "unknown: whether cart-0 reaches db-0 on 5432 is not known: ClusterNetworkPolicy open and ClusterNetworkPolicy shut have the same priority 5 and differ about this packet; which one counts is not defined",
    ],
  },
  {
    promise: "stops at an AdminNetworkPolicy, in the words of its version",
    yaml:
      two +
      `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: old }
spec:
  priority: 5
  subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: shop } } }
  egress: [{ action: Deny, to: [{ networks: [10.244.2.0/24] }] }]
---`,
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "blocked: cart-0 should not reach db-0 on 5432: a policy stops it at the source",
      "egress-policy block: denied by AdminNetworkPolicy old rule 1: Deny addresses in 10.244.2.0/24, every port",
      "fix: Put a rule with Allow for pods with app=db of payments on 5432/TCP before rule 1 of AdminNetworkPolicy old",
    ],
  },
  {
    promise: "is not bound by policies as a pod on its node's network",
    yaml: base + db + hostPod + noWayOut,
    ask: "shop/agent-0 payments/db-0 5432",
    tells: [
      "reachable: agent-0 should reach db-0 on 5432",
      "egress-policy pass: it is on its node's network, where policies do not bind pods",
    ],
  },
  {
    promise: "stops a pod on its node's network as the node, with a rule for its address",
    yaml: base + db + hostPod + closedDb,
    ask: "shop/agent-0 payments/db-0 5432",
    tells: [
      "blocked: agent-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "fix: Create a NetworkPolicy in payments for pods with app=db that admits addresses in 192.168.0.1/32 on 5432/TCP",
    ],
  },
  {
    promise: "admits a pod on the network of the destination's own node",
    yaml:
      base +
      hostPod +
      pod("payments/db-0", { ips: ["10.244.1.7"], node: "node-1", ports: "5432" }) +
      closedDb,
    ask: "shop/agent-0 payments/db-0 5432",
    tells: [
      "reachable: agent-0 should reach db-0 on 5432",
      "ingress-policy pass: a pod's own node always reaches it",
    ],
  },
  {
    promise: "is unknown for a pod on its node's network where no plugin was found that decides",
    yaml: (base + db + hostPod + closedDb).replaceAll("docker.io/calico/node:v3.30.0", "example.com/other:1"),
    ask: "shop/agent-0 payments/db-0 5432",
    tells: [
      "blocked: agent-0 should not reach db-0 on 5432: a policy stops it at the destination; no policy engine was found, so the packet may still pass",
    ],
  },
  {
    promise:
      "is unknown where a rule would admit the pod and not its node, and no plugin was found that decides",
    yaml: (
      base +
      db +
      hostPod +
      policy("payments/db", "podSelector: {}\ningress: [{ from: [{ namespaceSelector: {} }] }]")
    ).replaceAll("docker.io/calico/node:v3.30.0", "example.com/other:1"),
    ask: "shop/agent-0 payments/db-0 5432",
    tells: [
      "unknown: whether agent-0 reaches db-0 on 5432 is not known: agent-0 is on the node's network; whether policies see the pod or the node there is not defined",
    ],
  },
  {
    promise: "reaches a pod on its node's network whatever isolates it",
    yaml: base + cart + hostPod + policy("shop/closed", "podSelector: {}\npolicyTypes: [Ingress]"),
    ask: "shop/cart-0 shop/agent-0 9100",
    tells: [
      "reachable: cart-0 should reach agent-0 on 9100",
      "ingress-policy pass: it is on its node's network, where policies do not bind pods",
    ],
  },
  {
    promise: "reaches its own pods from a node",
    yaml: two + closedDb,
    ask: "node/node-2 payments/db-0 5432",
    tells: [
      "reachable: node-2 should reach db-0 on 5432",
      "ingress-policy pass: a pod's own node always reaches it",
    ],
  },
  {
    promise: "stops another node",
    yaml: two + closedDb,
    ask: "node/node-1 payments/db-0 5432",
    tells: [
      "blocked: node-1 should not reach db-0 on 5432: a policy stops it at the destination",
      "fix: Create a NetworkPolicy in payments for pods with app=db that admits addresses in 192.168.0.1/32 on 5432/TCP",
    ],
  },
  {
    promise: "stops another node without a patch where the plugin takes no block to mean nodes",
    yaml: (two + closedDb).replaceAll("docker.io/calico/node:v3.30.0", "quay.io/cilium/cilium:v1.18.0"),
    ask: "node/node-1 payments/db-0 5432",
    tells: [
      "blocked: node-1 should not reach db-0 on 5432: a policy stops it at the destination",
      "fix: Admit it by a policy of the network plugin's own kind: this one takes no ipBlock to mean nodes",
    ],
  },
  {
    promise: "depends on the node that sends to a workload's pods on several",
    yaml:
      base +
      workload("web", [{ labels: "app=web" }, { labels: "app=web" }]) +
      policy("shop/closed", "podSelector: {}\npolicyTypes: [Ingress]"),
    ask: "node/node-1 shop/statefulset/web 8080",
    tells: ["depends: node-1 should reach web on 8080 only to web-0", "side to web-1, blocked"],
  },
  {
    promise: "reaches itself, whatever isolates it",
    yaml: base + cart + policy("shop/closed", "podSelector: {}\npolicyTypes: [Ingress, Egress]"),
    ask: "shop/cart-0 shop/cart-0 8080",
    tells: [
      "reachable: cart-0 should reach cart-0 on 8080",
      "ingress-policy pass: a pod always reaches itself",
    ],
  },
  {
    promise: "stops between the pods of one workload that are isolated from each other",
    yaml:
      base +
      workload("web", [{ labels: "app=web" }, { labels: "app=web" }]) +
      policy("shop/closed", "podSelector: {}\npolicyTypes: [Ingress]"),
    ask: "shop/statefulset/web shop/statefulset/web 8080",
    tells: ["blocked: web should not reach web on 8080: a policy stops it at the destination"],
  },
  {
    promise: "depends on which of a workload's pods sends",
    yaml: base + cart + canary + stableOnly,
    ask: "shop/statefulset/web shop/cart-0 8080",
    tells: [
      "depends: web should reach cart-0 on 8080 only from web-0",
      "side from web-1, blocked: no rule admits it; isolated by shop/cart",
    ],
  },
  {
    promise: "depends on which of a workload's pods is sent to",
    yaml:
      base +
      cart +
      canary +
      policy("shop/canary", "podSelector: { matchLabels: { track: canary } }\ningress: []"),
    ask: "shop/cart-0 shop/statefulset/web 8080",
    tells: ["depends: cart-0 should reach web on 8080 only to web-0", "side to web-1, blocked"],
  },
  {
    promise: "leaves out pods that do not run yet, and remarks on them",
    yaml:
      base +
      cart +
      workload("web", [
        { labels: "app=web" },
        { labels: "app=web", parts: { phase: "Pending", ready: false, waiting: "ContainerCreating" } },
      ]),
    ask: "shop/cart-0 shop/statefulset/web 8080",
    tells: [
      "reachable: cart-0 should reach web on 8080",
      "remark: 1 pod of 2 does not run (web-1) and is left out",
    ],
  },
  {
    promise: "stops at pods of which none runs",
    yaml:
      base +
      cart +
      workload("web", [
        { labels: "app=web", parts: { phase: "Pending", ready: false, waiting: "ContainerCreating" } },
      ]),
    ask: "shop/cart-0 shop/statefulset/web 8080",
    tells: ["blocked: cart-0 should not reach web on 8080: its pod does not run"],
  },
  {
    promise: "reaches pods that are not ready where they are asked directly, and says so",
    yaml: base + cart + workload("web", [{ labels: "app=web", parts: { ready: false } }]),
    ask: "shop/cart-0 shop/statefulset/web 8080",
    tells: ["reachable: cart-0 should reach web on 8080", "asked directly, that does not count"],
  },
  {
    promise: "stops at a pod whose container is in a crash loop",
    yaml:
      base +
      cart +
      workload("web", [{ labels: "app=web", parts: { ready: false, waiting: "CrashLoopBackOff" } }]),
    ask: "shop/cart-0 shop/statefulset/web 8080",
    tells: [
      "blocked: cart-0 should not reach web on 8080: nothing listens there",
      "destination block: nothing listens in web-0: container app",
    ],
  },
  {
    promise: "remarks on a port that no container declares",
    yaml: two,
    ask: "shop/cart-0 payments/db-0 9999",
    tells: [
      "reachable: cart-0 should reach db-0 on 9999",
      "remark: no container declares port 9999, which only informs: it may listen all the same",
    ],
  },
  {
    promise: "remarks on a port that a container declares for another protocol",
    yaml: two,
    ask: "shop/cart-0 payments/db-0 5432 UDP",
    tells: [
      "reachable: cart-0 should reach db-0 on 5432/UDP",
      "remark: container app declares 5432 for TCP, and the packet is UDP",
    ],
  },
  {
    promise: "is unknown at an address that two pods have",
    yaml: two + pod("payments/cache-0", { ips: ["10.244.2.7"], node: "node-2" }),
    ask: "shop/cart-0 payments/db-0 5432",
    tells: [
      "unknown: whether cart-0 reaches db-0 on 5432 is not known: payments/cache-0 has the same address 10.244.2.7 as db-0; which of them takes the packet is not defined",
    ],
  },
  {
    promise: "stops at pods by a port's name that none declares",
    yaml: two,
    ask: "shop/cart-0 payments/db-0 http",
    tells: [
      "blocked: cart-0 should not reach db-0 on http: no port is called http there",
      "destination block: no pod of db-0 declares a port named http",
      "near: it declares postgres",
    ],
  },
  {
    promise: "reaches pods by a port's name, on the number that each has for it",
    yaml:
      base +
      cart +
      workload("web", [{ labels: "app=web" }, { labels: "app=web", parts: { ports: "http:9090" } }]),
    ask: "shop/cart-0 shop/statefulset/web http",
    tells: ["reachable: cart-0 should reach web on http"],
  },
  {
    promise: "depends on the pod where some do not declare the port's name",
    yaml:
      base + cart + workload("web", [{ labels: "app=web" }, { labels: "app=web", parts: { ports: "9090" } }]),
    ask: "shop/cart-0 shop/statefulset/web http",
    tells: [
      "depends: cart-0 should reach web on http only to web-0",
      "side to web-1, blocked: web-1 declares no port named http",
    ],
  },
  {
    promise: "stops where nothing sends any more",
    yaml: base + cart + pod("shop/job-0", { phase: "Succeeded", ready: false }),
    ask: "shop/job-0 shop/cart-0 8080",
    tells: [
      "blocked: job-0 should not reach cart-0 on 8080: nothing sends",
      "source block: job-0 has finished (Succeeded) and sends nothing",
    ],
  },
  {
    promise: "stops at a pod that has finished",
    yaml: base + cart + pod("shop/job-0", { phase: "Succeeded", ready: false }),
    ask: "shop/cart-0 shop/job-0 8080",
    tells: ["blocked: cart-0 should not reach job-0 on 8080: its pod does not run"],
  },
  {
    promise: "stops at a workload that is scaled to zero, and asks its policies",
    yaml:
      base +
      cart +
      workload("web", []).replace("spec:\n  serviceName", "spec:\n  replicas: 0\n  serviceName") +
      policy("shop/web", "podSelector: { matchLabels: { app: web } }\ningress: []"),
    ask: "shop/cart-0 shop/statefulset/web 8080",
    tells: [
      "blocked: cart-0 should not reach web on 8080: a policy stops it at the destination and there is no pod",
      "destination block: web has no pod (scaled to 0)",
    ],
  },
  {
    promise: "asks a workload without a pod as one of its template would send",
    yaml:
      base +
      cart +
      workload("web", []).replace("spec:\n  serviceName", "spec:\n  replicas: 0\n  serviceName"),
    ask: "shop/statefulset/web shop/cart-0 8080",
    tells: [
      "reachable: web should reach cart-0 on 8080",
      "remark: web has no pod (scaled to 0); asked as one of its template would be",
    ],
  },
  {
    promise: "does not know whether an isolated pod reaches its own node, and stops it at another",
    yaml: two + noWayOut,
    ask: "shop/cart-0 node/node-1 10250",
    tells: [
      "unknown: whether cart-0 reaches node-1 on 10250 is not known: cart-0 runs on node-1: that a pod may always send to its own node is documented, and not every network plugin holds to it",
    ],
  },
  {
    promise: "stops an isolated pod at another node",
    yaml: two + noWayOut,
    ask: "shop/cart-0 node/node-2 10250",
    tells: ["blocked: cart-0 should not reach node-2 on 10250: a policy stops it at the source"],
  },
  {
    promise: "reaches a node on the ports that a rule names, where none is asked",
    yaml:
      two +
      policy(
        "shop/out",
        "podSelector: {}\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 9100, endPort: 9110 }] }]",
      ),
    ask: "shop/cart-0 node/node-2",
    tells: [
      "reachable: cart-0 should reach node-2 on any port of 9100–9110",
      "remark: asked on any port of 9100–9110; blocked on any port but 9100–9110",
    ],
  },
  {
    promise: "says of a rule for pods on their node's network that policies see the node",
    yaml:
      base +
      db +
      hostPod +
      policy(
        "payments/db",
        "podSelector: { matchLabels: { app: db } }\ningress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: agent } } }] }]",
      ),
    ask: "shop/agent-0 payments/db-0 5432",
    tells: [
      "blocked: agent-0 should not reach db-0 on 5432: a policy stops it at the destination",
      "near: db rule 1 admits pods with app=agent, and agent-0 is on its node's network, where policies see the node",
      "fix: Add a rule to payments/db that admits addresses in 192.168.0.1/32 on 5432/TCP",
    ],
  },
  {
    promise: "depends on the node from a DaemonSet on its nodes' network",
    yaml: two + closedDb,
    ask: "kube-system/daemonset/calico-node payments/db-0 5432",
    tells: [
      "depends: calico-node should reach db-0 on 5432 only from node-2",
      "side from node-1, blocked: no rule admits it; isolated by payments/closed",
    ],
  },
  {
    promise:
      "does not know whether isolated pods reach a DaemonSet on their own node, and stops them at others",
    yaml: two + noWayOut,
    ask: "shop/cart-0 kube-system/daemonset/calico-node 9099",
    tells: [
      "unknown: whether cart-0 reaches calico-node on 9099 is not known: cart-0 runs on node-1: that a pod may always send to its own node is documented, and not every network plugin holds to it",
      "side to calico-node-2, blocked: no rule lets it out; isolated by shop/no-way-out",
    ],
  },
  {
    promise: "reaches the pods of other nodes alike from a DaemonSet that nothing keeps out",
    yaml: two,
    ask: "kube-system/daemonset/calico-node payments/db-0 5432",
    tells: ["reachable: calico-node should reach db-0 on 5432"],
    never: ["side"],
  },
];
