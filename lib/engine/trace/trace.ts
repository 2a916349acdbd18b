import type { NodeId } from "#lib/model/graph.ts";
import type { Hop, QuestionProblem, Trace, TraceSide, Verdict } from "#lib/model/trace.ts";
import { inOneGo } from "../in-one-go.ts";
import { distinctDoubts } from "../policy/doubts.ts";
import { familySlot } from "./crossing.ts";
import { byName, namesOf } from "./differences.ts";
import { withHidden } from "./hidden-steps.ts";
import { hopsOf, mostSides } from "./hops.ts";
import { waysInParts } from "./in-parts.ts";
import { type Judged, otherWays } from "./other-ways.ts";
import type { Question } from "./question.ts";
import { type Source, sourceOf } from "./source.ts";
import { type Path, type PathVerdict, pathVerdict, type Way } from "./step.ts";
import { type Target, targetOf } from "./target.ts";
import { blockerOf, sentenceOf } from "./trace-words.ts";
import type { World } from "./world.ts";

export type TraceResult =
  | { readonly kind: "trace"; readonly trace: Trace }
  | { readonly kind: "problem"; readonly problem: QuestionProblem };

/**
 * Answers one question: every hop with its evidence, and one verdict. Where the way in or the port is for the asker to
 * choose, the best one counts, and the others are remarked on; between paths that packets take by themselves the
 * verdict is `depends` where they differ.
 */
export function trace(world: World, question: Question): TraceResult {
  return inOneGo(traceInSteps(world, question));
}

/** The same, with pauses in which others may run: some questions are about thousands of senders. */
export function* traceInSteps(world: World, question: Question): Generator<undefined, TraceResult> {
  const from = sourceOf(world, question.from);
  if (from.kind === "problem") return from;
  const to = targetOf(world.facts, question.to, question.port);
  if (to.kind === "problem") return to;
  const { source } = from;
  const { target } = to;
  const outside = source.kind === "internet" || source.kind === "addresses";
  const problem = problemOf(question, source, target);
  if (problem !== undefined) return { kind: "problem", problem };
  const anyFamily = source.kind === "internet" || (target.kind === "addresses" && target.isInternet);
  const ask = { source, port: question.port, protocol: question.protocol };
  const asked = yield* waysInParts(world, ask, target);
  const found = withHidden(world.facts, asked, source.end, target.end);
  const ways = found.map((way) => (anyFamily ? spoken(way) : way));
  const judged = ways.map((way) => ({ way, verdict: wayVerdict(way) }));
  const best: Judged = judged.reduce((a, b) => (rank[b.verdict] < rank[a.verdict] ? b : a));
  const { way, verdict } = best;
  const met = yield* hopsOf(way.paths);
  const hops = way.portWords === undefined ? met : met.map(onNoPort);
  const sides = verdict === "depends" || verdict === "unknown" ? sidesOf(way.paths) : [];
  const doubts = verdict === "unknown" ? distinctDoubts(hops.flatMap((hop) => hop.doubts)) : [];
  const number = typeof question.port === "number" ? question.port : undefined;
  const port = way.portWords === undefined ? (way.port ?? number) : undefined;
  const told = {
    from: source.end,
    to: target.end,
    port: way.portWords ?? port ?? question.port,
    protocol: question.protocol,
    verdict,
    hops,
    sides,
    doubts,
    enforcement: world.enforcement,
    by: outside && ways.length > 1 ? way.words : "",
  };
  return {
    kind: "trace",
    trace: {
      from: source.end,
      to: target.end,
      port,
      portName: typeof question.port === "string" ? question.port : undefined,
      protocol: question.protocol,
      verdict,
      sentence: sentenceOf(told),
      blockers: verdict === "reachable" ? [] : hops.filter(isBlocking).map(blockerOf),
      enforcement: world.enforcement,
      hops,
      sides,
      remarks: [
        ...new Set([
          ...source.remarks,
          ...target.remarks,
          ...way.remarks,
          ...otherWays(best, judged),
          ...(hops.some(isPolicyHop) ? world.notLookedFor : []),
        ]),
      ],
      doubts,
      path: pathOf(
        source.end.object ?? (source.kind === "internet" ? "internet" : undefined),
        hops,
        target.end.object,
      ),
    },
  };
}

/** A question of which no packet comes. */
function problemOf({ port }: Question, source: Source, target: Target): QuestionProblem | undefined {
  const outside = source.kind === "internet" || source.kind === "addresses";
  const { kind, end } = target;
  if (outside && kind === "addresses" && target.pods.length + target.nodes.length === 0) {
    const sentence = `neither ${source.end.name} nor ${end.name} is in the cluster`;
    return { field: "to", sentence, nearest: [] };
  }
  if ((kind === "addresses" || kind === "node") && typeof port === "string") {
    const sentence = `${port} is a port's name, which only Services and pods have; ${end.name} is asked by a number`;
    return { field: "port", sentence, nearest: [] };
  }
  return undefined;
}

/** The internet speaks both families, and takes the one that it gets through with. */
function spoken(way: Way): Way {
  const paths = way.paths.filter(({ steps }) => !steps.some(({ slot }) => slot.endsWith(`:${familySlot}`)));
  return paths.length === 0 ? way : { ...way, paths };
}

const rank: Record<Verdict, number> = { reachable: 0, depends: 1, unknown: 2, blocked: 3 };

function wayVerdict({ paths }: Way): Verdict {
  const verdicts = new Set(paths.map(pathVerdict));
  if (verdicts.has("reachable")) {
    if (verdicts.has("blocked")) return "depends";
    return verdicts.has("unknown") ? "unknown" : "reachable";
  }
  return verdicts.has("unknown") ? "unknown" : "blocked";
}

/** A port that stands for many is no port to open, nor to tell of. */
function onNoPort(hop: Hop): Hop {
  const { title, sentence, sides, remarks } = hop;
  const told = (text: string) => text.replace(/, on port \d+$/, "");
  return {
    ...hop,
    title: title.replace(/^Listening on \d+$/, "Listening"),
    sentence: told(sentence),
    sides: sides.map((side) => ({ ...side, sentence: told(side.sentence) })),
    nearMiss: undefined,
    fix: undefined,
    before: undefined,
    after: undefined,
    remarks: remarks.filter((remark) => !remark.startsWith("no container declares port")),
  };
}

function isPolicyHop({ kind }: Hop): boolean {
  return kind === "egress-policy" || kind === "ingress-policy";
}

function isBlocking({ outcome }: Hop): boolean {
  return outcome === "block" || outcome === "partial";
}

function sidesOf(paths: readonly Path[]): readonly TraceSide[] {
  const apart = sidesBy(paths, whyOf);
  const all = apart.length <= mostSides ? apart : sidesBy(paths, (_, verdict) => untold[verdict]);
  if (all.length < 2) return [];
  const names = namesOf(all.map((group) => group.paths));
  return all
    .map(({ verdict, why }, i) => ({ who: names[i] ?? "", verdict, why }))
    .sort((a, b) => worst[a.verdict] - worst[b.verdict] || byName(a.who, b.who));
}

/** As the sides of a hop stand. */
const worst: Record<PathVerdict, number> = { blocked: 0, unknown: 1, reachable: 2 };

/** Too many reasons to tell one by one; the hops have the first of them. */
const untold: Record<PathVerdict, string> = {
  reachable: "",
  blocked: "for several reasons",
  unknown: "for several reasons",
};

interface Side {
  readonly verdict: PathVerdict;
  readonly why: string;
  readonly paths: Path[];
}

function sidesBy(
  paths: readonly Path[],
  reasonOf: (path: Path, verdict: PathVerdict) => string,
): readonly Side[] {
  const groups = new Map<string, Side>();
  for (const path of paths) {
    const verdict = pathVerdict(path);
    const why = reasonOf(path, verdict);
    const key = `${verdict} ${why}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { verdict, why, paths: [path] });
    else group.paths.push(path);
  }
  return [...groups.values()];
}

function whyOf({ steps }: Path, verdict: PathVerdict): string {
  switch (verdict) {
    case "reachable":
      return "";
    case "blocked":
      return steps
        .filter(({ outcome }) => outcome === "block")
        .map(({ sentence }) => sentence)
        .join("; ");
    case "unknown":
      return distinctDoubts(steps.flatMap(({ outcome, doubts }) => (outcome === "unknown" ? doubts : [])))
        .map(({ sentence }) => sentence)
        .join("; ");
  }
}

const mostLit = 60;

/** Each node once, in the packet's order. */
function pathOf(from: NodeId | undefined, hops: readonly Hop[], to: NodeId | undefined): readonly NodeId[] {
  const nodes = [from, ...hops.flatMap(({ nodes }) => nodes), to].filter((node) => node !== undefined);
  const path = [...new Set(nodes)];
  // Of very many senders the map lights some, and always the end.
  return path.length <= mostLit ? path : [...path.slice(0, mostLit - 1), ...path.slice(-1)];
}
