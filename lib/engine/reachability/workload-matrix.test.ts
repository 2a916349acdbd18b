import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endText } from "#lib/model/end-text.ts";
import { refOf } from "#lib/model/ids.ts";
import type { ReachVerdict } from "#lib/model/reach.ts";
import { arbitraryDialect, factsFromManifests } from "#lib/testing/arbitrary-cluster.ts";
import { arbitraryWorkloads } from "#lib/testing/arbitrary-workloads.ts";
import { matrixOf } from "#lib/testing/ask-reach.ts";
import { parseQuestion } from "../trace/question.ts";
import { trace } from "../trace/trace.ts";
import { traceWorld, type World } from "../trace/world.ts";
import { cells } from "./cell.ts";
import type { MatrixEnd } from "./matrix-ends.ts";
import type { WorkloadMatrix } from "./workload-matrix.ts";

function textOfEnd({ id }: MatrixEnd): string {
  return endText(refOf(id));
}

function traced(world: World, from: MatrixEnd, to: MatrixEnd): string {
  const question = parseQuestion({ from: textOfEnd(from), to: textOfEnd(to), protocol: to.protocol });
  if (question.kind === "problem") throw new Error(question.problem.sentence);
  const result = trace(world, question.value);
  if (result.kind === "problem") throw new Error(result.problem.sentence);
  return result.trace.verdict;
}

function cellsOf(matrix: WorkloadMatrix, row: number): readonly (ReachVerdict | undefined)[] {
  return [...matrix.row(row)].map((number) => cells[number]);
}

/** One line for each cell that a trace answers otherwise. */
function disagreements(world: World): readonly string[] {
  const matrix = matrixOf(world);
  return matrix.ends.flatMap((from, row) => {
    const found = cellsOf(matrix, row);
    return matrix.ends.flatMap((to, column) => {
      const cell = found[column] === "some-ports" ? "reachable" : found[column];
      const verdict = traced(world, from, to);
      return cell === verdict ? [] : [`${from.id} → ${to.id}: matrix ${cell}, trace ${verdict}`];
    });
  });
}

describe("the matrix of workloads", () => {
  it("says in every cell what a trace says, on random clusters of any dialect", () => {
    fc.assert(
      fc.property(arbitraryWorkloads, arbitraryDialect, (manifests, dialect) => {
        const world = traceWorld(factsFromManifests(manifests), dialect);
        expect(disagreements(world)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
