import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { ingressShadowedPath } from "./shadowed-path.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [ingressShadowedPath]);

it("reports only paths whose requests another one takes, with the reason of the class's controller", () => {
  expect(findings.map(({ subject, part, message }) => [subject, part, message])).toEqual([
    [
      "ingress/next/plain",
      "spec.rules[0].http.paths[0]",
      "v1:80 gets no request for api.example.com/api/v1 in plain: ingress-nginx reads the paths of this host as regular expressions, the longest first, and /api(/|$)(.*) of shop/rewritten takes it",
    ],
    [
      "ingress/shop/alb",
      "spec.rules[0].http.paths[4]",
      "api:http gets no request for alb.example.com/api/* in alb: the AWS controller keeps the order of such paths, and /* stands before it",
    ],
    [
      "ingress/shop/alb",
      "spec.rules[1].http.paths[0]",
      "docs:80 gets no request for docs.example.com/docs/* in alb: the AWS controller puts prefixes before it, and / takes it",
    ],
    [
      "ingress/shop/shop",
      "spec.rules[1].http.paths[0]",
      "cart-v2:80 gets no request for Shop.example.com/cart in shop: the same path stands before it, and leads to cart:80",
    ],
  ]);
});

it("offers a longer expression, another place in the list, or to take the second one away", () => {
  expect(findings.map(({ fix }) => [fix.text, fix.patch?.body])).toEqual([
    [
      "Make a regular expression of it that is longer: /api/v1(/|$)(.*)",
      '[{"op":"replace","path":"/spec/rules/0/http/paths/0/path","value":"/api/v1(/|$)(.*)"},{"op":"add","path":"/spec/rules/0/http/paths/0/pathType","value":"ImplementationSpecific"}]',
    ],
    [
      "Put /api/* before /*",
      '[{"op":"remove","path":"/spec/rules/0/http/paths/4"},{"op":"add","path":"/spec/rules/0/http/paths/3","value":{"path":"/api/*","pathType":"ImplementationSpecific","backend":{"service":{"name":"api","port":{"name":"http"}}}}}]',
    ],
    ["Make a Prefix of /docs/* as well: of those the longest comes first", undefined],
    [
      "Take the second one away from shop, or give it a path of its own",
      '[{"op":"remove","path":"/spec/rules/1/http/paths/0"}]',
    ],
  ]);
  expect(findings[0]?.touches).toEqual(["ingress/shop/rewritten"]);
});
