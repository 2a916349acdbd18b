import type { Trace } from "#lib/model/trace.ts";
import type { PlacedExpectation } from "#lib/server/questions/read-expectations.ts";
import type { Look } from "./marked-lines.ts";
import { signs } from "./output.ts";
import { shownInLine } from "./shown.ts";
import { portInWords } from "./trace-lines.ts";
import { wrap } from "./wrap.ts";

/** A line for an answer as expected; for another one also the sentence and all that blocks. */
export function assertLines(
  { from, to, expect, file, place }: PlacedExpectation,
  trace: Trace,
  { paint, width }: Look,
): readonly string[] {
  const { verdict, sentence, blockers } = trace;
  const pass = verdict === expect;
  const { sign, tone } = signs[pass ? "pass" : "block"];
  const asked = `${paint(tone, sign)} ${shownInLine(`${from} → ${to}`)} ${portInWords(trace)}  `;
  if (pass) return [`${asked}${verdict}`];
  return [
    `${asked}${paint("strong", verdict)}, expected ${expect}`,
    wrap(`    ${shownInLine(sentence)}`, width, "      "),
    ...blockers.map((blocker) => wrap(`    ${signs.block.sign} ${shownInLine(blocker)}`, width, "      ")),
    paint("faint", `    ${file}:${place.line}`),
  ];
}

export interface AssertCount {
  readonly passed: number;
  readonly differing: number;
  /** What of the files could not be asked, or not be read. */
  readonly problems: number;
}

/** "4 questions asked of prod-eu: 3 as expected, 1 differs". */
export function assertSummary(
  cluster: string,
  { passed, differing, problems }: AssertCount,
  { paint }: Look,
): string {
  const parts = [
    `${inDigits(passed)} as expected`,
    ...(differing === 0 ? [] : [`${inDigits(differing)} ${differing === 1 ? "differs" : "differ"}`]),
    ...(problems === 0 ? [] : [`${inDigits(problems)} ${problems === 1 ? "problem" : "problems"}`]),
  ];
  const asked = passed + differing;
  const questions = asked === 1 ? "1 question" : `${inDigits(asked)} questions`;
  return paint(
    differing + problems === 0 ? "good" : "bad",
    `${questions} asked of ${cluster}: ${parts.join(", ")}`,
  );
}

function inDigits(count: number): string {
  return count.toLocaleString("en");
}
