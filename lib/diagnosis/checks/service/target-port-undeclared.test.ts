import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceTargetPortUndeclared } from "./target-port-undeclared.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [serviceTargetPortUndeclared]);

it("tells only of numbers that no pod declares while all of its containers declare others", () => {
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
      "info",
      "service/shop/admin",
      "spec.ports[1].targetPort",
      "Port 9990 of admin leads to 9990, which none of its 2 pods declares",
      "pods declare 8080 (http)",
    ],
    [
      "info",
      "service/shop/cart",
      "spec.ports[0].targetPort",
      "Port 80 of cart leads to 8000, which none of its 2 pods declares",
      "pods declare 8080 (http)",
    ],
    [
      "info",
      "service/shop/search",
      "spec.ports[0].targetPort",
      "Port 80 of search leads to 80, which its only pod does not declare",
      "pods declare 9200 and 9300 (transport)",
    ],
  ]);
});

it("offers the only port that the pods declare, where the Service does not lead there already", () => {
  expect(findings.map(({ fix }) => [fix.text, fix.patch?.body])).toEqual([
    [
      "Set targetPort to the port that the program listens on; if it listens on 9990, declare that in the pod template",
      undefined,
    ],
    [
      "Set targetPort to 8080 if that is what the program listens on; if it listens on 8000, declare that in the pod template",
      '[{"op":"add","path":"/spec/ports/0/targetPort","value":8080}]',
    ],
    [
      "Set targetPort to the port that the program listens on; if it listens on 80, declare that in the pod template",
      undefined,
    ],
  ]);
});
