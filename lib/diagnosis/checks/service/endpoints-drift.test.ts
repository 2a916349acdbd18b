import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceEndpointsDrift } from "./endpoints-drift.ts";
import { serviceNoReadyEndpoints } from "./no-ready-endpoints.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string, as?: "manifests") => runChecks(factsFromYaml(text, as), [serviceEndpointsDrift]);
const { findings } = run(yaml);
const found = (subject: string) => findings.find((finding) => finding.subject === subject);
const ranges = "the nodes' pod ranges (10.244.1.0/24 and 10.244.2.0/24)";

it("reports only what slices say against selector, pods and Services", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "endpoint-slice/shop/lost-1",
      "endpoints[].targetRef",
      "EndpointSlice lost-1 lists pod lost-0, which does not exist; and 1 more like it",
    ],
    [
      "warning",
      "endpoint-slice/shop/gateway-1",
      "endpoints[].addresses",
      `EndpointSlice gateway-1 lists 10.244.1.77, which no pod has; it lies beside ${ranges}`,
    ],
    [
      "warning",
      "endpoint-slice/shop/legacy-1",
      "endpoints[].addresses",
      `EndpointSlice legacy-1 lists 10.244.9.9, which no pod has; it lies beside ${ranges}`,
    ],
    [
      "warning",
      "endpoint-slice/shop/moved-1",
      "ports",
      "EndpointSlice moved-1 sends port http to 8000 on pod moved-0; by the Service it goes to 8080",
    ],
    [
      "warning",
      "endpoint-slice/shop/typo-1",
      "metadata.labels",
      "EndpointSlice typo-1 belongs to the Service warehous, which does not exist in shop",
    ],
    [
      "warning",
      "endpoint-slice/shop/web-1",
      "endpoints[].conditions.ready",
      "pod web-0 is not ready, but EndpointSlice web-1 says that it is",
    ],
    [
      "warning",
      "service/shop/unlisted",
      "endpoints",
      "pod unlisted-0 is ready, but no EndpointSlice lists it",
    ],
    [
      "info",
      "endpoint-slice/shop/left-over-1",
      "metadata.labels",
      "EndpointSlice left-over-1 belongs to the Service retired, which does not exist in shop",
    ],
  ]);
});

it("follows from the node for which a pod was marked not ready", () => {
  expect(found("endpoint-slice/shop/web-1")?.follows).toEqual([
    { object: "node/node-2", checks: ["node/network-unavailable", "node/not-ready"] },
  ]);
  expect(found("endpoint-slice/shop/lost-1")?.follows).toEqual([]);
});

it("explains a Service of which no slice lists the ready pods", () => {
  const unlisted = runChecks(factsFromYaml(yaml), [serviceNoReadyEndpoints]).findings.find(
    ({ subject }) => subject === "service/shop/unlisted",
  );
  expect(unlisted?.follows).toEqual([
    { object: "service/shop/unlisted", checks: ["service/endpoints-drift"] },
  ]);
});

it("takes a stale address out of a hand-written slice only where others are left", () => {
  expect(found("endpoint-slice/shop/gateway-1")?.fix.patch?.body).toBe(
    '[{"op":"remove","path":"/endpoints/1"}]',
  );
  expect(found("endpoint-slice/shop/legacy-1")?.fix).toEqual({
    text: "Write the address that legacy is meant to lead to into legacy-1, or give legacy a selector",
  });
});

it("names the Service that a slice's label nearly names, where that waits for one", () => {
  const typo = found("endpoint-slice/shop/typo-1");
  expect([typo?.nearMiss, typo?.fix.patch?.body, typo?.touches]).toEqual([
    "the Service warehouse has no selector and no endpoint",
    '{"metadata":{"labels":{"kubernetes.io/service-name":"warehouse"}}}',
    ["service/shop/warehouse"],
  ]);
});

it("leaves slices in manifests alone whose Services may be in other files", () => {
  const slice = `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: db-1, namespace: shop, labels: { kubernetes.io/service-name: db } }
addressType: IPv4
ports: [{ name: "", port: 5432, protocol: TCP }]
endpoints: [{ addresses: [192.0.2.7] }]
`;
  const { findings, cannotTell } = run(slice, "manifests");
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    { kind: "services", why: "The manifests hold none of namespace shop." },
  ]);
});
