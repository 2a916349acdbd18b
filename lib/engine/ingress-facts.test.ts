import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";

const ingress = (spec: string, annotations = "") => `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, annotations: { ${annotations} } }
spec: ${spec}`;

const to = (backend: string, className = "ingressClassName: nginx, ") =>
  ingress(
    `{ ${className}rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: ${backend} }] } }] }`,
  );

const toService = (name: string, port = "number: 80") =>
  to(`{ service: { name: ${name}, port: { ${port} } } }`);

const ingressClass = (name: string, isDefault = false) => `
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: ${name}, annotations: { ingressclass.kubernetes.io/is-default-class: "${isDefault}" } }
spec: { controller: example.com/${name} }`;

const service = (
  name: string,
  { namespace = "shop", spec = "selector: { app: web }, ports: [{ name: http, port: 80 }]" } = {},
) => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ${spec} }`;

const pod = (name: string, ready = true) => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: web, image: web }] }
status: { phase: Running, podIP: 10.0.0.1, conditions: [{ type: Ready, status: "${ready ? "True" : "False"}" }] }`;

const nginx = ingressClass("nginx");
const well = service("web") + pod("a");

function only(yaml: string, as: "cluster" | "dump" | "manifests" = "cluster") {
  const [first] = factsFromYaml(yaml, as).ingresses.values();
  if (first === undefined) throw new Error("the YAML holds no Ingress");
  return first;
}

describe("an Ingress's class", () => {
  const cases: readonly (readonly [string, string, object, string])[] = [
    [
      "found by name",
      toService("web") + nginx,
      { state: "found", byDefault: false, class: { name: "nginx" } },
      "ok",
    ],
    ["missing", toService("web"), { state: "missing", name: "nginx" }, "broken"],
    [
      "the default one",
      to("{ service: { name: web, port: { number: 80 } } }", "") + ingressClass("a", true) + nginx,
      { state: "found", byDefault: true },
      "ok",
    ],
    [
      "none, without a default",
      to("{ service: { name: web, port: { number: 80 } } }", "") + nginx,
      { state: "no-default" },
      "partial",
    ],
    [
      "one of several defaults",
      to("{ service: { name: web, port: { number: 80 } } }", "") +
        ingressClass("b", true) +
        ingressClass("a", true),
      { state: "several-defaults", names: ["a", "b"] },
      "partial",
    ],
    [
      "not told by the old annotation, for which no object is needed",
      ingress(
        "{ defaultBackend: { service: { name: web, port: { number: 80 } } } }",
        "kubernetes.io/ingress.class: nginx",
      ),
      { state: "unknown" },
      "ok",
    ],
  ];
  it.each(cases)("is %s", (_, yaml, expected, health) => {
    expect(only(yaml + well)).toMatchObject({ class: expected, health });
  });

  it("cannot be told when IngressClasses were not read, or only some files were", () => {
    expect(only(toService("web") + well, "dump")).toMatchObject({
      class: { state: "unknown" },
      health: "ok",
    });
    expect(only(toService("web") + well, "manifests").class.state).toBe("unknown");
  });
});

describe("an Ingress's backends", () => {
  const cases: readonly (readonly [string, string, object])[] = [
    [
      "work by number",
      toService("web") + well,
      { state: "ok", match: "/", host: "shop.example.com", service: "service/shop/web", servicePort: 80 },
    ],
    ["work by name", toService("web", "name: http") + well, { state: "ok", servicePort: "http" }],
    [
      "name a Service that is near",
      toService("webs") + well,
      { state: "service-missing", nearMiss: "there is a Service web in shop" },
    ],
    [
      "name a Service of another namespace",
      toService("api") + service("api", { namespace: "back" }),
      { state: "service-missing", nearMiss: "there is a Service api in namespace back" },
    ],
    [
      "name a Service unlike any",
      toService("payment") + well,
      { state: "service-missing", sentence: "Service payment does not exist in shop", nearMiss: undefined },
    ],
    [
      "name a port that is not there",
      toService("web", "number: 8080") + well,
      { state: "port-missing", sentence: "Service web has no port 8080", nearMiss: "it has port 80 (http)" },
    ],
    ["have no endpoints", toService("web") + service("web") + pod("a", false), { state: "no-endpoints" }],
    [
      "have some endpoints",
      toService("web") + well + pod("b", false),
      { state: "some-endpoints", sentence: "Service web: 1 of 2 endpoints serve port 80" },
    ],
    [
      "are an ExternalName, whatever its ports",
      toService("web") + service("web", { spec: "type: ExternalName, externalName: db.example.com" }),
      { state: "ok" },
    ],
    [
      "are no Service",
      to("{ resource: { apiGroup: example.com, kind: Bucket, name: pictures } }"),
      { state: "not-a-service", sentence: "Bucket pictures is no Service" },
    ],
  ];
  it.each(cases)("%s", (_, yaml, expected) => {
    expect(only(yaml + nginx).backends[0]).toMatchObject({
      path: "spec.rules[0].http.paths[0].backend",
      evidence: { object: "ingress/shop/web", path: "spec.rules[0].http.paths[0].backend" },
      ...expected,
    });
  });

  it("are not held against a load balancer that still waits for its address", () => {
    const yaml = `${service("web", { spec: "type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }]" })}
status: { loadBalancer: {} }`;
    expect(only(toService("web") + nginx + pod("a") + yaml).backends[0]?.state).toBe("ok");
  });

  it("cannot be told when Services were not read, or files hold none of the namespace", () => {
    expect(only(toService("web") + nginx, "dump").backends[0]?.state).toBe("unknown");
    expect(only(toService("web") + nginx, "manifests").backends[0]?.state).toBe("unknown");
  });

  it("make the Ingress broken all together, partial when only some fail, idle when scaled to 0", () => {
    const two = (first: string, second: string) =>
      ingress(
        `{ ingressClassName: nginx, rules: [{ http: { paths: [{ path: /a, pathType: Prefix, backend: { service: { name: ${first}, port: { number: 80 } } } }, { path: /b, pathType: Prefix, backend: { service: { name: ${second}, port: { number: 80 } } } }] } }] }`,
      ) + nginx;
    expect(only(two("web", "web") + well)).toMatchObject({
      health: "ok",
      hosts: ["*"],
      sentence: "any host → 2 backends",
    });
    expect(only(two("web", "payment") + well)).toMatchObject({
      health: "partial",
      sentence: "any host → 2 backends; 1 of 2 backends has trouble: Service payment does not exist in shop",
    });
    expect(only(two("payment", "orders") + well).health).toBe("broken");
    const idle = `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec: { replicas: 0, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [] } } }`;
    expect(only(two("web", "web") + service("web") + idle).health).toBe("idle");
  });

  it("include the default backend", () => {
    const yaml = ingress(
      "{ ingressClassName: nginx, defaultBackend: { service: { name: web, port: { number: 80 } } } }",
    );
    expect(only(yaml + nginx + well).backends).toMatchObject([
      { path: "spec.defaultBackend", match: "everything else", state: "ok" },
    ]);
  });
});
