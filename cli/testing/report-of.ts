import { checks } from "#lib/diagnosis/registry.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { snapshotFromText } from "#lib/server/sources/files/snapshot-from-text.ts";
import { placesIn } from "../check/places.ts";
import { makeReport, type Report, type ReportOptions } from "../check/report.ts";

/** What finds the faults of `faultyShop`, so that no new check finds more in it. */
export const twoChecks = checks.filter(({ code }) => code === "NET-101" || code === "NET-401");

/** The report about YAML that stands in `shop.yaml`, taken as all that a cluster has. */
export function reportOf(yaml: string, options: Partial<ReportOptions> = {}): Report {
  const facts = compileFacts(snapshotFromText(yaml, "shop.yaml", "cluster"), "2026-01-01T00:00:00Z");
  return makeReport("shop.yaml", facts, {
    checks: twoChecks,
    namespaces: [],
    failOn: "error",
    rules: [],
    today: "2026-01-01",
    placeOf: placesIn("shop.yaml", "/work"),
    ...options,
  });
}

/** A Service with a slip in its selector and an Ingress in front, another that is left alone, and a policy for nobody. */
export const faultyShop = `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: old, namespace: shop, annotations: { throughline.dev/ignore: NET-101 } }
spec: { selector: { app: old }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: carts-0, namespace: shop, labels: { app: carts } }
spec: { containers: [{ name: c, image: "registry.example.com/c:1" }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: front, namespace: shop }
spec:
  rules:
    - host: shop.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: cart, port: { number: 80 } } } }] }
---
apiVersion: v1
kind: Pod
metadata: { name: somebody, namespace: other, labels: { app: somebody } }
spec: { containers: [{ name: c, image: "registry.example.com/c:1" }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: nobody, namespace: other }
spec: { podSelector: { matchLabels: { app: nobody } } }
`;
