import { assertNever } from "#lib/model/assert-never.ts";
import { type Kind, kindFromApi, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { ClusterObject, Origin } from "#lib/model/objects.ts";
import { apiGroupOf } from "./api-group.ts";
import { isMapping, type Raw } from "./read-body.ts";
import { readConfigMap } from "./read-config-map.ts";
import { readEndpointSlice, readEndpoints } from "./read-endpoint-slice.ts";
import { readEvent } from "./read-event.ts";
import { readForeignPolicy } from "./read-foreign-policy.ts";
import { readGateway, readGatewayClass, readListenerSet, readReferenceGrant } from "./read-gateway.ts";
import { readIngress, readIngressClass } from "./read-ingress.ts";
import { readNamespace } from "./read-namespace.ts";
import { readNetworkPolicy } from "./read-network-policy.ts";
import { readNode } from "./read-node.ts";
import { readPod } from "./read-pod.ts";
import { readRoute } from "./read-route.ts";
import { readSecret } from "./read-secret.ts";
import { readSecretMaker } from "./read-secret-maker.ts";
import { readService } from "./read-service.ts";
import { readTieredPolicy } from "./read-tiered-policy.ts";
import { readWorkload } from "./read-workload.ts";
import { type Reading, wrongType } from "./reading.ts";

export type ReadOutcome =
  | { readonly kind: "object"; readonly plural: PluralKind; readonly object: ClusterObject }
  /** An object of a kind we read that is malformed; `path` is the field, `why` one sentence. */
  | { readonly kind: "invalid"; readonly subject: string; readonly path: string; readonly why: string }
  /** A kind that we do not read, or an object of which the model needs nothing. */
  | { readonly kind: "ignored"; readonly apiVersion: string; readonly apiKind: string };

/**
 * Turns one API object (parsed JSON or YAML, any version of a kind we read) into the model's cut-down object.
 * Never throws. The same function serves the live API, dumps and manifests, so that all three give the same graph.
 */
export function readObject(json: unknown, origin?: Origin): ReadOutcome {
  if (!isMapping(json)) return { kind: "invalid", subject: "", path: "", why: wrongType("object", json) };
  const { apiVersion, kind: apiKind } = json;
  if (typeof apiVersion !== "string" || typeof apiKind !== "string") return withoutType(json);
  const kind = kindOf(apiVersion, apiKind);
  if (kind === undefined) return { kind: "ignored", apiVersion, apiKind };
  const reading = kind === "endpoints" ? readEndpoints(json, origin) : readKind(kind, json, origin);
  switch (reading.kind) {
    case "object":
      return {
        kind: "object",
        plural: kinds[kind === "endpoints" ? "endpoint-slice" : kind].plural,
        object: reading.object,
      };
    case "invalid":
      return { kind: "invalid", subject: subjectOf(apiKind, json), path: reading.path, why: reading.why };
    case "ignored":
      return { kind: "ignored", apiVersion, apiKind };
    default:
      return assertNever(reading);
  }
}

/** The kind as far as it matters here: v1 Endpoints is no kind of the model, and reads as an EndpointSlice. */
function kindOf(apiVersion: string, apiKind: string): Kind | "endpoints" | undefined {
  if (apiVersion === "v1" && apiKind === "Endpoints") return "endpoints";
  return kindFromApi(apiGroupOf(apiVersion), apiKind);
}

function readKind(kind: Kind, raw: Raw, origin: Origin | undefined): Reading<ClusterObject> {
  switch (kind) {
    case "namespace":
      return readNamespace(raw, origin);
    case "node":
      return readNode(raw, origin);
    case "pod":
      return readPod(raw, origin);
    case "service":
      return readService(raw, origin);
    case "endpoint-slice":
      return readEndpointSlice(raw, origin);
    case "ingress":
      return readIngress(raw, origin);
    case "ingress-class":
      return readIngressClass(raw, origin);
    case "network-policy":
      return readNetworkPolicy(raw, origin);
    case "deployment":
    case "replica-set":
    case "stateful-set":
    case "daemon-set":
    case "job":
    case "cron-job":
      return readWorkload(kind, raw, origin);
    case "event":
      return readEvent(raw, origin);
    case "config-map":
      return readConfigMap(raw, origin);
    case "secret":
      return readSecret(raw, origin);
    case "certificate":
    case "external-secret":
    case "sealed-secret":
      return readSecretMaker(kind, raw, origin);
    case "gateway-class":
      return readGatewayClass(raw, origin);
    case "gateway":
      return readGateway(raw, origin);
    case "listener-set":
      return readListenerSet(raw, origin);
    case "http-route":
    case "grpc-route":
    case "tls-route":
    case "tcp-route":
    case "udp-route":
      return readRoute(kind, raw, origin);
    case "reference-grant":
      return readReferenceGrant(raw, origin);
    case "cluster-network-policy":
    case "admin-network-policy":
    case "baseline-admin-network-policy":
      return readTieredPolicy(kind, raw, origin);
    case "cilium-network-policy":
    case "cilium-clusterwide-network-policy":
    case "calico-network-policy":
    case "calico-global-network-policy":
    case "antrea-network-policy":
    case "antrea-cluster-network-policy":
    case "authorization-policy":
    case "egress-firewall":
      return readForeignPolicy(kind, raw, origin);
    default:
      return assertNever(kind);
  }
}

/** A mapping without a usable apiVersion and kind: broken where it looks like an object of ours, else not an object. */
function withoutType(raw: Raw): ReadOutcome {
  const { apiVersion, kind } = raw;
  if (typeof apiVersion === "string" && isMapping(raw.metadata)) {
    const why = kind === undefined || kind === null ? "is required" : wrongType("string", kind);
    return { kind: "invalid", subject: subjectOf("", raw), path: "kind", why };
  }
  if (typeof kind === "string" && isMapping(raw.metadata)) {
    const why =
      apiVersion === undefined || apiVersion === null ? "is required" : wrongType("string", apiVersion);
    return { kind: "invalid", subject: subjectOf(kind, raw), path: "apiVersion", why };
  }
  return {
    kind: "ignored",
    apiVersion: typeof apiVersion === "string" ? apiVersion : "",
    apiKind: typeof kind === "string" ? kind : "",
  };
}

/** `Service shop/cart`, as far as it can be told. */
function subjectOf(apiKind: string, raw: Raw): string {
  const metadata = isMapping(raw.metadata) ? raw.metadata : {};
  const { namespace, name } = metadata;
  const named = [namespace, name].filter((part) => typeof part === "string" && part !== "").join("/");
  return `${apiKind} ${named}`.trim();
}
