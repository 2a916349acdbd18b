/**
 * TLS Secrets, and of other Secrets no more than is asked about them: whether one that an Ingress or a Gateway names is
 * there, and of which type.
 */
import { z } from "zod";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { Unread } from "#lib/model/snapshot.ts";
import type { ReadOutcome } from "../objects/read-object.ts";
import type { ApiAnswer, Connection } from "./connection.ts";
import { inParallel } from "./in-parallel.ts";
import { type ListResult, listPages } from "./list-pages.ts";
import { rbacRule } from "./rbac-rule.ts";
import { readItem } from "./read-item.ts";
import { pathOf, type Resource } from "./resources.ts";

export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

interface Reading {
  readonly connection: Connection;
  readonly pageSize: number;
  readonly concurrency: number;
  readonly secretsNamed?: readonly SecretName[] | undefined;
  readonly signal: AbortSignal;
  onCount(count: number, remaining: number | undefined): void;
}

interface SecretsRead {
  /** How listing them went. */
  readonly secrets: ListResult;
  readonly outcomes: readonly ReadOutcome[];
  /** Why a Secret that is not among them may be there all the same. */
  readonly unsure?: Unread | undefined;
}

/** Comparing a key with its certificate takes up to a millisecond, and a page is read in one go. */
const pageOfSecrets = 50;
/** Requests for single Secrets, whatever a cluster names. */
const mostLookups = 200;

/**
 * As a table the API server prints a Secret's name and type and sends nothing else of it, not even the names of what it
 * holds (kubernetes.io, API Concepts, "Receiving resources as Tables").
 */
const asTable = "application/json;as=Table;v=v1;g=meta.k8s.io";
const tableShape = z.object({
  columnDefinitions: z.array(z.object({ name: z.string() })),
  rows: z.array(z.object({ cells: z.array(z.unknown()) })),
});

/** Secrets that Ingresses and Gateways take certificates from. */
export function secretsNamedIn(objects: readonly ClusterObject[]): readonly SecretName[] {
  return objects.flatMap((object): readonly SecretName[] => {
    switch (object.kind) {
      case "ingress":
        return object.tls.flatMap(({ secretName }) =>
          secretName === undefined ? [] : [{ namespace: object.namespace, name: secretName }],
        );
      case "gateway":
      case "listener-set":
        return object.listeners.flatMap(({ tls }) =>
          (tls?.certificateRefs ?? [])
            .filter(({ otherKind }) => otherKind === undefined)
            .map(({ namespace, name }) => ({ namespace: namespace ?? object.namespace, name })),
        );
      default:
        return [];
    }
  });
}

export async function readSecrets(resource: Resource, reading: Reading): Promise<SecretsRead> {
  const { connection, pageSize, concurrency, secretsNamed = [], signal } = reading;
  let listed: ReadOutcome[] = [];
  const secrets = await listPages(connection, pathOf(resource), {
    pageSize: Math.min(pageSize, pageOfSecrets),
    signal,
    query: "fieldSelector=type%3Dkubernetes.io%2Ftls",
    onBegin: () => {
      listed = [];
    },
    onItem: (item) => listed.push(readItem(resource, item)),
    onPage: reading.onCount,
  });
  if (secrets.kind !== "read") return { secrets, outcomes: [] };
  const others = notAmong(listed, secretsNamed);
  const found = await inParallel(others.slice(0, mostLookups), concurrency, (each) =>
    lookUp(resource, each, connection, signal),
  );
  const failed = found.find((answer) => answer.kind === "unknown");
  return {
    secrets,
    outcomes: [...listed, ...found.flatMap((answer) => (answer.kind === "there" ? [answer.secret] : []))],
    unsure: failed?.why ?? (others.length > mostLookups ? tooMany : undefined),
  };
}

const tooMany: Unread = {
  reason: "failed",
  message: `More than ${mostLookups} Secrets are named that are no TLS Secrets; the rest of them was not looked up.`,
};

/** Each once, in order. */
function notAmong(listed: readonly ReadOutcome[], named: readonly SecretName[]): readonly SecretName[] {
  const known = new Set(
    listed.flatMap((outcome) =>
      outcome.kind === "object" && outcome.object.kind === "secret"
        ? [`${outcome.object.namespace}/${outcome.object.name}`]
        : [],
    ),
  );
  return named.filter(({ namespace, name }) => {
    const key = `${namespace}/${name}`;
    // What is no name of an object is the name of none, and would be another path.
    if (known.has(key) || !/^[a-z0-9][-a-z0-9.]*$/.test(name)) return false;
    known.add(key);
    return true;
  });
}

type LookedUp =
  | { readonly kind: "there"; readonly secret: ReadOutcome }
  | { readonly kind: "missing" }
  | { readonly kind: "unknown"; readonly why: Unread };

async function lookUp(
  resource: Resource,
  { namespace, name }: SecretName,
  connection: Connection,
  signal: AbortSignal,
): Promise<LookedUp> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
  const answer = await connection.get(`${path}?includeObject=None`, signal, asTable);
  if (answer.kind === "status" && answer.status === 404) return { kind: "missing" };
  const type = answer.kind === "json" ? typeIn(answer.json) : undefined;
  if (type === undefined) return { kind: "unknown", why: whyNot(resource, name, answer) };
  // Made since the list was read: read like those of the list.
  if (type === "kubernetes.io/tls") {
    const whole = await connection.get(path, signal);
    return whole.kind === "json"
      ? { kind: "there", secret: readItem(resource, whole.json) }
      : { kind: "unknown", why: whyNot(resource, name, whole) };
  }
  return { kind: "there", secret: readItem(resource, { metadata: { namespace, name }, type }) };
}

function typeIn(json: unknown): string | undefined {
  const table = tableShape.safeParse(json);
  if (!table.success) return undefined;
  const column = table.data.columnDefinitions.findIndex(({ name }) => name === "Type");
  const type = table.data.rows[0]?.cells[column];
  return typeof type === "string" ? type : undefined;
}

function whyNot(resource: Resource, name: string, answer: ApiAnswer): Unread {
  if (answer.kind === "status" && answer.status === 403)
    return { reason: "forbidden", message: answer.message, remedy: rbacRule(resource) };
  const why =
    answer.kind === "broken"
      ? `${answer.failure.title} ${answer.failure.detail}`
      : answer.kind === "status"
        ? answer.message
        : "The API server gave no table of it.";
  return { reason: "failed", message: `Whether there is a Secret ${name} could not be read: ${why}` };
}
