import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { dnsNameUnresolvable } from "./name-unresolvable.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string, as?: "manifests") => runChecks(factsFromYaml(text, as), [dnsNameUnresolvable]);
const { findings } = run(yaml);

it("reports only names of Services and namespaces that do not exist", () => {
  expect(
    findings.map(({ severity, subject, message, nearMiss }) => [severity, subject, message, nearMiss]),
  ).toEqual([
    [
      "info",
      "namespace/shop",
      "CART_URL of deployment/web names carts.shop.svc.cluster.local: no Service carts in shop",
      "the nearest Service in shop is cart",
    ],
    [
      "info",
      "namespace/shop",
      "DB_HOST of deployment/web names db.data.svc.cluster.locl: the cluster's domain is cluster.local, not cluster.locl",
      "ask for db.data.svc.cluster.local",
    ],
    [
      "info",
      "namespace/shop",
      "STOCK of deployment/web names stock.warehouse.svc: there is no namespace warehouse",
      undefined,
    ],
    [
      "info",
      "namespace/shop",
      "TARGET of cronjob/backup names store.data: no Service store in data; only the cluster's own names were looked at",
      "data has the Service db",
    ],
    [
      "info",
      "service/shop/old",
      "old is an alias of gone.data.svc.cluster.local: no Service gone in data",
      "data has the Service db",
    ],
  ]);
});

it("says where the name stands, and shows no other value of the environment", () => {
  expect(findings[0]).toMatchObject({
    part: "carts.shop.svc.cluster.local",
    evidence: [
      {
        object: "deployment/shop/web",
        path: "spec.template.spec.containers[0].env[CART_URL]",
        value: "carts.shop.svc.cluster.local",
      },
    ],
    touches: ["deployment/shop/web"],
    kubectl: "kubectl -n shop get service carts",
  });
  expect(JSON.stringify(factsFromYaml(yaml).snapshot)).not.toMatch(/hunter2|s3cret|PAYPAL/);
});

it("says where it stands among init containers as well", () => {
  const init = yaml.replace(
    "      containers:\n        - name: web\n",
    "      containers: [{ name: main, image: registry.k8s.io/pause }]\n      initContainers:\n        - name: web\n",
  );
  expect(run(init).findings[0]?.evidence[0]?.path).toBe("spec.template.spec.initContainers[0].env[CART_URL]");
});

it("tells of a name once for each namespace, with all the variables that hold it", () => {
  const twice = yaml.replace(
    '- { name: STOCK, value: "stock.warehouse.svc:80" }',
    '- { name: STOCK, value: "stock.warehouse.svc:80" }\n            - { name: STOCK_ADMIN, value: "http://stock.warehouse.svc:81/" }',
  );
  expect(run(twice).findings[2]?.message).toBe(
    "STOCK and STOCK_ADMIN of deployment/web name stock.warehouse.svc: there is no namespace warehouse",
  );
});

it("cannot tell from manifests of a namespace whose Services they do not hold", () => {
  const { findings, cannotTell } = run(
    `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web, env: [{ name: CART, value: cart.pay.svc }] }] }
`,
    "manifests",
  );
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    {
      kind: "services",
      why: "These files hold no Service of namespace pay, so cart may come from elsewhere.",
    },
  ]);
});
