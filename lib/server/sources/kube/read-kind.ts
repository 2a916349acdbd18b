import { assertNever } from "#lib/model/assert-never.ts";
import { type Kind, kinds } from "#lib/model/kinds.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { Problem, Unread } from "#lib/model/snapshot.ts";
import { faultsToTell } from "../objects/policy-shapes.ts";
import type { ReadOutcome } from "../objects/read-object.ts";
import type { SourceFailure } from "../source.ts";
import type { Connection } from "./connection.ts";
import { unauthorized } from "./connection-failure.ts";
import type { Discovery } from "./discovery.ts";
import { type ListResult, listPages } from "./list-pages.ts";
import { rbacRule } from "./rbac-rule.ts";
import { readItem } from "./read-item.ts";
import { readSecrets, type SecretName } from "./read-secrets.ts";
import { pathOf, type Resource, resourcesOf } from "./resources.ts";

export type KindResult =
  | {
      readonly kind: "read";
      readonly objects: readonly ClusterObject[];
      readonly problems: readonly Problem[];
      /** Why there may be more. */
      readonly unsure?: Unread | undefined;
    }
  /** `failure`: the same in the words of a source that gives nothing, for when no kind could be read. */
  | { readonly kind: "unread"; readonly unread: Unread; readonly failure?: SourceFailure | undefined }
  /** Every other kind would end the same way. */
  | { readonly kind: "over"; readonly failure: SourceFailure };

export interface KindReading {
  readonly connection: Connection;
  readonly discovery: Discovery;
  readonly pageSize: number;
  readonly concurrency: number;
  /** See KubeOptions. */
  readonly tlsSecrets: boolean;
  /** Secrets that Ingresses and Gateways name; for kind `secret` only. */
  readonly secretsNamed?: readonly SecretName[] | undefined;
  readonly signal: AbortSignal;
  onCount(count: number): void;
}

/** Reads all objects of a kind in the best version that the server has. */
export async function readKind(kind: Kind, reading: KindReading): Promise<KindResult> {
  for (const resource of resourcesOf(kind)) {
    const served = await reading.discovery.serves(resource, reading.signal);
    if (served === "no") continue;
    if (onlyForTls.has(kind) && !reading.tlsSecrets) return switchedOff(kind, resource);
    if (kind === "config-map") return readCorefiles(resource, reading);
    if (kind === "secret") {
      const { secrets, unsure } = await readSecrets(resource, reading);
      const read = resultOf(kind, resource, secrets, rbacRule(resource), reading.connection);
      return read.kind === "read" ? { ...read, unsure } : read;
    }
    const result = await list(kind, resource, reading);
    if (result.kind === "status" && result.status === 404) continue;
    return resultOf(kind, resource, result, rbacRule(resource), reading.connection);
  }
  const { api, group } = kinds[kind];
  const where = group === "" ? "" : ` (${group})`;
  const known = resourcesOf(kind);
  const [own] = known;
  const others =
    own === undefined || group === ""
      ? []
      : await reading.discovery.otherVersions(
          own,
          known.map(({ version }) => version),
          reading.signal,
        );
  // There may be objects of it, in a shape that is not known here.
  if (others.length > 0) {
    const message = `The API server serves ${api}${where} as ${others.join(", ")} only, which Throughline does not read.`;
    return { kind: "unread", unread: { reason: "failed", message } };
  }
  return {
    kind: "unread",
    unread: { reason: "not-served", message: `The API server does not serve ${api}${where}.` },
  };
}

/** Secrets, and what is of use only beside them. cert-manager's Certificates tell of themselves how they stand. */
const onlyForTls: ReadonlySet<Kind> = new Set(["secret", "external-secret", "sealed-secret"]);

function switchedOff(kind: Kind, resource: Resource): KindResult {
  const message =
    kind === "secret"
      ? "TLS Secrets are read only where THROUGHLINE_TLS_SECRETS=1 asks for it."
      : `Read only together with TLS Secrets, where THROUGHLINE_TLS_SECRETS=1 asks for it.`;
  return { kind: "unread", unread: { reason: "switched-off", message, remedy: rbacRule(resource) } };
}

function list(kind: Kind, resource: Resource, { connection, pageSize, signal, onCount }: KindReading) {
  return listPages(connection, pathOf(resource), {
    pageSize,
    signal,
    // Normal events tell of what went as planned, and are most of them.
    query: kind === "event" ? "fieldSelector=type%3DWarning" : undefined,
    take: (item) => readItem(resource, item),
    onPage: onCount,
  });
}

/**
 * CoreDNS's ConfigMap has one name nearly everywhere; where it has not, the label that its Service carries finds it.
 * Listing all ConfigMaps would read what is none of our business.
 */
async function readCorefiles(resource: Resource, reading: KindReading): Promise<KindResult> {
  const { connection, pageSize, signal } = reading;
  const base = "/api/v1/namespaces/kube-system/configmaps";
  const named = await connection.get(`${base}/coredns`, signal);
  if (named.kind === "json") return outcomesOf(resource, [readItem(resource, named.json)]);
  if (named.kind !== "status" || named.status !== 404) {
    return resultOf("config-map", resource, named, rbacRule(resource, "coredns"), connection);
  }
  const listed = await listPages(connection, base, {
    pageSize,
    signal,
    query: "labelSelector=k8s-app%3Dkube-dns",
    take: (item) => readItem(resource, item),
    onPage: reading.onCount,
  });
  return resultOf("config-map", resource, listed, rbacRule(resource), connection);
}

function resultOf(
  kind: Kind,
  resource: Resource,
  result: ListResult<ReadOutcome>,
  remedy: string,
  connection: Connection,
): KindResult {
  switch (result.kind) {
    case "items":
      return outcomesOf(resource, result.items);
    case "broken":
      if (result.scope === "server") return { kind: "over", failure: result.failure };
      return {
        kind: "unread",
        unread: { reason: "failed", message: `${result.failure.title} ${result.failure.detail}` },
        failure: result.failure,
      };
    case "status": {
      if (result.status === 401)
        return { kind: "over", failure: unauthorized(result.message, connection.place) };
      if (result.status === 403) {
        return {
          kind: "unread",
          unread: { reason: "forbidden", message: result.message, remedy },
        };
      }
      const message = `Reading ${kinds[kind].api} failed: ${result.message}`;
      return { kind: "unread", unread: { reason: "failed", message } };
    }
    default:
      return assertNever(result);
  }
}

function outcomesOf(resource: Resource, outcomes: readonly ReadOutcome[]): KindResult {
  const objects: ClusterObject[] = [];
  const problems: Problem[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind === "object") {
      objects.push(outcome.object);
      for (const fault of faultsToTell(outcome.object)) problems.push({ ...fault, where: pathOf(resource) });
    }
    if (outcome.kind !== "invalid") continue;
    const why = `${outcome.path} ${outcome.why}`.trim();
    problems.push({ kind: "invalid", where: pathOf(resource), why, subject: outcome.subject });
  }
  return { kind: "read", objects, problems };
}
