import type { Cluster } from "./cluster.ts";
import {
  allowDns,
  allowFrom,
  allowTo,
  cidr,
  gatewayProxy,
  inNamespace,
  named,
  policy,
  prometheus,
  sameNamespace,
  telemetry,
} from "./policies.ts";

const namespace = "payments";
const cardNetwork = allowTo([cidr("198.51.100.16/28")], 8443);
const kafka = allowTo([inNamespace("platform", named("kafka"))], 9092);
const ledger = allowTo([sameNamespace(named("ledger"))], 7000);

export function addPaymentPolicies(cluster: Cluster): void {
  cluster.add(
    policy({ namespace, name: "default-deny", ingress: [], egress: [] }),
    policy({ namespace, name: "allow-dns", egress: [allowDns] }),
    policy({ namespace, name: "allow-metrics", ingress: [allowFrom([prometheus], "metrics")] }),
    policy({
      namespace,
      name: "allow-telemetry",
      pods: {
        matchExpressions: [{ key: "app.kubernetes.io/component", operator: "NotIn", values: ["store"] }],
      },
      egress: [telemetry],
    }),
    policy({
      namespace,
      name: "payment-api-from-gateway",
      pods: named("payment-api"),
      ingress: [allowFrom([gatewayProxy], "http")],
    }),
    policy({
      namespace,
      name: "payment-api-from-checkout",
      pods: named("payment-api"),
      // Fault 14: the Service's port; the pods listen on 8080.
      ingress: [allowFrom([inNamespace("shop", named("checkout"))], 80)],
      created: "1d4h",
    }),
    policy({
      namespace,
      name: "payment-api-egress",
      pods: named("payment-api"),
      egress: [
        allowTo([sameNamespace(named("fraud"))], "grpc"),
        allowTo([sameNamespace(named("tokenizer"))], "http"),
        ledger,
        cardNetwork,
        kafka,
      ],
    }),
    policy({
      namespace,
      name: "fraud",
      pods: named("fraud"),
      ingress: [allowFrom([sameNamespace(named("payment-api"))], "grpc")],
      egress: [allowTo([inNamespace("platform", named("pgbouncer"))], 6432)],
    }),
    policy({
      namespace,
      name: "tokenizer",
      pods: named("tokenizer"),
      ingress: [allowFrom([sameNamespace(named("payment-api")), gatewayProxy], "http")],
      egress: [allowTo([inNamespace("platform", named("keyvault"))], 8200)],
    }),
    policy({
      namespace,
      name: "ledger",
      pods: named("ledger"),
      ingress: [
        allowFrom([sameNamespace(named("payment-api", "payouts"))], "grpc"),
        allowFrom([sameNamespace(named("ledger"))], 7000, 7001),
      ],
      egress: [allowTo([sameNamespace(named("ledger"))], 7000, 7001)],
    }),
    policy({
      namespace,
      name: "webhook-dispatcher",
      pods: named("webhook-dispatcher"),
      ingress: [allowFrom([gatewayProxy], "http")],
      // Merchants' hooks, wherever they are, but nothing inside.
      egress: [allowTo([cidr("0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")], 443), kafka],
    }),
    policy({
      namespace,
      name: "payouts-egress",
      pods: named("payouts"),
      egress: [ledger, cardNetwork, kafka],
    }),
  );
}
