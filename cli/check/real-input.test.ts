/**
 * Over what real people run. The data is third-party and not part of this project; without it these tests are skipped.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { checks } from "#lib/diagnosis/registry.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { filesSource } from "#lib/server/sources/files/files-source.ts";
import { reportJson } from "./json.ts";
import { reportJunit } from "./junit.ts";
import { reportMarkdown } from "./markdown.ts";
import { placesIn } from "./places.ts";
import { makeReport } from "./report.ts";
import { reportSarif } from "./sarif.ts";
import { reportLines } from "./text.ts";

const folder = path.resolve(import.meta.dirname, "../../../shared/real-input");
const absent = !existsSync(folder);
if (absent) console.error(`cli/check/real-input.test.ts is skipped: there is no ${folder}`);

async function reportOn(name: string) {
  const source = filesSource(path.join(folder, name), { id: "files", name });
  const result = await source.read(() => {}, new AbortController().signal);
  if (result.kind === "failed") throw new Error(result.failure.title);
  const facts = compileFacts(result.snapshot, result.snapshot.takenAt ?? "2026-01-01T00:00:00Z");
  return makeReport(name, facts, {
    checks,
    namespaces: [],
    failOn: "error",
    rules: [],
    today: "2026-01-01",
    placeOf: placesIn(name, folder),
  });
}

const plain = { paint: (_tone: string, text: string) => text, width: undefined };

describe.skipIf(absent)("the report on a cluster with faults", () => {
  it("names every object with its line, in whatever form", async () => {
    const report = await reportOn("faulty.yaml");
    expect(reportLines(report, plain)).toContain("    service/boutique/emailservice  faulty.yaml:5357");
    for (const write of [reportJson, reportSarif, reportJunit, reportMarkdown])
      for (const { subject } of report.results.findings) expect(write(report)).toContain(subject);
  });

  it("names files of a folder and of an archive", async () => {
    expect(reportLines(await reportOn("manifests"), plain)).toContain(
      "    network-policy/sock-shop/cart-access  manifests/sock-shop-policies.yaml:4",
    );
    expect(reportLines(await reportOn("support-bundle.tar.gz"), plain).at(-1)).toMatch(
      /^No problem in support-bundle\.tar\.gz as of /,
    );
  });
});
