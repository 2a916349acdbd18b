import { type MatrixEnd, matrixEnds } from "#lib/engine/reachability/matrix-ends.ts";
import { type NamespaceMatrix, namespaceMatrix } from "#lib/engine/reachability/namespace-matrix.ts";
import { type WorkloadMatrix, workloadMatrix } from "#lib/engine/reachability/workload-matrix.ts";
import { type DialectSettings, traceWorld, type World } from "#lib/engine/trace/world.ts";
import { inSlices } from "../in-slices.ts";
import type { Answers } from "./answers.ts";

/** What questions about one set of answers share; it goes when they go. */
export interface Asking {
  readonly world: World;
  ends(): Promise<readonly MatrixEnd[]>;
  matrix(): Promise<WorkloadMatrix>;
  namespaces(): Promise<NamespaceMatrix>;
}

const kept = new WeakMap<Answers, Asking>();

/** `settings` are the process's own: the same for every question. */
export function askingOf(answers: Answers, settings: DialectSettings): Asking {
  const known = kept.get(answers);
  if (known !== undefined) return known;
  const world = traceWorld(answers.facts, settings);
  const ends = once(() => inSlices(endsOf(world)));
  const matrix = once(async () => inSlices(workloadMatrix(world, await ends())));
  const asking: Asking = {
    world,
    ends,
    matrix,
    namespaces: once(async () => inSlices(namespaceMatrix(await matrix()))),
  };
  kept.set(answers, asking);
  return asking;
}

function* endsOf(world: World): Generator<undefined, readonly MatrixEnd[]> {
  const ends: MatrixEnd[] = [];
  for (const end of matrixEnds(world)) {
    ends.push(end);
    yield;
  }
  return ends;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
