import { tlsSecret } from "./certificates.ts";
import type { Cluster } from "./cluster.ts";
import { allowFrom, named, policy, prometheus } from "./policies.ts";
import { ingress, pathPrefix, route } from "./routes.ts";
import { addService } from "./services.ts";
import { ago } from "./time.ts";
import { addDeployment } from "./workloads.ts";

const namespace = "edge";
export const ingressAddress = "203.0.113.10";
const gatewayAddress = "203.0.113.20";

export function addEdge(cluster: Cluster): void {
  addIngressController(cluster);
  addGateway(cluster);
  addDeployment(cluster, {
    namespace,
    name: "maintenance-page",
    component: "web",
    replicas: 2,
    created: "71d",
    containers: [
      {
        name: "web",
        image: "edge/maintenance-page:1.4.0",
        ports: { http: 8080 },
        readiness: { http: "/healthz", port: "http" },
        memory: "32Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "maintenance-page",
    ports: [{ name: "http", port: 80, to: "http" }],
    created: "71d",
  });
  cluster.add(
    ingress({
      namespace,
      name: "fallback",
      hosts: {},
      defaultBackend: { service: "maintenance-page", port: 80 },
      created: "71d",
      address: ingressAddress,
    }),
  );
}

function addIngressController(cluster: Cluster): void {
  const controller = {
    "app.kubernetes.io/name": "ingress-nginx",
    "app.kubernetes.io/component": "controller",
  };
  addDeployment(cluster, {
    namespace,
    name: "ingress-nginx-controller",
    component: "controller",
    labels: controller,
    replicas: 3,
    created: "90d",
    rolled: "12d6h",
    revision: 5,
    grace: 300,
    containers: [
      {
        name: "controller",
        image: "mirror/ingress-nginx/controller:v1.14.0",
        args: [
          "/nginx-ingress-controller",
          "--publish-service=$(POD_NAMESPACE)/ingress-nginx-controller",
          "--controller-class=k8s.io/ingress-nginx",
          "--ingress-class=nginx",
          "--validating-webhook=:8443",
        ],
        env: { POD_NAME: "$metadata.name", POD_NAMESPACE: "$metadata.namespace" },
        ports: { http: 80, https: 443, webhook: 8443, metrics: 10254 },
        readiness: { http: "/healthz", port: "metrics" },
        memory: "256Mi",
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "ingress-nginx-controller",
    type: "LoadBalancer",
    selector: controller,
    ports: [
      { name: "http", port: 80, to: "http", nodePort: 30080, appProtocol: "http" },
      { name: "https", port: 443, to: "https", nodePort: 30443, appProtocol: "https" },
    ],
    address: ingressAddress,
    created: "90d",
  });
  addService(cluster, {
    namespace,
    name: "ingress-nginx-controller-admission",
    selector: controller,
    ports: [{ name: "https-webhook", port: 443, to: "webhook", appProtocol: "https" }],
    created: "90d",
  });
  cluster.add(
    policy({
      namespace,
      name: "ingress-nginx",
      pods: named("ingress-nginx"),
      ingress: [allowFrom([], "http", "https", "webhook"), allowFrom([prometheus], "metrics")],
    }),
  );
}

function addGateway(cluster: Cluster): void {
  const proxy = {
    "app.kubernetes.io/name": "envoy",
    "app.kubernetes.io/component": "proxy",
    "app.kubernetes.io/managed-by": "envoy-gateway",
    "gateway.envoyproxy.io/owning-gateway-name": "public",
    "gateway.envoyproxy.io/owning-gateway-namespace": namespace,
    "gateway.networking.k8s.io/gateway-name": "public",
  };
  addDeployment(cluster, {
    namespace,
    name: "public",
    component: "proxy",
    labels: proxy,
    replicas: 3,
    created: "76d",
    rolled: "19d1h",
    revision: 4,
    grace: 360,
    containers: [
      {
        name: "envoy",
        image: "mirror/envoy:distroless-v1.36.2",
        args: ["--service-cluster edge/public", "--drain-time-s 60"],
        env: {
          ENVOY_POD_NAME: "$metadata.name",
          XDS_SERVER: "envoy-gateway.platform.svc.cluster.local:18000",
        },
        // Envoy Gateway adds 10000 to privileged listener ports.
        ports: { "http-80": 10080, "https-443": 10443, metrics: 19001, readiness: 19003 },
        readiness: { http: "/ready", port: "readiness" },
        memory: "512Mi",
      },
      {
        name: "shutdown-manager",
        image: "mirror/envoy-gateway:v1.6.0",
        args: ["envoy", "shutdown-manager"],
        ports: { shutdown: 19002 },
        readiness: { http: "/healthz", port: "shutdown" },
      },
    ],
  });
  addService(cluster, {
    namespace,
    name: "public",
    type: "LoadBalancer",
    selector: proxy,
    ports: [
      { name: "http-80", port: 80, to: 10080, nodePort: 31080 },
      { name: "https-443", port: 443, to: 10443, nodePort: 31443 },
    ],
    address: gatewayAddress,
    created: "76d",
  });
  const created = ago("76d");
  const condition = (type: string, message: string) => ({
    type,
    status: "True",
    reason: type,
    message,
    lastTransitionTime: ago("76d", 25),
    observedGeneration: 1,
  });
  const listenerStatus = (name: string, attachedRoutes: number) => ({
    name,
    attachedRoutes,
    conditions: [
      condition("Programmed", "Sending translated listener configuration to the data plane"),
      condition("Accepted", "Listener has been successfully translated"),
      condition("ResolvedRefs", "Listener references have been resolved"),
    ],
    supportedKinds: ["HTTPRoute", "GRPCRoute"].map((kind) => ({ group: "gateway.networking.k8s.io", kind })),
  });
  const attached = (listener: string) =>
    cluster.resources.filter((resource) => isAttachedTo(resource, listener)).length;
  cluster.add(
    policy({
      namespace,
      name: "public-gateway",
      pods: { matchLabels: { "gateway.networking.k8s.io/gateway-name": "public" } },
      ingress: [allowFrom([], 10080, 10443), allowFrom([prometheus], "metrics")],
    }),
    route({
      namespace,
      name: "https-redirect",
      listener: "http",
      hostnames: ["*.example.com"],
      rules: [
        {
          matches: [pathPrefix("/")],
          filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
        },
      ],
      created: "75d",
    }),
  );
  cluster.add(tlsSecret(namespace, "wildcard-example-com", "76d"), {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "public", namespace, creationTimestamp: created, generation: 1 },
    spec: {
      gatewayClassName: "envoy",
      listeners: [
        {
          name: "http",
          port: 80,
          protocol: "HTTP",
          hostname: "*.example.com",
          allowedRoutes: { namespaces: { from: "Same" } },
        },
        {
          name: "https",
          port: 443,
          protocol: "HTTPS",
          hostname: "*.example.com",
          tls: {
            mode: "Terminate",
            certificateRefs: [{ group: "", kind: "Secret", name: "wildcard-example-com" }],
          },
          allowedRoutes: {
            namespaces: { from: "Selector", selector: { matchLabels: { "gateway-access": "public" } } },
          },
        },
      ],
    },
    status: {
      addresses: [{ type: "IPAddress", value: gatewayAddress }],
      conditions: [
        condition("Accepted", "The Gateway has been scheduled by Envoy Gateway"),
        condition("Programmed", "Address assigned to the Gateway, 3/3 envoy replicas available"),
      ],
      listeners: [listenerStatus("http", attached("http")), listenerStatus("https", attached("https"))],
    },
  });
}

function isAttachedTo(
  resource: { kind: string; spec?: unknown; status?: unknown },
  listener: string,
): boolean {
  if (!resource.kind.endsWith("Route")) return false;
  const accepted = !JSON.stringify(resource.status).includes("NotAllowedByListeners");
  return accepted && JSON.stringify(resource.spec).includes(`"sectionName":"${listener}"`);
}
