import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceHeadlessServiceMissing } from "./headless-service-missing.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [serviceHeadlessServiceMissing]);

it("reports only StatefulSets whose pods have no names by their Service", () => {
  expect(
    findings.map(({ severity, subject, message, nearMiss }) => [severity, subject, message, nearMiss]),
  ).toEqual([
    [
      "warning",
      "stateful-set/shop/ledger",
      "The pods of ledger have no names in DNS: serviceName names the Service ledger-headless, which does not exist in shop",
      undefined,
    ],
    [
      "warning",
      "stateful-set/shop/queue",
      "The pods of queue have no names in DNS: serviceName names the Service queue-member, which does not exist in shop",
      "the headless Service queue-members selects its pods",
    ],
    [
      "warning",
      "stateful-set/shop/store",
      "The pods of store have no names in DNS: its Service store-members does not select them",
      undefined,
    ],
    [
      "info",
      "stateful-set/shop/alias",
      "The pods of alias have no names of their own in DNS: its Service elsewhere is an ExternalName",
      undefined,
    ],
    [
      "info",
      "stateful-set/shop/web",
      "The pods of web have no names of their own in DNS: its Service web is not headless",
      undefined,
    ],
  ]);
});

it("creates the Service that is named, since the name cannot be changed", () => {
  expect(findings[0]?.fix.manifest).toBe(`apiVersion: v1
kind: Service
metadata:
  name: ledger-headless
  namespace: shop
spec:
  clusterIP: None
  selector:
    "app": "ledger"
  ports:
    - { name: http, port: 9000, protocol: TCP }
    - { name: tcp-9001, port: 9001, protocol: TCP }
`);
});

it("mends the selector of a Service that is the StatefulSet's alone", () => {
  expect(findings[2]?.fix).toMatchObject({
    text: "Let store-members select the pods of store: app=store, tier=data",
    patch: {
      object: "service/shop/store-members",
      body: '{"spec":{"selector":{"app":"store","tier":"data"}}}',
    },
  });
});

it("cannot tell of manifests that hold no Service of the namespace", () => {
  const yaml = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: db }] } }
`;
  const { findings, cannotTell } = runChecks(factsFromYaml(yaml, "manifests"), [
    serviceHeadlessServiceMissing,
  ]);
  expect(findings).toEqual([]);
  expect(cannotTell.map(({ missing }) => missing)).toEqual([
    [{ kind: "services", why: "The manifests hold none of namespace shop." }],
  ]);
});
