import { trace } from "#lib/engine/trace/trace.ts";
import type { Hop, Trace, Verdict } from "#lib/model/trace.ts";
import { faultOfQuestion } from "#lib/server/questions/expectation.ts";
import {
  type ExpectationProblem,
  type PlacedExpectation,
  placed,
} from "#lib/server/questions/read-expectations.ts";
import { askedCluster, type ClusterOptions } from "./asked-cluster.ts";
import { type AssertCount, assertLines, assertSummary } from "./assert-lines.ts";
import { completeHint } from "./complete-hint.ts";
import { fail, requireNode } from "./fail.ts";
import { filesOfQuestions, inOrderOf } from "./files-of-questions.ts";
import { endWhenOutputCloses, inPieces, type Pieces, paint, screenWidth } from "./output.ts";
import { shown } from "./shown.ts";

export interface AssertOptions extends ClusterOptions {
  readonly json?: true;
}

/**
 * Asks every question of the files and compares. What can be asked is answered even where something else in the files
 * cannot: a Deployment that was renamed should not hide what its removal broke. The process ends with 0 where all is as
 * expected, 1 where an answer differs, 2 where something could not be asked.
 */
export async function assertCommand(files: readonly string[], options: AssertOptions): Promise<void> {
  requireNode();
  endWhenOutputCloses();
  const read = await filesOfQuestions(files);
  if (read.expectations.length === 0) return endWith(read.problems);

  const asking = await askedCluster(options);
  if (asking.kind === "failed") {
    endWith(read.problems);
    return fail(...asking.lines);
  }
  const { cluster } = asking;
  const writer = options.json === true ? jsonWriter(inPieces()) : lineWriter(inPieces());
  const unasked: ExpectationProblem[] = [];
  let passed = 0;
  let hint: string | undefined;
  for (const expectation of read.expectations) {
    const result = trace(cluster.world, expectation.question);
    if (result.kind === "problem") {
      unasked.push(placed(faultOfQuestion(result.problem), expectation.file, expectation.place));
      continue;
    }
    if (result.trace.verdict === expectation.expect) passed++;
    hint ??= completeHint(result.trace, cluster);
    await writer.answer(expectation, result.trace);
  }
  const differing = read.expectations.length - unasked.length - passed;
  const problems = inOrderOf(files, [...read.problems, ...unasked]);
  await writer.end(cluster.name, { passed, differing, problems: problems.length }, hint);
  if (problems.length > 0) return endWith(problems);
  process.exitCode = differing > 0 ? 1 : 0;
}

/** Says last what could not be asked, so that it is not lost above thousands of answers. */
function endWith(problems: readonly ExpectationProblem[]): void {
  for (const { file, line, why } of problems)
    console.error(shown(`throughline: ${file}${line === undefined ? "" : `:${line}`}: ${why}`));
  process.exitCode = 2;
}

interface Writer {
  answer(expectation: PlacedExpectation, trace: Trace): Promise<void>;
  end(cluster: string, count: AssertCount, hint: string | undefined): Promise<void>;
}

function lineWriter({ print, end }: Pieces): Writer {
  const look = { paint, width: screenWidth() };
  return {
    answer: (expectation, trace) => print(`${assertLines(expectation, trace, look).join("\n")}\n`),
    async end(cluster, count, hint) {
      const more = hint === undefined ? "" : `${hint}\n`;
      await print(`\n${assertSummary(cluster, count, look)}\n${more}`);
      await end();
    },
  };
}

/** An item of `--json`. */
interface Asserted {
  readonly from: string;
  readonly to: string;
  /** As asked, else the one that was chosen; left out where none could be. */
  readonly port: number | string | undefined;
  readonly protocol: string;
  readonly expect: Verdict;
  readonly verdict: Verdict;
  readonly pass: boolean;
  readonly hops: readonly Hop[];
}

/** An array with a line for each answer, written as they come: thousands of them with their hops are many megabytes. */
function jsonWriter({ print, end }: Pieces): Writer {
  let before = "[\n";
  return {
    answer({ from, to, port, expect }, answer) {
      const { protocol, verdict, hops } = answer;
      const pass = verdict === expect;
      const asserted: Asserted = {
        from,
        to,
        port: port ?? answer.port,
        protocol,
        expect,
        verdict,
        pass,
        hops,
      };
      const start = before;
      before = ",\n";
      return print(`${start}${JSON.stringify(asserted)}`);
    },
    async end() {
      await print(before === "[\n" ? "[]\n" : "\n]\n");
      await end();
    },
  };
}
