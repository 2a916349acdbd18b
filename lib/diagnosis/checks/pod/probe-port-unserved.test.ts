import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { podProbePortUnserved } from "./probe-port-unserved.ts";

const run = (text: string) => runChecks(factsFromYaml(text), [podProbePortUnserved]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports names that the probe's own container does not declare, and numbers where nobody listens", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "cron-job/shop/worker",
      "spec.jobTemplate.spec.template.spec.containers[0].readinessProbe",
      "The readiness probe of container worker in cronjob/worker asks port admin, which the container does not declare, so that its pods never get ready",
    ],
    [
      "error",
      "daemon-set/shop/agent",
      "spec.template.spec.initContainers[1].readinessProbe",
      "The readiness probe of container proxy in daemonset/agent asks port admn, which the container does not declare, so that its pods never get ready",
    ],
    [
      "error",
      "deployment/shop/api",
      "spec.template.spec.containers[0].startupProbe",
      "The startup and readiness probes of container api in deployment/api ask port htpp, which the container does not declare, so that its pods never get ready",
    ],
    [
      "error",
      "pod/shop/bare",
      "spec.containers[0].readinessProbe",
      "The readiness probe of container bare in pod/bare asks port wbe, which the container does not declare, so that its pods never get ready",
    ],
    [
      "warning",
      "deployment/shop/refused",
      "spec.template.spec.containers[0].readinessProbe",
      "The readiness probe of container refused in deployment/refused asks port 8081, where connections are refused, and the container declares 8080",
    ],
    [
      "warning",
      "stateful-set/shop/liver",
      "spec.template.spec.containers[0].livenessProbe",
      "The liveness probe of container liver in statefulset/liver asks port postgres, which the container does not declare, so that the kubelet never asks",
    ],
  ]);
});

it("names what the container declares, and changes every probe that has the slip", () => {
  expect(findings[2]?.nearMiss).toBe("container api declares http (8080) and metrics (9090)");
  expect(findings[2]?.fix.patch?.body).toBe(
    '[{"op":"replace","path":"/spec/template/spec/containers/0/startupProbe/httpGet/port","value":"http"},{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet/port","value":"http"}]',
  );
  expect(findings[2]?.touches).toEqual(["pod/shop/api-0"]);
});

it("offers the only port there is, by number where it has no name, and no patch for what cannot be changed", () => {
  expect(findings.slice(3).map(({ fix }) => [fix.text, fix.patch !== undefined])).toEqual([
    ["Let the probe ask port web, which container bare declares, and create pod/bare anew", false],
    ["Let the probe ask port 8080, which container refused declares", true],
    ["Let the probe ask port 5432, which container liver declares", true],
  ]);
});

it("stays silent about a number while connections are not refused, or only now and then", () => {
  const names = (yaml: string) => run(yaml).findings.map(({ subject }) => subject);
  expect(names(fixture.replace("connection refused", "i/o timeout"))).not.toContain(
    "deployment/shop/refused",
  );
  expect(names(fixture.replace("count: 12", "count: 1"))).not.toContain("deployment/shop/refused");
  expect(names(fixture.replaceAll(":8081", ":80810"))).not.toContain("deployment/shop/refused");
});
