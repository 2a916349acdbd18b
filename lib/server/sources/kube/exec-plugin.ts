/**
 * Runs the credential plugin that a kubeconfig's user names (client.authentication.k8s.io, ExecCredential). The client
 * library's own runner tells the plugin nothing of the cluster, waits for it without end, loses the exit code and
 * puts all of its stderr into the error; this one is given to the library as a custom authenticator.
 */
import { spawn } from "node:child_process";
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import type { Env } from "../../env.ts";
import type { SourceFailure } from "../source.ts";
import type { ClusterEntry, ExecSpec } from "./kubeconfig-shapes.ts";
import { lastLine, redact } from "./redact.ts";

export interface ExecCredential {
  readonly token: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Milliseconds since 1970; undefined: good until the server refuses it. */
  readonly expiresAt: number | undefined;
}

export type ExecResult =
  | { readonly kind: "credential"; readonly credential: ExecCredential }
  | { readonly kind: "failed"; readonly failure: SourceFailure };

export interface ExecOptions {
  readonly env: Env;
  readonly signal: AbortSignal;
  /** A plugin may open a browser and wait for its user. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const answerShape = z.object({
  kind: z.literal("ExecCredential"),
  status: z.object({
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
    expirationTimestamp: z.string().nullish(),
  }),
});

/** Runs the plugin once. Its output is parsed and never logged or told. */
export async function runExecPlugin(
  spec: ExecSpec,
  cluster: ClusterEntry,
  options: ExecOptions,
): Promise<ExecResult> {
  if (spec.interactiveMode === "Always") {
    return failed(spec, `${spec.command} wants to ask questions on a terminal, and a server has none.`);
  }
  const end = await run(spec, cluster, options);
  switch (end.kind) {
    case "not-started":
      return end.code === "ENOENT"
        ? missing(spec)
        : failed(spec, `${spec.command} could not be started (${end.code}).`);
    case "timeout":
      return failed(
        spec,
        `${spec.command} had not answered after ${Math.round(options.timeoutMs / 1000)} s and was ended.`,
      );
    case "aborted":
      return failed(spec, `${spec.command} was ended because the read was given up.`);
    case "exit": {
      if (end.code === 0) return parse(spec, end.stdout);
      const how = end.code === null ? `was ended by ${end.signal}` : `ended with exit code ${end.code}`;
      const line = lastLine(end.stderr);
      return failed(spec, `${spec.command} ${how}${line === "" ? " and said nothing." : `: ${line}`}`);
    }
  }
}

type End =
  | { readonly kind: "not-started"; readonly code: string }
  | { readonly kind: "timeout" }
  | { readonly kind: "aborted" }
  | {
      readonly kind: "exit";
      readonly code: number | null;
      readonly signal: string | null;
      readonly stdout: string;
      readonly stderr: string;
    };

const mostOutput = 1_000_000;

function run(spec: ExecSpec, cluster: ClusterEntry, { env, signal, timeoutMs }: ExecOptions): Promise<End> {
  const childEnv: NodeJS.ProcessEnv = {
    NODE_ENV: process.env.NODE_ENV,
    ...env,
    KUBERNETES_EXEC_INFO: execInfo(spec, cluster),
  };
  for (const { name, value } of spec.env) childEnv[name] = value;
  return new Promise((resolve) => {
    let stdout = "";
    let stderr = "";
    const child = spawn(spec.command, spec.args, {
      env: childEnv,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const stop = (end: End) => {
      // A plugin's own children may hold the pipes open, so this does not wait for `close`.
      child.kill("SIGTERM");
      child.unref();
      child.stdout.destroy();
      child.stderr.destroy();
      finish(end);
    };
    const timer = setTimeout(() => stop({ kind: "timeout" }), timeoutMs);
    const onAbort = () => stop({ kind: "aborted" });
    const finish = (end: End) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      resolve(end);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort);
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      if (stdout.length < mostOutput) stdout += chunk;
    });
    // Of stderr only the end matters.
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr = (stderr + chunk).slice(-20_000);
    });
    child.stdout.on("error", () => {});
    child.stderr.on("error", () => {});
    child.on("error", (error) =>
      finish({ kind: "not-started", code: "code" in error ? String(error.code) : "unknown error" }),
    );
    child.on("close", (code, by) => finish({ kind: "exit", code, signal: by, stdout, stderr }));
  });
}

/** What a plugin may want to know of the cluster; it is also how a plugin learns which version to answer in. */
function execInfo(spec: ExecSpec, cluster: ClusterEntry): string {
  const told = {
    server: cluster.server,
    "certificate-authority-data": cluster.caData,
    "insecure-skip-tls-verify": cluster.skipTlsVerify || undefined,
    "tls-server-name": cluster.tlsServerName,
    "proxy-url": cluster.proxyUrl,
    config: cluster.execConfig,
  };
  return JSON.stringify({
    apiVersion: spec.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(spec.provideClusterInfo ? { cluster: told } : {}) },
  });
}

function parse(spec: ExecSpec, stdout: string): ExecResult {
  let json: unknown;
  try {
    json = JSON.parse(stdout);
  } catch {
    return failed(spec, `${spec.command} did not print JSON.`);
  }
  const answer = answerShape.safeParse(json);
  if (!answer.success)
    return failed(spec, `${spec.command} printed JSON that is no ExecCredential with a status.`);
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = answer.data.status;
  if (!token && !(clientCertificateData && clientKeyData)) {
    return failed(spec, `${spec.command} gave neither a token nor a client certificate with its key.`);
  }
  const until = expirationTimestamp ? Date.parse(expirationTimestamp) : Number.NaN;
  return {
    kind: "credential",
    credential: {
      token: token?.trim() || undefined,
      cert: clientCertificateData || undefined,
      key: clientKeyData || undefined,
      expiresAt: Number.isNaN(until) ? undefined : until,
    },
  };
}

function missing(spec: ExecSpec): ExecResult {
  return {
    kind: "failed",
    failure: {
      code: "exec-plugin-missing",
      title: `The credential plugin ${spec.command} is not installed.`,
      detail: `The kubeconfig gets its credentials by running ${spec.command}, which is not on this process's PATH.`,
      remedy:
        spec.installHint === undefined
          ? `Install ${spec.command}, or put it on PATH.`
          : redact(spec.installHint, 600),
    },
  };
}

function failed(spec: ExecSpec, detail: string): ExecResult {
  return {
    kind: "failed",
    failure: {
      code: "exec-plugin-failed",
      title: `The credential plugin ${spec.command} gave no credentials.`,
      detail,
      remedy: "Run kubectl get namespaces with this context; the plugin may want you to log in again.",
    },
  };
}
