import { isAbsolute, join, sep } from "node:path";
import type { z } from "zod";
import { fieldPath } from "../objects/field-path.ts";
import {
  type ClusterEntry,
  type ContextEntry,
  clusterShape,
  contextShape,
  type ExecSpec,
  type UserEntry,
  userShape,
} from "./kubeconfig-shapes.ts";

export interface EntryProblem {
  /** File, and line or field path. */
  readonly where: string;
  /** Continues a sentence that starts with `where`: "is missing". */
  readonly why: string;
}

export interface KubeconfigEntries {
  readonly contexts: readonly ContextEntry[];
  readonly clusters: readonly ClusterEntry[];
  readonly users: readonly UserEntry[];
  readonly current: string | undefined;
  readonly problems: readonly EntryProblem[];
}

/**
 * The entries of one parsed kubeconfig file. Each entry is taken or refused by itself, so that one broken user does
 * not take away the contexts of the others. `folder` is where relative paths start.
 */
export function readEntries(yaml: unknown, file: string, folder: string): KubeconfigEntries {
  const problems: EntryProblem[] = [];
  if (!isMapping(yaml)) {
    return {
      contexts: [],
      clusters: [],
      users: [],
      current: undefined,
      problems: [{ where: file, why: "is not a kubeconfig: it holds no mapping" }],
    };
  }

  function listOf<S extends z.ZodType, T>(
    key: string,
    shape: S,
    build: (entry: z.infer<S>) => T,
  ): readonly T[] {
    const list = isMapping(yaml) ? (yaml[key] ?? []) : [];
    if (!Array.isArray(list)) {
      problems.push({ where: `${file}: ${key}`, why: "must be a list" });
      return [];
    }
    return list.flatMap((entry: unknown, i): T[] => {
      const parsed = shape.safeParse(entry, { reportInput: true });
      if (parsed.success) return [build(parsed.data)];
      for (const issue of parsed.error.issues) {
        problems.push({
          where: `${file}: ${fieldPath([key, i, ...issue.path])}`,
          why: issueWithoutValue(issue),
        });
      }
      return [];
    });
  }

  const at = (path: string | null | undefined) =>
    path ? (isAbsolute(path) ? path : join(folder, path)) : undefined;
  const current = yaml["current-context"];
  return {
    contexts: listOf("contexts", contextShape, ({ name, context }) => ({
      name,
      cluster: context.cluster,
      user: context.user || undefined,
    })),
    clusters: listOf("clusters", clusterShape, ({ name, cluster }) => ({
      name,
      server: cluster.server.replace(/\/+$/, ""),
      caFile: at(cluster["certificate-authority"]),
      caData: cluster["certificate-authority-data"] || undefined,
      skipTlsVerify: cluster["insecure-skip-tls-verify"] === true,
      tlsServerName: cluster["tls-server-name"] || undefined,
      proxyUrl: cluster["proxy-url"] || undefined,
      execConfig: cluster.extensions?.find((e) => e.name === "client.authentication.k8s.io/exec")?.extension,
    })),
    users: listOf("users", userShape, ({ name, user }) => ({
      name,
      certFile: at(user?.["client-certificate"]),
      certData: user?.["client-certificate-data"] || undefined,
      keyFile: at(user?.["client-key"]),
      keyData: user?.["client-key-data"] || undefined,
      token: user?.token || undefined,
      tokenFile: at(user?.tokenFile),
      username: user?.username || undefined,
      password: user?.password || undefined,
      impersonate: {
        user: user?.as || undefined,
        uid: user?.["as-uid"] || undefined,
        groups: user?.["as-groups"] ?? [],
      },
      exec: user?.exec ? execOf(user.exec, folder) : undefined,
      authProvider: user?.["auth-provider"]
        ? { name: user["auth-provider"].name, config: user["auth-provider"].config ?? {} }
        : undefined,
    })),
    current: typeof current === "string" && current !== "" ? current : undefined,
    problems,
  };
}

function execOf(
  exec: NonNullable<NonNullable<z.infer<typeof userShape>["user"]>["exec"]>,
  folder: string,
): ExecSpec {
  // A bare name is looked up on PATH; a relative path starts at the kubeconfig (client-go, ResolveLocalPaths).
  const local = exec.command.includes(sep) && !isAbsolute(exec.command);
  return {
    apiVersion: exec.apiVersion || "client.authentication.k8s.io/v1",
    command: local ? join(folder, exec.command) : exec.command,
    args: exec.args ?? [],
    env: exec.env ?? [],
    installHint: exec.installHint || undefined,
    provideClusterInfo: exec.provideClusterInfo === true,
    interactiveMode: exec.interactiveMode || "IfAvailable",
  };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is wrong, without what stands there: it may be a token. */
function issueWithoutValue(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined || issue.input === null) return "is missing";
  if (issue.code === "invalid_type")
    return `must be a ${issue.expected === "record" ? "mapping" : issue.expected}`;
  if (issue.code === "too_small") return "is empty";
  return issue.code === "custom" ? issue.message : "is not as a kubeconfig has it";
}
