import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { tlsCertificateRefused } from "./certificate-refused.ts";

const run = (text: string, as?: "manifests" | "dump") =>
  runChecks(factsFromYaml(text, as), [tlsCertificateRefused]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports only listeners whose status is about their certificates", () => {
  expect(findings.map(({ subject, part, message }) => [subject, part, message])).toEqual([
    [
      "gateway/edge/public",
      "spec.listeners[0]",
      "Listener https of Gateway public has no certificate that its controller can use: InvalidCertificateRef: Secret edge/gone does not exist",
    ],
    [
      "listener-set/edge/more",
      "spec.listeners[0]",
      "Listener https of ListenerSet more has no certificate that its controller can use: RefNotPermitted: No ReferenceGrant",
    ],
  ]);
});

it("follows from what else is found about the same certificate", () => {
  const { problems } = runChecks(factsFromYaml(fixture));
  const refused = problems.filter(({ root }) => root.code === "NET-228");
  expect(refused).toEqual([]);
  const hanging = problems.flatMap(({ root, consequences }) =>
    consequences.map(({ finding }) => [root.code, finding.code]),
  );
  expect(hanging).toContainEqual(["NET-220", "NET-228"]);
});

it("is told without any Secret being read", () => {
  const dumped = fixture
    .split("---\n")
    .filter((document) => !document.includes("kind: Secret"))
    .join("---\n")
    .replaceAll(/(namespace: edge) }/g, '$1, uid: "1" }');
  const { findings, cannotTell } = run(dumped, "dump");
  expect([findings.length, cannotTell]).toEqual([2, []]);
});
