/** For tests only: questions as people type them, and answers that fit into a table. */
import type { Facts } from "#lib/engine/facts.ts";
import { parseQuestion } from "#lib/engine/trace/question.ts";
import { type TraceResult, trace } from "#lib/engine/trace/trace.ts";
import { type DialectSettings, traceWorld, type World } from "#lib/engine/trace/world.ts";
import type { Hop, Trace } from "#lib/model/trace.ts";
import { factsFromYaml } from "./facts-from-yaml.ts";

export function worldFromYaml(
  yaml: string,
  as: "cluster" | "manifests" | "dump" = "cluster",
  settings: DialectSettings = {},
): World {
  return worldOf(factsFromYaml(yaml, as), settings);
}

export function worldOf(facts: Facts, settings: DialectSettings = {}): World {
  return traceWorld(facts, settings);
}

/** "from to port protocol" with blanks between; `-` for a port that is left out before a protocol. */
export function ask(world: World, text: string): TraceResult {
  const [from = "", to = "", port, protocol] = text.trim().split(/\s+/);
  const parsed = parseQuestion({ from, to, port: port === "-" ? undefined : port, protocol });
  return parsed.kind === "problem" ? parsed : trace(world, parsed.value);
}

export function traceOf(world: World, text: string): Trace {
  const result = ask(world, text);
  if (result.kind === "problem") throw new Error(`${text}: ${JSON.stringify(result.problem)}`);
  return result.trace;
}

/**
 * All that a trace says, a line each: "blocked: web should not reach db on 5432: …", "dns pass: …",
 * "backend service block: …", "near: …", "fix: …", "remark: …", "side from node-1, blocked: …".
 */
export function told({ verdict, sentence, hops, sides, remarks }: Trace): readonly string[] {
  return [
    `${verdict}: ${sentence}`,
    ...hops.flatMap(hopTold),
    ...sides.map(({ who, verdict: of, why }) => `side ${who}, ${of}: ${why}`),
    ...remarks.map((remark) => `remark: ${remark}`),
  ];
}

function hopTold(hop: Hop): readonly string[] {
  const { leg, kind, outcome, sentence, sides, nearMiss, fix, remarks } = hop;
  const place = leg === undefined ? kind : `${leg} ${kind}`;
  return [
    `${place} ${outcome}: ${sentence}`,
    ...(sides.length < 2
      ? []
      : sides.map((side) => `  ${side.who === "" ? "?" : side.who}, ${side.outcome}: ${side.sentence}`)),
    ...(nearMiss === undefined ? [] : [`  near: ${nearMiss}`]),
    ...(fix === undefined ? [] : [`  fix: ${fix.text}`]),
    ...remarks.map((remark) => `  remark: ${remark}`),
  ];
}

/** A problem as "field: sentence [nearest, nearest]"; a trace as its verdict's line. */
export function toldShort(result: TraceResult): string {
  if (result.kind === "trace") return `${result.trace.verdict}: ${result.trace.sentence}`;
  const { field, sentence, nearest } = result.problem;
  return `${field}: ${sentence}${nearest.length === 0 ? "" : ` [${nearest.join(", ")}]`}`;
}
