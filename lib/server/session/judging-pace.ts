export interface PaceOptions {
  /** Checks that run beside take at most this share of the time while changes come in. */
  readonly mostJudging: number;
  /** And this one where there were none to answer for so long. */
  readonly mostJudgingInQuiet: number;
  readonly quietAfterMs: number;
  /**
   * So much of the share above can be saved up for quiet. Where something changes every second or two, it would be quiet in
   * between for ever.
   */
  readonly mostSavedMs: number;
  /** Followers take an answer within about this long; what runs beside stands back for it. */
  readonly takenAfterMs: number;
}

/** When checks that run beside go on, and when others do. */
export class JudgingPace {
  readonly #options: PaceOptions;
  readonly #clock: () => number;
  #savedMs: number;
  #atMs: number;
  #beganMs: number;
  #judgedMs = 0;

  /** `clock` in ms, from anywhere. */
  constructor(options: PaceOptions, clock: () => number) {
    this.#options = options;
    this.#clock = clock;
    this.#savedMs = options.mostSavedMs;
    this.#atMs = clock();
    this.#beganMs = this.#atMs;
  }

  /** All checks begin to look at something new. */
  begin(): void {
    this.#beganMs = this.#clock();
    this.#judgedMs = 0;
  }

  /** How long they rest after they took `busyMs`. `answeredMs`: when the last change was answered. */
  restMs(busyMs: number, answeredMs: number): number {
    const { mostJudging, mostJudgingInQuiet, quietAfterMs, mostSavedMs } = this.#options;
    const nowMs = this.#clock();
    this.#savedMs = Math.min(mostSavedMs, this.#savedMs + (nowMs - this.#atMs) * mostJudging) - busyMs;
    this.#atMs = nowMs;
    this.#judgedMs += busyMs;
    const isQuiet = nowMs - answeredMs >= quietAfterMs && this.#savedMs > 0;
    const share = isQuiet ? mostJudgingInQuiet : mostJudging;
    return restFor(busyMs, this.#judgedMs, nowMs - this.#beganMs, share);
  }

  /** How long until an answer that was ready at `toldMs` has been taken. */
  untilTakenMs(toldMs: number): number {
    return Math.max(0, toldMs + this.#options.takenAfterMs - this.#clock());
  }
}

/**
 * How long checks rest after they took `busyMs`, so that of all the time since they began they took no more than their
 * share: what they stood back while others worked counts, but is not made up for all at once. In ms.
 */
export function restFor(busyMs: number, judgedMs: number, sinceBeganMs: number, share: number): number {
  const fullMs = busyMs / share - busyMs;
  return Math.max(Math.min(fullMs, judgedMs / share - sinceBeganMs), Math.min(fullMs, 2 * busyMs));
}
