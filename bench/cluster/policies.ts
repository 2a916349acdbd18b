import { type ApiObject, apiObject, type Fields } from "./api-object.ts";
import type { Chance } from "./chance.ts";
import type { App } from "./plan.ts";
import { selectorOf } from "./template.ts";

/** Nothing comes in unless another policy lets it. */
export function defaultDeny(chance: Chance, namespace: string): ApiObject {
  return policy(chance, namespace, "default-deny", { podSelector: {}, policyTypes: ["Ingress"] });
}

/** Lets the app's neighbours and the edge in to its port. */
export function allowInto(chance: Chance, app: App): ApiObject {
  const selected =
    app.fault === "policy-selects-nothing" ? { "app.kubernetes.io/name": `${app.name}-v2` } : selectorOf(app);
  const peers: readonly Fields[] =
    app.fault === "policy-peer-matches-nothing"
      ? [{ podSelector: { matchLabels: { role: "frontend" } } }]
      : [
          { podSelector: {} },
          { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "edge" } } },
        ];
  return policy(chance, app.namespace, `allow-${app.name}`, {
    ingress: [{ from: peers, ports: [{ port: app.port, protocol: "TCP" }] }],
    podSelector: { matchLabels: selected },
    policyTypes: ["Ingress"],
  });
}

function policy(chance: Chance, namespace: string, name: string, spec: Fields): ApiObject {
  return apiObject(chance, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    namespace,
    name,
    ageSeconds: 5_000_000,
    body: { spec },
  });
}
