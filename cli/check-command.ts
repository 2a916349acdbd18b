import type { Check } from "#lib/diagnosis/check.ts";
import { checks } from "#lib/diagnosis/registry.ts";
import { nearestOf } from "#lib/engine/near-words.ts";
import { didYouMean } from "#lib/engine/trace/resolve-end.ts";
import { dayOf, isoTime, systemClock } from "#lib/server/clock.ts";
import { findConfig, loadConfig } from "#lib/server/config/config-file.ts";
import type { ConfigReading } from "#lib/server/config/read-config.ts";
import { type ClusterOptions, readCluster } from "./asked-cluster.ts";
import { reportJson } from "./check/json.ts";
import { reportJunit } from "./check/junit.ts";
import { reportMarkdown } from "./check/markdown.ts";
import { placesIn } from "./check/places.ts";
import { type FailOn, failed, makeReport, type Report } from "./check/report.ts";
import { reportSarif } from "./check/sarif.ts";
import { reportLines } from "./check/text.ts";
import { fail, requireNode } from "./fail.ts";
import { endWhenOutputCloses, paint, print, screenWidth } from "./output.ts";

export interface CheckOptions extends ClusterOptions {
  readonly failOn: FailOn;
  readonly only?: readonly string[];
  readonly namespace?: readonly string[];
  readonly output: Output;
  readonly config?: string;
  readonly strict?: true;
}

export type Output = "text" | "json" | "sarif" | "junit" | "markdown";

const written: Readonly<Record<Output, (report: Report) => string>> = {
  text: (report) => `${reportLines(report, { paint, width: screenWidth() }).join("\n")}\n`,
  json: reportJson,
  sarif: reportSarif,
  junit: reportJunit,
  markdown: reportMarkdown,
};

/**
 * Runs the checks once and prints what they found. The process ends with 0 where nothing is as severe as asked, 1 where
 * something is, 2 where it could not run (or, with `--strict`, could not judge everything).
 */
export async function checkCommand(path: string | undefined, options: CheckOptions): Promise<void> {
  requireNode();
  endWhenOutputCloses();
  const chosen = chooseChecks(options.only ?? []);
  if (typeof chosen === "string") return fail(chosen);
  const where = whereOf(path, options);
  if (typeof where === "string") return fail(where);

  const asking = await readCluster(where);
  if (asking.kind === "failed") return fail(...asking.lines);
  const { name, facts, settings } = asking.cluster;
  const namespaces = options.namespace ?? [];
  const absent = namespaces.find((each) => !facts.index.namespaceNames.includes(each));
  if (absent !== undefined) {
    const near = nearestOf(absent, facts.index.namespaceNames);
    return fail(`There is no namespace ${absent} in ${name}${didYouMean(near === undefined ? [] : [near])}`);
  }
  const { offer } = settings;
  const given = offer.kind === "files" ? offer.path : undefined;
  const config = configOf(options.config ?? settings.config, given);
  if (config.kind === "invalid") return fail(...config.problems);
  const report = makeReport(name, facts, {
    checks: chosen,
    namespaces,
    failOn: options.failOn,
    rules: config.config.ignore,
    // By the calendar here: a dump of last year does not bring rules back.
    today: dayOf(isoTime(systemClock)),
    placeOf: placesIn(given, process.cwd()),
  });
  process.exitCode = exitCode(report, options);
  return print(written[options.output](report));
}

function exitCode(report: Report, { strict }: CheckOptions): 0 | 1 | 2 {
  if (failed(report)) return 1;
  const { input, results } = report;
  const lost = input.some(({ kind }) => kind !== "skipped") || results.cannotTell.length > 0;
  return strict === true && lost ? 2 : 0;
}

/** The checks that were asked for by code or by name; a sentence where there is no such check. */
function chooseChecks(only: readonly string[]): readonly Check[] | string {
  if (only.length === 0) return checks;
  const known = checks.flatMap(({ code, id }) => [code, id]);
  const wanted = only.map((word) => known.find((each) => each.toLowerCase() === word.toLowerCase()) ?? word);
  const absent = wanted.find((word) => !known.includes(word));
  if (absent !== undefined) {
    const near = nearestOf(absent, known);
    return `There is no check ${absent}${didYouMean(near === undefined ? [] : [near])}`;
  }
  return checks.filter(({ code, id }) => wanted.includes(code) || wanted.includes(id));
}

function configOf(named: string | undefined, given: string | undefined): ConfigReading {
  const workingDirectory = process.cwd();
  const beside = given === "-" ? undefined : given;
  return loadConfig(findConfig({ named, beside, workingDirectory }), workingDirectory);
}

/** A path by itself is one of files. */
function whereOf(path: string | undefined, options: CheckOptions): ClusterOptions | string {
  if (path === undefined) return options;
  const also = (["files", "context", "demo"] as const).find((name) => options[name] !== undefined);
  return also === undefined
    ? { ...options, files: path }
    : `${path} and --${also} each ask for another cluster.`;
}
