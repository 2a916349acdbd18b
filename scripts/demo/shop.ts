import { tlsSecret } from "./certificates.ts";
import type { Cluster } from "./cluster.ts";
import type { Container } from "./containers.ts";
import { ingressAddress } from "./edge.ts";
import { grpcMethod, ingress, pathPrefix, route } from "./routes.ts";
import { addExternalName, addService } from "./services.ts";
import { addShopPolicies } from "./shop-policies.ts";
import { addDeployment, addStatefulSet, type DeploymentPlan } from "./workloads.ts";

const namespace = "shop";
const kafka = "kafka.platform.svc.cluster.local:9092";
const database = "postgres://pgbouncer.platform.svc.cluster.local:5432/shop";
const telemetry = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://otel-collector.observability:4317" };

type AppPlan = Omit<DeploymentPlan, "namespace" | "component" | "containers"> & {
  component?: string;
  version: string;
  env?: Record<string, string>;
  grpc?: boolean;
  memory?: string;
  /** What the Service selects, where that is not the app's name. */
  selector?: string;
};

/** A shop service: HTTP on 8080, metrics on 9102, perhaps gRPC on 9090, and a Service in front of it. */
function addApp(cluster: Cluster, plan: AppPlan): void {
  const { version, env, grpc, memory, selector, ...deployment } = plan;
  const container: Container = {
    name: plan.name,
    image: `shop/${plan.name}:${version}`,
    env: { ...env, ...telemetry },
    ports: { http: 8080, ...(grpc ? { grpc: 9090 } : {}), metrics: 9102 },
    readiness: { http: "/readyz", port: "http" },
    memory: memory ?? "256Mi",
  };
  addDeployment(cluster, { component: "api", ...deployment, namespace, containers: [container] });
  addService(cluster, {
    namespace,
    name: plan.name,
    selector: { "app.kubernetes.io/name": selector ?? plan.name },
    ports: [
      { name: "http", port: 80, to: "http" },
      ...(grpc ? [{ name: "grpc", port: 9090, to: "grpc", appProtocol: "kubernetes.io/h2c" }] : []),
    ],
    created: plan.created,
  });
}

export function addShop(cluster: Cluster): void {
  addFront(cluster);
  addCatalogue(cluster);
  addOrders(cluster);
  addShopPolicies(cluster);
  addEntrances(cluster);
}

function addFront(cluster: Cluster): void {
  addApp(cluster, {
    name: "storefront",
    component: "web",
    version: "7.5.0",
    replicas: 6,
    created: "83d",
    revision: 21,
    grace: 45,
    memory: "512Mi",
    env: {
      CATALOG_URL: "http://catalog",
      CART_URL: "http://cart",
      SEARCH_URL: "http://search",
      RECOMMENDATIONS_URL: "http://recommendations",
      REVIEWS_URL: "http://reviews",
      SESSION_STORE: "redis://session-redis:6379/0",
    },
    // A rollout as it should go: nothing is broken, though one pod is leaving.
    revisions: [
      {
        replicas: 4,
        rolled: "4d3h",
        image: "shop/storefront:7.4.1",
        states: { 4: { is: "terminating", grace: 45 } },
      },
      { replicas: 3, rolled: "1m20s" },
    ],
  });
  addApp(cluster, {
    name: "search",
    version: "3.11.2",
    replicas: 5,
    created: "82d",
    rolled: "2d9h",
    revision: 17,
    memory: "1Gi",
    env: { CATALOG_GRPC: "catalog:9090" },
    states: {
      1: { is: "unready", since: "24m", failure: "HTTP probe failed with statuscode: 503" },
      3: { is: "unready", since: "22m40s", failure: "HTTP probe failed with statuscode: 503" },
    },
  });
  addApp(cluster, {
    name: "recommendations",
    version: "2.6.0",
    replicas: 4,
    created: "80d",
    rolled: "1d2h",
    revision: 12,
    env: { CATALOG_GRPC: "catalog:9090", KAFKA_BROKERS: kafka },
    selector: "recommendation",
  });
  const outOfMemory = { is: "crash-loop", since: "1h10m", lastExit: "OOMKilled" } as const;
  addApp(cluster, {
    name: "reviews",
    version: "1.9.4",
    replicas: 3,
    created: "78d",
    rolled: "9d6h",
    revision: 9,
    memory: "128Mi",
    env: { DATABASE_URL: database },
    states: {
      0: { ...outOfMemory, restarts: 16 },
      1: { ...outOfMemory, restarts: 16 },
      2: { ...outOfMemory, restarts: 15 },
    },
  });
}

function addCatalogue(cluster: Cluster): void {
  addApp(cluster, {
    name: "catalog",
    version: "5.0.3",
    replicas: 8,
    created: "83d",
    rolled: "6d1h",
    revision: 14,
    grpc: true,
    memory: "384Mi",
    env: { DATABASE_URL: database, IMAGES_URL: "http://image-resizer" },
    states: { 5: { is: "ready", restarts: 1 } },
  });
  const missing = "registry.example.com/shop/pricing:5.2.0-rc1";
  const pullFailed = {
    is: "image-pull",
    failure: `rpc error: code = NotFound desc = failed to pull and unpack image "${missing}": failed to resolve reference "${missing}": ${missing}: not found`,
  } as const;
  addApp(cluster, {
    name: "pricing",
    version: "5.2.0-rc1",
    replicas: 5,
    created: "81d",
    revision: 11,
    strategy: { maxSurge: 2, maxUnavailable: 0 },
    stuck: true,
    env: { DATABASE_URL: database },
    revisions: [
      { replicas: 5, rolled: "12d4h", image: "shop/pricing:5.1.3" },
      { replicas: 2, rolled: "41m", states: { 0: pullFailed, 1: pullFailed } },
    ],
  });
  addApp(cluster, {
    name: "inventory",
    version: "4.2.8",
    replicas: 4,
    created: "83d",
    rolled: "15d2h",
    revision: 10,
    env: { DATABASE_URL: database, KAFKA_BROKERS: kafka },
  });
  addApp(cluster, {
    name: "image-resizer",
    component: "media",
    version: "2.3.1",
    replicas: 4,
    created: "79d",
    rolled: "23d5h",
    revision: 6,
    memory: "768Mi",
    env: { ORIGIN_URL: "https://media.shop.svc.cluster.local" },
  });
  addExternalName(cluster, {
    namespace,
    name: "media",
    externalName: "media-origin.storage.example.com",
    created: "79d",
  });
}

function addOrders(cluster: Cluster): void {
  addApp(cluster, {
    name: "cart",
    version: "3.4.0",
    replicas: 5,
    created: "83d",
    rolled: "8d3h",
    revision: 13,
    env: { SESSION_STORE: "redis://session-redis:6379/1", PRICING_URL: "http://pricing" },
  });
  addApp(cluster, {
    name: "checkout",
    version: "6.1.1",
    replicas: 5,
    created: "83d",
    rolled: "5d7h",
    revision: 18,
    env: {
      CART_URL: "http://cart",
      INVENTORY_URL: "http://inventory",
      PRICING_URL: "http://pricing",
      PAYMENT_API_URL: "http://payment-api.payments",
      KAFKA_BROKERS: kafka,
    },
  });
  addApp(cluster, {
    name: "orders-admin",
    component: "web",
    version: "1.12.0",
    replicas: 2,
    created: "74d",
    rolled: "18d1h",
    revision: 5,
    env: { DATABASE_URL: database, INVENTORY_URL: "http://inventory" },
  });
  addApp(cluster, {
    name: "notifications",
    component: "worker",
    version: "2.0.7",
    replicas: 3,
    created: "77d",
    rolled: "11d8h",
    revision: 7,
    env: { SMTP_ADDR: "mail-relay.platform:25", KAFKA_BROKERS: kafka },
  });
  addStatefulSet(cluster, {
    namespace,
    name: "session-redis",
    component: "store",
    replicas: 3,
    serviceName: "session-redis-nodes",
    created: "83d",
    rolled: "36d2h",
    containers: [
      {
        name: "redis",
        image: "mirror/redis:8.2.3",
        args: ["--cluster-enabled", "yes", "--maxmemory-policy", "allkeys-lru"],
        ports: { redis: 6379, bus: 16379 },
        readiness: { command: ["redis-cli", "ping"] },
        memory: "1Gi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "session-redis",
    ports: [{ name: "redis", port: 6379, to: "redis" }],
    created: "83d",
  });
  addService(cluster, {
    namespace,
    name: "session-redis-nodes",
    selector: { "app.kubernetes.io/name": "session-redis" },
    headless: true,
    publishNotReady: true,
    ports: [
      { name: "redis", port: 6379, to: "redis" },
      { name: "bus", port: 16379, to: "bus" },
    ],
    created: "83d",
  });
}

function addEntrances(cluster: Cluster): void {
  cluster.add(
    tlsSecret(namespace, "storefront-www-tls", "83d"),
    tlsSecret(namespace, "back-office-tls", "74d"),
    tlsSecret(namespace, "images-tls", "3d6h"),
    ingress({
      namespace,
      name: "storefront-www",
      hosts: { "www.shop.example.com": [{ path: "/", service: "storefront", port: "http" }] },
      tlsSecret: "storefront-www-tls",
      created: "83d",
      address: ingressAddress,
    }),
    ingress({
      namespace,
      name: "back-office",
      hosts: {
        "backoffice.shop.example.com": [
          { path: "/", service: "orders-admin", port: 80 },
          { path: "/reports", service: "order-admin", port: 80 },
        ],
      },
      tlsSecret: "back-office-tls",
      created: "74d",
      address: ingressAddress,
    }),
    ingress({
      namespace,
      name: "images",
      hosts: { "img.shop.example.com": [{ path: "/", service: "image-resizer", port: 8080 }] },
      tlsSecret: "images-tls",
      created: "3d6h",
      annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "16m" },
      address: ingressAddress,
    }),
    route({
      namespace,
      name: "storefront",
      listener: "https",
      hostnames: ["shop.example.com"],
      rules: [
        { matches: [pathPrefix("/")], backends: [{ service: "storefront", port: 80 }] },
        { matches: [pathPrefix("/search")], backends: [{ service: "search", port: 80 }] },
      ],
      created: "75d",
    }),
    route({
      namespace,
      name: "shop-api",
      listener: "https",
      hostnames: ["api.example.com"],
      rules: [
        { matches: [pathPrefix("/catalog")], backends: [{ service: "catalog", port: 80 }] },
        { matches: [pathPrefix("/cart")], backends: [{ service: "cart", port: 80 }] },
        { matches: [pathPrefix("/reviews")], backends: [{ service: "reviews", port: 80 }] },
        { matches: [pathPrefix("/recommendations")], backends: [{ service: "recommendations", port: 80 }] },
      ],
      created: "75d",
    }),
    route({
      kind: "GRPCRoute",
      namespace,
      name: "catalog-grpc",
      listener: "https",
      hostnames: ["grpc.example.com"],
      rules: [
        {
          matches: [grpcMethod("shop.catalog.v1.CatalogService")],
          backends: [{ service: "catalog", port: 9090 }],
        },
      ],
      created: "52d",
    }),
    route({
      namespace,
      name: "card-tokens",
      listener: "https",
      hostnames: ["pay.example.com"],
      rules: [
        {
          matches: [pathPrefix("/tokens")],
          backends: [{ service: "tokenizer", namespace: "payments", port: 80 }],
        },
      ],
      created: "68d",
    }),
    route({
      namespace,
      name: "payment-callbacks",
      listener: "https",
      hostnames: ["pay.example.com"],
      rules: [
        {
          matches: [pathPrefix("/callbacks")],
          backends: [{ service: "webhook-dispatcher", namespace: "payments", port: 80 }],
        },
      ],
      created: "2d5h",
      refused: {
        condition: "ResolvedRefs",
        reason: "RefNotPermitted",
        backend: "payments/webhook-dispatcher",
      },
    }),
  );
}
