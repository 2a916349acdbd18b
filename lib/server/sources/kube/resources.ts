import { type Kind, kinds } from "#lib/model/kinds.ts";

/** One way that an API server may serve a kind. */
export interface Resource {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  /** Name in URLs and RBAC rules. */
  readonly resource: string;
  /** `apiVersion` and `kind` to read its objects as: items of a list carry neither. */
  readonly readAs: { readonly apiVersion: string; readonly kind: string };
}

/**
 * Where a kind may be served, best first. Versions that are not named here are not guessed at: their objects may have
 * another shape. (kubernetes.io, Deprecated API Migration Guide; gateway-api.sigs.k8s.io, versioning.)
 */
export function resourcesOf(kind: Kind): readonly Resource[] {
  const { group, resource, api } = kinds[kind];
  const own = versionsOf(kind).map((version) => served(group, version, resource, api));
  switch (kind) {
    case "ingress":
      return [...own, served("extensions", "v1beta1", resource, api)];
    case "endpoint-slice":
      return [...own, served("", "v1", "endpoints", "Endpoints")];
    case "listener-set":
      // Standard since Gateway API 1.5; before, an experiment of the same shape under another name.
      return [
        ...own,
        {
          ...served("gateway.networking.x-k8s.io", "v1alpha1", "xlistenersets", "XListenerSet"),
          readAs: { apiVersion: `${group}/v1`, kind: api },
        },
      ];
    case "calico-network-policy":
    case "calico-global-network-policy":
      // Where Calico keeps them comes first: its own API server leaves out, unsaid, the tiers that the reader may not see.
      // A Calico that keeps them elsewhere (etcd, or CustomResourceDefinitions of v3) has nothing but the other group.
      return [...own, ...kinds[kind].otherGroups.map((other) => served(other, "v3", resource, api))];
    default:
      return own;
  }
}

/** The collection's path: `/api/v1/pods`, `/apis/apps/v1/deployments`; of one namespace where that is named. */
export function pathOf({ group, version, resource }: Resource, namespace?: string): string {
  const within = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${groupVersionPath(group, version)}${within}/${resource}`;
}

export function groupVersionPath(group: string, version: string): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

function versionsOf(kind: Kind): readonly string[] {
  switch (kinds[kind].group) {
    case "gateway.networking.k8s.io":
      return ["v1", "v1beta1", "v1alpha3", "v1alpha2"];
    case "policy.networking.k8s.io":
      return ["v1alpha2", "v1alpha1"];
    case "cilium.io":
      return ["v2"];
    case "crd.antrea.io":
      return ["v1beta1", "v1alpha1"];
    case "security.istio.io":
    case "external-secrets.io":
      return ["v1", "v1beta1"];
    case "bitnami.com":
      return ["v1alpha1"];
    default:
      return kind === "ingress" ||
        kind === "ingress-class" ||
        kind === "endpoint-slice" ||
        kind === "cron-job"
        ? ["v1", "v1beta1"]
        : ["v1"];
  }
}

function served(group: string, version: string, resource: string, kind: string): Resource {
  return {
    group,
    version,
    resource,
    readAs: { apiVersion: group === "" ? version : `${group}/${version}`, kind },
  };
}
