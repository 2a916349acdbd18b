/** How long to wait before the next try: longer each time, and never the same for all who failed together. */
export class Backoff {
  readonly #firstMs: number;
  readonly #mostMs: number;
  #failures = 0;

  constructor(firstMs: number, mostMs: number) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Half of it is chance. */
  next(): number {
    const ms = Math.min(this.#mostMs, this.#firstMs * 2 ** Math.min(this.#failures, 16));
    this.#failures++;
    return ms * (0.5 + Math.random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
