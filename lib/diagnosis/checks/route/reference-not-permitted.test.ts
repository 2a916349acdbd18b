import { expect, it } from "vitest";
import { checkFixture, documentsOf } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { routeReferenceNotPermitted } from "./reference-not-permitted.ts";

const run = (text: string, as?: "manifests" | "dump") =>
  runChecks(factsFromYaml(text, as), [routeReferenceNotPermitted]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only references to another namespace that no ReferenceGrant there allows", () => {
  expect(findings.map(({ subject, part, message }) => [subject, part, message])).toEqual([
    [
      "grpc-route/shop/other-kind",
      "spec.rules[0].backendRefs[0]",
      "Requests for grpc.example.com/ go to open/api, and no ReferenceGrant in open allows that from shop",
    ],
    [
      "http-route/shop/checkout",
      "spec.rules[0].backendRefs[0]",
      "Requests for shop.example.com/checkout go to boutique/checkout, and no ReferenceGrant in boutique allows that from shop",
    ],
  ]);
});

it("gives the ReferenceGrant that is missing, for this kind of route and this Service only", () => {
  expect(documentsOf(findings[1]?.fix.manifest ?? "")).toEqual([
    {
      apiVersion: "gateway.networking.k8s.io/v1beta1",
      kind: "ReferenceGrant",
      metadata: { name: "shop-to-checkout", namespace: "boutique" },
      spec: {
        from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "shop" }],
        to: [{ group: "", kind: "Service", name: "checkout" }],
      },
    },
  ]);
  expect(findings[1]?.touches).toEqual(["service/boutique/checkout"]);
  expect(findings[1]?.kubectl).toBe("kubectl -n boutique get referencegrants -o yaml");
});

const route = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec:
  parentRefs: [{ name: public }]
  hostnames: [shop.example.com]
  rules: [{ backendRefs: [{ name: web, namespace: boutique, port: 80 }] }]
`;

it("cannot tell from manifests without the other namespace, which holds the grants", () => {
  const { findings, cannotTell } = run(
    `${route}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop }`,
    "manifests",
  );
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    { kind: "referenceGrants", why: "The manifests hold none of namespace boutique." },
  ]);
});

it("believes the route's status where ReferenceGrants were not read", () => {
  const status = `status:
  parents:
    - parentRef: { group: gateway.networking.k8s.io, kind: Gateway, name: public }
      controllerName: example.com/gateway
      conditions:
        - { type: ResolvedRefs, status: "False", reason: RefNotPermitted, message: backendRef boutique/web not permitted }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: boutique }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;
  expect(run(route + status, "dump").findings.map(({ subject }) => subject)).toEqual(["http-route/shop/web"]);
});
