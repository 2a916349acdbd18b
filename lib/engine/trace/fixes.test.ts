import { describe, expect, it } from "vitest";
import { documentsIn, yamlOf } from "#lib/testing/apply-fix.ts";
import { traceOf } from "#lib/testing/ask.ts";
import { lawlessFixes } from "#lib/testing/fix-law.ts";
import { type TraceCase, worldOfCase } from "#lib/testing/trace-case.ts";
import { manifestCases } from "#lib/testing/traces/manifests.ts";
import { outsideCases } from "#lib/testing/traces/outside.ts";
import { policyCases } from "#lib/testing/traces/policies.ts";
import { serviceCases } from "#lib/testing/traces/services.ts";
import { unknownCases } from "#lib/testing/traces/unknowns.ts";
import { urlCases } from "#lib/testing/traces/urls.ts";

const cases: readonly TraceCase[] = [
  ...serviceCases,
  ...outsideCases,
  ...urlCases,
  ...policyCases,
  ...unknownCases,
  ...manifestCases,
];

describe("a fix that can be applied", () => {
  let mends = 0;

  it.each(cases)("mends the hop that carries it: $promise", (each) => {
    const law = lawlessFixes(documentsIn(each.yaml), (documents) =>
      traceOf(worldOfCase({ ...each, as: each.as ?? "cluster", yaml: yamlOf(documents) }), each.ask),
    );
    mends += law.mends;
    expect(law.faults).toEqual([]);
  });

  it("is tried many times", () => {
    expect(mends).toBeGreaterThan(40);
  });
});
