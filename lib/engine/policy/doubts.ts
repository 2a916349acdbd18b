import type { Doubt } from "#lib/model/verdict.ts";

/** Each sentence once. */
export function distinctDoubts(doubts: readonly Doubt[]): readonly Doubt[] {
  return [...new Map(doubts.map((doubt) => [doubt.sentence, doubt])).values()];
}
