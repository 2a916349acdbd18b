import type { Fields, Labels, Resource } from "./objects.ts";
import { ago } from "./time.ts";

type PolicyPlan = {
  namespace: string;
  name: string;
  pods?: Fields;
  ingress?: Fields[];
  egress?: Fields[];
  created?: string;
};

export function policy(plan: PolicyPlan): Resource {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      creationTimestamp: ago(plan.created ?? "61d4h"),
      generation: 1,
    },
    spec: {
      podSelector: plan.pods ?? {},
      // An empty list allows nothing; the API server prints it as absent.
      ingress: plan.ingress?.length ? plan.ingress : undefined,
      egress: plan.egress?.length ? plan.egress : undefined,
      policyTypes: [...(plan.ingress ? ["Ingress"] : []), ...(plan.egress ? ["Egress"] : [])],
    },
  };
}

export function labelled(labels: Labels): Fields {
  return { matchLabels: labels };
}

/** Pods by the name the demo labels them with. */
export function named(...names: string[]): Fields {
  const [first] = names;
  if (names.length === 1 && first) return labelled({ "app.kubernetes.io/name": first });
  return { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: names }] };
}

export function inNamespace(namespace: string, pods?: Fields): Fields {
  const namespaceSelector = labelled({ "kubernetes.io/metadata.name": namespace });
  return pods ? { namespaceSelector, podSelector: pods } : { namespaceSelector };
}

export function sameNamespace(pods: Fields): Fields {
  return { podSelector: pods };
}

export function cidr(block: string, ...except: string[]): Fields {
  return { ipBlock: { cidr: block, except: except.length > 0 ? except : undefined } };
}

function ports(list: (number | string)[]): Fields[] | undefined {
  return list.length > 0 ? list.map((port) => ({ port, protocol: "TCP" })) : undefined;
}

export function allowFrom(peers: Fields[], ...list: (number | string)[]): Fields {
  return { from: peers.length > 0 ? peers : undefined, ports: ports(list) };
}

export function allowTo(peers: Fields[], ...list: (number | string)[]): Fields {
  return { to: peers, ports: ports(list) };
}

export const allowDns: Fields = {
  to: [inNamespace("kube-system", labelled({ "k8s-app": "kube-dns" }))],
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};

export const gatewayProxy = inNamespace("edge", named("envoy"));
export const ingressController = inNamespace("edge", named("ingress-nginx"));
export const prometheus = inNamespace("observability", named("prometheus"));
export const telemetry = allowTo([inNamespace("observability", named("otel-collector"))], 4317);
