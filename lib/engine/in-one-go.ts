/** Runs work that pauses now and then to its end, without a pause. */
export function inOneGo<T>(steps: Generator<unknown, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}
