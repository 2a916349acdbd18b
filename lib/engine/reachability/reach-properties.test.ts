/** Laws of who may reach whom, over random clusters of any dialect. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { endText } from "#lib/model/end-text.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { Reach, ReachDirection, ReachVerdict } from "#lib/model/reach.ts";
import { arbitraryDialect, factsFromManifests, type Manifest } from "#lib/testing/arbitrary-cluster.ts";
import { arbitraryWorkloads } from "#lib/testing/arbitrary-workloads.ts";
import { traceOf } from "#lib/testing/ask.ts";
import { endsOf, matrixOf, reachOf } from "#lib/testing/ask-reach.ts";
import type { ServiceFacts } from "../facts.ts";
import { traceWorld, type World } from "../trace/world.ts";
import { cells } from "./cell.ts";
import { protocolsOf } from "./matrix-ends.ts";

const directions = ["to", "from"] as const satisfies readonly ReachDirection[];

function asked(world: World, direction: ReachDirection, id: ObjectId): Reach {
  return reachOf(world, `${direction} ${endText(refOf(id))}`);
}

/** The verdict of each pair, "from to", as one of the two directions tells it. */
function verdicts(world: World, direction: ReachDirection): ReadonlyMap<string, ReachVerdict> {
  const found = new Map<string, ReachVerdict>();
  for (const { id } of endsOf(world)) {
    for (const { groups } of asked(world, direction, id).namespaces) {
      for (const { verdict, ends } of groups) {
        for (const { object } of ends)
          found.set(direction === "to" ? `${object} ${id}` : `${id} ${object}`, verdict);
      }
    }
  }
  return found;
}

/** A matrix asks on one protocol: of a workload that serves several it tells less. */
function cellsByPair(world: World): ReadonlyMap<string, ReachVerdict | undefined> {
  const matrix = matrixOf(world);
  const found = new Map<string, ReachVerdict | undefined>();
  for (const [row, from] of matrix.ends.entries()) {
    const numbers = matrix.row(row);
    for (const [column, to] of matrix.ends.entries())
      if (row !== column && protocolsOf(to.pods).length === 1)
        found.set(`${from.id} ${to.id}`, cells[numbers[column] ?? -1]);
  }
  return found;
}

/** Services over what has an app label, each with an address; named target ports lead to other numbers, or nowhere. */
function withServices(manifests: readonly Manifest[]): readonly Manifest[] {
  const services = ["ns-0/web", "ns-0/db", "ns-1/web", "ns-1/db"].map((text, n) => {
    const [namespace, app] = text.split("/");
    return {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: app, namespace },
      spec: {
        clusterIP: `10.96.0.${n + 1}`,
        selector: { app },
        ports: [
          { name: "a", port: 80 },
          { name: "b", port: 81, targetPort: "http" },
        ],
      },
    };
  });
  return [...manifests, ...services];
}

const status = z.looseObject({ phase: z.string() });

/** Readiness is for traces to tell, and not for who may reach whom. */
function ready(manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.map((manifest) =>
    manifest.kind === "Pod"
      ? {
          ...manifest,
          status: {
            ...status.parse(manifest.status),
            phase: "Running",
            conditions: [{ type: "Ready", status: "True" }],
          },
        }
      : manifest,
  );
}

/** The workloads that a Service does not lead to, with the verdict of each. */
function othersOf(
  world: World,
  { service, selected = [] }: ServiceFacts,
): readonly (readonly [string, ReachVerdict])[] {
  const own = new Set(selected.map(({ id }) => world.facts.index.ownerOf.get(id) ?? id));
  return asked(world, "to", service.id).namespaces.flatMap(({ groups }) =>
    groups.flatMap(({ verdict, ends }) =>
      ends.flatMap(({ text, object }): readonly (readonly [string, ReachVerdict])[] =>
        object === undefined || own.has(object) ? [] : [[text, verdict]],
      ),
    ),
  );
}

const shuffled = arbitraryWorkloads
  .map(withServices)
  .chain((manifests) =>
    fc.tuple(
      fc.constant(manifests),
      fc.shuffledSubarray([...manifests], { minLength: manifests.length, maxLength: manifests.length }),
    ),
  );

describe("who may reach whom", () => {
  it.each(directions)("is in every pair what the matrix has in its cell, asked %s", (direction) => {
    fc.assert(
      fc.property(arbitraryWorkloads, arbitraryDialect, (manifests, dialect) => {
        const world = traceWorld(factsFromManifests(manifests), dialect);
        const told = verdicts(world, direction);
        for (const [pair, cell] of cellsByPair(world)) expect(told.get(pair), pair).toBe(cell);
      }),
      { numRuns: 300 },
    );
  });

  it("is the same, asked to the one end or from the other", () => {
    fc.assert(
      fc.property(arbitraryWorkloads, arbitraryDialect, (manifests, dialect) => {
        const world = traceWorld(factsFromManifests(manifests), dialect);
        expect(Object.fromEntries(verdicts(world, "from"))).toEqual(
          Object.fromEntries(verdicts(world, "to")),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("is for a Service what a trace to its address says, from whom it does not lead to", () => {
    let compared = 0;
    fc.assert(
      fc.property(arbitraryWorkloads, arbitraryDialect, (manifests, dialect) => {
        const world = traceWorld(factsFromManifests(ready(withServices(manifests))), dialect);
        for (const service of world.facts.services.values()) {
          for (const [from, verdict] of othersOf(world, service)) {
            const to = service.service.clusterIPs.join();
            const { verdict: traced } = traceOf(world, `${from} ${to}`);
            expect(verdict === "some-ports" ? "reachable" : verdict, `${from} → ${to}`).toBe(traced);
            compared++;
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  it("does not hang on the order of objects, to the last word", () => {
    fc.assert(
      fc.property(shuffled, arbitraryDialect, ([manifests, others], dialect) => {
        const world = traceWorld(factsFromManifests(manifests), dialect);
        const other = traceWorld(factsFromManifests(others), dialect);
        expect(endsOf(other).map(({ id }) => id)).toEqual(endsOf(world).map(({ id }) => id));
        for (const { id } of endsOf(world)) {
          for (const direction of directions)
            expect(asked(other, direction, id), `${direction} ${id}`).toEqual(asked(world, direction, id));
        }
        for (const id of world.facts.services.keys())
          expect(asked(other, "to", id), id).toEqual(asked(world, "to", id));
      }),
      { numRuns: 200 },
    );
  });
});
