import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceProtocolMismatch } from "./protocol-mismatch.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [serviceProtocolMismatch]);

it("reports only ports that every pod declares for another protocol; both offered is worth knowing only", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "warning",
      "service/shop/sip",
      "spec.ports[0].protocol",
      "Port 5060 of sip sends TCP to 5060, which its only pod declares for SCTP and UDP only",
    ],
    [
      "warning",
      "service/shop/syslog",
      "spec.ports[0].protocol",
      "Port 514 of syslog sends UDP to 5514, which its only pod declares for TCP only",
    ],
    [
      "info",
      "service/shop/dns",
      "spec.ports[1].protocol",
      "Port 53 of dns sends TCP to 53, which its 2 pods declare for UDP only",
    ],
  ]);
});

it("offers the protocol that is declared, where there is one and the Service has no such port yet", () => {
  expect(findings.map(({ fix }) => [fix.text, fix.patch?.body])).toEqual([
    [
      "Remove the port from the Service, or declare 5060 for TCP in the pod template if the program takes it",
      undefined,
    ],
    [
      "Set the port's protocol to TCP, or declare 5514 for UDP in the pod template if the program takes it",
      '[{"op":"add","path":"/spec/ports/0/protocol","value":"TCP"}]',
    ],
    [
      "Remove the port from the Service, or declare 53 for TCP in the pod template if the program takes it",
      undefined,
    ],
  ]);
});

it("gives what the Service sends and what the pods declare as evidence", () => {
  expect(findings[1]?.evidence).toEqual([
    { object: "service/shop/syslog", path: "spec.ports[0].protocol", value: "UDP" },
    { object: "pod/shop/syslog-0", path: "spec.containers[syslog].ports", value: "5514/TCP" },
  ]);
});
