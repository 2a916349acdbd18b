import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refOf } from "#lib/model/ids.ts";
import type { ReachVerdict } from "#lib/model/reach.ts";
import {
  arbitraryDialect,
  arbitraryManifests,
  factsFromManifests,
  type Manifest,
} from "#lib/testing/arbitrary-cluster.ts";
import { parseQuestion, textOf } from "../trace/question.ts";
import { trace } from "../trace/trace.ts";
import { traceWorld, type World } from "../trace/world.ts";
import { cells } from "./cell.ts";
import { type MatrixEnd, matrixEnds } from "./matrix-ends.ts";
import { type WorkloadMatrix, workloadMatrix } from "./workload-matrix.ts";

function matrixOf(world: World): WorkloadMatrix {
  const steps = workloadMatrix(world, [...matrixEnds(world)]);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

function textOfEnd({ id }: MatrixEnd): string {
  const { kind, namespace, name } = refOf(id);
  return textOf(kind, namespace, name);
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

/** Pods in pairs and triples, so that workloads are of pods that policies tell apart. */
function owned(manifests: readonly Manifest[]): readonly Manifest[] {
  let pods = 0;
  return manifests.map((manifest) => {
    if (manifest.kind !== "Pod") return manifest;
    const owner = ["a", "b", undefined][pods++ % 3];
    if (owner === undefined) return manifest;
    const metadata = {
      ...(manifest.metadata as object),
      ownerReferences: [{ apiVersion: "apps/v1", kind: "StatefulSet", name: owner, controller: true }],
    };
    return { ...manifest, metadata };
  });
}

describe("the matrix of workloads", () => {
  it("says in every cell what a trace says, on random clusters of any dialect", () => {
    fc.assert(
      fc.property(arbitraryManifests, arbitraryDialect, (manifests, dialect) => {
        const world = traceWorld(factsFromManifests(owned(manifests)), dialect);
        expect(disagreements(world)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
