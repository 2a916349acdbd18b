/**
 * Questions: `node --expose-gc bench/measure-questions.ts PODS POLICIES WHAT`, in a process of its own. WHAT is `traces` or
 * `matrix`. Prints figures as JSON.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { matrixEnds } from "#lib/engine/reachability/matrix-ends.ts";
import { workloadMatrix } from "#lib/engine/reachability/workload-matrix.ts";
import { parseQuestion } from "#lib/engine/trace/question.ts";
import { trace } from "#lib/engine/trace/trace.ts";
import { traceWorld, type World } from "#lib/engine/trace/world.ts";
import { endText } from "#lib/model/end-text.ts";
import { refOf } from "#lib/model/ids.ts";
import type { Workload } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { type Chance, chanceFrom } from "./cluster/chance.ts";
import { manyPolicies } from "./cluster/many-policies.ts";
import { type Figure, quantile } from "./figure.ts";
import { generatedSnapshot } from "./generated-snapshot.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");

const questions = 3_000;
/** Whoever asks waits for no answer longer than this. */
const traceMs = 5;
/** A health probe waits for no slice of a long answer longer than this. */
const probeMs = 100;

export function measureQuestions(
  pods: number,
  policies: number,
  what: "traces" | "matrix",
): readonly Figure[] {
  const snapshot = snapshotOf(pods, policies);
  const facts = compileFacts(snapshot, snapshot.takenAt ?? "");
  const startMb = heapMb();
  const startMs = performance.now();
  const world = traceWorld(facts);
  const worldMs = performance.now() - startMs;
  const size = `${pods.toLocaleString("en")} pods, ${facts.workloads.size.toLocaleString("en")} workloads, ${facts.policies.size.toLocaleString("en")} policies`;
  const name = (figure: string) => `${size}: ${figure}`;
  return [
    { name: name("policies compiled"), unit: "ms", values: [worldMs] },
    ...(what === "traces" ? measureTraces(world, name) : measureMatrix(world, name, startMb)),
  ];
}

function measureTraces(world: World, name: (figure: string) => string): readonly Figure[] {
  const workloads = [...world.facts.workloads.values()]
    .filter(({ kind, pods }) => kind !== "pod" && pods.length > 0)
    .map(({ id }) => id);
  const services = [...world.facts.services.values()].map(({ service }) => service.id);
  const chance = chanceFrom(7);
  const timesMs: number[] = [];
  for (let i = 0; i < questions; i++) {
    const from = endText(refOf(pick(chance, workloads)));
    const to = endText(refOf(pick(chance, i % 4 === 0 ? workloads : services)));
    const parsed = parseQuestion({ from: i % 10 === 0 ? "internet" : from, to });
    if (parsed.kind === "problem") throw new Error(parsed.problem.sentence);
    const startMs = performance.now();
    trace(world, parsed.value);
    timesMs.push(performance.now() - startMs);
  }
  const [first = 0] = timesMs;
  const sorted = timesMs.slice(1).sort((a, b) => a - b);
  return [
    { name: name("the first trace"), unit: "ms", values: [first], bound: probeMs },
    { name: name("a trace, p50"), unit: "ms", values: [quantile(sorted, 0.5)], bound: traceMs },
    { name: name("a trace, p99"), unit: "ms", values: [quantile(sorted, 0.99)], bound: traceMs },
    { name: name("a trace, the slowest"), unit: "ms", values: [quantile(sorted, 1)], bound: probeMs },
  ];
}

function measureMatrix(world: World, name: (figure: string) => string, startMb: number): readonly Figure[] {
  let longestMs = 0;
  const timed = <T>(act: () => T): T => {
    const startMs = performance.now();
    const result = act();
    longestMs = Math.max(longestMs, performance.now() - startMs);
    return result;
  };
  const endsMs = performance.now();
  const ends = [...matrixEnds(world)];
  const preparingMs = performance.now();
  const steps = workloadMatrix(world, ends);
  let step = timed(() => steps.next());
  while (step.done !== true) step = timed(() => steps.next());
  const matrix = step.value;
  const rowsMs = performance.now();
  for (let row = 0; row < ends.length; row++) timed(() => matrix.row(row));
  const doneMs = performance.now();
  return [
    { name: name("workloads for the matrix"), unit: "ms", values: [preparingMs - endsMs] },
    { name: name("matrix prepared"), unit: "ms", values: [rowsMs - preparingMs] },
    { name: name("all cells"), unit: "ms", values: [doneMs - rowsMs] },
    { name: name("cells a second"), unit: "/s", values: [(ends.length ** 2 / (doneMs - rowsMs)) * 1_000] },
    { name: name("kinds of rows"), unit: "", values: [matrix.profiles] },
    { name: name("the longest slice"), unit: "ms", values: [longestMs], bound: probeMs },
    { name: name("heap and bit sets of the matrix"), unit: "MB", values: [heapMb() - startMb] },
  ];
}

function snapshotOf(pods: number, policies: number): Snapshot {
  return generatedSnapshot({ pods, namespaces: Math.max(50, pods / 200) }, (objects) =>
    manyPolicies(
      chanceFrom(3),
      objects
        .filter(
          (object): object is Workload => object.kind === "deployment" || object.kind === "stateful-set",
        )
        .map(({ namespace, template }) => ({ namespace, labels: template.labels })),
      policies,
    ),
  );
}

function pick<T>(chance: Chance, list: readonly T[]): T {
  const found = list[Math.floor(chance.next() * list.length)];
  if (found === undefined) throw new RangeError("nothing to pick from");
  return found;
}

/** Bit sets lie outside the heap. */
function heapMb(): number {
  if (typeof collectGarbage === "function") collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1_000_000;
}

if (import.meta.main) {
  const [pods = "5000", policies = "500", what = "traces"] = process.argv.slice(2);
  console.log(
    JSON.stringify(measureQuestions(Number(pods), Number(policies), what === "matrix" ? "matrix" : "traces")),
  );
}
