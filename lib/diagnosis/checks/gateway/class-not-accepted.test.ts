import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { gatewayClassNotAccepted } from "./class-not-accepted.ts";

const run = (text: string, as?: "manifests" | "dump") =>
  runChecks(factsFromYaml(text, as), [gatewayClassNotAccepted]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only classes that are not there, are refused, or wait for a controller that does not come", () => {
  expect(findings.map(({ subject, severity, message }) => [subject, severity, message])).toEqual([
    [
      "gateway-class/lonely",
      "error",
      "No controller has accepted the GatewayClass lonely, and edge/partners waits for it",
    ],
    [
      "gateway-class/refused",
      "error",
      "The GatewayClass refused is refused by its controller, InvalidParameters: EnvoyProxy edge/settings not found, and edge/internal waits for it",
    ],
    ["gateway/edge/public", "error", "public names the GatewayClass envyo, which does not exist"],
    [
      "gateway-class/spare",
      "info",
      "The GatewayClass spare is refused by its controller, UnsupportedVersion",
    ],
  ]);
});

it("offers the class of a nearby name, and says where to look for the reasons that controllers give", () => {
  expect(findings[2]).toMatchObject({
    nearMiss: "there are envoy, lonely, refused and 2 more",
    fix: {
      text: "Name the GatewayClass envoy in public",
      patch: {
        object: "gateway/edge/public",
        type: "merge",
        body: '{"spec":{"gatewayClassName":"envoy"}}',
      },
    },
  });
  expect(findings.map(({ fix }) => fix.text)).toEqual([
    "Check that example.com/gone runs in this cluster, or name another class",
    "Correct what spec.parametersRef of refused names",
    "Name the GatewayClass envoy in public",
    "Install the version of the Gateway API's CRDs that example.com/gateway supports",
  ]);
  expect(findings[1]?.touches).toEqual(["gateway/edge/internal"]);
});

const gateway = (status = "") => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { gatewayClassName: envoy, listeners: [] }
${status}`;
const programmed = 'status: { conditions: [{ type: Programmed, status: "True" }] }';

it("is less sure of a Gateway that is programmed all the same", () => {
  expect(run(gateway(programmed)).findings.map(({ severity }) => severity)).toEqual(["warning"]);
  const waiting = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: envoy }
spec: { controllerName: example.com/gateway }
status: { conditions: [{ type: Accepted, status: Unknown }] }`;
  expect(run(gateway(programmed) + waiting).findings).toEqual([]);
});

it("cannot tell from manifests without the class, which comes with its controller", () => {
  expect(run(gateway(), "manifests")).toMatchObject({
    findings: [],
    cannotTell: [{ missing: [{ kind: "gatewayClasses", why: "The manifests hold no GatewayClass envoy." }] }],
  });
});
