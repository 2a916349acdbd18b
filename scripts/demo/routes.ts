import type { Fields, Labels, Resource } from "./objects.ts";
import { ago } from "./time.ts";

type Backend = { service: string; namespace?: string; port: number; weight?: number };

type IngressPath = { path: string; service: string; port: number | string };

type IngressPlan = {
  namespace: string;
  name: string;
  hosts: Record<string, IngressPath[]>;
  tlsSecret?: string;
  defaultBackend?: { service: string; port: number };
  created: string;
  annotations?: Labels;
  address: string;
};

function ingressBackend(service: string, port: number | string): Fields {
  return { service: { name: service, port: typeof port === "number" ? { number: port } : { name: port } } };
}

export function ingress(plan: IngressPlan): Resource {
  const hosts = Object.keys(plan.hosts);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      creationTimestamp: ago(plan.created),
      generation: 1,
      ...(plan.annotations ? { annotations: plan.annotations } : {}),
    },
    spec: {
      ingressClassName: "nginx",
      defaultBackend:
        plan.defaultBackend && ingressBackend(plan.defaultBackend.service, plan.defaultBackend.port),
      rules:
        hosts.length > 0
          ? Object.entries(plan.hosts).map(([host, paths]) => ({
              host,
              http: {
                paths: paths.map(({ path, service, port }) => ({
                  path,
                  pathType: "Prefix",
                  backend: ingressBackend(service, port),
                })),
              },
            }))
          : undefined,
      tls: plan.tlsSecret ? [{ hosts, secretName: plan.tlsSecret }] : undefined,
    },
    status: { loadBalancer: { ingress: [{ ip: plan.address }] } },
  };
}

type RouteRefusal =
  | { condition: "Accepted"; reason: "NotAllowedByListeners" }
  | { condition: "ResolvedRefs"; reason: "RefNotPermitted"; backend: string };

type RoutePlan = {
  kind?: "HTTPRoute" | "GRPCRoute";
  namespace: string;
  name: string;
  listener: string;
  hostnames: string[];
  rules: { matches: Fields[]; backends?: Backend[]; filters?: Fields[] }[];
  created: string;
  refused?: RouteRefusal;
};

export function pathPrefix(value: string): Fields {
  return { path: { type: "PathPrefix", value } };
}

export function grpcMethod(service: string): Fields {
  return { method: { type: "Exact", service } };
}

function routeConditions(plan: RoutePlan): Fields[] {
  const good: Record<"Accepted" | "ResolvedRefs", string> = {
    Accepted: "Route is accepted",
    ResolvedRefs: "Resolved all the Object references for the Route",
  };
  const { refused } = plan;
  const refusal =
    refused?.condition === "ResolvedRefs"
      ? `Failed to process route rule 0 backendRef 0: Backend ref to Service ${refused.backend} not permitted by any ReferenceGrant.`
      : "No listeners included by this parent ref allowed this attachment.";
  return (["Accepted", "ResolvedRefs"] as const).map((type) => {
    const bad = refused?.condition === type;
    return {
      type,
      status: bad ? "False" : "True",
      reason: bad ? refused.reason : type,
      message: bad ? refusal : good[type],
      lastTransitionTime: ago(plan.created, 1),
      observedGeneration: 1,
    };
  });
}

export function route(plan: RoutePlan): Resource {
  const parentRef = {
    group: "gateway.networking.k8s.io",
    kind: "Gateway",
    name: "public",
    namespace: "edge",
    sectionName: plan.listener,
  };
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: plan.kind ?? "HTTPRoute",
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      creationTimestamp: ago(plan.created),
      generation: 1,
    },
    spec: {
      hostnames: plan.hostnames,
      parentRefs: [parentRef],
      rules: plan.rules.map(({ matches, backends, filters }) => ({
        backendRefs: backends?.map(({ service, namespace, port, weight }) => ({
          group: "",
          kind: "Service",
          name: service,
          namespace,
          port,
          weight: weight ?? 1,
        })),
        filters,
        matches,
      })),
    },
    status: {
      parents: [
        {
          conditions: routeConditions(plan),
          controllerName: "gateway.envoyproxy.io/gatewayclass-controller",
          parentRef,
        },
      ],
    },
  };
}

export function referenceGrant(plan: {
  namespace: string;
  name: string;
  from: string;
  service: string;
  created: string;
}): Resource {
  return {
    apiVersion: "gateway.networking.k8s.io/v1beta1",
    kind: "ReferenceGrant",
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      creationTimestamp: ago(plan.created),
      generation: 1,
    },
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: plan.from }],
      to: [{ group: "", kind: "Service", name: plan.service }],
    },
  };
}
