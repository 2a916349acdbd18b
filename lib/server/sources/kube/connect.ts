import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Agent } from "node:http";
import type { RequestOptions } from "node:https";
import { wait } from "../../wait.ts";
import type { SourceFailure } from "../source.ts";
import { agentFor } from "./agent.ts";
import { readCertificates } from "./certificates.ts";
import { type Connection, openConnection } from "./connection.ts";
import { givenUp, type Place } from "./connection-failure.ts";
import type { ExecResult } from "./exec-plugin.ts";
import type { KubeOptions } from "./kube-options.ts";
import type { Kubeconfig } from "./kubeconfig.ts";
import type { ClusterEntry, UserEntry } from "./kubeconfig-shapes.ts";
import { redact } from "./redact.ts";
import { requestOptions } from "./request-options.ts";

export type ConnectResult =
  | {
      readonly kind: "connection";
      readonly connection: Connection;
      /** Another one where the address or the credentials are others; a digest, which tells nothing of them. */
      readonly identity: string;
    }
  | { readonly kind: "failed"; readonly failure: SourceFailure };

/** Gives an exec plugin's credential, from its own cache where it is still good. */
export type ExecRunner = (user: UserEntry, cluster: ClusterEntry, signal: AbortSignal) => Promise<ExecResult>;

/**
 * Prepares a context's TLS and credentials, by way of the client library's KubeConfig. Nothing is sent to the
 * cluster yet; an exec plugin may run, and an OIDC provider may be asked for a new token.
 */
export async function connect(
  config: Kubeconfig,
  contextName: string,
  runExec: ExecRunner,
  options: KubeOptions,
  signal: AbortSignal,
): Promise<ConnectResult> {
  const entries = entriesOf(config, contextName);
  if (entries.kind === "failed") return entries;
  const { cluster, user } = entries;
  const read = readCertificates(cluster, user);
  if (read.kind === "failed") return read;
  const token = tokenOf(user);
  if (token.kind === "failed") return token;

  const place: Place = {
    context: contextName,
    host: new URL(cluster.server).host,
    clientUntil: read.certificates.clientUntil,
    now: options.clock(),
  };
  const exec = user?.exec === undefined ? undefined : await runExec(user, cluster, signal);
  if (exec?.kind === "failed") return exec;
  try {
    const request = await withinTime(
      requestOptions(cluster, user, token.token, read.certificates, exec?.credential),
      options.execTimeoutMs,
      signal,
    );
    if (request === "timeout") return authFailed(user, "It did not answer in time.");
    if (request === "aborted") return { kind: "failed", failure: givenUp(place) };
    const agent = agentFor(cluster, request, options.env);
    return {
      kind: "connection",
      identity: identityOf(cluster.server, request),
      connection: openConnection(cluster.server, { ...request, agent }, place, options, {
        close: () => agent.destroy(),
        retire: () => retire(agent),
      }),
    };
  } catch (error) {
    return authFailed(user, error instanceof Error ? error.message : "The reason is not known.");
  }
}

function identityOf(server: string, { headers, ca, cert, key, servername }: RequestOptions): string {
  return createHash("sha256")
    .update(JSON.stringify([server, headers, ca, cert, key, servername].map((part) => part ?? null)))
    .digest("hex");
}

/** Watches go on over a connection whose credentials were replaced; nothing new begins there. */
function retire(agent: Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets ?? []) socket.destroy();
}

function entriesOf(
  config: Kubeconfig,
  contextName: string,
):
  | { readonly kind: "entries"; readonly cluster: ClusterEntry; readonly user: UserEntry | undefined }
  | { readonly kind: "failed"; readonly failure: SourceFailure } {
  const context = config.contexts.get(contextName);
  if (context === undefined)
    return incomplete(config, `There is no context ${contextName} any more.`, "contexts");
  const cluster = config.clusters.get(context.cluster);
  if (cluster === undefined) {
    return incomplete(
      config,
      `Context ${contextName} names the cluster ${context.cluster}, which is not there.`,
      "clusters",
    );
  }
  if (context.user === undefined) return { kind: "entries", cluster, user: undefined };
  const user = config.users.get(context.user);
  if (user === undefined) {
    return incomplete(
      config,
      `Context ${contextName} names the user ${context.user}, which is not there.`,
      "users",
    );
  }
  return { kind: "entries", cluster, user };
}

/** Says too what was wrong with an entry that had to be left out, since that is the likely reason. */
function incomplete(config: Kubeconfig, detail: string, list: string) {
  const near = config.problems.find((problem) => problem.where.includes(`: ${list}`));
  const failure: SourceFailure = {
    code: "kubeconfig-incomplete",
    title: "The kubeconfig does not hold all that this context needs.",
    detail: near === undefined ? detail : `${detail} An entry was left out: ${near.where} ${near.why}.`,
    remedy: `Add it to ${config.from.join(" or ")}, or fetch the kubeconfig again.`,
  };
  return { kind: "failed", failure } as const;
}

/** `tokenFile` wins over `token` and is read each time: whoever writes it renews it there (client-go, AuthInfo). */
function tokenOf(
  user: UserEntry | undefined,
):
  | { readonly kind: "token"; readonly token: string | undefined }
  | { readonly kind: "failed"; readonly failure: SourceFailure } {
  if (user?.tokenFile === undefined) return { kind: "token", token: user?.token?.trim() };
  try {
    return { kind: "token", token: readFileSync(user.tokenFile, "utf8").trim() };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return {
      kind: "failed",
      failure: {
        code: "kubeconfig-invalid",
        title: `The token of user ${user.name} cannot be read.`,
        detail: `${user.tokenFile} could not be read (${code}).`,
        remedy: "Check the file that tokenFile names in the kubeconfig.",
      },
    };
  }
}

function authFailed(user: UserEntry | undefined, why: string): ConnectResult {
  const provider = user?.authProvider?.name;
  return {
    kind: "failed",
    failure: {
      code: "credentials-unavailable",
      title:
        provider === undefined
          ? "The connection could not be prepared."
          : `The auth provider ${provider} gave no credentials.`,
      detail: redact(why),
      remedy: "Run kubectl get namespaces with this context; it may want you to log in again.",
    },
  };
}

/** What the library does here cannot be cancelled; its late answer, or its late failure, is dropped. */
async function withinTime<T>(
  work: Promise<T>,
  ms: number,
  signal: AbortSignal,
): Promise<T | "timeout" | "aborted"> {
  const over = new AbortController();
  try {
    const waited = wait(ms, AbortSignal.any([signal, over.signal])).then((): "aborted" | "timeout" =>
      signal.aborted ? "aborted" : "timeout",
    );
    return await Promise.race([work, waited]);
  } finally {
    over.abort();
    work.catch(() => {});
  }
}
