import { tlsSecret } from "./certificates.ts";
import type { Cluster } from "./cluster.ts";
import { ingressAddress } from "./edge.ts";
import { allowFrom, cidr, gatewayProxy, named, policy, prometheus } from "./policies.ts";
import { ingress, pathPrefix, route } from "./routes.ts";
import { addService } from "./services.ts";
import { addDaemonSet, addDeployment, addStatefulSet } from "./workloads.ts";

const namespace = "observability";

export function addObservability(cluster: Cluster): void {
  addMetrics(cluster);
  addLogs(cluster);
  addCollectors(cluster);
}

function addMetrics(cluster: Cluster): void {
  addStatefulSet(cluster, {
    namespace,
    name: "prometheus",
    component: "metrics",
    replicas: 2,
    serviceName: "prometheus-operated",
    created: "88d",
    rolled: "10d5h",
    grace: 600,
    containers: [
      {
        name: "prometheus",
        image: "mirror/prometheus:v3.7.3",
        args: ["--storage.tsdb.retention.time=15d", "--web.enable-lifecycle"],
        ports: { web: 9090 },
        readiness: { http: "/-/ready", port: "web" },
        memory: "6Gi",
      },
      { name: "config-reloader", image: "mirror/config-reloader:v0.86.1", ports: { reloader: 8080 } },
    ],
  });
  addStatefulSet(cluster, {
    namespace,
    name: "alertmanager",
    component: "alerts",
    replicas: 2,
    serviceName: "alertmanager-operated",
    created: "88d",
    rolled: "31d",
    containers: [
      {
        name: "alertmanager",
        image: "mirror/alertmanager:v0.29.0",
        args: ["--cluster.peer=alertmanager-0.alertmanager-operated:9094"],
        ports: { web: 9093, mesh: 9094, "mesh-udp": "9094/UDP" },
        readiness: { http: "/-/ready", port: "web" },
        memory: "128Mi",
      },
    ],
  });
  addDeployment(cluster, {
    namespace,
    name: "grafana",
    component: "dashboards",
    replicas: 2,
    created: "87d",
    rolled: "17d6h",
    revision: 8,
    containers: [
      {
        name: "grafana",
        image: "mirror/grafana:12.3.0",
        env: {
          PROMETHEUS_URL: "http://prometheus:9090",
          LOKI_URL: "http://loki:3100",
          GF_DATABASE_HOST: "pgbouncer.platform:5432",
        },
        ports: { http: 3000 },
        readiness: { http: "/api/health", port: "http" },
        memory: "512Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "prometheus",
    ports: [{ name: "web", port: 9090, to: "web" }],
    created: "88d",
  });
  addService(cluster, {
    namespace,
    name: "prometheus-operated",
    selector: { "app.kubernetes.io/name": "prometheus" },
    headless: true,
    ports: [{ name: "web", port: 9090, to: "web" }],
    created: "88d",
  });
  addService(cluster, {
    namespace,
    name: "alertmanager",
    ports: [{ name: "web", port: 9093, to: "web" }],
    created: "88d",
  });
  addService(cluster, {
    namespace,
    name: "alertmanager-operated",
    selector: { "app.kubernetes.io/name": "alertmanager" },
    headless: true,
    publishNotReady: true,
    ports: [
      { name: "web", port: 9093, to: "web" },
      { name: "mesh", port: 9094, to: "mesh" },
      { name: "mesh-udp", port: 9094, to: "mesh-udp", protocol: "UDP" },
    ],
    created: "88d",
  });
  addService(cluster, {
    namespace,
    name: "grafana",
    type: "NodePort",
    ports: [{ name: "http", port: 80, to: "http", nodePort: 30300 }],
    created: "87d",
  });
  cluster.add(
    policy({
      namespace,
      name: "grafana",
      pods: named("grafana"),
      // Behind a NodePort the source is a node's address.
      ingress: [allowFrom([cidr("10.20.0.0/16"), gatewayProxy, prometheus], "http")],
    }),
    tlsSecret(namespace, "monitoring-tls", "70d"),
    ingress({
      namespace,
      name: "monitoring",
      hosts: {
        "prometheus.ops.example.com": [{ path: "/", service: "prometheus", port: 9090 }],
        "alerts.ops.example.com": [{ path: "/", service: "alertmanager", port: "web" }],
      },
      tlsSecret: "monitoring-tls",
      created: "70d",
      address: ingressAddress,
    }),
    route({
      namespace,
      name: "grafana",
      listener: "https",
      hostnames: ["grafana.example.com"],
      rules: [{ matches: [pathPrefix("/")], backends: [{ service: "grafana", port: 80 }] }],
      created: "1d7h",
      refused: { condition: "Accepted", reason: "NotAllowedByListeners" },
    }),
  );
}

function addLogs(cluster: Cluster): void {
  const loki = { "app.kubernetes.io/name": "loki" };
  addStatefulSet(cluster, {
    namespace,
    name: "loki",
    component: "logs",
    replicas: 3,
    serviceName: "loki-members",
    created: "87d",
    rolled: "31d1h",
    joined: { 2: "5h20m" },
    antiAffinity: true,
    containers: [
      {
        name: "loki",
        image: "mirror/loki:3.6.0",
        args: ["-config.file=/etc/loki/loki.yaml", "-memberlist.join=loki-members"],
        ports: { http: 3100, grpc: 9095, gossip: 7946 },
        readiness: { http: "/ready", port: "http" },
        memory: "12Gi",
      },
    ],
    states: {
      2: {
        is: "pending",
        message:
          "0/5 nodes are available: 2 node(s) didn't match pod anti-affinity rules, 3 Insufficient memory. preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod.",
      },
    },
  });
  addService(cluster, {
    namespace,
    name: "loki",
    ports: [{ name: "http", port: 3100, to: "http" }],
    created: "87d",
  });
  addService(cluster, {
    namespace,
    name: "loki-members",
    selector: loki,
    headless: true,
    publishNotReady: true,
    ports: [
      { name: "grpc", port: 9095, to: "grpc" },
      { name: "gossip", port: 7946, to: "gossip" },
    ],
    created: "87d",
  });
  addDeployment(cluster, {
    namespace,
    name: "syslog-receiver",
    component: "logs",
    replicas: 2,
    created: "44d",
    rolled: "3d2h",
    revision: 2,
    containers: [
      {
        name: "receiver",
        image: "observability/syslog-receiver:0.9.0",
        env: { LOKI_URL: "http://loki.observability:3100" },
        // Fault 16: the Service sends UDP here.
        ports: { syslog: 5514, health: 8080 },
        readiness: { http: "/healthz", port: "health" },
        memory: "96Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "syslog",
    selector: { "app.kubernetes.io/name": "syslog-receiver" },
    ports: [{ name: "syslog", port: 514, to: 5514, protocol: "UDP" }],
    created: "44d",
  });
}

function addCollectors(cluster: Cluster): void {
  addDaemonSet(cluster, {
    namespace,
    name: "node-exporter",
    component: "metrics",
    created: "88d",
    rolled: "31d2h",
    hostNetwork: true,
    dnsPolicy: "ClusterFirstWithHostNet",
    containers: [
      {
        name: "node-exporter",
        image: "mirror/node-exporter:v1.10.2",
        args: ["--web.listen-address=$(HOST_IP):9100"],
        env: { HOST_IP: "$status.hostIP" },
        ports: { metrics: 9100 },
        readiness: { http: "/", port: "metrics" },
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "node-exporter",
    headless: true,
    ports: [{ name: "metrics", port: 9100, to: "metrics" }],
    created: "88d",
  });
  addDaemonSet(cluster, {
    namespace,
    name: "otel-collector",
    component: "traces",
    created: "62d",
    rolled: "14d3h",
    containers: [
      {
        name: "collector",
        image: "mirror/otel-collector:0.140.0",
        ports: { "otlp-grpc": 4317, "otlp-http": 4318, health: 13133 },
        readiness: { http: "/", port: "health" },
        memory: "384Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "otel-collector",
    // Right here: the DaemonSet has a pod on every node.
    localOnly: true,
    ports: [
      { name: "otlp-grpc", port: 4317, to: "otlp-grpc", appProtocol: "grpc" },
      { name: "otlp-http", port: 4318, to: "otlp-http" },
    ],
    created: "62d",
  });
  addDeployment(cluster, {
    namespace,
    name: "statsd-relay",
    component: "metrics",
    replicas: 2,
    created: "58d",
    rolled: "8d4h",
    revision: 2,
    on: [0, 3],
    containers: [
      {
        name: "relay",
        image: "observability/statsd-relay:1.12.0",
        ports: { statsd: "8125/UDP", metrics: 9102 },
        readiness: { http: "/metrics", port: "metrics" },
        memory: "64Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "statsd",
    selector: { "app.kubernetes.io/name": "statsd-relay" },
    localOnly: true,
    ports: [{ name: "statsd", port: 8125, to: "statsd", protocol: "UDP" }],
    created: "58d",
  });
}
