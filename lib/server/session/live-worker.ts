import type { IgnoreRule } from "#lib/diagnosis/ignoring.ts";
import { checks } from "#lib/diagnosis/registry.ts";
import { type CheckResults, type Ignoring, runChecksInSteps } from "#lib/diagnosis/run-checks.ts";
import type { Facts } from "#lib/engine/facts.ts";
import { FactsKeeper } from "#lib/engine/live/facts-keeper.ts";
import { buildGraphInSteps } from "#lib/graph/build-graph.ts";
import { tallyFindings } from "#lib/graph/tally-findings.ts";
import type { Graph } from "#lib/model/graph.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { dayOf } from "../clock.ts";
import { inSlices } from "../in-slices.ts";
import type { Update } from "../sources/source.ts";
import { type Wait, wait } from "../wait.ts";
import type { AnswersWorker, Content } from "./answers-worker.ts";
import { JudgingPace, type PaceOptions } from "./judging-pace.ts";

export interface LiveOptions extends PaceOptions {
  readonly rules: readonly IgnoreRule[];
  /** Words of time are told to the moment for this long: what has not changed need not be told anew at each change. */
  readonly tellEveryMs: number;
  /** Checks that took longer than this run beside, and their findings come later than the facts. */
  readonly patienceMs: number;
  /** Where nothing but time has passed, checks that take long are done again after this long. */
  readonly judgeAgainMs: number;
  readonly wait: Wait;
}

export const liveOptions: LiveOptions = {
  rules: [],
  tellEveryMs: 10_000,
  patienceMs: 200,
  mostJudging: 0.15,
  mostJudgingInQuiet: 0.8,
  quietAfterMs: 500,
  mostSavedMs: 10_000,
  judgeAgainMs: 60_000,
  takenAfterMs: 25,
  wait,
};

const never = new AbortController().signal;

/**
 * Works out what changes touch, in slices in which others are answered. Facts are carried along and are there first.
 * The checks look at everything each time: as long as that is quick they are waited for, and in the largest clusters
 * they run beside, on facts that stay as they are, while newer facts are shown with the findings of a moment ago. What
 * runs beside stands back while an answer is being worked out, and rests in between: for long while changes come in, and
 * hardly in quiet, where someone may wait for what their one change came to.
 */
export class LiveWorker implements AnswersWorker {
  readonly #options: LiveOptions;
  readonly #onNews: () => void;
  readonly #pace: JudgingPace;
  readonly #keeper = new FactsKeeper();
  #snapshot: Snapshot | undefined;
  /** What the facts were worked out with, ISO 8601. */
  #toldTo: string | undefined;
  #facts: Facts | undefined;
  /** The last one, from which the next takes over what has not changed. */
  #graph: Graph | undefined;
  /** Counts the facts: of those that were judged the number is kept, and not a cluster as it was. */
  #factsAt = 0;
  #judged: { readonly at: number; readonly toMs: number; readonly results: CheckResults } | undefined;
  /** When the last change was answered. */
  #answeredMs = Number.NEGATIVE_INFINITY;
  /** When the last answer was worked out. */
  #toldMs = Number.NEGATIVE_INFINITY;
  #judging = false;
  /** Resolves when no answer is being worked out. */
  #free: Promise<void> = Promise.resolve();
  #checksMs = 0;
  #news = false;

  constructor(options: LiveOptions, onNews: () => void) {
    this.#options = options;
    this.#pace = new JudgingPace(options, () => performance.now());
    this.#onNews = onNews;
  }

  next(update: Update, now: string): Promise<Content> {
    return this.#first(() => this.#next(update, now));
  }

  retell(now: string): Promise<Content> {
    return this.#first(() => this.#retell(now));
  }

  renew(): Promise<Content> {
    return this.#first(() => this.#renew());
  }

  hasNews(): boolean {
    return this.#news && this.#facts !== undefined;
  }

  /** What is worked out for someone goes before what is found out beside. */
  async #first(work: () => Promise<Content>): Promise<Content> {
    const working = Promise.withResolvers<void>();
    this.#free = working.promise;
    try {
      return await work();
    } finally {
      this.#toldMs = performance.now();
      working.resolve();
    }
  }

  async #next({ snapshot, changes, wide }: Update, now: string): Promise<Content> {
    const canCarry = !wide && this.#facts !== undefined;
    if (!canCarry) this.#graph = undefined;
    const toldTo = this.#moment(now);
    this.#snapshot = snapshot;
    // Where it throws on the way, the keeper begins anew the next time.
    this.#facts = undefined;
    this.#facts = await inSlices(this.#keeper.next(snapshot, canCarry ? changes : undefined, toldTo));
    this.#factsAt += 1;
    this.#answeredMs = performance.now();
    return this.#answer(this.#facts, now);
  }

  async #retell(now: string): Promise<Content> {
    if (this.#snapshot === undefined) throw new Error("there is nothing to tell anew");
    this.#toldTo = now;
    const before = this.#facts;
    this.#facts = undefined;
    this.#facts = await inSlices(
      this.#keeper.next(this.#snapshot, before === undefined ? undefined : [], now),
    );
    const isOld = Date.parse(now) - (this.#judged?.toMs ?? 0) >= this.#options.judgeAgainMs;
    if (isOld || before === undefined || !sayTheSame(before, this.#facts)) this.#factsAt += 1;
    return this.#answer(this.#facts, now);
  }

  async #renew(): Promise<Content> {
    if (this.#facts === undefined || this.#judged === undefined) throw new Error("there is no news");
    this.#news = false;
    return this.#contentOf(this.#facts, this.#judged.results);
  }

  async #answer(facts: Facts, now: string): Promise<Content> {
    this.#news = false;
    if (this.#judged === undefined || this.#checksMs <= this.#options.patienceMs) {
      const results = await this.#judge(facts, now);
      return this.#contentOf(facts, results);
    }
    if (!this.#judging && this.#judged.at !== this.#factsAt) void this.#judgeBeside(now);
    return this.#contentOf(facts, this.#judged.results);
  }

  async #contentOf(facts: Facts, results: CheckResults): Promise<Content> {
    const before = this.#graph;
    // Left unset until the end, and where other kinds could be read the keeper has begun anew.
    this.#graph = undefined;
    const graph = await inSlices(buildGraphInSteps(facts, results.findings, before));
    this.#graph = graph;
    return { snapshot: facts.snapshot, facts, ...results, graph };
  }

  async #judge(facts: Facts, now: string, beside = false): Promise<CheckResults> {
    let startMs = performance.now();
    const at = this.#factsAt;
    this.#pace.begin();
    const rest = async (busyMs: number) => {
      const restedMs = performance.now();
      await this.#rest(this.#pace.restMs(busyMs, this.#answeredMs));
      // Only what they themselves took counts.
      startMs += performance.now() - restedMs;
    };
    const leaveOut = { rules: this.#options.rules, today: dayOf(now) };
    // What checks work out on the way is kept beside the facts and their index for as long as these are. It is of no use
    // to anyone after them, and as large as the facts, so that it is kept beside copies that go when the checks are done.
    const passing: Facts = { ...facts, index: { ...facts.index } };
    const results = await inSlices(judged(passing, leaveOut), undefined, beside ? rest : undefined);
    this.#checksMs = performance.now() - startMs;
    this.#judged = { at, toMs: facts.now, results };
    return results;
  }

  /** Until the newest facts are judged. */
  async #judgeBeside(now: string): Promise<void> {
    this.#judging = true;
    try {
      while (this.#facts !== undefined && this.#factsAt !== this.#judged?.at) {
        await this.#judge(this.#facts, now, true);
        this.#news = true;
        this.#onNews();
      }
    } catch {
      // A bug: the next answers wait for the checks again, and it shows there.
      this.#judged = undefined;
    } finally {
      this.#judging = false;
    }
  }

  /** Also until no answer is being worked out, and the last one has been taken to whoever follows it. */
  async #rest(ms: number): Promise<void> {
    const { wait } = this.#options;
    await wait(ms, never);
    await this.#free;
    const takenMs = this.#pace.untilTakenMs(this.#toldMs);
    if (takenMs > 0) await wait(takenMs, never);
  }

  /** The moment to tell to: the last one, until that is too long ago. */
  #moment(now: string): string {
    const last = this.#toldTo;
    if (last !== undefined) {
      const sinceMs = Date.parse(now) - Date.parse(last);
      if (sinceMs >= 0 && sinceMs < this.#options.tellEveryMs) return last;
    }
    this.#toldTo = now;
    return now;
  }
}

/** What the checks find; a graph needs it by object, which would hold up the next answer. */
function* judged(facts: Facts, leaveOut: Ignoring): Generator<undefined, CheckResults> {
  const results = yield* runChecksInSteps(facts, checks, leaveOut);
  yield* tallyFindings(facts, results.findings);
  return results;
}

/** Facts about one snapshot at two moments: whether nothing is told otherwise. */
function sayTheSame(before: Facts, after: Facts): boolean {
  return toldFacts.every((kind) => before[kind] === after[kind]);
}

const toldFacts = [
  "services",
  "workloads",
  "ingresses",
  "gateways",
  "routes",
  "policies",
  "slices",
  "tls",
] as const satisfies readonly (keyof Facts)[];
