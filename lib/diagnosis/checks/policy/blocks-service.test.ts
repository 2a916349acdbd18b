import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyBlocksService } from "./blocks-service.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string, as?: "manifests") => runChecks(factsFromYaml(text, as), [policyBlocksService]);
const { findings } = run(yaml);

it("reports only Services that nobody may reach, and what would nearly have let someone in", () => {
  expect(
    findings.map(({ severity, subject, part, message, nearMiss }) => [
      severity,
      subject,
      part,
      message,
      nearMiss,
    ]),
  ).toEqual([
    [
      "error",
      "service/shop/carts",
      undefined,
      "Nobody may reach carts on port 80: default-deny isolates its pods, and no rule admits a pod that is there",
      "cart-from-front selects no pod: 1 label differs: the selector asks app=cart, pods of pod/carts-0 carry app=carts",
    ],
    [
      "error",
      "service/shop/db",
      undefined,
      "Nobody may reach db on port 5432: db-from-front and default-deny isolate its pods, and no rule admits a pod that is there",
      "db-from-front rule 1 admits pods with app=front of shop on 5433/TCP, not on 5432/TCP",
    ],
    [
      "error",
      "service/shop/queue",
      undefined,
      "Nobody may reach queue on port 5672: whom its ingress admits, egress policies do not let out to it",
      "worker-0 is admitted, and worker-egress does not let it out on 5672/TCP",
    ],
    [
      "error",
      "service/shop/web",
      undefined,
      "Nobody may reach web on port 80 (pods' 8080): default-deny and web-from-front isolate its pods, and no rule admits a pod that is there",
      "web-from-front rule 1 admits pods with app=frontend of shop, of which none may come",
    ],
    [
      "warning",
      "service/shop/cache",
      undefined,
      "Nobody may reach cache on port 6379: default-deny isolates its pods, and no rule admits a pod that is there",
      undefined,
    ],
    [
      "info",
      "service/shop/both",
      "spec.ports[1]",
      "Nobody may reach both on port 9000: both and default-deny isolate its pods, and no rule admits a pod that is there",
      "both rule 1 admits pods with app=front of shop on 80/TCP, not on 9000/TCP",
    ],
  ]);
});

it("follows from the policy whose slip it is, and from none where a default is the reason", () => {
  expect(findings.map(({ follows }) => follows.map(({ object, checks }) => [object, ...checks]))).toEqual([
    [["network-policy/shop/cart-from-front", "policy/selects-nothing"]],
    [
      ["network-policy/shop/db-from-front", "policy/port-matches-nothing"],
      ["service/shop/db", "service/protocol-mismatch", "service/target-port-undeclared"],
    ],
    [],
    [["network-policy/shop/web-from-front", "policy/peer-matches-nothing"]],
    [],
    [
      ["network-policy/shop/both", "policy/port-matches-nothing"],
      ["service/shop/both", "service/protocol-mismatch", "service/target-port-undeclared"],
    ],
  ]);
});

it("opens the sender's egress where that is what is missing", () => {
  expect(findings[2]?.fix).toMatchObject({
    text: "Add a rule to shop/worker-egress that lets out to pods with app=queue on 5672/TCP",
    patch: { object: "network-policy/shop/worker-egress" },
  });
});

it("shows the policies that close it", () => {
  expect(findings[3]).toMatchObject({
    kubectl: "kubectl -n shop describe networkpolicy default-deny web-from-front",
    evidence: [
      { object: "service/shop/web", path: "spec.ports[0]", value: "port 80, which leads to the pods' 8080" },
      { object: "network-policy/shop/default-deny", value: "isolates ingress; it has no rules" },
      { object: "network-policy/shop/web-from-front", value: "isolates ingress; its 1 rule does not match" },
    ],
  });
});

it("notes it only, where nothing enforces policies", () => {
  const found = run(yaml.slice(0, yaml.indexOf("---\n# What enforces policies here."))).findings;
  expect(found.map(({ severity }) => severity)).toEqual(findings.map(() => "info"));
  expect(found[0]?.message).toMatch(/; nothing that enforces policies was found here$/);
});

it("cannot tell from manifests that admit pods of another namespace", () => {
  const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } } }] }]
`;
  const { findings, cannotTell } = run(manifests, "manifests");
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing.map(({ why }) => why)).toEqual([
    "The manifests hold none of the namespaces that it selects.",
  ]);
});
