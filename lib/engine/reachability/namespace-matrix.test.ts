import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryDialect, factsFromManifests } from "#lib/testing/arbitrary-cluster.ts";
import { arbitraryWorkloads } from "#lib/testing/arbitrary-workloads.ts";
import { worldFromYaml } from "#lib/testing/ask.ts";
import { finished, matrixOf } from "#lib/testing/ask-reach.ts";
import { namespace, pod, policy } from "#lib/testing/cluster-yaml.ts";
import { traceWorld } from "../trace/world.ts";
import { cells } from "./cell.ts";
import { type NamespaceMatrix, namespaceMatrix } from "./namespace-matrix.ts";
import type { WorkloadMatrix } from "./workload-matrix.ts";

/** "shop lab: 2 of 4, 1 unknown". */
function told({ namespaces, cells: counts }: NamespaceMatrix): readonly string[] {
  return counts.flatMap((row, from) =>
    row.map(
      ([pairs, may, unknown], to) =>
        `${namespaces[from]?.name} ${namespaces[to]?.name}: ${may} of ${pairs}, ${unknown} unknown`,
    ),
  );
}

/** The same, counted cell by cell. */
function counted(matrix: WorkloadMatrix): readonly string[] {
  const names = [...new Set(matrix.ends.map((end) => end.namespace))];
  return names.flatMap((from) =>
    names.map((to) => {
      const verdicts = matrix.ends.flatMap((source, row) =>
        source.namespace !== from
          ? []
          : matrix.ends.flatMap((target, column) =>
              target.namespace !== to || row === column ? [] : [cells[matrix.row(row)[column] ?? -1]],
            ),
      );
      const unknown = verdicts.filter((verdict) => verdict === "unknown").length;
      const blocked = verdicts.filter((verdict) => verdict === "blocked").length;
      return `${from} ${to}: ${verdicts.length - unknown - blocked} of ${verdicts.length}, ${unknown} unknown`;
    }),
  );
}

describe("the matrix of namespaces", () => {
  it("counts pairs of different workloads, those that may, and those of which it is not known", () => {
    const yaml = [
      namespace("shop"),
      namespace("lab"),
      pod("shop/a-0", { ips: ["10.0.0.1"] }),
      pod("shop/b-0", { ips: ["10.0.0.2"] }),
      pod("lab/c-0", { ips: ["10.0.1.1"] }),
      policy(
        "shop/a",
        "podSelector: { matchLabels: { app: a } }\ningress: [{ from: [{ ipBlock: { cidr: 10.0.1.0/24 } }] }]",
      ),
    ].join("");
    const matrix = finished(namespaceMatrix(matrixOf(worldFromYaml(yaml))));
    expect(matrix.namespaces).toEqual([
      { name: "lab", workloads: 1 },
      { name: "shop", workloads: 2 },
    ]);
    expect(told(matrix)).toEqual([
      "lab lab: 0 of 0, 0 unknown",
      "lab shop: 1 of 2, 1 unknown",
      "shop lab: 2 of 2, 0 unknown",
      "shop shop: 1 of 2, 0 unknown",
    ]);
  });

  it("counts what is so on some ports or paths only as what may", () => {
    const yaml = [
      namespace("shop"),
      pod("shop/a-0", { ports: "80 81" }),
      pod("shop/b-0"),
      policy("shop/a", "podSelector: { matchLabels: { app: a } }\ningress: [{ ports: [{ port: 80 }] }]"),
    ].join("");
    expect(told(finished(namespaceMatrix(matrixOf(worldFromYaml(yaml)))))).toEqual([
      "shop shop: 2 of 2, 0 unknown",
    ]);
  });

  it("is empty where there are no workloads", () => {
    expect(finished(namespaceMatrix(matrixOf(worldFromYaml(namespace("shop")))))).toEqual({
      namespaces: [],
      cells: [],
    });
  });

  it("is the sum of the matrix of workloads, on random clusters of any dialect", () => {
    fc.assert(
      fc.property(arbitraryWorkloads, arbitraryDialect, (manifests, dialect) => {
        const matrix = matrixOf(traceWorld(factsFromManifests(manifests), dialect));
        expect(told(finished(namespaceMatrix(matrix)))).toEqual(counted(matrix));
      }),
      { numRuns: 200 },
    );
  });
});
