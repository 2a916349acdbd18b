/** Others (requests, health probes) wait no longer than this for a long answer. */
const sliceMs = 12;

/**
 * Runs a generator to its end, with pauses in which other requests are answered. Gives its result; throws the signal's
 * reason once whoever asked has gone.
 */
export async function inSlices<T>(steps: Iterator<unknown, T>, signal?: AbortSignal): Promise<T> {
  let until = performance.now() + sliceMs;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    if (performance.now() < until) continue;
    await pause();
    signal?.throwIfAborted();
    until = performance.now() + sliceMs;
  }
}

/** Lets whatever has come in meanwhile run. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
