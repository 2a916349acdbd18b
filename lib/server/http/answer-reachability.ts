import { reach } from "#lib/engine/reachability/reach.ts";
import { reachSubject } from "#lib/engine/reachability/reach-subject.ts";
import { parseEnd } from "#lib/engine/trace/question.ts";
import type { ReachDirection } from "#lib/model/reach.ts";
import type { QuestionProblem } from "#lib/model/trace.ts";
import { type ReachAnswer, reachToWire } from "#lib/protocol/trace.ts";
import { inSlices } from "../in-slices.ts";
import { askingOf } from "../session/worlds.ts";
import { answerMatrix } from "./answer-matrix.ts";
import { problemOf } from "./answer-trace.ts";
import { problemResponse } from "./problem-response.ts";
import { type Asked, withAnswers } from "./with-answers.ts";

/** With `to` or `from`: who may reach it, or what it may reach. With neither: the matrix. */
export function answerReachability(request: Request, id: string): Promise<Response> {
  const { searchParams, pathname } = new URL(request.url);
  const [to, from] = [searchParams.get("to"), searchParams.get("from")];
  if (to !== null && from !== null) {
    return Promise.resolve(
      problemResponse({
        type: "malformed-query",
        title: "Both ends are given",
        status: 400,
        detail: "Give to or from; whether one end reaches another is what …/trace answers.",
        instance: pathname,
      }),
    );
  }
  if (to === null && from === null) return answerMatrix(request, id);
  const direction = to === null ? "from" : "to";
  return withAnswers(request, id, (asked) => respond(asked, direction, to ?? from ?? "", request, pathname));
}

async function respond(
  { answers, dialect, asOf }: Asked,
  direction: ReachDirection,
  text: string,
  { signal }: Request,
  instance: string,
): Promise<Response> {
  const refuse = (problem: QuestionProblem, type: string, status: number) => {
    const { type: path, ...rest } = problemOf(problem, type, status);
    return problemResponse({ ...rest, type: path.replace("/problems/", ""), instance });
  };
  const end = parseEnd(direction, text.slice(0, 700));
  if (end.kind === "problem") return refuse(end.problem, "question-malformed", 400);
  const asking = askingOf(answers, dialect);
  const found = reachSubject(asking.world, end.value.end, direction);
  if (found.kind === "problem") return refuse(found.problem, "end-not-found", 404);
  const ends = await asking.ends();
  const answer: ReachAnswer = {
    reach: reachToWire(await inSlices(reach(asking.world, ends, found.subject, direction), signal)),
    checkedAt: asOf,
  };
  return Response.json(answer);
}
