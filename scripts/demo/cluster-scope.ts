import type { Cluster } from "./cluster.ts";
import { nodeResources } from "./nodes.ts";
import type { Labels, Resource } from "./objects.ts";
import { addManualSlice, addService } from "./services.ts";
import { ago } from "./time.ts";

function namespace(name: string, created: string, labels: Labels = {}): Resource {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      creationTimestamp: ago(created),
      labels: { ...labels, "kubernetes.io/metadata.name": name },
    },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  };
}

export function addClusterScope(cluster: Cluster): void {
  const open = { "gateway-access": "public" };
  cluster.add(
    namespace("default", "97d"),
    namespace("kube-system", "97d"),
    namespace("edge", "90d"),
    namespace("platform", "90d"),
    // Its label for the public listener was never set: fault 7.
    namespace("observability", "88d"),
    namespace("shop", "84d", open),
    namespace("payments", "84d", open),
    ...nodeResources(),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: {
        name: "nginx",
        creationTimestamp: ago("90d"),
        generation: 1,
        annotations: { "ingressclass.kubernetes.io/is-default-class": "true" },
      },
      spec: { controller: "k8s.io/ingress-nginx" },
    },
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "GatewayClass",
      metadata: { name: "envoy", creationTimestamp: ago("76d"), generation: 1 },
      spec: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
      status: {
        conditions: [
          {
            type: "Accepted",
            status: "True",
            reason: "Accepted",
            message: "Valid GatewayClass",
            lastTransitionTime: ago("76d", 2),
            observedGeneration: 1,
          },
        ],
      },
    },
  );
  // The control plane is managed and runs on none of the nodes.
  addService(cluster, {
    namespace: "default",
    name: "kubernetes",
    selector: null,
    labels: { component: "apiserver", provider: "kubernetes" },
    clusterIP: "10.96.0.1",
    ports: [{ name: "https", port: 443, to: 6443 }],
    created: "97d",
  });
  addManualSlice(cluster, {
    namespace: "default",
    service: "kubernetes",
    name: "kubernetes",
    addresses: ["10.20.0.10"],
    port: { name: "https", port: 6443 },
    created: "97d",
  });
}
