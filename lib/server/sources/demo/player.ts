/** What the demo plays, and where it stands. Step 0 is the cluster as it is in `demo/cluster`. */
export interface PlayerState {
  readonly step: number;
  readonly playing: boolean;
}

/** Calls back after `ms`, unless the function that it gives is called. */
export type Later = (ms: number, run: () => void) => () => void;

/** Walks through steps, by itself or by hand; after the last one it begins again. */
export class Player {
  readonly #seconds: readonly number[];
  readonly #later: Later;
  readonly #followers = new Set<() => void>();
  #state: PlayerState = { step: 0, playing: false };
  #cancel: () => void = () => {};

  /** `seconds`: how long each step is shown, step 0 first. */
  constructor(seconds: readonly number[], later: Later) {
    this.#seconds = seconds;
    this.#later = later;
  }

  state(): PlayerState {
    return this.#state;
  }

  /** Calls `moved` whenever another step is shown, until the function that it returns is called. */
  follow(moved: () => void): () => void {
    this.#followers.add(moved);
    return () => void this.#followers.delete(moved);
  }

  /** From where it stands: the first step comes at once, since whoever pressed wants to see something. */
  play(): void {
    if (this.#state.playing) return;
    this.#state = { ...this.#state, playing: true };
    this.#next();
  }

  pause(): void {
    this.#cancel();
    this.#state = { ...this.#state, playing: false };
  }

  /** Shows a step, counted from 0, and stays there. Throws RangeError for one that there is not. */
  show(step: number): void {
    if (!Number.isInteger(step) || step < 0 || step >= this.#seconds.length)
      throw new RangeError(`The incident has the steps 0 to ${this.#seconds.length - 1}.`);
    this.pause();
    this.#move(step);
  }

  #next(): void {
    this.#move((this.#state.step + 1) % this.#seconds.length);
    const seconds = this.#seconds[this.#state.step] ?? 10;
    this.#cancel = this.#later(seconds * 1000, () => this.#next());
  }

  #move(step: number): void {
    this.#state = { ...this.#state, step };
    for (const moved of [...this.#followers]) moved();
  }
}
