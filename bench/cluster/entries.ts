import { type ApiObject, ago, apiObject, type Fields } from "./api-object.ts";
import type { Chance } from "./chance.ts";
import type { App } from "./plan.ts";

const edge = "edge";
const parent = {
  group: "gateway.networking.k8s.io",
  kind: "Gateway",
  name: "public",
  namespace: edge,
  sectionName: "web",
};
const controllerName = "example.com/gateway-controller";

const accepted = (type: string, reason = type) => ({
  lastTransitionTime: ago(6_000_000),
  message: "",
  observedGeneration: 1,
  reason,
  status: reason === type ? "True" : "False",
  type,
});

/** The classes, and the one Gateway that routes attach to. */
export function entryInfrastructure(chance: Chance): readonly ApiObject[] {
  const old = { ageSeconds: 6_000_000 };
  return [
    apiObject(chance, {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      name: "nginx",
      annotations: { "ingressclass.kubernetes.io/is-default-class": "true" },
      body: { spec: { controller: "k8s.io/ingress-nginx" } },
      ...old,
    }),
    apiObject(chance, {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "GatewayClass",
      name: "public",
      body: { spec: { controllerName }, status: { conditions: [accepted("Accepted")] } },
      ...old,
    }),
    apiObject(chance, {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      namespace: edge,
      name: "public",
      body: {
        spec: {
          gatewayClassName: "public",
          listeners: [
            {
              allowedRoutes: { namespaces: { from: "All" } },
              hostname: "*.example.com",
              name: "web",
              port: 80,
              protocol: "HTTP",
            },
          ],
        },
        status: {
          addresses: [{ type: "IPAddress", value: "192.0.2.10" }],
          conditions: [accepted("Accepted"), accepted("Programmed")],
          listeners: [
            {
              attachedRoutes: 1,
              conditions: [accepted("Accepted"), accepted("ResolvedRefs"), accepted("Programmed")],
              name: "web",
              supportedKinds: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute" }],
            },
          ],
        },
      },
      ...old,
    }),
  ];
}

/** The way in from outside, where the app has one: an Ingress or an HTTPRoute. */
export function entriesOf(chance: Chance, app: App): readonly ApiObject[] {
  switch (app.entry) {
    case "ingress":
      return [ingressOf(chance, app)];
    case "route":
      return [routeOf(chance, app)];
    case "load-balancer":
    case undefined:
      return [];
  }
}

function ingressOf(chance: Chance, { namespace, name, fault }: App): ApiObject {
  const service = fault === "ingress-service-missing" ? `${name}-old` : name;
  const port = { number: fault === "ingress-port-missing" ? 8443 : 80 };
  const path = (at: string, pathType: string) => ({
    backend: { service: { name: service, port } },
    path: at,
    pathType,
  });
  return apiObject(chance, {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    namespace,
    name,
    ageSeconds: 5_000_000,
    annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "8m" },
    body: {
      spec: {
        ingressClassName: "nginx",
        rules: [
          {
            host: `${name}.${namespace}.example.com`,
            http: { paths: [path("/", "Prefix"), path("/healthz", "Exact")] },
          },
        ],
      },
      status: { loadBalancer: { ingress: [{ ip: "192.0.2.11" }] } },
    },
  });
}

function routeOf(chance: Chance, { namespace, name, fault }: App): ApiObject {
  const backend: Fields =
    fault === "route-backend-missing"
      ? { name: `${name}-old`, port: 80 }
      : fault === "route-not-permitted"
        ? { name: "node-exporter", namespace: "kube-system", port: 80 }
        : { name, port: 80 };
  const foreign = fault === "route-hostname-foreign";
  const unresolved =
    fault === "route-backend-missing"
      ? "BackendNotFound"
      : fault === "route-not-permitted"
        ? "RefNotPermitted"
        : "ResolvedRefs";
  return apiObject(chance, {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    namespace,
    name,
    ageSeconds: 5_000_000,
    body: {
      spec: {
        hostnames: [`${name}.${foreign ? "example.org" : "example.com"}`],
        parentRefs: [parent],
        rules: [
          {
            backendRefs: [{ group: "", kind: "Service", weight: 1, ...backend }],
            matches: [{ path: { type: "PathPrefix", value: "/" } }],
          },
        ],
      },
      status: {
        parents: [
          {
            conditions: [
              accepted("Accepted", foreign ? "NoMatchingListenerHostname" : "Accepted"),
              accepted("ResolvedRefs", unresolved),
            ],
            controllerName,
            parentRef: parent,
          },
        ],
      },
    },
  });
}
