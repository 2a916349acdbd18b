import type { Update } from "../sources/source.ts";
import { type Answers, answersOf, type Engine } from "./answers.ts";

/** What answers are before they have a place in a session. */
export type Content = Omit<Answers, "version" | "etag">;

/** Works out one set of answers after the other, for a source that is watched. One call at a time. */
export interface AnswersWorker {
  /** `now`, ISO 8601, is the moment that words of time count to. */
  next(update: Update, now: string): Promise<Content>;
  /** The same objects, told from a later moment. Only after `next`. */
  retell(now: string): Promise<Content>;
  /** Whether `renew` has something to say. */
  hasNews(): boolean;
  /** The answers of the last `next`, with what was found about them since. */
  renew(): Promise<Content>;
}

/** Makes one for one watch of one source; `onNews` is called when there is something to renew. */
export type MakeWorker = (onNews: () => void) => AnswersWorker;

/** Begins anew each time. */
export function fromScratch(steps: Engine): AnswersWorker {
  let last: Update["snapshot"] | undefined;
  const answer = (now: string) => {
    if (last === undefined) throw new Error("there is nothing to tell anew");
    return answersOf({ ...last, takenAt: now }, now, steps);
  };
  return {
    async next({ snapshot }, now) {
      last = snapshot;
      return answer(now);
    },
    retell: async (now) => answer(now),
    hasNews: () => false,
    renew: () => Promise.reject(new Error("there is never any news")),
  };
}
