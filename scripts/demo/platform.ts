import type { Cluster } from "./cluster.ts";
import { event } from "./events.ts";
import { allowFrom, inNamespace, labelled, named, policy, sameNamespace } from "./policies.ts";
import { addService } from "./services.ts";
import { ago } from "./time.ts";
import { addCronJob, addDeployment, addStatefulSet } from "./workloads.ts";

const namespace = "platform";

export function addPlatform(cluster: Cluster): void {
  addKafka(cluster);
  addPostgres(cluster);
  addKeyvault(cluster);
  addControllers(cluster);
  addDeployment(cluster, {
    namespace,
    name: "mail-relay",
    component: "relay",
    replicas: 2,
    created: "80d",
    rolled: "26d3h",
    revision: 2,
    containers: [
      {
        name: "relay",
        image: "platform/mail-relay:2.8.1",
        env: { UPSTREAM: "smtp.mail.example.com:587" },
        ports: { smtp: 2525 },
        readiness: { tcp: "smtp" },
        memory: "64Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "mail-relay",
    ports: [{ name: "smtp", port: 25, to: "smtp" }],
    created: "80d",
  });
}

function addKafka(cluster: Cluster): void {
  addStatefulSet(cluster, {
    namespace,
    name: "kafka",
    component: "broker",
    replicas: 3,
    serviceName: "kafka-brokers",
    created: "89d",
    rolled: "21d2h",
    grace: 120,
    containers: [
      {
        name: "kafka",
        image: "platform/kafka:4.1.0",
        env: {
          KAFKA_CONTROLLER_QUORUM:
            "kafka-0.kafka-brokers:9093,kafka-1.kafka-brokers:9093,kafka-2.kafka-brokers:9093",
        },
        ports: { client: 9092, controller: 9093, external: 9094, metrics: 9404 },
        readiness: { tcp: "client" },
        memory: "2Gi",
      },
    ],
  });
  const selector = { "app.kubernetes.io/name": "kafka" };
  addService(cluster, {
    namespace,
    name: "kafka",
    ports: [{ name: "client", port: 9092, to: "client" }],
    created: "89d",
  });
  addService(cluster, {
    namespace,
    name: "kafka-brokers",
    selector,
    headless: true,
    // Brokers must find each other before any of them is ready.
    publishNotReady: true,
    ports: [
      { name: "client", port: 9092, to: "client" },
      { name: "controller", port: 9093, to: "controller" },
    ],
    created: "89d",
  });
  addService(cluster, {
    namespace,
    name: "kafka-external",
    type: "LoadBalancer",
    selector,
    ports: [{ name: "external", port: 9094, to: "external", nodePort: 32094 }],
    sourceRanges: ["198.51.100.0/24"],
    created: "2h35m",
  });
  const about = { apiVersion: "v1", kind: "Service", namespace, name: "kafka-external" };
  const from = "service-controller";
  cluster.add(
    event({
      about,
      type: "Normal",
      reason: "EnsuringLoadBalancer",
      message: "Ensuring load balancer",
      count: 34,
      first: ago("2h35m"),
      last: ago("3m12s"),
      from,
    }),
    event({
      about,
      reason: "SyncLoadBalancerFailed",
      message:
        "Error syncing load balancer: failed to ensure load balancer: quota exceeded: public addresses in region north-1, limit 2, in use 2",
      count: 34,
      first: ago("2h35m", 3),
      last: ago("3m9s"),
      from,
    }),
  );
}

function addPostgres(cluster: Cluster): void {
  addStatefulSet(cluster, {
    namespace,
    name: "postgres",
    component: "database",
    replicas: 3,
    serviceName: "postgres-members",
    created: "89d",
    rolled: "40d7h",
    grace: 90,
    podLabels: (ordinal) => ({ role: ordinal === 0 ? "primary" : "replica" }),
    init: [
      { name: "prepare-volume", image: "platform/postgres:17.6", args: ["prepare"] },
      // A native sidecar: the port it declares belongs to the pod as much as any container's.
      {
        name: "exporter",
        image: "platform/postgres-exporter:0.18.1",
        ports: { metrics: 9187 },
        sidecar: true,
      },
    ],
    containers: [
      {
        name: "postgres",
        image: "platform/postgres:17.6",
        ports: { postgres: 5432 },
        readiness: { command: ["pg_isready", "-q"] },
        memory: "4Gi",
      },
    ],
  });
  const port = { name: "postgres", port: 5432, to: "postgres" };
  const name = { "app.kubernetes.io/name": "postgres" };
  addService(cluster, {
    namespace,
    name: "postgres-members",
    selector: name,
    headless: true,
    ports: [port],
    created: "89d",
  });
  addService(cluster, {
    namespace,
    name: "postgres-rw",
    selector: { ...name, role: "primary" },
    ports: [port],
    created: "89d",
  });
  addService(cluster, {
    namespace,
    name: "postgres-ro",
    selector: { ...name, role: "replica" },
    ports: [port],
    created: "89d",
  });
  addService(cluster, {
    namespace,
    name: "postgres-metrics",
    selector: name,
    ports: [{ name: "metrics", port: 9187, to: "metrics" }],
    created: "40d7h",
  });
  addDeployment(cluster, {
    namespace,
    name: "pgbouncer",
    component: "pooler",
    replicas: 3,
    created: "88d",
    rolled: "16d4h",
    revision: 6,
    containers: [
      {
        name: "pgbouncer",
        image: "platform/pgbouncer:1.25.0",
        env: { UPSTREAM_HOST: "postgres-rw", UPSTREAM_PORT: "5432" },
        ports: { postgres: 6432, metrics: 9127 },
        readiness: { tcp: "postgres" },
        memory: "64Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "pgbouncer",
    ports: [{ name: "postgres", port: 5432, to: "postgres" }],
    created: "88d",
  });
  addCronJob(cluster, {
    namespace,
    name: "postgres-backup",
    component: "backup",
    schedule: "0 2 * * *",
    created: "88d",
    containers: [
      {
        name: "backup",
        image: "platform/postgres-backup:3.2.0",
        env: { PGHOST: "postgres-ro", BUCKET: "https://backups.example.com/shop" },
        memory: "256Mi",
      },
    ],
    runs: [
      { at: "2026-11-18T02:00:00Z", took: 412 },
      { at: "2026-11-19T02:00:00Z", took: 398 },
      { at: "2026-11-20T02:00:00Z", took: 437 },
    ],
  });
  cluster.add(
    policy({
      namespace,
      name: "postgres-clients",
      // Fault 10: the pods are labelled "postgres".
      pods: labelled({ "app.kubernetes.io/name": "postgresql" }),
      ingress: [
        allowFrom([sameNamespace(named("pgbouncer", "postgres", "postgres-backup"))], "postgres"),
        allowFrom([inNamespace("observability", named("prometheus"))], "metrics"),
      ],
      created: "6d3h",
    }),
  );
}

function addKeyvault(cluster: Cluster): void {
  addStatefulSet(cluster, {
    namespace,
    name: "keyvault",
    component: "secrets",
    replicas: 3,
    serviceName: "keyvault-internal",
    created: "87d",
    rolled: "54d1h",
    containers: [
      {
        name: "keyvault",
        image: "platform/keyvault:1.20.4",
        env: { CLUSTER_ADDR: "http://keyvault-internal:8201" },
        ports: { api: 8200, cluster: 8201 },
        readiness: { http: "/v1/sys/health?standbyok=true", port: "api" },
        memory: "512Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "keyvault",
    ports: [{ name: "api", port: 8200, to: "api" }],
    created: "87d",
  });
  addService(cluster, {
    namespace,
    name: "keyvault-internal",
    selector: { "app.kubernetes.io/name": "keyvault" },
    headless: true,
    publishNotReady: true,
    ports: [
      { name: "api", port: 8200, to: "api" },
      { name: "cluster", port: 8201, to: "cluster" },
    ],
    created: "87d",
  });
}

function addControllers(cluster: Cluster): void {
  addDeployment(cluster, {
    namespace,
    name: "cert-manager",
    component: "controller",
    replicas: 1,
    created: "86d",
    rolled: "29d8h",
    revision: 3,
    containers: [
      {
        name: "controller",
        image: "mirror/cert-manager/controller:v1.19.1",
        ports: { metrics: 9402, healthz: 9403 },
        readiness: { http: "/livez", port: "healthz" },
        memory: "128Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "cert-manager",
    ports: [{ name: "metrics", port: 9402, to: "metrics" }],
    created: "86d",
  });
  addDeployment(cluster, {
    namespace,
    name: "cert-manager-webhook",
    component: "webhook",
    replicas: 2,
    created: "86d",
    rolled: "29d8h",
    revision: 3,
    containers: [
      {
        name: "webhook",
        image: "mirror/cert-manager/webhook:v1.19.1",
        ports: { https: 10250, healthcheck: 6080 },
        readiness: { http: "/healthz", port: "healthcheck" },
        memory: "64Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "cert-manager-webhook",
    ports: [{ name: "https", port: 443, to: "https" }],
    created: "86d",
  });
  addDeployment(cluster, {
    namespace,
    name: "envoy-gateway",
    component: "controller",
    replicas: 2,
    created: "76d",
    rolled: "19d1h",
    revision: 4,
    containers: [
      {
        name: "envoy-gateway",
        image: "mirror/envoy-gateway:v1.6.0",
        args: ["server", "--config-path=/config/envoy-gateway.yaml"],
        env: { ENVOY_GATEWAY_NAMESPACE: "$metadata.namespace" },
        ports: { grpc: 18000, ratelimit: 18001, metrics: 19001, health: 8081 },
        readiness: { http: "/readyz", port: "health" },
        memory: "256Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "envoy-gateway",
    ports: [
      { name: "grpc", port: 18000, to: "grpc" },
      { name: "ratelimit", port: 18001, to: "ratelimit" },
      { name: "metrics", port: 19001, to: "metrics" },
    ],
    created: "76d",
  });
}
