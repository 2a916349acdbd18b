/** Against the schema as its authors publish it. */
import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import { checks } from "#lib/diagnosis/registry.ts";
import { faultyShop, reportOf } from "../testing/report-of.ts";
import type { Report } from "./report.ts";
import { reportSarif } from "./sarif.ts";

const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile<Log>(schema);

function runOf(report: Report) {
  const log: unknown = JSON.parse(reportSarif(report));
  if (!validate(log)) throw new Error(ajv.errorsText(validate.errors, { separator: "\n" }));
  const [run] = log.runs;
  if (run === undefined) throw new Error("no run");
  return run;
}

describe("SARIF", () => {
  const run = runOf(reportOf(faultyShop, { checks }));

  it("is valid, with a result for each finding, at its file and line", () => {
    expect(
      run.results?.map(({ ruleId, level, locations }) => [
        ruleId,
        level,
        locations?.[0]?.physicalLocation?.artifactLocation?.uri,
        locations?.[0]?.physicalLocation?.region?.startLine,
        locations?.[0]?.logicalLocations?.[0]?.fullyQualifiedName,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ["NET-101", "error", "shop.yaml", 1, "service/shop/cart"],
        ["NET-401", "warning", "shop.yaml", 29, "network-policy/other/nobody"],
      ]),
    );
  });

  it("says what nearly matched and how to mend it in the message, as sentences", () => {
    expect(run.results?.[0]?.message.text).toBe(
      "No pod in shop carries the labels that cart selects: app=cart. 1 label differs: the selector asks app=cart, pods of pod/carts-0 carry app=carts. Fix: In the selector of service/cart set app=carts, to match the pods of pod/carts-0.",
    );
  });

  it("has every check as a rule with its page as help", () => {
    const rules = run.tool.driver.rules ?? [];
    expect(rules.map(({ id }) => id)).toEqual(checks.map(({ code }) => code));
    for (const rule of rules) {
      expect(rule.help?.markdown).toContain("## How to fix it");
      expect(rule.fullDescription?.text.length).toBeGreaterThan(40);
    }
    for (const { ruleId, ruleIndex } of run.results ?? []) expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
  });

  it("fingerprints a finding alike in every run, wherever it stands in the file, and no two alike", () => {
    const prints = run.results?.map(
      ({ partialFingerprints }) => partialFingerprints?.["throughlineFinding/v1"],
    );
    const moved = runOf(reportOf(`# moved\n${faultyShop}`, { checks })).results;
    expect(moved?.map(({ partialFingerprints }) => partialFingerprints?.["throughlineFinding/v1"])).toEqual(
      prints,
    );
    expect(new Set(prints).size).toBe(prints?.length);
  });

  it("keeps what is ignored, as suppressed by its annotation", () => {
    const suppressed = run.results?.filter(({ suppressions }) => suppressions !== undefined);
    expect(suppressed?.map(({ ruleId, suppressions }) => [ruleId, suppressions])).toEqual([
      [
        "NET-101",
        [{ kind: "inSource", justification: "says the annotation of service/shop/old, shop.yaml:6" }],
      ],
    ]);
  });

  it("notes what could not be judged", () => {
    const notes = runOf(reportOf("kind: Service\napiVersion: v1\nmetadata: {}\n---\n{", { checks }))
      .invocations?.[0];
    expect(notes?.toolExecutionNotifications?.length).toBeGreaterThan(0);
    expect(notes?.executionSuccessful).toBe(true);
  });

  it("is valid where nothing was found, and where objects stand in no file", () => {
    expect(runOf(reportOf("")).results).toEqual([]);
    const live = runOf(reportOf(faultyShop, { placeOf: () => undefined }));
    expect(live.results?.[0]?.locations?.[0]).toEqual({
      logicalLocations: [{ fullyQualifiedName: "service/shop/cart", kind: "resource" }],
    });
  });

  it.each([
    ["my files/a#b?.yaml", "my%20files/a%23b%3F.yaml"],
    ["/tmp/a b.yaml", "file:///tmp/a%20b.yaml"],
  ])("takes %s to a valid address", (file, uri) => {
    const found = runOf(reportOf(faultyShop, { placeOf: () => ({ file, line: 1 }) })).results?.[0];
    expect(found?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(uri);
  });

  it("names no line of a file that is within an archive", () => {
    const placeOf = () => ({ file: "bundle.tgz", inside: "pods.json", line: 3 });
    const place = runOf(reportOf(faultyShop, { placeOf })).results?.[0]?.locations?.[0]?.physicalLocation;
    expect(place).toEqual({ artifactLocation: { uri: "bundle.tgz" } });
  });
});
