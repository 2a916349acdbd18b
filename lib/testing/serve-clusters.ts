/** For tests only: what the process-wide registry offers, so that an HTTP answer can be asked for as in production. */
import { systemClock } from "#lib/server/clock.ts";
import { type Clusters, createClusters } from "#lib/server/clusters.ts";
import { type Log, silentLog } from "#lib/server/log.ts";
import { engine } from "#lib/server/session/answers.ts";
import { Session, sessionTimes } from "#lib/server/session/session.ts";
import type { Source, SourceResult } from "#lib/server/sources/source.ts";
import { wait } from "#lib/server/wait.ts";

const key = Symbol.for("throughline.clusters");

/** Makes these sources the process's clusters, the first one the default. Who asks for unread answers waits 20 ms. */
export function serveSources(...sources: readonly Source[]): Clusters {
  return serveSourcesLogged(silentLog, ...sources);
}

export function serveSourcesLogged(log: Log, ...sources: readonly Source[]): Clusters {
  const [first] = sources;
  if (first === undefined) throw new Error("a registry needs a source");
  const offered = sources.map((source) => ({ ...source, make: () => source }));
  const options = { ...sessionTimes, firstWaitMs: 20, clock: systemClock, wait, log };
  const registry = createClusters(
    () => ({ sources: offered, defaultId: first.id, problems: [] }),
    (source) => new Session(source, engine, options),
    systemClock,
    log,
  );
  serveRegistry(registry);
  return registry;
}

/** Undefined: the next who asks makes one from the environment. */
export function serveRegistry(registry: Clusters | undefined): void {
  Object.assign(globalThis, { [key]: registry });
}

/** A source that gives this, at once. */
export function sourceOf(
  id: string,
  result: SourceResult | Promise<SourceResult>,
  kind: Source["kind"] = "kube",
): Source {
  return { id, name: id, kind, changes: false, read: async () => result };
}
