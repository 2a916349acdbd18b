import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { ingressRewriteWithoutCapture } from "./rewrite-without-capture.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [ingressRewriteWithoutCapture]);

it("reports only paths that do not capture what the target refers to, with what arrives instead", () => {
  expect(findings.map(({ subject, part, message }) => [subject, part, message])).toEqual([
    [
      "ingress/shop/api",
      "spec.rules[0].http.paths[0].path",
      "Requests for shop.example.com/api all arrive as /: rewrite-target /$2 refers to $2, and the path captures nothing",
    ],
    [
      "ingress/shop/api",
      "spec.rules[0].http.paths[1].path",
      "Requests for shop.example.com/v2/(.*) all arrive as /: rewrite-target /$2 refers to $2, and the path has 1 capture group",
    ],
    [
      "ingress/shop/old",
      "spec.rules[0].http.paths[0].path",
      "Requests for / all arrive as /app/: rewrite-target /app/$1 refers to $1, and the path captures nothing",
    ],
    [
      "ingress/shop/three",
      "spec.rules[0].http.paths[0].path",
      "Requests for three.example.com/(?:a|b)/([^/]+)/(?<rest>.*)\\(x\\) all arrive as /$1/: rewrite-target /$1/$3 refers to $3, and the path has 2 capture groups",
    ],
  ]);
});

it("captures the rest of a plain path as ingress-nginx documents it, and leaves patterns alone", () => {
  expect(findings.map(({ fix }) => [fix.text, fix.patch?.body])).toEqual([
    [
      "Capture the rest of the path: /api(/|$)(.*)",
      '[{"op":"replace","path":"/spec/rules/0/http/paths/0/path","value":"/api(/|$)(.*)"},{"op":"add","path":"/spec/rules/0/http/paths/0/pathType","value":"ImplementationSpecific"}]',
    ],
    ["Capture in /v2/(.*) what rewrite-target refers to, or correct the reference", undefined],
    [
      "Capture the rest of the path: /(.*)",
      '[{"op":"replace","path":"/spec/rules/0/http/paths/0/path","value":"/(.*)"},{"op":"add","path":"/spec/rules/0/http/paths/0/pathType","value":"ImplementationSpecific"}]',
    ],
    [
      "Capture in /(?:a|b)/([^/]+)/(?<rest>.*)\\(x\\) what rewrite-target refers to, or correct the reference",
      undefined,
    ],
  ]);
});
