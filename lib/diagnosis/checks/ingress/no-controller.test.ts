import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { ingressNoController } from "./no-controller.ts";

const run = (text: string, as?: "manifests") => runChecks(factsFromYaml(text, as), [ingressNoController]);
const yaml = checkFixture(import.meta.url);
const { findings } = run(yaml);

it("reports only classes in use whose controller is known by its pods, and has none", () => {
  expect(
    findings.map(({ subject, severity, message, nearMiss }) => [subject, severity, message, nearMiss]),
  ).toEqual([
    [
      "ingress-class/asleep",
      "error",
      "No pod of nginx.org/ingress-controller, the controller of IngressClass asleep, runs in the cluster, and shop/blog depends on it",
      "deployment/nginx-ingress in edge is scaled to 0",
    ],
    [
      "ingress-class/gone",
      "error",
      "No pod of traefik.io/ingress-controller, the controller of IngressClass gone, runs in the cluster, and shop/shop depends on it",
      undefined,
    ],
    [
      "ingress-class/moved",
      "warning",
      "No pod of projectcontour.io/contour, the controller of IngressClass moved, runs in the cluster, and shop/docs depends on it; the addresses in their status are from one that ran once, or runs elsewhere",
      undefined,
    ],
  ]);
});

it("shows on the Ingresses of the class and on what is scaled to 0, and says what to do", () => {
  expect(findings[0]).toMatchObject({
    fix: { text: "Scale deployment/nginx-ingress in edge up" },
    kubectl: "kubectl -n edge get deployment nginx-ingress",
    touches: ["ingress/shop/blog", "deployment/edge/nginx-ingress"],
  });
  expect(findings[1]?.fix.text).toBe(
    "Install traefik.io/ingress-controller, or name the class of a controller that runs in its Ingresses",
  );
});

it("cannot tell from manifests, which seldom hold the controller", () => {
  const { findings, cannotTell } = run(yaml.split("---").slice(0, 2).join("---"), "manifests");
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    { kind: "pods", why: "The manifests hold no pods of traefik.io/ingress-controller." },
  ]);
});
