import { createGunzip } from "node:zlib";
import { type Budget, OverLimit } from "./budget.ts";

/** Small enough that one step of a bomb unpacks to some 16 MiB. */
const stepBytes = 16 * 1024;

/**
 * Unpacks gzip. What comes out before a fault is given first and the fault thrown after it: a stream piped in the
 * usual way drops what it still holds when it fails, which is the end of a truncated dump.
 */
export async function* gunzipped(packed: AsyncIterable<Buffer>, budget: Budget): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  let ready: Buffer[] = [];
  let failure: Error | undefined;
  /** Zeros after the last member, as tapes pad with, end the stream; what is written after that is never answered. */
  let ended = false;
  let wake = (): void => undefined;
  let packedBytes = 0;
  let unpackedBytes = 0;
  gunzip.on("data", (chunk: Buffer) => {
    ready.push(chunk);
  });
  gunzip.on("error", (error) => {
    failure = error;
    wake();
  });
  gunzip.on("end", () => {
    ended = true;
    wake();
  });
  const after = (step: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      step(resolve);
    });
  function* taken(): Iterable<Buffer> {
    for (const chunk of ready) {
      unpackedBytes += chunk.length;
      const over = budget.ratio(packedBytes, unpackedBytes);
      if (over !== undefined) throw new OverLimit(over);
      yield chunk;
    }
    ready = [];
  }
  try {
    for await (const chunk of packed) {
      for (let at = 0; at < chunk.length && failure === undefined && !ended; at += stepBytes) {
        const step = chunk.subarray(at, at + stepBytes);
        packedBytes += step.length;
        await after((done) => gunzip.write(step, () => done()));
        yield* taken();
      }
      if (failure !== undefined || ended) break;
    }
    if (failure === undefined && !ended) await after(() => gunzip.end());
    yield* taken();
    if (failure !== undefined) throw failure;
  } finally {
    gunzip.destroy();
  }
}
