import type { Cluster } from "./cluster.ts";
import { addService } from "./services.ts";
import { ago } from "./time.ts";
import { addDaemonSet, addDeployment } from "./workloads.ts";

const namespace = "kube-system";

const corefile = `.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
        max_concurrent 1000
    }
    cache 30
    loop
    reload
    loadbalance
}
`;

export function addKubeSystem(cluster: Cluster): void {
  cluster.add({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "coredns", namespace, creationTimestamp: ago("97d") },
    data: { Corefile: corefile },
  });
  addDeployment(cluster, {
    namespace,
    name: "coredns",
    component: "dns",
    labels: { "k8s-app": "kube-dns" },
    replicas: 2,
    created: "97d",
    rolled: "33d5h",
    revision: 3,
    // It resolves through its node: through itself it would loop.
    dnsPolicy: "Default",
    priorityClass: "system-cluster-critical",
    containers: [
      {
        name: "coredns",
        image: "mirror/coredns:1.13.1",
        args: ["-conf", "/etc/coredns/Corefile"],
        ports: {
          dns: "53/UDP",
          "dns-tcp": 53,
          metrics: 9153,
          "liveness-probe": 8080,
          "readiness-probe": 8181,
        },
        readiness: { http: "/ready", port: "readiness-probe" },
        memory: "170Mi",
      },
    ],
  });
  addDaemonSet(cluster, {
    namespace,
    name: "kube-proxy",
    component: "proxy",
    labels: { "k8s-app": "kube-proxy" },
    created: "97d",
    rolled: "33d4h",
    hostNetwork: true,
    dnsPolicy: "ClusterFirstWithHostNet",
    priorityClass: "system-node-critical",
    containers: [
      {
        name: "kube-proxy",
        image: "mirror/kube-proxy:v1.34.2",
        args: ["--config=/var/lib/kube-proxy/config.conf", "--hostname-override=$(NODE_NAME)"],
        env: { NODE_NAME: "$spec.nodeName" },
        ports: { health: 10256, metrics: 10249 },
      },
    ],
  });
  addDaemonSet(cluster, {
    namespace,
    name: "calico-node",
    component: "network",
    labels: { "k8s-app": "calico-node" },
    created: "97d",
    rolled: "33d3h",
    hostNetwork: true,
    dnsPolicy: "ClusterFirstWithHostNet",
    priorityClass: "system-node-critical",
    init: [{ name: "install-cni", image: "mirror/calico/cni:v3.31.2" }],
    containers: [
      {
        name: "calico-node",
        image: "mirror/calico/node:v3.31.2",
        env: {
          CALICO_NETWORKING_BACKEND: "bird",
          CALICO_IPV4POOL_CIDR: "10.244.0.0/16",
          FELIX_HEALTHENABLED: "true",
          NODENAME: "$spec.nodeName",
        },
        readiness: { command: ["/bin/calico-node", "-felix-ready", "-bird-ready"] },
      },
    ],
  });
  addDeployment(cluster, {
    namespace,
    name: "calico-kube-controllers",
    component: "network",
    labels: { "k8s-app": "calico-kube-controllers" },
    replicas: 1,
    created: "97d",
    rolled: "33d3h",
    revision: 2,
    priorityClass: "system-cluster-critical",
    containers: [
      {
        name: "calico-kube-controllers",
        image: "mirror/calico/kube-controllers:v3.31.2",
        env: { ENABLED_CONTROLLERS: "node,policy", DATASTORE_TYPE: "kubernetes" },
        readiness: { command: ["/usr/bin/check-status", "-r"] },
      },
    ],
  });
  addDeployment(cluster, {
    namespace,
    name: "metrics-server",
    component: "metrics",
    labels: { "k8s-app": "metrics-server" },
    replicas: 2,
    created: "95d",
    rolled: "33d2h",
    revision: 2,
    containers: [
      {
        name: "metrics-server",
        image: "mirror/metrics-server:v0.8.0",
        args: ["--secure-port=10250", "--kubelet-preferred-address-types=InternalIP,Hostname"],
        ports: { https: 10250 },
        readiness: { tcp: "https" },
        memory: "200Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "kube-dns",
    selector: { "k8s-app": "kube-dns" },
    labels: {
      "k8s-app": "kube-dns",
      "kubernetes.io/cluster-service": "true",
      "kubernetes.io/name": "CoreDNS",
    },
    clusterIP: "10.96.0.10",
    ports: [
      { name: "dns", port: 53, protocol: "UDP" },
      { name: "dns-tcp", port: 53 },
      { name: "metrics", port: 9153 },
    ],
    created: "97d",
  });
  addService(cluster, {
    namespace,
    name: "metrics-server",
    selector: { "k8s-app": "metrics-server" },
    ports: [{ name: "https", port: 443, to: "https" }],
    created: "95d",
  });
}
