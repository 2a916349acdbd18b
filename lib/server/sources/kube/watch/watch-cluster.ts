import { allKinds, type Kind, kinds, type PluralKind } from "#lib/model/kinds.ts";
import { isoTime } from "../../../clock.ts";
import { kindInWords } from "../../../kind-names.ts";
import { ClusterStore } from "../../../store/cluster-store.ts";
import type { KindSync, SourceFailure, SyncByKind, Watching, WatchState } from "../../source.ts";
import { secretsNamedIn } from "../read-secrets.ts";
import { ClusterLink, type LinkOptions } from "./cluster-link.ts";
import { Reflector } from "./reflector.ts";
import { Slots } from "./slots.ts";
import type { WatchTimes } from "./watch-times.ts";

export interface WatchOptions {
  readonly dial: LinkOptions["dial"];
  readonly greet: LinkOptions["greet"];
  readonly forgetCredentials: () => void;
  readonly clock: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly times: WatchTimes;
  readonly pageSize: number;
  /** Kinds that are read for the first time at once. */
  readonly concurrency: number;
  /** See KubeOptions. */
  readonly tlsSecrets: boolean;
  /** Says that nothing may be read, in the words of a source that gives nothing. */
  readonly nothingReadable: (kinds: SyncByKind) => SourceFailure;
  readonly signal: AbortSignal;
  onChange(): void;
}

/** Pods first: they are the most. */
const order: readonly Kind[] = ["pod", ...allKinds.filter((kind) => kind !== "pod")];
/** Above that, a sentence of names says less than their number. */
const mostNamed = 3;
/** Which Secrets matter is said by these. */
const namingSecrets = ["ingresses", "gateways", "listenerSets"] as const satisfies readonly PluralKind[];

/** Watches every kind of a cluster, each by itself, and gives the picture that they make together. */
export function watchCluster(options: WatchOptions): Watching {
  const { clock, signal, times, wait, pageSize, concurrency, tlsSecrets } = options;
  const store = new ClusterStore();
  const link = new ClusterLink({ ...options, onState: options.onChange });
  const slots = new Slots(options.concurrency);
  const reflectors = new Map<PluralKind, Reflector>();
  const namingSettled = Promise.withResolvers<void>();
  const onChange = () => {
    if (namingSecrets.every((plural) => isSettled(reflectors.get(plural)?.sync ?? { kind: "waiting" })))
      namingSettled.resolve();
    options.onChange();
  };
  const secretsNamed = () => secretsNamedIn(namingSecrets.flatMap((plural) => store.list(plural)));
  for (const kind of order) {
    const reflector = new Reflector({
      kind,
      store,
      link,
      slots,
      times,
      pageSize,
      concurrency,
      tlsSecrets,
      secretsNamed,
      clock,
      wait,
      signal,
      onChange,
    });
    reflectors.set(kinds[kind].plural, reflector);
    void (kind === "secret" ? namingSettled.promise.then(() => reflector.run()) : reflector.run());
  }

  const all = () => [...reflectors.values()].map(({ sync }) => sync);
  /** Once there was a whole picture there always is one, however old. */
  let whole = false;

  function isWhole(): boolean {
    whole ||= all().every(isSettled) && all().some(isRead);
    return whole;
  }

  function kindsNow(): SyncByKind {
    const found = [...reflectors].map(([plural, { sync }]) => [plural, sync] as const);
    // There is a reflector for each kind.
    return Object.fromEntries(found) as SyncByKind;
  }

  return {
    kinds: kindsNow,
    state(): WatchState {
      const { state } = link;
      if (!isWhole()) {
        if (state.kind === "down") return { kind: "failed", failure: state.failure };
        const syncs = all();
        if (syncs.every(isSettled)) return { kind: "failed", failure: options.nothingReadable(kindsNow()) };
        const progress = progressOf(reflectors);
        return progress.done === 0 && progress.objects === 0
          ? { kind: "connecting" }
          : { kind: "syncing", progress };
      }
      if (state.kind === "down") {
        return { kind: "stale", since: new Date(state.sinceMs).toISOString(), why: state.failure };
      }
      return staleOf(reflectors) ?? { kind: "live" };
    },
    isBehind: () => isWhole() && store.changed,
    take() {
      if (!isWhole()) return undefined;
      store.version = link.version;
      return store.take(isoTime(clock));
    },
  };
}

/** Whether all that can be said of the kind at the moment is there: no answer waits for it any longer. */
function isSettled({ kind }: KindSync): boolean {
  return kind !== "waiting" && kind !== "syncing";
}

function isRead({ kind }: KindSync): boolean {
  return kind === "live" || kind === "stale";
}

function progressOf(reflectors: ReadonlyMap<PluralKind, Reflector>) {
  let done = 0;
  let objects = 0;
  let reading: PluralKind | undefined;
  for (const [plural, { sync, count }] of reflectors) {
    if (isSettled(sync)) done++;
    else if (sync.kind === "syncing") reading ??= plural;
    objects += count;
  }
  return { done, of: reflectors.size, objects, reading };
}

/** Kinds whose changes are not seen at the moment, although the cluster can be reached. */
function staleOf(reflectors: ReadonlyMap<PluralKind, Reflector>): WatchState | undefined {
  const stale = [...reflectors].flatMap(([plural, { sync }]) =>
    sync.kind === "stale" ? [{ plural, since: sync.since, why: sync.why }] : [],
  );
  const [first] = stale.toSorted((a, b) => (a.since < b.since ? -1 : 1));
  if (first === undefined) return undefined;
  return {
    kind: "stale",
    since: first.since,
    why: {
      code: "kinds-stale",
      title: `Changes of ${named(stale.map(({ plural }) => plural))} are not seen at the moment.`,
      detail: first.why,
      remedy: "It is tried again by itself; see the logs of the API server where it stays so.",
    },
  };
}

/** A few by name; the list of kinds has them all. */
function named(plurals: readonly PluralKind[]): string {
  const words = allKinds.flatMap((kind) => (plurals.includes(kinds[kind].plural) ? [kindInWords(kind)] : []));
  return words.length <= mostNamed ? words.join(", ") : `${words.length} kinds`;
}
