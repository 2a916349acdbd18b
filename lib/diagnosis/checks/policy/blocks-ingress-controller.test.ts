import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyBlocksIngressController } from "./blocks-ingress-controller.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string) => runChecks(factsFromYaml(text), [policyBlocksIngressController]);
const { findings } = run(yaml);

it("reports only backends that no pod of the controller or Gateway in front may reach", () => {
  expect(
    findings.map(({ severity, subject, message, nearMiss }) => [severity, subject, message, nearMiss]),
  ).toEqual([
    [
      "error",
      "network-policy/edge/public-egress",
      "public-egress keeps pod/public-0 from pod/api-0 (80/TCP), so requests for api.example.com/ fail",
      undefined,
    ],
    [
      "error",
      "network-policy/shop/admin-from-web",
      "admin-from-web keeps pod/controller-0 from pod/admin-0 (80/TCP), so requests for admin.example.com/ fail",
      undefined,
    ],
    [
      "error",
      "network-policy/shop/web-from-nginx",
      "web-from-nginx keeps pod/controller-0 from pod/web-0 (8080/TCP), so requests for shop.example.com/ fail",
      "web-from-nginx rule 1 admits 80/TCP: 80 is the Service's port, policies see the pods' own, 8080",
    ],
    // A default for all pods is not what has to be changed: the Service lacks a policy of its own.
    [
      "error",
      "service/help/help",
      "default-deny keeps pod/controller-0 from pod/help-0 (80/TCP), so requests for help.example.com/ fail",
      undefined,
    ],
  ]);
});

it("opens the side that is closed, to these pods alone", () => {
  expect(findings.map(({ fix }) => fix.text)).toEqual([
    "Add a rule to edge/public-egress that lets out to pods with app=api of shop on 80/TCP",
    "Add a rule to shop/admin-from-web that admits pods with app.kubernetes.io/name=ingress-nginx of ingress-nginx on 80/TCP",
    "Name the pods' port 8080 in shop/web-from-nginx rule 1",
    "Create a NetworkPolicy in help for pods with app=help that admits pods with app.kubernetes.io/name=ingress-nginx of ingress-nginx on 80/TCP",
  ]);
});

it("follows from the rule that misses the controller, and from the Service that nobody may reach", () => {
  expect(findings[2]?.follows).toEqual([
    { object: "network-policy/shop/web-from-nginx", checks: ["policy/port-matches-nothing"] },
    { object: "service/shop/web", checks: ["policy/blocks-service"] },
  ]);
});

it("tells of several Ingresses in one finding, without a patch that would mend only some", () => {
  const second = `
---
apiVersion: v1
kind: Service
metadata: { name: admin-api, namespace: shop }
spec: { selector: { app: admin }, ports: [{ port: 9000 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: admin-api, namespace: shop }
spec:
  ingressClassName: nginx
  defaultBackend: { service: { name: admin-api, port: { number: 9000 } } }
`;
  const found = run(yaml + second).findings.find(({ subject }) => subject.endsWith("/admin-from-web"));
  expect(found?.message).toMatch(/so requests for admin\.example\.com\/ and .+ fail$/);
  expect(found?.fix.patch).toBeUndefined();
});

it("stays silent where some of the controller's pods get through", () => {
  const another = `
---
apiVersion: v1
kind: Pod
metadata:
  name: controller-1
  namespace: ingress-nginx
  labels: { app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller, tier: front }
spec: { containers: [{ name: app, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.9.9 }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: front-tier, namespace: shop }
spec:
  podSelector: { matchLabels: { app: admin } }
  ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { tier: front } } }] }]
`;
  expect(run(yaml + another).findings.map(({ subject }) => subject)).not.toContain(
    "network-policy/shop/admin-from-web",
  );
});
