import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { ingressCanaryWithoutMain } from "./canary-without-main.ts";

const yaml = checkFixture(import.meta.url);
const { findings } = runChecks(factsFromYaml(yaml), [ingressCanaryWithoutMain]);

it("reports only canaries beside which no Ingress of their class has the host, path and type", () => {
  expect(findings.map(({ subject, message, nearMiss }) => [subject, message, nearMiss])).toEqual([
    [
      "ingress/shop/lost",
      "Canary lost gets no request for lost.example.com/: no other Ingress of class nginx has that host and Prefix path",
      undefined,
    ],
    [
      "ingress/shop/silent",
      "Canary silent gets no request: no annotation says which ones are its own",
      undefined,
    ],
    [
      "ingress/shop/type",
      "Canary type gets no request for shop.example.com/cart: no other Ingress of class nginx has that host and Exact path",
      "others have Prefix / and Prefix /cart of that host",
    ],
    [
      "ingress/shop/typo",
      "Canary typo gets no request for shop.example.com/carts: no other Ingress of class nginx has that host and Prefix path",
      "others have Prefix / and Prefix /cart of that host",
    ],
  ]);
});

it("offers the path of the main Ingress that is near", () => {
  expect(findings.map(({ fix }) => [fix.text, fix.patch?.body])).toEqual([
    ["Create an Ingress for the same host and path that is no canary, or take lost away", undefined],
    ["Give silent a canary-weight, a canary-by-header or a canary-by-cookie", undefined],
    [
      "Use the path Prefix /cart in type, as the Ingress beside it does",
      '[{"op":"replace","path":"/spec/rules/0/http/paths/0/path","value":"/cart"},{"op":"add","path":"/spec/rules/0/http/paths/0/pathType","value":"Prefix"}]',
    ],
    [
      "Use the path Prefix /cart in typo, as the Ingress beside it does",
      '[{"op":"replace","path":"/spec/rules/0/http/paths/0/path","value":"/cart"},{"op":"add","path":"/spec/rules/0/http/paths/0/pathType","value":"Prefix"}]',
    ],
  ]);
});

it("cannot tell from manifests that hold the canary alone", () => {
  const alone = yaml.split("---").find((each) => each.includes("lost.example.com")) ?? "";
  expect(runChecks(factsFromYaml(alone, "manifests"), [ingressCanaryWithoutMain])).toMatchObject({
    findings: [],
    cannotTell: [
      {
        missing: [{ kind: "ingresses", why: "The manifests hold no other Ingress for lost.example.com." }],
      },
    ],
  });
});
