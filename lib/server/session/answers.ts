import type { IgnoreRule } from "#lib/diagnosis/ignoring.ts";
import { checks } from "#lib/diagnosis/registry.ts";
import { type CheckResults, runChecks } from "#lib/diagnosis/run-checks.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { Facts } from "#lib/engine/facts.ts";
import { buildGraph } from "#lib/graph/build-graph.ts";
import type { Finding } from "#lib/model/finding.ts";
import type { Graph } from "#lib/model/graph.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { dayOf } from "../clock.ts";
import type { MakeWorker } from "./answers-worker.ts";
import { LiveWorker, liveOptions } from "./live-worker.ts";

/** All that is known of a cluster at one moment; everything that is shown follows from it. */
export interface Answers extends CheckResults {
  readonly snapshot: Snapshot;
  readonly facts: Facts;
  readonly graph: Graph;
  /** Counts up whenever the answers change; starts at 1 with each session. */
  readonly version: number;
  /** The version made unique across restarts, for HTTP's ETag (without its quotes). */
  readonly etag: string;
}

/** The three steps from a snapshot to answers, so that a session can be tested without them. */
export interface Engine {
  /** How the answers of a source that is watched are kept up; undefined: worked out anew each time. */
  readonly keepUp?: MakeWorker | undefined;
  compileFacts(snapshot: Snapshot, now: string): Facts;
  runChecks(facts: Facts, now: string): CheckResults;
  buildGraph(facts: Facts, findings: readonly Finding[]): Graph;
}

/** What a server does; `rules` leave findings out until their last day, which the clock decides and no dump. */
export function engineWith(rules: readonly IgnoreRule[]): Engine {
  return {
    keepUp: (onNews) => new LiveWorker({ ...liveOptions, rules }, onNews),
    compileFacts,
    runChecks: (facts, now) => runChecks(facts, checks, { rules, today: dayOf(now) }),
    buildGraph,
  };
}

export const engine: Engine = engineWith([]);

/** Works out the answers. `now`, ISO 8601, is used where the snapshot tells of no moment (plain manifests). */
export function answersOf(snapshot: Snapshot, now: string, steps: Engine): Omit<Answers, "version" | "etag"> {
  const facts = steps.compileFacts(snapshot, snapshot.takenAt ?? now);
  const results = steps.runChecks(facts, now);
  return { snapshot, facts, ...results, graph: steps.buildGraph(facts, results.findings) };
}
