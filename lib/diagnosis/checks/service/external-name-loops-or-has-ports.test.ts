import { expect, it } from "vitest";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml, snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceExternalName } from "./external-name-loops-or-has-ports.ts";

const yaml = checkFixture(import.meta.url);
const { findings } = runChecks(factsFromYaml(yaml), [serviceExternalName]);

it("reports only names that have no answer, and ports that would have to be translated", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "service/pay/two",
      "spec.externalName",
      "two is an alias that leads back to itself: pay/two → shop/one → pay/two",
    ],
    [
      "error",
      "service/shop/billing",
      "spec.externalName",
      "billing names the IP address 203.0.113.9, which DNS takes for a name that nobody has",
    ],
    [
      "error",
      "service/shop/itself",
      "spec.externalName",
      "itself is an alias that leads back to itself: shop/itself → shop/itself",
    ],
    [
      "error",
      "service/shop/ledger",
      "spec.externalName",
      "ledger names the IP address 2001:db8::9, which DNS takes for a name that nobody has",
    ],
    [
      "info",
      "service/shop/offset",
      "spec.ports",
      "Port 80 of offset asks for 8080 on api.example.com, and nothing translates ports of an ExternalName",
    ],
  ]);
});

it("shows a circle on all of it, and on what leads into it", () => {
  expect(findings[0]?.touches).toEqual(["service/shop/into", "service/shop/one"]);
});

it("offers a headless Service with the address in an EndpointSlice", () => {
  expect(findings.map(({ fix }) => fix.manifest).filter((manifest) => manifest !== undefined)).toEqual([
    expect.stringContaining('addressType: IPv4\nports: []\nendpoints:\n  - addresses: ["203.0.113.9"]'),
    expect.stringContaining('addressType: IPv6\nports: []\nendpoints:\n  - addresses: ["2001:db8::9"]'),
  ]);
});

it("cannot tell of another domain's name while the ConfigMap with the cluster's own was not read", () => {
  const snapshot = snapshotFromYaml(yaml);
  const { cannotTell } = runChecks(
    compileFacts(
      {
        ...snapshot,
        objects: { ...snapshot.objects, configMaps: undefined },
        unread: { configMaps: { reason: "forbidden", message: "no" } },
      },
      "2026-01-01T00:00:00Z",
    ),
    [serviceExternalName],
  );
  expect(cannotTell.map(({ missing }) => missing)).toEqual([[{ kind: "configMaps", why: "no" }]]);
});
