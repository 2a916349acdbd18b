import { assertNever } from "#lib/model/assert-never.ts";
import { type Kind, kinds } from "#lib/model/kinds.ts";
import type { Unread } from "#lib/model/snapshot.ts";
import type { Entry } from "../../store/shelf.ts";
import type { SourceFailure } from "../source.ts";
import type { Connection } from "./connection.ts";
import { unauthorized } from "./connection-failure.ts";
import type { Discovery } from "./discovery.ts";
import { servedResources, whyNotServed } from "./find-resource.ts";
import { type ListResult, listPages } from "./list-pages.ts";
import { rbacRule } from "./rbac-rule.ts";
import { entryOf, readEntry } from "./read-entry.ts";
import { readSecrets, type SecretName } from "./read-secrets.ts";
import { pathOf, type Resource } from "./resources.ts";

export type KindResult =
  | {
      readonly kind: "read";
      readonly resource: Resource;
      /** From where a watch may go on; undefined where it may not. */
      readonly revision: string | undefined;
      /** Why there may be more than was read. */
      readonly unsure?: Unread | undefined;
    }
  /**
   * `failure`: the same in the words of a source that gives nothing, for when no kind could be read. `retryAfterMs`: when
   * a busy server wants to be asked again.
   */
  | {
      readonly kind: "unread";
      readonly unread: Unread;
      readonly failure?: SourceFailure | undefined;
      readonly retryAfterMs?: number | undefined;
    }
  /** Every other kind would end the same way. */
  | { readonly kind: "over"; readonly failure: SourceFailure };

export interface KindReading {
  readonly connection: Connection;
  readonly discovery: Discovery;
  readonly pageSize: number;
  readonly concurrency: number;
  /** See KubeOptions. */
  readonly tlsSecrets: boolean;
  /** See KubeOptions. */
  readonly namespaces?: readonly string[] | undefined;
  /** Secrets that Ingresses and Gateways name; for kind `secret` only. */
  readonly secretsNamed?: readonly SecretName[] | undefined;
  readonly signal: AbortSignal;
  /** How many there are so far, and how many are to come where the server says so. */
  onCount(count: number, remaining: number | undefined): void;
  /** A list begins, perhaps anew: entries that came before are of no account. */
  onBegin(): void;
  onEntry(entry: Entry): void;
}

/** Normal events tell of what went as planned, and are most of them. */
export function queryOf(kind: Kind): string | undefined {
  return kind === "event" ? "fieldSelector=type%3DWarning" : undefined;
}

/** Reads all objects of a kind in the best version that the server has. */
export async function readKind(kind: Kind, reading: KindReading): Promise<KindResult> {
  const { connection, discovery, signal } = reading;
  for await (const resource of servedResources(kind, discovery, signal)) {
    if (isSwitchedOff(kind, reading.tlsSecrets)) return switchedOff(kind, resource);
    if (kind === "config-map") return readCorefiles(resource, reading);
    if (kind === "secret") return secretsOf(resource, reading);
    if (isReadByNamespace(kind, reading)) {
      const parts = await readNamespaces(kind, resource, reading, reading.namespaces ?? []);
      if (parts === "not-here") continue;
      return parts;
    }
    const result = await list(kind, resource, pathOf(resource), queryOf(kind), reading);
    if (result.kind === "status" && result.status === 404) continue;
    return resultOf(kind, resource, result, rbacRule(resource), connection);
  }
  return { kind: "unread", unread: await whyNotServed(kind, discovery, signal) };
}

/** Namespaces themselves are got by their names: a Role in a namespace may allow that. */
function isReadByNamespace(kind: Kind, { namespaces = [] }: KindReading): boolean {
  return namespaces.length > 0 && (kinds[kind].namespaced || kind === "namespace");
}

/**
 * What some namespaces hold of a kind. It is never all of it, so what is not among them stays unknown; "not-here": the
 * server has the kind in another way, or not at all.
 */
async function readNamespaces(
  kind: Kind,
  resource: Resource,
  reading: KindReading,
  namespaces: readonly string[],
): Promise<KindResult | "not-here"> {
  const { connection, onBegin, onEntry, onCount } = reading;
  const entries: Entry[] = [];
  let readSome = false;
  let missing: Extract<KindResult, { kind: "unread" }> | undefined;
  for (const namespace of namespaces) {
    let own: Entry[] = [];
    const result = await readNamespace(kind, resource, namespace, {
      ...reading,
      onBegin: () => {
        own = [];
      },
      onEntry: (entry) => own.push(entry),
      onCount: (count) => onCount(entries.length + count, undefined),
    });
    if (result.kind === "read") {
      readSome = true;
      for (const entry of own) entries.push(entry);
      continue;
    }
    if (result.kind === "status" && result.status === 404) {
      // Whoever may not see that a namespace is there is told so; who may is told that it is not.
      if (kind !== "namespace") return "not-here";
      continue;
    }
    const rule = rbacRule(resource, kind === "namespace" ? namespace : undefined);
    const why = resultOf(kind, resource, result, rule, connection);
    if (why.kind === "over") return why;
    if (why.kind === "unread") missing ??= why;
  }
  if (!readSome && missing !== undefined) return missing;
  onBegin();
  for (const entry of entries) onEntry(entry);
  return { kind: "read", resource, revision: undefined, unsure: missing?.unread ?? onlyThese(namespaces) };
}

async function readNamespace(
  kind: Kind,
  resource: Resource,
  namespace: string,
  reading: KindReading,
): Promise<ListResult> {
  if (kind !== "namespace") return list(kind, resource, pathOf(resource, namespace), queryOf(kind), reading);
  const path = `${pathOf(resource)}/${encodeURIComponent(namespace)}`;
  const answer = await reading.connection.get(path, reading.signal);
  if (answer.kind !== "json") return answer;
  reading.onEntry(readEntry(kind, resource, answer.json));
  return { kind: "read", revision: undefined };
}

function onlyThese(namespaces: readonly string[]): Unread {
  return {
    reason: "switched-off",
    message: `Only what is in ${namespaces.join(", ")} is read, as THROUGHLINE_NAMESPACES has it.`,
  };
}

/** Secrets, and what is of use only beside them. cert-manager's Certificates tell of themselves how they stand. */
const onlyForTls: ReadonlySet<Kind> = new Set(["secret", "external-secret", "sealed-secret"]);

/** What may not be read here, though the server has it: read by nobody, watched by nobody. */
export function isSwitchedOff(kind: Kind, tlsSecrets: boolean): boolean {
  return onlyForTls.has(kind) && !tlsSecrets;
}

function switchedOff(kind: Kind, resource: Resource): KindResult {
  const message =
    kind === "secret"
      ? "TLS Secrets are read only where THROUGHLINE_TLS_SECRETS=1 asks for it."
      : `Read only together with TLS Secrets, where THROUGHLINE_TLS_SECRETS=1 asks for it.`;
  return { kind: "unread", unread: { reason: "switched-off", message, remedy: rbacRule(resource) } };
}

async function secretsOf(resource: Resource, reading: KindReading): Promise<KindResult> {
  const { secrets, outcomes, unsure } = await readSecrets(resource, reading);
  const read = resultOf("secret", resource, secrets, rbacRule(resource), reading.connection);
  if (read.kind !== "read") return read;
  reading.onBegin();
  for (const outcome of outcomes) reading.onEntry(entryOf("secret", resource, outcome));
  // It is no list from which a watch may go on: single Secrets were looked up beside it.
  return { ...read, revision: undefined, unsure };
}

function list(
  kind: Kind,
  resource: Resource,
  path: string,
  query: string | undefined,
  reading: KindReading,
): Promise<ListResult> {
  const { connection, pageSize, signal, onBegin, onEntry, onCount } = reading;
  const onItem = (item: unknown) => onEntry(readEntry(kind, resource, item));
  return listPages(connection, path, { pageSize, signal, query, onBegin, onItem, onPage: onCount });
}

/**
 * CoreDNS's ConfigMap has one name nearly everywhere; where it has not, the label that its Service carries finds it.
 * Listing all ConfigMaps would read what is none of our business.
 */
async function readCorefiles(resource: Resource, reading: KindReading): Promise<KindResult> {
  const { connection, signal } = reading;
  const kind = "config-map";
  const base = "/api/v1/namespaces/kube-system/configmaps";
  const named = await connection.get(`${base}/coredns`, signal);
  if (named.kind === "json") {
    reading.onBegin();
    reading.onEntry(readEntry(kind, resource, named.json));
    return { kind: "read", resource, revision: undefined };
  }
  if (named.kind !== "status" || named.status !== 404)
    return resultOf(kind, resource, named, rbacRule(resource, "coredns"), connection);
  const listed = await list(kind, resource, base, "labelSelector=k8s-app%3Dkube-dns", reading);
  return resultOf(kind, resource, listed, rbacRule(resource), connection);
}

function resultOf(
  kind: Kind,
  resource: Resource,
  result: ListResult,
  remedy: string,
  connection: Connection,
): KindResult {
  switch (result.kind) {
    case "read":
      return { kind: "read", resource, revision: result.revision };
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
      if (result.status === 403)
        return { kind: "unread", unread: { reason: "forbidden", message: result.message, remedy } };
      const message = `Reading ${kinds[kind].api} failed: ${result.message}`;
      return { kind: "unread", unread: { reason: "failed", message }, retryAfterMs: result.retryAfterMs };
    }
    default:
      return assertNever(result);
  }
}
