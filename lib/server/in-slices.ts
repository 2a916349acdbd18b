/** Others (requests, health probes) wait no longer than this for a long answer. */
const sliceMs = 12;

/**
 * Runs a generator to its end, with pauses in which other requests are answered. Gives its result; throws the signal's
 * reason once whoever asked has gone. `between` makes the pauses longer: it is told how long the slice took.
 */
export async function inSlices<T>(
  steps: Iterator<unknown, T>,
  signal?: AbortSignal,
  between: (busyMs: number) => Promise<void> = pause,
): Promise<T> {
  let startMs = performance.now();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    const busyMs = performance.now() - startMs;
    if (busyMs < sliceMs) continue;
    await between(busyMs);
    signal?.throwIfAborted();
    startMs = performance.now();
  }
}

/** Lets whatever has come in meanwhile run. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
