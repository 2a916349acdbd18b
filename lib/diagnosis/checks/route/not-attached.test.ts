import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { routeNotAttached } from "./not-attached.ts";

const run = (text: string, as?: "manifests" | "dump") =>
  runChecks(factsFromYaml(text, as), [routeNotAttached]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only routes that are not attached, with the standard reason and what nearly admits them", () => {
  expect(
    findings.map(({ severity, subject, message, nearMiss }) => [severity, subject, message, nearMiss]),
  ).toEqual([
    [
      "error",
      "http-route/shop/shop",
      "shop is not attached to Gateway edge/public: NotAllowedByListeners: no listener of Gateway edge/public allows it",
      "listener http admits namespaces labelled expose=true; shop is not",
    ],
    [
      "error",
      "http-route/socks/blog",
      "blog is not attached to Gateway edge/public: NoMatchingListenerHostname: no listener of Gateway edge/public shares a hostname with it",
      "listener http serves *.example.com; the route asks blog.example.org",
    ],
    [
      "error",
      "http-route/socks/nowhere",
      "nowhere is not attached: Gateway edge/publik does not exist",
      "there is a Gateway public in edge",
    ],
    [
      "error",
      "http-route/socks/section",
      "section is not attached to Gateway edge/public: NoMatchingParent: Gateway edge/public has no listener https",
      "it has the listener http (port 80)",
    ],
    [
      "error",
      "http-route/socks/told",
      "told is not attached to Gateway edge/public: UnsupportedValue: The filter is not supported, although by its configuration listener http would admit it",
      undefined,
    ],
    [
      "warning",
      "http-route/shop/partly",
      "partly is not attached to Gateway edge/public: NotAllowedByListeners: no listener of Gateway edge/public allows it",
      "listener http admits namespaces labelled expose=true; shop is not",
    ],
  ]);
});

it("offers the label that the listener asks for, and says whom it admits", () => {
  expect(findings[0]?.fix).toEqual({
    text: "Label namespace shop with expose=true, which admits all of its routes",
    patch: { object: "namespace/shop", type: "merge", body: '{"metadata":{"labels":{"expose":"true"}}}' },
  });
  expect(findings[0]?.touches).toEqual(["gateway/edge/public"]);
  expect(findings[0]?.kubectl).toBe("kubectl -n shop get httproute shop -o yaml");
});

it("reports a route that names no parent at all", () => {
  const yaml = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: lost, namespace: shop }
spec: { rules: [{ filters: [{ type: RequestRedirect }] }] }
`;
  expect(run(yaml).findings.map(({ severity, message }) => [severity, message])).toEqual([
    ["warning", "lost names no parent, so nothing serves it"],
  ]);
});

const route = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec: { parentRefs: [{ name: public, namespace: edge }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }
`;

it("cannot tell from manifests without the Gateway, which is often kept elsewhere", () => {
  const { findings, cannotTell } = run(route, "manifests");
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    { kind: "gateways", why: "The manifests hold none of namespace edge." },
  ]);
});

it("believes the route's status where the Gateway was not read", () => {
  const status = `status:
  parents:
    - parentRef: { group: gateway.networking.k8s.io, kind: Gateway, name: public, namespace: edge }
      controllerName: example.com/gateway
      conditions: [{ type: Accepted, status: "False", reason: NotAllowedByListeners, message: Not allowed. }]
`;
  expect(run(route + status, "dump").findings.map(({ message }) => message)).toEqual([
    "web is not attached to Gateway edge/public: NotAllowedByListeners: Not allowed",
  ]);
});

it("follows from what keeps the Gateway's listeners from being in force, where its configuration would admit the route", () => {
  const gateway = (name: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: edge }
spec:
  gatewayClassName: gone
  listeners: [{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }]
`;
  const refused = (reason: string) => `status:
  parents:
    - parentRef: { group: gateway.networking.k8s.io, kind: Gateway, name: public, namespace: edge }
      controllerName: example.com/gateway
      conditions: [{ type: Accepted, status: "False", reason: ${reason} }]
`;
  const causes = (yaml: string) => run(yaml).findings[0]?.follows.map(({ object }) => object);
  expect(causes(route + refused("NoMatchingParent") + gateway("public"))).toEqual([
    "gateway-class/gone",
    "gateway/edge/public",
  ]);
  expect(causes(route + refused("UnsupportedValue") + gateway("public"))).toEqual([]);
  expect(causes(route + gateway("publik"))).toEqual([]);
  const set = `---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: { name: more, namespace: edge }
spec: { parentRef: { name: gone }, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;
  const toSet = route.replace("name: public", "kind: ListenerSet, name: more");
  expect(causes(toSet + set)).toEqual(["listener-set/edge/more"]);
});
