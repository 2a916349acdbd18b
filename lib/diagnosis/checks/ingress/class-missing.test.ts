import { describe, expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { ingressClassMissing } from "./class-missing.ts";

const run = (text: string, as?: "manifests" | "dump") =>
  runChecks(factsFromYaml(text, as), [ingressClassMissing]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only Ingresses whose class is not there or was not filled in, and defaults beside a newer one", () => {
  expect(
    findings.map(({ subject, severity, message, nearMiss }) => [subject, severity, message, nearMiss]),
  ).toEqual([
    [
      "ingress/shop/shop",
      "error",
      "shop names the IngressClass egde, which does not exist",
      "there are edge and internal",
    ],
    [
      "ingress-class/internal",
      "warning",
      "IngressClass internal is marked as the default, and so is edge, which new Ingresses get",
      undefined,
    ],
    [
      "ingress/shop/blog",
      "warning",
      "blog names no IngressClass and none of the defaults edge and internal was filled in: only a controller that is set to take such Ingresses serves it",
      "there are edge and internal",
    ],
    [
      "ingress/shop/legacy",
      "warning",
      "legacy names the IngressClass haproxy, which does not exist; its address 198.51.100.7 is from a controller that took it once",
      "there are edge and internal",
    ],
  ]);
});

it("offers the class of a nearby name, and one default instead of two", () => {
  expect(findings.map(({ fix }) => [fix.text, fix.patch?.body])).toEqual([
    ["Name the IngressClass edge in shop", '{"spec":{"ingressClassName":"edge"}}'],
    [
      "Leave edge as the only default",
      '{"metadata":{"annotations":{"ingressclass.kubernetes.io/is-default-class":"false"}}}',
    ],
    ["Name an IngressClass in blog", undefined],
    ["Create the IngressClass haproxy, or name one that exists", undefined],
  ]);
  expect(findings[0]?.kubectl).toBe("kubectl get ingressclasses");
});

const ingress = (status = "status: { loadBalancer: {} }") => `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }
${status}`;
const nginx = (isDefault: boolean) => `
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx, annotations: { ingressclass.kubernetes.io/is-default-class: "${isDefault}" } }
spec: { controller: k8s.io/ingress-nginx }`;
const controller = (args: string) => `
---
apiVersion: v1
kind: Pod
metadata: { name: nginx, namespace: ingress-nginx }
spec: { containers: [{ name: controller, args: [${args}] }] }`;

describe("an Ingress without a class", () => {
  it.each([
    ["no class is the default", ingress() + nginx(false), "and none is the default"],
    ["it is older than the default", ingress() + nginx(true), "and the default nginx was not filled in"],
  ])("is reported where %s", (_, yaml, words) => {
    const [finding] = run(yaml).findings;
    expect(finding?.message).toContain(words);
    expect(finding?.severity).toBe("warning");
    expect(finding?.fix.patch?.body).toBe('{"spec":{"ingressClassName":"nginx"}}');
  });

  it.each([
    [
      "a controller is set to take such",
      ingress() + nginx(false) + controller("--watch-ingress-without-class"),
    ],
    ["there is no status to judge by, and a default", ingress("") + nginx(true)],
  ])("is in order where %s", (_, yaml) => {
    expect(run(yaml)).toMatchObject({ findings: [], cannotTell: [] });
  });

  it("is not judged where the controllers' pods were not read", () => {
    const { findings, cannotTell } = run(ingress() + nginx(false), "dump");
    expect(findings).toEqual([]);
    expect(cannotTell[0]?.missing.map(({ kind }) => kind)).toEqual(["nodes", "pods"]);
  });
});

it("cannot tell from manifests without the class, which is seldom kept with the Ingresses", () => {
  const named = ingress("").replace("spec: {", "spec: { ingressClassName: nginx,");
  expect(run(named, "manifests")).toMatchObject({
    findings: [],
    cannotTell: [{ missing: [{ kind: "ingressClasses", why: "The manifests hold no IngressClass nginx." }] }],
  });
  expect(run(named + nginx(false), "manifests")).toMatchObject({ findings: [], cannotTell: [] });
  expect(run(ingress("") + nginx(true), "manifests")).toMatchObject({ findings: [], cannotTell: [] });
});
