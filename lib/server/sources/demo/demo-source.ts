import { join } from "node:path";
import { filesSource } from "../files/files-source.ts";
import type { Source, SourceResult } from "../source.ts";
import { readIncident, type Step, snapshotAfter } from "./incident.ts";
import { Player } from "./player.ts";

/** The demo's cluster, and an incident in it that can be played. */
export interface DemoSource extends Source {
  readonly kind: "demo";
  /** Reads the steps when they are first asked for. */
  incident(): Promise<{ readonly player: Player; readonly steps: readonly Step[] }>;
}

/** How long the cluster is shown as it was, between one round of the incident and the next. */
const calmSeconds = 12;

/**
 * The built-in cluster: a shop with faults in it, in `demo/cluster` below the program's root. It is all that its cluster
 * has. It stands still until someone plays the incident.
 */
export function demoSource(root: string): DemoSource {
  const files = filesSource(join(root, "demo", "cluster"), { id: "demo", name: "Demo shop", whole: true });
  let base: Promise<SourceResult> | undefined;
  let incident: ReturnType<DemoSource["incident"]> | undefined;
  let shown: Player | undefined;
  return {
    ...files,
    kind: "demo",
    changes: false,
    async read(onProgress, signal) {
      // Nothing else writes there: once is enough, unless it was given up.
      base ??= files.read(onProgress, signal);
      const result = await base;
      if (result.kind === "failed") base = undefined;
      if (result.kind === "failed" || shown === undefined || incident === undefined) return result;
      const { steps } = await incident;
      return { kind: "snapshot", snapshot: snapshotAfter(result.snapshot, steps, shown.state().step) };
    },
    incident() {
      incident ??= readIncident(root, new AbortController().signal).then((steps) => {
        shown = new Player([calmSeconds, ...steps.map(({ seconds }) => seconds)], later);
        return { player: shown, steps };
      });
      return incident;
    },
  };
}

function later(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  // A server that is told to stop does not wait for the next step.
  timer.unref();
  return () => clearTimeout(timer);
}

export function isDemoSource(source: Source): source is DemoSource {
  return source.kind === "demo" && "incident" in source;
}
