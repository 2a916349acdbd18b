import type { Cluster } from "./cluster.ts";
import { addPaymentPolicies } from "./payment-policies.ts";
import { pathPrefix, referenceGrant, route } from "./routes.ts";
import { addManualSlice, addService } from "./services.ts";
import { addDeployment, addStatefulSet } from "./workloads.ts";

const namespace = "payments";
const common = {
  KAFKA_BROKERS: "kafka.platform.svc.cluster.local:9092",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://otel-collector.observability:4317",
};

export function addPayments(cluster: Cluster): void {
  addWorkloads(cluster);
  addServices(cluster);
  addPaymentPolicies(cluster);
  cluster.add(
    route({
      namespace,
      name: "payment-api",
      listener: "https",
      hostnames: ["pay.example.com"],
      rules: [{ matches: [pathPrefix("/v1")], backends: [{ service: "payment-api", port: 80 }] }],
      created: "68d",
    }),
    // For shop/card-tokens. Nothing permits shop/payment-callbacks: fault 8.
    referenceGrant({
      namespace,
      name: "tokenizer-from-shop",
      from: "shop",
      service: "tokenizer",
      created: "68d",
    }),
  );
}

function addWorkloads(cluster: Cluster): void {
  const http = {
    ports: { http: 8080, metrics: 9102 },
    readiness: { http: "/readyz", port: "http" },
    memory: "256Mi",
  } as const;
  addDeployment(cluster, {
    namespace,
    name: "payment-api",
    component: "api",
    replicas: 6,
    created: "83d",
    rolled: "7d4h",
    revision: 16,
    containers: [
      {
        ...http,
        name: "payment-api",
        image: "payments/payment-api:4.8.2",
        env: {
          FRAUD_ADDR: "fraud:9000",
          TOKENIZER_URL: "http://tokenizer",
          LEDGER_ADDR: "ledger:7000",
          CARD_NETWORK_URL: "https://card-network:8443",
          ...common,
        },
      },
    ],
  });
  addStatefulSet(cluster, {
    namespace,
    name: "ledger",
    component: "store",
    replicas: 3,
    serviceName: "ledger-members",
    created: "83d",
    rolled: "27d3h",
    grace: 60,
    containers: [
      {
        name: "ledger",
        image: "payments/ledger:2.1.0",
        args: ["--join=ledger-members:7001"],
        ports: { grpc: 7000, raft: 7001, metrics: 9102 },
        readiness: { grpc: 7000 },
        memory: "1Gi",
      },
    ],
  });
  addDeployment(cluster, {
    namespace,
    name: "fraud",
    component: "api",
    replicas: 4,
    created: "81d",
    rolled: "20h15m",
    revision: 13,
    containers: [
      {
        name: "fraud",
        image: "payments/fraud:3.3.0",
        env: {
          DATABASE_URL: "postgres://pgbouncer.platform.svc.cluster.local:5432/fraud",
          OTEL_EXPORTER_OTLP_ENDPOINT: common.OTEL_EXPORTER_OTLP_ENDPOINT,
        },
        ports: { grpc: 9000, metrics: 9102 },
        readiness: { grpc: 9000 },
        memory: "512Mi",
      },
    ],
  });
  addDeployment(cluster, {
    namespace,
    name: "tokenizer",
    component: "api",
    replicas: 3,
    created: "82d",
    rolled: "30d1h",
    revision: 6,
    containers: [
      {
        ...http,
        name: "tokenizer",
        image: "payments/tokenizer:1.7.5",
        env: {
          KEYVAULT_ADDR: "http://keyvault.platform:8200",
          OTEL_EXPORTER_OTLP_ENDPOINT: common.OTEL_EXPORTER_OTLP_ENDPOINT,
        },
      },
    ],
  });
  addDeployment(cluster, {
    namespace,
    name: "webhook-dispatcher",
    component: "worker",
    replicas: 3,
    created: "76d",
    rolled: "13d2h",
    revision: 8,
    containers: [{ ...http, name: "dispatcher", image: "payments/webhook-dispatcher:1.3.9", env: common }],
  });
  addDeployment(cluster, {
    namespace,
    name: "payouts",
    component: "worker",
    replicas: 2,
    created: "70d",
    rolled: "22d6h",
    revision: 4,
    containers: [
      {
        ...http,
        name: "payouts",
        image: "payments/payouts:1.1.2",
        env: { LEDGER_ADDR: "ledger:7000", CARD_NETWORK_URL: "https://card-network:8443", ...common },
      },
    ],
  });
}

function addServices(cluster: Cluster): void {
  const http = [{ name: "http", port: 80, to: "http" }];
  addService(cluster, { namespace, name: "payment-api", ports: http, created: "83d" });
  addService(cluster, { namespace, name: "tokenizer", ports: http, created: "82d" });
  addService(cluster, { namespace, name: "webhook-dispatcher", ports: http, created: "76d" });
  addService(cluster, {
    namespace,
    name: "fraud",
    // Fault 4: the pods call it "grpc".
    ports: [{ name: "grpc", port: 9000, to: "grpc-api" }],
    created: "81d",
  });
  addService(cluster, {
    namespace,
    name: "ledger",
    ports: [{ name: "grpc", port: 7000, to: "grpc" }],
    created: "83d",
  });
  addService(cluster, {
    namespace,
    name: "ledger-members",
    selector: { "app.kubernetes.io/name": "ledger" },
    headless: true,
    publishNotReady: true,
    ports: [
      { name: "grpc", port: 7000, to: "grpc" },
      { name: "raft", port: 7001, to: "raft" },
    ],
    created: "83d",
  });
  const labels = { "app.kubernetes.io/name": "card-network", "app.kubernetes.io/part-of": namespace };
  addService(cluster, {
    namespace,
    name: "card-network",
    selector: null,
    labels,
    ports: [{ name: "https", port: 8443 }],
    created: "69d",
  });
  addManualSlice(cluster, {
    namespace,
    service: "card-network",
    name: "card-network-1",
    addresses: ["198.51.100.21", "198.51.100.22"],
    port: { name: "https", port: 8443 },
    created: "69d",
    labels: { ...labels, "endpointslice.kubernetes.io/managed-by": "payments-team.example.com" },
  });
}
