import type { Cluster } from "./cluster.ts";
import {
  allowDns,
  allowFrom,
  allowTo,
  gatewayProxy,
  ingressController,
  inNamespace,
  named,
  policy,
  prometheus,
  sameNamespace,
  telemetry,
} from "./policies.ts";

const namespace = "shop";

export function addShopPolicies(cluster: Cluster): void {
  cluster.add(
    policy({ namespace, name: "default-deny", ingress: [] }),
    policy({
      namespace,
      name: "allow-same-namespace",
      pods: {
        matchExpressions: [{ key: "app.kubernetes.io/component", operator: "NotIn", values: ["store"] }],
      },
      ingress: [allowFrom([sameNamespace({})])],
    }),
    policy({ namespace, name: "allow-metrics", ingress: [allowFrom([prometheus], "metrics")] }),
    policy({
      namespace,
      name: "web-from-edge",
      pods: { matchLabels: { "app.kubernetes.io/component": "web" } },
      ingress: [allowFrom([ingressController, gatewayProxy], "http")],
    }),
    policy({
      namespace,
      name: "images-from-edge",
      pods: named("image-resizer"),
      ingress: [allowFrom([ingressController], "http")],
    }),
    policy({
      namespace,
      name: "api-from-gateway",
      pods: named("catalog", "cart", "search", "recommendations", "reviews"),
      ingress: [allowFrom([gatewayProxy], "http")],
    }),
    policy({
      namespace,
      name: "catalog-grpc-from-gateway",
      pods: named("catalog"),
      ingress: [allowFrom([gatewayProxy], "grpc")],
    }),
    policy({
      namespace,
      name: "session-redis-clients",
      pods: named("session-redis"),
      ingress: [
        allowFrom([sameNamespace(named("storefront", "cart"))], 6379),
        allowFrom([sameNamespace(named("session-redis"))], 6379, 16379),
      ],
    }),
    policy({
      namespace,
      name: "checkout-egress",
      pods: named("checkout"),
      egress: [
        allowTo([sameNamespace({})]),
        allowTo([inNamespace("payments", named("payment-api"))], 8080),
        allowTo([inNamespace("platform", named("kafka"))], 9092),
        telemetry,
        allowDns,
      ],
    }),
    policy({
      namespace,
      name: "notifications-egress",
      pods: named("notifications"),
      // Fault 13: no DNS, unlike checkout-egress.
      egress: [
        allowTo([inNamespace("platform", named("mail-relay"))], 2525),
        allowTo([inNamespace("platform", named("kafka"))], 9092),
        telemetry,
      ],
      created: "3d4h",
    }),
  );
}
