import { type Search, searchSteps } from "#lib/graph/search-index.ts";
import { inSlices } from "../in-slices.ts";
import type { Answers } from "../session/answers.ts";
import { wait } from "../wait.ts";

/** Whose answers these are: a session's source, and what of it is seen. */
export interface Lineage {
  readonly source: WeakKey;
  readonly view: string;
}

interface Held {
  /** Undefined until the first one is made. */
  search: Search | undefined;
  /** The answers that it was made of, by name: they go when newer ones come. */
  of: string;
  making: Promise<void> | undefined;
  /** How long the last one took, without what others got in between. */
  tookMs: number;
}

/** Who types waits for a newer index where there is an older one only if it is likely to be there within this. */
const patienceMs = 50;
/** One that takes longer is begun once whoever types has been answered. */
const answeredMs = 100;
/** Sets of rights whose index is kept. */
const mostViews = 16;

const held = new WeakMap<WeakKey, Map<string, Held>>();

/**
 * The search over these answers. In a large cluster its index takes a second or two to make, and while things change
 * there are newer answers several times a second: so one is made at a time, and until it is done the one before is asked.
 */
export async function recentSearch(
  answers: Answers,
  lineage: Lineage,
  steps: typeof searchSteps = searchSteps,
): Promise<Search> {
  const one = heldOf(lineage);
  const isQuick = one.search === undefined || one.tookMs <= patienceMs;
  if (one.making === undefined && (one.search === undefined || one.of !== answers.etag))
    make(one, answers, steps, isQuick ? undefined : answeredMs);
  if (one.search === undefined) await one.making;
  else if (one.making !== undefined && isQuick) await withPatience(one.making);
  const { search } = one;
  if (search === undefined) throw new Error("a search was to be made and is not there");
  return search;
}

/** Makes the first index before anybody searches: who opens a page may press a key soon. Others are let past meanwhile. */
export function beginSearch(
  answers: Answers,
  lineage: Lineage,
  steps: typeof searchSteps = searchSteps,
): void {
  const one = heldOf(lineage);
  if (one.making === undefined && one.search === undefined) make(one, answers, steps, 0);
}

/** Others get as much time. */
function asLong(busyMs: number): Promise<void> {
  return wait(busyMs, never);
}

const never = new AbortController().signal;

function heldOf({ source, view }: Lineage): Held {
  const views = held.get(source) ?? new Map<string, Held>();
  held.set(source, views);
  const one = views.get(view) ?? { search: undefined, of: "", making: undefined, tookMs: 0 };
  // The newest last: who has not searched for longest is forgotten first.
  views.delete(view);
  views.set(view, one);
  for (const [oldest, { making }] of views)
    if (views.size > mostViews && making === undefined) views.delete(oldest);
  return one;
}

/** `beside`: nobody waits for it, and it begins after so many milliseconds. */
function make(one: Held, answers: Answers, steps: typeof searchSteps, beside?: number): void {
  const run = steps(answers.facts, answers.graph);
  let startMs = performance.now();
  const rest = async (busyMs: number) => {
    const restedMs = performance.now();
    await asLong(busyMs);
    startMs += performance.now() - restedMs;
  };
  const later = async (ms: number) => {
    await wait(ms, never);
    startMs = performance.now();
    return inSlices(run, undefined, rest);
  };
  const made = beside === undefined ? inSlices(run) : later(beside);
  one.making = made.then(
    (search) => {
      one.search = search;
      one.of = answers.etag;
      one.making = undefined;
      one.tookMs = performance.now() - startMs;
    },
    (error: unknown) => {
      one.making = undefined;
      throw error;
    },
  );
  // Whoever waits is told; where nobody does, the next who asks makes it again.
  one.making.catch(() => {});
}

async function withPatience(making: Promise<void>): Promise<void> {
  const over = new AbortController();
  // Where it fails, the one before goes on, and the next who asks begins again.
  await Promise.race([making.catch(() => {}), wait(patienceMs, over.signal)]);
  over.abort();
}
