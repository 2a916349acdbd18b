import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readObject } from "./read-object.ts";

const v1 = (spec: string, annotations = "{}") =>
  readObject(
    load(
      `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, annotations: ${annotations}}, spec: ${spec}}`,
    ),
  );

describe("readIngress", () => {
  it("reads networking.k8s.io/v1", () => {
    expect(
      v1(`{
        ingressClassName: nginx,
        defaultBackend: {resource: {kind: StorageBucket, name: static}},
        tls: [{hosts: [a.example], secretName: a-tls}],
        rules: [
          {host: a.example, http: {paths: [{path: /cart, pathType: Prefix, backend: {service: {name: cart, port: {name: http}}}}]}},
          {http: {paths: [{pathType: ImplementationSpecific, backend: {service: {name: web, port: {number: 80}}}}]}}
        ]}`),
    ).toMatchObject({
      object: {
        className: "nginx",
        defaultBackend: { kind: "resource", apiKind: "StorageBucket", name: "static" },
        tls: [{ hosts: ["a.example"], secretName: "a-tls" }],
        rules: [
          {
            host: "a.example",
            paths: [
              { path: "/cart", pathType: "Prefix", backend: { kind: "service", name: "cart", port: "http" } },
            ],
          },
          {
            host: undefined,
            paths: [
              {
                path: "/",
                pathType: "ImplementationSpecific",
                backend: { kind: "service", name: "web", port: 80 },
              },
            ],
          },
        ],
        loadBalancer: undefined,
      },
    });
  });

  it.each(["networking.k8s.io/v1beta1", "extensions/v1beta1"])(
    "reads %s, which names backends otherwise",
    (apiVersion) => {
      const outcome = readObject(
        load(`
        apiVersion: ${apiVersion}
        kind: Ingress
        metadata: {name: web, annotations: {kubernetes.io/ingress.class: traefik}}
        spec:
          backend: {serviceName: fallback, servicePort: http}
          rules: [{http: {paths: [{path: /a, backend: {serviceName: a, servicePort: 80}}, {backend: {serviceName: b, servicePort: "81"}}]}}]
      `),
      );
      expect(outcome).toMatchObject({
        object: {
          className: "traefik",
          defaultBackend: { name: "fallback", port: "http" },
          rules: [
            {
              paths: [
                { pathType: "ImplementationSpecific", backend: { name: "a", port: 80 } },
                { path: "/", backend: { name: "b", port: 81 } },
              ],
            },
          ],
        },
      });
    },
  );

  it("gives the old class annotation precedence over the field, as the API's document has it", () => {
    expect(v1("{ingressClassName: nginx}", "{kubernetes.io/ingress.class: traefik}")).toMatchObject({
      object: { className: "traefik" },
    });
  });

  it("refuses a backend without a port", () => {
    expect(
      v1("{rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web}}}]}}]}"),
    ).toMatchObject({
      kind: "invalid",
      path: "spec.rules[0].http.paths[0].backend.service.port",
      why: "needs a number or a name",
    });
    expect(v1("{defaultBackend: {}}")).toMatchObject({
      path: "spec.defaultBackend",
      why: "needs a service with a port, or a resource",
    });
  });
});
