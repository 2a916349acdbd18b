import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checks } from "#lib/diagnosis/registry.ts";
import { faultyShop, reportOf } from "../testing/report-of.ts";
import { reportJunit } from "./junit.ts";
import type { Report } from "./report.ts";

const count = z.coerce.number().int();
const told = z.object({ message: z.string(), type: z.string().optional(), "#text": z.string().optional() });
const caseShape = z.object({
  classname: z.string().min(1),
  name: z.string().min(1),
  file: z.string().optional(),
  line: count.optional(),
  failure: told.optional(),
  error: told.optional(),
  skipped: told.optional(),
});
const tally = { tests: count, failures: count, errors: count };
const shape = z.object({
  testsuites: z.object({
    ...tally,
    testsuite: z.array(
      z.object({ ...tally, name: z.string(), skipped: count, testcase: z.array(caseShape).min(1) }),
    ),
  }),
});

/** Read as CI systems do: the names that they look for, and attributes that are what they should be. */
function readBack(report: Report) {
  const xml = reportJunit(report);
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseAttributeValue: false,
    parseTagValue: false,
    isArray: (name) => name === "testsuite" || name === "testcase",
  });
  const { testsuites } = shape.parse(parser.parse(xml));
  return { testsuites, cases: testsuites.testsuite.flatMap(({ testcase }) => testcase) };
}

describe("JUnit", () => {
  it("has a suite for each check, and counts that are those of its cases", () => {
    const { testsuites, cases } = readBack(reportOf(faultyShop, { checks }));
    expect(testsuites.testsuite.map(({ name }) => name.split(" ")[0])).toEqual(
      checks.map(({ code }) => code),
    );
    expect(testsuites.tests).toBe(cases.length);
    expect(testsuites.failures).toBe(cases.filter(({ failure }) => failure !== undefined).length);
    for (const { tests, failures, skipped, testcase } of testsuites.testsuite)
      expect([tests, failures, skipped]).toEqual([
        testcase.length,
        testcase.filter((each) => each.failure !== undefined).length,
        testcase.filter((each) => each.skipped !== undefined).length,
      ]);
  });

  it("fails what is as severe as asked, and skips what is milder or ignored", () => {
    const { cases } = readBack(reportOf(faultyShop));
    expect(cases.filter(({ failure }) => failure !== undefined)).toEqual([
      {
        classname: "service/selector-matches-nothing",
        name: "service/shop/cart/spec.selector",
        file: "shop.yaml",
        line: 1,
        failure: {
          type: "error",
          message: "No pod in shop carries the labels that cart selects: app=cart",
          "#text": expect.stringContaining("Fix: In the selector of service/cart set app=carts"),
        },
      },
    ]);
    const skipped = cases.flatMap(({ skipped: each }) => each?.message ?? []);
    expect(skipped).toContain("Ignored: says the annotation of service/shop/old, shop.yaml:6");
    expect(skipped.some((message) => message.startsWith("warning: nobody selects no pod"))).toBe(true);
    const strict = readBack(reportOf(faultyShop, { failOn: "warning" }));
    expect(strict.testsuites.failures).toBeGreaterThan(1);
  });

  it("passes checks that found nothing", () => {
    const { testsuites } = readBack(reportOf("", { checks }));
    expect([testsuites.tests, testsuites.failures, testsuites.errors]).toEqual([checks.length, 0, 0]);
  });

  it("holds whatever stands in names and messages", () => {
    const report = reportOf("");
    const nasty = 'a <b> & "c"\u0000\u001b[31m\ud800\n]]> end';
    const input = [{ kind: "invalid", where: nasty, why: nasty, place: undefined }] as const;
    const { cases } = readBack({ ...report, input });
    expect(cases.at(-1)?.error?.message).toBe('a <b> & "c"��[31m� ]]> end');
  });
});
