/**
 * Reads kubeconfig files as kubectl does: `KUBECONFIG` may name several, files that are not there are passed over,
 * the first file to set a name or the current context wins, and relative paths start at the file that holds them.
 * (client-go, tools/clientcmd/loader.go). The client library's own loader differs on each of these, and one bad
 * entry makes it refuse the whole file.
 */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { load, YAMLException } from "js-yaml";
import type { Env } from "../../env.ts";
import type { SourceFailure } from "../source.ts";
import { type EntryProblem, readEntries } from "./kubeconfig-entries.ts";
import type { ClusterEntry, ContextEntry, UserEntry } from "./kubeconfig-shapes.ts";
import { inClusterConfig, serviceAccountFolder } from "./service-account.ts";

export interface Kubeconfig {
  /** Where it came from: paths of files, or the service account's folder. */
  readonly from: readonly string[];
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly current: string | undefined;
  /** Entries and files that could not be taken; never a value out of them. */
  readonly problems: readonly EntryProblem[];
}

export type KubeconfigResult =
  | { readonly kind: "kubeconfig"; readonly config: Kubeconfig }
  /** `failure.code`: `kubeconfig-missing`, or `kubeconfig-invalid` when something is there but cannot be used. */
  | { readonly kind: "none"; readonly failure: SourceFailure };

/** Where kubectl would look, in its order. */
function kubeconfigPaths(env: Env): readonly string[] {
  const named = (env.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  const home = named.length > 0 ? undefined : homeOf(env);
  return home === undefined ? named : [join(home, ".kube", "config")];
}

/** Undefined where the system knows none: a container may run as a user that it has no entry of. */
function homeOf(env: Env): string | undefined {
  const named = env.HOME || env.USERPROFILE;
  if (named) return named;
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** All of a process's kubeconfig; the pod's service account where there is none. */
export function loadKubeconfig(env: Env, serviceAccount: string = serviceAccountFolder): KubeconfigResult {
  const paths = kubeconfigPaths(env);
  const files = paths.filter((path) => existsSync(path)).map((path) => readFile(path));
  if (files.length === 0) {
    const config = inClusterConfig(env, serviceAccount);
    return config === undefined ? { kind: "none", failure: missing(paths) } : { kind: "kubeconfig", config };
  }
  const config: Kubeconfig = {
    from: files.map((file) => file.path),
    contexts: firstByName(files.flatMap((file) => file.entries.contexts)),
    clusters: firstByName(files.flatMap((file) => file.entries.clusters)),
    users: firstByName(files.flatMap((file) => file.entries.users)),
    current: files.map((file) => file.entries.current).find((name) => name !== undefined),
    problems: files.flatMap((file) => file.entries.problems),
  };
  return config.contexts.size === 0
    ? { kind: "none", failure: unusable(config) }
    : { kind: "kubeconfig", config };
}

function readFile(path: string) {
  const found = textToYaml(path);
  const entries =
    found.kind === "yaml"
      ? readEntries(found.yaml, path, dirname(path))
      : { contexts: [], clusters: [], users: [], current: undefined, problems: [found.problem] };
  return { path, entries };
}

function textToYaml(
  path: string,
):
  | { readonly kind: "yaml"; readonly yaml: unknown }
  | { readonly kind: "problem"; readonly problem: EntryProblem } {
  try {
    const text = readFileSync(path, "utf8");
    return { kind: "yaml", yaml: text.trim() === "" ? {} : load(text) };
  } catch (error) {
    // An exception's own message quotes the lines around the place, which may be a key or a token.
    if (error instanceof YAMLException) {
      const line = error.mark === undefined ? "" : `:${error.mark.line + 1}`;
      return { kind: "problem", problem: { where: `${path}${line}`, why: `is not YAML: ${error.reason}` } };
    }
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const why = code === "EACCES" ? "may not be read (permission denied)" : `could not be read (${code})`;
    return { kind: "problem", problem: { where: path, why } };
  }
}

function firstByName<T extends { readonly name: string }>(entries: readonly T[]): ReadonlyMap<string, T> {
  const byName = new Map<string, T>();
  for (const entry of entries) if (!byName.has(entry.name)) byName.set(entry.name, entry);
  return byName;
}

function missing(paths: readonly string[]): SourceFailure {
  return {
    code: "kubeconfig-missing",
    title: "No kubeconfig was found.",
    detail: `${paths.length === 0 ? "There is no home folder to look in" : `Looked for ${paths.join(" and ")}`}, and this process does not run in a pod with a service account.`,
    remedy: "Set KUBECONFIG to a kubeconfig file, or put one at ~/.kube/config.",
  };
}

function unusable(config: Kubeconfig): SourceFailure {
  const [first, ...more] = config.problems;
  const files = config.from.join(" and ");
  if (first === undefined) {
    return {
      code: "kubeconfig-invalid",
      title: "The kubeconfig holds no context.",
      detail: `${files} has no entry under contexts.`,
      remedy:
        "Add one with kubectl config set-context, or fetch the file again from where the cluster is managed.",
    };
  }
  return {
    code: "kubeconfig-invalid",
    title: "The kubeconfig cannot be used.",
    detail: [first, ...more].map((problem) => `${problem.where} ${problem.why}`).join("; "),
    remedy: "Correct that place in the file; kubectl config view shows whether kubectl takes it.",
  };
}
