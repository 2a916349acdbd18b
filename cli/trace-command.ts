import { parseQuestion } from "#lib/engine/trace/question.ts";
import { didYouMean } from "#lib/engine/trace/resolve-end.ts";
import { trace } from "#lib/engine/trace/trace.ts";
import type { QuestionProblem } from "#lib/model/trace.ts";
import { type AskedCluster, askedCluster, type ClusterOptions } from "./asked-cluster.ts";
import { completeHint } from "./complete-hint.ts";
import { fail, requireNode } from "./fail.ts";
import { endWhenOutputCloses, paint, print, screenWidth } from "./output.ts";
import { traceLines } from "./trace-lines.ts";

export interface TraceOptions extends ClusterOptions {
  readonly port?: string;
  readonly protocol?: string;
  readonly json?: true;
}

/** Asks one question and prints its answer. The process ends with 0 where it is reachable, 1 where not, 2 where it could not be asked. */
export async function traceCommand(from: string, to: string, options: TraceOptions): Promise<void> {
  requireNode();
  endWhenOutputCloses();
  const { port, protocol } = options;
  const question = parseQuestion({ from, to, port, protocol });
  if (question.kind === "problem") return failAsking(question.problem);
  const asking = await askedCluster(options);
  if (asking.kind === "failed") return fail(...asking.lines);
  const { cluster } = asking;
  const result = trace(cluster.world, question.value);
  if (result.kind === "problem") return failAsking(result.problem);
  const answer = result.trace;
  process.exitCode = answer.verdict === "reachable" ? 0 : 1;
  if (options.json === true) return print(`${JSON.stringify(answer, undefined, 2)}\n`);
  const look = { paint, width: screenWidth() };
  const hint = completeHint(answer, cluster);
  const lines = [...traceLines(answer, look), ...(hint === undefined ? [] : [`  ${hint}`]), askedOf(cluster)];
  return print(`${lines.join("\n")}\n`);
}

/** "Asked of prod-eu, as of 2026-11-21 08:00:00 UTC": which cluster answered is for the asker to check. */
function askedOf({ name, world }: AskedCluster): string {
  const { takenAt } = world.facts.snapshot;
  const when = takenAt === undefined ? "" : `, as of ${takenAt.slice(0, 19).replace("T", " ")} UTC`;
  return paint("faint", `  Asked of ${name}${when}`);
}

function failAsking({ field, sentence, nearest }: QuestionProblem): never {
  return fail(`${field}: ${sentence}${didYouMean(nearest)}`);
}
