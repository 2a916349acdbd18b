import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { Facts } from "#lib/engine/facts.ts";
import { traceWorld, type World } from "#lib/engine/trace/world.ts";
import type { Problem } from "#lib/model/snapshot.ts";
import { isoTime, systemClock } from "#lib/server/clock.ts";
import type { Env } from "#lib/server/env.ts";
import { offeredSources } from "#lib/server/offered-sources.ts";
import { readSettings, type Settings } from "#lib/server/settings.ts";
import { demoSource } from "#lib/server/sources/demo/demo-source.ts";
import { filesSource } from "#lib/server/sources/files/files-source.ts";
import { uploadSource } from "#lib/server/sources/files/upload-source.ts";
import { listKubeContexts } from "#lib/server/sources/kube/list-kube-contexts.ts";
import type { Source, SourceFailure } from "#lib/server/sources/source.ts";
import { type DialectOptions, dialectEnv } from "./dialect-options.ts";
import { packageRoot } from "./package-root.ts";
import { readingProgress } from "./reading-progress.ts";
import { shown } from "./shown.ts";

/** Where to look, and how to take what is found there. */
export interface ClusterOptions extends DialectOptions {
  readonly context?: string;
  readonly files?: string;
  readonly demo?: true;
  readonly complete?: true;
}

export interface ReadCluster {
  /** As people know it: the context's or the file's name. */
  readonly name: string;
  readonly facts: Facts;
  readonly settings: Settings;
  /** Whether the files were taken as all there is. */
  readonly complete: boolean;
}

export interface AskedCluster extends Pick<ReadCluster, "name" | "complete"> {
  readonly world: World;
}

export type Asking<Cluster = AskedCluster> =
  | { readonly kind: "cluster"; readonly cluster: Cluster }
  /** Nothing to ask; what happened, where, and what to do next. */
  | { readonly kind: "failed"; readonly lines: readonly string[] };

/** Reads the cluster once, to be asked questions. What of the input could not be taken is told on standard error. */
export async function askedCluster(options: ClusterOptions): Promise<Asking> {
  const asking = await readCluster(options);
  if (asking.kind === "failed") return asking;
  const { name, facts, settings, complete } = asking.cluster;
  warn(facts.snapshot.problems);
  return { kind: "cluster", cluster: { name, complete, world: traceWorld(facts, settings.dialect) } };
}

/** Reads the cluster once. */
export async function readCluster(options: ClusterOptions): Promise<Asking<ReadCluster>> {
  const read = readSettings(environment(options), packageRoot);
  if (read.kind === "invalid") return failed(...read.problems);
  const { settings } = read;
  const chosen = sourceOf(settings, options);
  if (chosen.kind === "failed") return chosen;
  const { source } = chosen;
  const progress = readingProgress(source.name, process.stderr);
  const result = await source
    .read((now) => progress.told(now), new AbortController().signal)
    .finally(() => progress.end());
  if (result.kind === "failed") return failed(...linesOf(result.failure));
  const { snapshot } = result;
  const facts = compileFacts(snapshot, snapshot.takenAt ?? isoTime(systemClock));
  return {
    kind: "cluster",
    cluster: { name: source.name, facts, settings, complete: options.complete === true },
  };
}

type Failed = Extract<Asking, { kind: "failed" }>;
type Chosen = { readonly kind: "source"; readonly source: Source } | Failed;

/** As `start` chooses, but that nothing falls back to the demo: an answer about the demo would pass for one's own. */
function sourceOf(settings: Settings, { complete }: ClusterOptions): Chosen {
  const { offer, env } = settings;
  if (complete === true && offer.kind !== "files")
    return failed("--complete is about files, and needs --files: a cluster is always read in full.");
  switch (offer.kind) {
    case "demo":
      return { kind: "source", source: demoSource(packageRoot) };
    case "files": {
      const { path } = offer;
      return { kind: "source", source: path === "-" ? stdinSource(complete) : folderOrFile(path, complete) };
    }
    case "context":
    case "contexts": {
      const { sources, defaultId } = offeredSources(settings);
      const chosen = sources.find(({ id }) => id === defaultId);
      if (chosen !== undefined && chosen.kind !== "demo") return { kind: "source", source: chosen.make() };
      const listed = listKubeContexts(env);
      const why =
        listed.kind === "none" ? linesOf(listed.failure) : ["The kubeconfig has no context to ask."];
      return failed(...why, "Or say what to ask: --files PATH, or --demo.");
    }
  }
}

/** What the command line asks for wins over what the shell had set. */
function environment(options: ClusterOptions): Env {
  const { context, files, demo } = options;
  const env = { ...process.env, ...dialectEnv(options) };
  if (context === undefined && files === undefined && demo === undefined) return env;
  return {
    ...env,
    THROUGHLINE_DEMO: demo === true ? "1" : undefined,
    THROUGHLINE_FILES: files,
    THROUGHLINE_CONTEXT: context,
  };
}

function folderOrFile(path: string, whole: true | undefined): Source {
  return filesSource(path, { id: "files", name: nameOf(path), whole });
}

/** What `helm template` or `kubectl get -o yaml` hands over. */
function stdinSource(whole: true | undefined): Source {
  const chunks: AsyncIterator<Buffer> = process.stdin[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const step = await chunks.next();
      if (step.done === true) controller.close();
      else controller.enqueue(step.value);
    },
  });
  return uploadSource([{ name: "stdin", stream }], { id: "files", name: "stdin", whole });
}

function nameOf(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== "") ?? path;
}

function failed(...lines: readonly string[]): Failed {
  return { kind: "failed", lines };
}

function linesOf({ title, detail, remedy }: SourceFailure): readonly string[] {
  return [title, ...detail.split("\n"), ...remedy.split("\n")];
}

const mostWarnings = 5;

/** What of the input could not be taken as it stands: an answer may hang on it. */
function warn(problems: readonly Problem[]): void {
  for (const { where, line, subject, why } of problems.slice(0, mostWarnings)) {
    const place = line === undefined ? where : `${where}:${line}`;
    console.error(
      shown(`throughline: ${[place, subject, why].filter((part) => part !== undefined).join(": ")}`),
    );
  }
  const more = problems.length - mostWarnings;
  if (more > 0) console.error(`throughline: and ${more} more such lines about the input`);
}
