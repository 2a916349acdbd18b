import { monitorEventLoopDelay } from "node:perf_hooks";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What is measured of the web server and of the process. */
export interface Metrics {
  readonly registry: Registry;
  readonly answerSeconds: Histogram<"method" | "route" | "status">;
}

/** What is told of clusters, by the thread that they live on. */
export interface ClusterMetrics {
  readonly registry: Registry;
  readonly state: Gauge<"cluster" | "state">;
  readonly checkedAt: Gauge<"cluster">;
  readonly problems: Gauge<"cluster" | "severity">;
  readonly findings: Gauge<"cluster" | "code" | "severity" | "namespace">;
  readonly ignored: Gauge<"cluster">;
  readonly undecided: Gauge<"cluster" | "code">;
  readonly kinds: Gauge<"cluster" | "kind" | "state">;
  readonly objects: Gauge<"cluster" | "kind">;
}

const key: unique symbol = Symbol.for("throughline.metrics");
const holder: typeof globalThis & { [key]?: Metrics | undefined } = globalThis;
let ofClusters: ClusterMetrics | undefined;

/**
 * The one registry of this process. It hangs on `globalThis` because Next bundles instrumentation and handlers apart,
 * and what one counts the other tells.
 */
export function metrics(): Metrics {
  holder[key] ??= createMetrics();
  return holder[key];
}

/** The one registry of the clusters' thread. */
export function clusterMetrics(): ClusterMetrics {
  ofClusters ??= createClusterMetrics();
  return ofClusters;
}

function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    answerSeconds: new Histogram({
      name: "throughline_http_request_duration_seconds",
      help: "From a request's head to the end of its answer, by route; streams are left out",
      labelNames: ["method", "route", "status"],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
  };
}

function createClusterMetrics(): ClusterMetrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: "throughline_clusters_heap_used_bytes",
    help: "Memory in use on the heap of the thread that clusters live on",
    registers,
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
  const resolutionMs = 20;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  new Gauge({
    name: "throughline_clusters_event_loop_lag_p99_seconds",
    help: "99th percentile since the last scrape of how late the thread that clusters live on came to what was due",
    registers,
    collect() {
      // What is measured are the times between two looks, of which the resolution is no delay.
      this.set(Math.max(0, delay.percentile(99) / 1e9 - resolutionMs / 1_000));
      delay.reset();
    },
  });
  return {
    registry,
    state: new Gauge({
      name: "throughline_cluster_state",
      help: "1 for the state that a cluster is in: idle, connecting, syncing, live, stale or failed",
      labelNames: ["cluster", "state"],
      registers,
    }),
    checkedAt: new Gauge({
      name: "throughline_cluster_checked_timestamp_seconds",
      help: "When the cluster's answers were last known to be true",
      labelNames: ["cluster"],
      registers,
    }),
    problems: new Gauge({
      name: "throughline_problems",
      help: "Problems by the severity of their worst finding; what follows from one another is one problem",
      labelNames: ["cluster", "severity"],
      registers,
    }),
    findings: new Gauge({
      name: "throughline_findings",
      help: "Findings by check and namespace of their object; only where there are some",
      labelNames: ["cluster", "code", "severity", "namespace"],
      registers,
    }),
    ignored: new Gauge({
      name: "throughline_findings_ignored",
      help: "Findings that an annotation or a rule asks to leave out",
      labelNames: ["cluster"],
      registers,
    }),
    undecided: new Gauge({
      name: "throughline_check_undecided",
      help: "1 for a check that could not judge everything, because something could not be read",
      labelNames: ["cluster", "code"],
      registers,
    }),
    kinds: new Gauge({
      name: "throughline_kind_state",
      help: "1 for how a kind stands: live, syncing, waiting, stale where it is watched; read or partial; forbidden, not-served, not-collected, switched-off or failed",
      labelNames: ["cluster", "kind", "state"],
      registers,
    }),
    objects: new Gauge({
      name: "throughline_objects",
      help: "Objects of a kind that were read",
      labelNames: ["cluster", "kind"],
      registers,
    }),
  };
}
