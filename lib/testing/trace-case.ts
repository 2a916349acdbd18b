/** For tests only: one question of one cluster, and what its trace must tell. */
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { DialectSettings, World } from "#lib/engine/trace/world.ts";
import type { PluralKind, Snapshot } from "#lib/model/snapshot.ts";
import type { Trace } from "#lib/model/trace.ts";
import { told, traceOf, worldOf } from "./ask.ts";
import { snapshotFromYaml } from "./facts-from-yaml.ts";

export interface TraceCase {
  /** Follows "it": "reaches the pods by the Service's port". */
  readonly promise: string;
  readonly yaml: string;
  readonly as?: "cluster" | "manifests" | "dump" | undefined;
  readonly settings?: DialectSettings | undefined;
  /** Kinds that someone was not allowed to read. */
  readonly unread?: readonly PluralKind[] | undefined;
  /** "from to port protocol". */
  readonly ask: string;
  /** The verdict's line as a whole, then parts of other lines in any order (`told`). */
  readonly tells: readonly [string, ...string[]];
  /** What none of its lines may hold. */
  readonly never?: readonly string[] | undefined;
}

export function worldOfCase({ yaml, as, settings, unread = [] }: TraceCase): World {
  const snapshot = snapshotFromYaml(yaml, as);
  const why = { reason: "forbidden", message: "someone was not allowed to" } as const;
  const left: Snapshot = {
    ...snapshot,
    objects: { ...snapshot.objects, ...Object.fromEntries(unread.map((plural) => [plural, undefined])) },
    unread: { ...snapshot.unread, ...Object.fromEntries(unread.map((plural) => [plural, why])) },
  };
  return worldOf(compileFacts(left, left.takenAt ?? "2026-01-01T00:00:00Z"), settings);
}

/** What of a case its trace does not keep, with all that it tells: empty where it keeps everything. */
export function broken(each: TraceCase): readonly string[] {
  const trace = traceOf(worldOfCase(each), each.ask);
  const lines = told(trace);
  const [verdict, ...parts] = each.tells;
  const faults = [
    ...(lines[0] === verdict ? [] : [`not told: ${verdict}`]),
    ...parts.filter((part) => !lines.some((line) => line.includes(part))).map((part) => `not told: ${part}`),
    ...(each.never ?? [])
      .filter((part) => lines.some((line) => line.includes(part)))
      .map((part) => `told: ${part}`),
    ...unsound(trace),
  ];
  return faults.length === 0 ? [] : [...faults, ...lines];
}

/** What holds of every trace. */
export function unsound({ verdict, hops, blockers, doubts, sides }: Trace): readonly string[] {
  const blocking = hops.filter(({ outcome }) => outcome === "block" || outcome === "partial");
  return [
    ...(verdict === "blocked" && blockers.length === 0 ? ["unsound: blocked by nothing"] : []),
    ...(verdict === "reachable" && blocking.length > 0 ? ["unsound: reachable, and a hop blocks"] : []),
    ...(verdict === "unknown" && doubts.length === 0 ? ["unsound: unknown for no reason"] : []),
    ...(verdict === "depends" && sides.length < 2 ? ["unsound: depends on nothing"] : []),
    ...sides.filter(({ who }) => who === "").map(() => "unsound: a side without a name"),
    ...hops
      .filter(({ sentence }) => /undefined|null|\[object|: $|: ;/.test(sentence))
      .map(({ sentence }) => `unsound: ${sentence}`),
  ];
}
