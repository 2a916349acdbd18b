import { z } from "zod";
import { allKinds, type Kind, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { Unread } from "#lib/model/snapshot.ts";
import { isoTime } from "../../clock.ts";
import type { Entry } from "../../store/shelf.ts";
import { assembleSnapshot } from "../assemble-snapshot.ts";
import type { KindSync, ReadProgress, Source, SourceFailure, SourceResult } from "../source.ts";
import { type ConnectResult, connect } from "./connect.ts";
import type { Connection } from "./connection.ts";
import { givenUp, notKubernetes, type Place, unauthorized } from "./connection-failure.ts";
import { discover } from "./discovery.ts";
import { type ExecCache, execCache } from "./exec-cache.ts";
import { inParallel } from "./in-parallel.ts";
import { type KubeOptions, kubeOptions } from "./kube-options.ts";
import { loadKubeconfig } from "./kubeconfig.ts";
import type { KubeContext } from "./list-kube-contexts.ts";
import { viewCommand } from "./rbac-rule.ts";
import { type KindResult, readKind } from "./read-kind.ts";
import { type SecretName, secretsNamedIn } from "./read-secrets.ts";
import { reviewAccess } from "./review-access.ts";
import { watchCluster } from "./watch/watch-cluster.ts";

const versionShape = z.object({ gitVersion: z.string() });

/** Pods first: they are the most, and their pages come one after the other. Secrets last: others say which of them matter. */
const before: readonly Kind[] = ["pod", ...allKinds.filter((kind) => kind !== "pod" && kind !== "secret")];
const order: readonly Kind[] = [...before, "secret"];

/**
 * A context of the kubeconfig as a source. Every read looks the context up again, so that a renewed kubeconfig counts
 * without a restart; it asks the cluster with GET only, and with access reviews.
 */
export function kubeSource(context: KubeContext, given: Partial<KubeOptions> = {}): Source {
  const options = kubeOptions(given);
  const exec = execCache(options);
  return {
    id: context.id,
    name: context.name,
    kind: "kube",
    changes: true,
    async read(onProgress, signal) {
      const result = await readCluster(context.name, exec, options, onProgress, signal);
      const refused = result.kind === "failed" && result.failure.code === "credentials-rejected";
      // A kept token may have been withdrawn before its time; the plugin is asked again, once.
      return refused && exec.forget() ? readCluster(context.name, exec, options, onProgress, signal) : result;
    },
    async review(who, asks, signal) {
      const connected = await dial(context.name, exec, options, signal);
      if (connected.kind === "failed") return asks.map(() => "unknown" as const);
      try {
        return await reviewAccess(connected.connection, who, asks, signal);
      } finally {
        connected.connection.close();
      }
    },
    // Some namespaces are read again now and then: a watch is of one, or of all.
    watch:
      options.namespaces.length > 0
        ? undefined
        : (onChange, signal) =>
            watchCluster({
              ...options,
              dial: (over) => dial(context.name, exec, options, over),
              greet: firstContact,
              forgetCredentials: exec.forget,
              nothingReadable: (syncs) => nothingReadable(Object.values(syncs), context),
              signal,
              onChange,
            }),
  };
}

async function readCluster(
  contextName: string,
  exec: ExecCache,
  options: KubeOptions,
  onProgress: (progress: ReadProgress) => void,
  signal: AbortSignal,
): Promise<SourceResult> {
  onProgress({ done: 0, of: order.length, objects: 0 });
  const connected = await dial(contextName, exec, options, signal);
  if (connected.kind === "failed") return connected;
  const { connection } = connected;
  try {
    const version = await firstContact(connection, signal);
    if (version.kind === "failed") return version;
    return await readAll(connection, version.version, options, onProgress, signal);
  } finally {
    connection.close();
  }
}

/** Everything about the way to the cluster, read anew. */
async function dial(
  contextName: string,
  exec: ExecCache,
  options: KubeOptions,
  signal: AbortSignal,
): Promise<ConnectResult> {
  const loaded = loadKubeconfig(options.env, options.serviceAccount);
  if (loaded.kind === "none") return { kind: "failed", failure: loaded.failure };
  return connect(loaded.config, contextName, exec.run, options, signal);
}

/** Who cannot read the version may still read the rest; who is not let in at all cannot. */
async function firstContact(
  connection: Connection,
  signal: AbortSignal,
): Promise<
  | { readonly kind: "version"; readonly version: string | undefined }
  | { readonly kind: "failed"; readonly failure: SourceFailure }
> {
  const answer = await connection.get("/version", signal);
  switch (answer.kind) {
    case "broken":
      return { kind: "failed", failure: answer.failure };
    case "status":
      return answer.status === 401
        ? { kind: "failed", failure: unauthorized(answer.message, connection.place) }
        : { kind: "version", version: undefined };
    case "json": {
      const version = versionShape.safeParse(answer.json);
      return { kind: "version", version: version.success ? version.data.gitVersion : undefined };
    }
  }
}

async function readAll(
  connection: Connection,
  version: string | undefined,
  options: KubeOptions,
  onProgress: (progress: ReadProgress) => void,
  signal: AbortSignal,
): Promise<SourceResult> {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const discovery = discover(connection);
  const counts = new Map<Kind, number>();
  let done = 0;
  let ended: SourceFailure | undefined;
  const entries: Entry[] = [];
  const tell = (reading: Kind | undefined) => {
    let objects = 0;
    for (const count of counts.values()) objects += count;
    onProgress({
      done,
      of: order.length,
      objects,
      reading: reading === undefined ? undefined : kinds[reading].plural,
    });
  };

  const read = async (kind: Kind, secretsNamed?: readonly SecretName[]) => {
    const onCount = (count: number) => {
      counts.set(kind, count);
      tell(kind);
    };
    tell(kind);
    let list: Entry[] = [];
    const result = await readKind(kind, {
      connection,
      discovery,
      pageSize: options.pageSize,
      concurrency: options.concurrency,
      tlsSecrets: options.tlsSecrets,
      namespaces: options.namespaces,
      secretsNamed,
      signal: both,
      onBegin: () => {
        list = [];
      },
      onEntry: (entry) => list.push(entry),
      onCount,
    });
    if (result.kind === "read") for (const entry of list) entries.push(entry);
    if (result.kind === "over") {
      ended ??= result.failure;
      over.abort();
    }
    done++;
    return result;
  };
  const others = await inParallel(before, options.concurrency, (kind) => read(kind));
  const named = secretsNamedIn(entries.flatMap(({ object }) => object ?? []));
  const results = [...others, await read("secret", named)];
  tell(undefined);

  const failure = signal.aborted ? givenUp(connection.place) : (ended ?? failureOfAll(results, connection));
  if (failure !== undefined) return { kind: "failed", failure };
  const unread: { [P in PluralKind]?: Unread } = {};
  for (const [i, kind] of order.entries()) {
    const result = results[i];
    if (result?.kind === "unread") unread[kinds[kind].plural] = result.unread;
    if (result?.kind === "read" && result.unsure !== undefined) unread[kinds[kind].plural] = result.unsure;
  }
  return {
    kind: "snapshot",
    snapshot: assembleSnapshot({
      objects: entries.flatMap(({ object }) => object ?? []),
      problems: entries.flatMap(({ problems }) => problems),
      unread,
      origin: "cluster",
      takenAt: isoTime(options.clock),
      version,
      complete: true,
    }),
  };
}

/** A cluster of which nothing could be read gives no snapshot, but the reason. */
function failureOfAll(results: readonly KindResult[], { place }: Connection): SourceFailure | undefined {
  if (results.some((result) => result.kind === "read")) return undefined;
  const unread = results.flatMap((result) => (result.kind === "unread" ? [result] : []));
  const failure = unread.find((result) => result.failure !== undefined)?.failure;
  return (
    failure ??
    nothingRead(
      unread.map((result) => result.unread),
      place,
    )
  );
}

/** The same for one that is watched. */
function nothingReadable(syncs: readonly KindSync[], context: KubeContext): SourceFailure {
  const unread = syncs.flatMap((sync): readonly Unread[] => {
    if (sync.kind === "forbidden") return [{ reason: "forbidden", message: sync.why }];
    return sync.kind === "failed" ? [{ reason: "failed", message: sync.why }] : [];
  });
  return nothingRead(unread, { context: context.name, host: context.server ?? context.name });
}

function nothingRead(unread: readonly Unread[], place: Pick<Place, "context" | "host">): SourceFailure {
  const failed = unread.find(({ reason }) => reason === "failed");
  if (failed !== undefined) {
    return {
      code: "cluster-failing",
      title: `${place.host} answers every request with an error.`,
      detail: failed.message,
      remedy: "See the logs of the API server, or of the proxy in front of it.",
    };
  }
  const forbidden = unread.find(({ reason }) => reason === "forbidden");
  if (forbidden === undefined)
    return notKubernetes("It serves none of the kinds that every cluster has.", place);
  return {
    code: "forbidden",
    title: `Context ${place.context} may read nothing in this cluster.`,
    detail: forbidden.message,
    remedy: viewCommand(forbidden.message),
  };
}
