import type { Hop, HopOutcome, HopSide } from "#lib/model/trace.ts";
import { counted } from "../object-words.ts";
import { distinctDoubts } from "../policy/doubts.ts";
import { byName, namesOf } from "./differences.ts";
import type { Path, Step } from "./step.ts";

interface Met {
  readonly path: Path;
  readonly step: Step;
}

/**
 * The steps of all paths, hop by hop in the packet's order; what paths meet differently stands side by side. A step a
 * hop, for questions of thousands of paths.
 */
export function* hopsOf(paths: readonly Path[]): Generator<undefined, readonly Hop[]> {
  const hops: Hop[] = [];
  for (const slot of slotsOf(paths)) {
    const met = paths.flatMap((path): Met[] =>
      path.steps.filter((step) => step.slot === slot).map((step) => ({ path, step })),
    );
    hops.push(unrepeated(hopOf(slot, met, paths), hops));
    yield;
  }
  return hops;
}

/** More than anyone reads, or than a link's answer should weigh. */
export const mostSides = 24;
const mostTold = 40;

/** Slots in an order that no path contradicts: each goes behind the one that came before it on the path that has it. */
function slotsOf(paths: readonly Path[]): readonly string[] {
  const order: string[] = [];
  for (const { steps } of paths) {
    let at = 0;
    for (const { slot } of steps) {
      const known = order.indexOf(slot);
      if (known === -1) order.splice(at, 0, slot);
      at = order.indexOf(slot) + 1;
    }
  }
  return order;
}

const worst = { block: 0, unknown: 1, pass: 2 } as const;

function hopOf(slot: string, met: readonly Met[], paths: readonly Path[]): Hop {
  const groups = groupsOf(met);
  const [first] = [...groups].sort((a, b) => worst[a.step.outcome] - worst[b.step.outcome]);
  const here = new Set(met.map(({ path }) => path));
  const others = paths.filter((path) => !here.has(path));
  const names = namesOf([...groups.map((group) => group.paths), ...(others.length > 0 ? [others] : [])]);
  const sides = groups.map(
    (group, i): HopSide => ({
      who: names[i] ?? "",
      outcome: group.step.outcome,
      sentence: sentenceOf(group),
    }),
  );
  const step = first?.step;
  if (step === undefined) throw new Error("a hop that no path meets");
  const { slot: _slot, outcome: _outcome, about: _about, subject, title, ...told } = step;
  const isOne = met.every((each) => each.step.title === title);
  return {
    ...told,
    title: isOne ? title : (asOne[step.kind] ?? title),
    subject: isOne ? subject : undefined,
    sentence: first === undefined ? "" : sentenceOf(first),
    leg: slot.startsWith("entry") ? "entry" : slot.startsWith("backend:") ? "backend" : undefined,
    outcome: outcomeOf(
      groups.map((group) => group.step.outcome),
      others.length > 0,
    ),
    evidence: distinct(
      groups.flatMap((group) => group.step.evidence),
      ({ object, path, value }) => `${object} ${path} ${value}`,
    ).slice(0, 12),
    clauses: distinct(
      groups.flatMap((group) => group.step.clauses),
      (clause) => JSON.stringify(clause),
    ).slice(0, mostTold),
    remarks: distinct(
      groups.flatMap((group) => group.step.remarks),
      (remark) => remark,
    ).slice(0, mostTold),
    doubts: distinctDoubts(groups.flatMap((group) => group.step.doubts)).slice(0, mostTold),
    nodes: distinct(
      groups.flatMap((group) => group.step.nodes),
      (node) => node,
    ).slice(0, mostTold),
    sides: sides.sort((a, b) => worst[a.outcome] - worst[b.outcome] || byName(a.who, b.who)),
  };
}

interface Group {
  readonly step: Step;
  /** By their sentences. */
  readonly steps: Map<string, Step>;
  readonly paths: Path[];
}

/** Paths that stop here stand apart by their sentence; those that pass are one, whatever lets them through. */
function groupsOf(met: readonly Met[]): readonly Group[] {
  const groups = groupedBy(met, ({ outcome, sentence }) =>
    outcome === "pass" ? "pass" : `${outcome} ${sentence}`,
  );
  return groups.length <= mostSides ? groups : groupedBy(met, ({ outcome }) => outcome);
}

function groupedBy(met: readonly Met[], keyOf: (step: Step) => string): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { path, step } of met) {
    const key = keyOf(step);
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { step, steps: new Map([[step.sentence, step]]), paths: [path] });
    else {
      group.paths.push(path);
      group.steps.set(step.sentence, step);
    }
  }
  return [...groups.values()];
}

function sentenceOf({ step: { outcome }, steps }: Group): string {
  const [first = "", second, ...more] = inFew([...steps.values()]);
  if (second === undefined) return first;
  const two = `${first}; elsewhere ${second}`;
  if (more.length === 0) return two;
  const left = counted(more.length, outcome === "pass" ? "more way" : "more reason");
  return `${two}; and ${outcome === "pass" ? "in" : "for"} ${left}`;
}

/** Their sentences, those that say the same of different things as one. */
function inFew(steps: readonly Step[]): readonly string[] {
  const alike = new Map<string, Step[]>();
  for (const step of steps) {
    const key = step.about?.key ?? step.sentence;
    alike.set(key, [...(alike.get(key) ?? []), step]);
  }
  return [...alike.values()].map(([first, ...others]) => {
    if (first?.about === undefined || others.length === 0) return first?.sentence ?? "";
    const names = [first, ...others].flatMap(({ about }) => about?.names ?? []);
    return first.about.together([...new Set(names)]);
  });
}

/** What is not known of all policies, such as kinds that could not be read, is told at the first hop that hangs on it. */
function unrepeated(hop: Hop, before: readonly Hop[]): Hop {
  const { kind, outcome, doubts, sides } = hop;
  if (outcome !== "unknown" || sides.length > 1 || doubts.length === 0) return hop;
  if (kind !== "egress-policy" && kind !== "ingress-policy") return hop;
  const told = before.some((each) => doubts.every(({ sentence }) => each.sentence.includes(sentence)));
  if (!told) return hop;
  const sentence = "not known either, for the same reason";
  return { ...hop, sentence, sides: sides.map((side) => ({ ...side, sentence })) };
}

const asOne: Partial<Record<Step["kind"], string>> = {
  "egress-policy": "Egress at the source",
  "ingress-policy": "Ingress at the destination",
  destination: "Listening",
};

/** `isDetour`: some paths do not come by here at all. */
function outcomeOf(outcomes: readonly Step["outcome"][], isDetour: boolean): HopOutcome {
  const found = new Set(outcomes);
  if (found.has("block")) return found.size > 1 || isDetour ? "partial" : "block";
  return found.has("unknown") ? "unknown" : "pass";
}

function distinct<T>(values: readonly T[], keyOf: (value: T) => string): readonly T[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}
