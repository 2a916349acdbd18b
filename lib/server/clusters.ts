import { nearness } from "#lib/engine/near-words.ts";
import type { DialectSettings } from "#lib/engine/trace/world.ts";
import { type Clock, systemClock } from "./clock.ts";
import { collectAfterReading } from "./compact-memory.ts";
import { loadConfig } from "./config/config-file.ts";
import { createLog, type Log } from "./log.ts";
import { type Offered, type Offers, offeredSources } from "./offered-sources.ts";
import { engineWith } from "./session/answers.ts";
import { Session, sessionTimes } from "./session/session.ts";
import type { SessionState } from "./session/state.ts";
import { readSettings } from "./settings.ts";
import { plainSlug } from "./sources/slugs.ts";
import type { Source, SyncByKind } from "./sources/source.ts";
import { wait } from "./wait.ts";

/** A cluster as the menu lists it. */
export interface ClusterSummary {
  readonly id: string;
  readonly name: string;
  readonly kind: Source["kind"];
  readonly isDefault: boolean;
  readonly state: SessionState;
  /** Where the cluster is watched. */
  readonly kinds?: SyncByKind | undefined;
}

export interface Clusters {
  /** Asks no cluster: what nobody has looked at yet is `idle`. */
  list(): readonly ClusterSummary[];
  /** Undefined: no such cluster (any more). */
  get(id: string): Session | undefined;
  /** The same, without opening it where nobody has asked yet. */
  peek(id: string): Session | undefined;
  /** Ids of existing clusters that an unknown one may have meant, nearest first, at most three. */
  nearest(id: string): readonly string[];
  /** Adds dropped files. Of these the newest eight are kept; one with the id of another takes its place. */
  add(source: Source): Session;
  /** An id for dropped files of this name that no cluster has. */
  freeId(name: string): string;
  readonly defaultId: string;
  readonly dialect: DialectSettings;
}

const mostDropped = 8;
/** The kubeconfig is looked at again at most this often, so that a new context needs no restart. */
const offersHoldMs = 5_000;

const key: unique symbol = Symbol.for("throughline.clusters");
const holder: typeof globalThis & { [key]?: Clusters | undefined } = globalThis;

/**
 * The one registry of this process. It hangs on `globalThis` because Next bundles instrumentation and handlers apart,
 * and each bundle has modules of its own. Throws where the settings are invalid: whoever starts the server checks them.
 */
export function clusters(): Clusters {
  holder[key] ??= fromEnvironment();
  return holder[key];
}

function fromEnvironment(): Clusters {
  const result = readSettings(process.env, process.cwd());
  if (result.kind === "invalid") throw new Error(result.problems.join(" "));
  const { settings } = result;
  const config = loadConfig(settings.config, process.cwd());
  if (config.kind === "invalid") throw new Error(config.problems.join(" "));
  const engine = engineWith(config.config.ignore);
  const log = createLog(settings.logLevel);
  const options = {
    ...sessionTimes,
    refreshAfterMs: settings.refreshAfterMs,
    clock: systemClock,
    wait,
    log,
    onRead: collectAfterReading,
  };
  return createClusters(
    () => offeredSources(settings),
    (source) => new Session(source, engine, options),
    systemClock,
    log,
    settings.dialect,
  );
}

/** A registry over what `offers` gives; the arguments are there for tests. */
export function createClusters(
  offers: () => Offers,
  open: (source: Source) => Session,
  clock: Clock,
  log: Log,
  dialect: DialectSettings = {},
): Clusters {
  const sessions = new Map<string, { readonly name: string; readonly session: Session }>();
  /** Oldest first. */
  const dropped = new Map<string, Session>();
  let known = offers();
  let knownAtMs = clock();
  let told = "";

  function now(): Offers {
    if (clock() - knownAtMs >= offersHoldMs) {
      known = offers();
      knownAtMs = clock();
      const ids = new Set(known.sources.map((source) => source.id));
      for (const [id, { session }] of sessions) {
        if (ids.has(id)) continue;
        session.close();
        sessions.delete(id);
      }
    }
    const problems = known.problems.join("; ");
    if (problems !== told) log("warn", "parts of the kubeconfig are left out", { problems });
    told = problems;
    return known;
  }

  function sessionOf(offered: Offered): Session {
    const existing = sessions.get(offered.id);
    // The same id with another name is another cluster: the kubeconfig was edited.
    if (existing !== undefined && existing.name === offered.name) return existing.session;
    existing?.session.close();
    const session = open(offered.make());
    sessions.set(offered.id, { name: offered.name, session });
    return session;
  }

  function list(): readonly ClusterSummary[] {
    const { sources, defaultId } = now();
    const offered = sources.map((source) => ({
      ...source,
      session: sessions.get(source.id)?.session,
    }));
    const extra = [...dropped.values()].map((session) => ({ ...session.source, session }));
    return [...extra.reverse(), ...offered].map(({ id, name, kind, session }) => ({
      id,
      name,
      kind,
      isDefault: id === defaultId,
      state: session?.current().state ?? ({ kind: "idle" } as const),
      kinds: session?.kinds(),
    }));
  }

  return {
    list,
    get(id) {
      const extra = dropped.get(id);
      if (extra !== undefined) return extra;
      const offered = now().sources.find((source) => source.id === id);
      return offered === undefined ? undefined : sessionOf(offered);
    },
    peek: (id) => dropped.get(id) ?? sessions.get(id)?.session,
    nearest(id) {
      return list()
        .flatMap((cluster) => {
          const distances = [cluster.id, cluster.name.toLowerCase()].map((word) =>
            nearness(id.toLowerCase(), word),
          );
          const distance = Math.min(...distances.map((d) => d ?? Number.POSITIVE_INFINITY));
          return Number.isFinite(distance) ? [{ id: cluster.id, distance }] : [];
        })
        .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
        .slice(0, 3)
        .map((near) => near.id);
    },
    add(source) {
      if (now().sources.some((offered) => offered.id === source.id)) {
        throw new Error(`${source.id} is the id of an offered cluster; ask freeId for one`);
      }
      dropped.get(source.id)?.close();
      dropped.delete(source.id);
      const session = open(source);
      dropped.set(source.id, session);
      for (const [id, old] of dropped) {
        if (dropped.size <= mostDropped) break;
        old.close();
        dropped.delete(id);
      }
      return session;
    },
    freeId(name) {
      const taken = new Set(list().map((cluster) => cluster.id));
      const base = plainSlug(name).slice(0, 60) || "dropped";
      for (let i = 1; ; i++) {
        const id = i === 1 ? base : `${base}-${i}`;
        if (!taken.has(id)) return id;
      }
    },
    dialect,
    get defaultId() {
      return now().defaultId;
    },
  };
}
