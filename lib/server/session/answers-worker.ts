import type { Snapshot } from "#lib/model/snapshot.ts";
import type { Update } from "../sources/source.ts";
import { type Answers, answersOf, type Engine } from "./answers.ts";

/** What answers are before they have a place in a session. */
export type Content = Omit<Answers, "version" | "etag">;

/** Works out one set of answers after the other, for a source that is watched. */
export interface AnswersWorker {
  /** `now`, ISO 8601, is the moment that words of time count to. Not called again before it has resolved. */
  next(update: Update, now: string): Promise<Content>;
  /** The same objects, told from a later moment. */
  retell(snapshot: Snapshot, now: string): Promise<Content>;
}

/** Begins anew each time. */
export function fromScratch(steps: Engine): AnswersWorker {
  return {
    next: async ({ snapshot }, now) => answersOf({ ...snapshot, takenAt: now }, now, steps),
    retell: async (snapshot, now) => answersOf({ ...snapshot, takenAt: now }, now, steps),
  };
}
