/** Sends bytes to a server as they are, which no client of HTTP does, and tells what came back. */
import { connect } from "node:net";
import type { Attack } from "./attack.ts";

export interface Outcome {
  /** Of every answer that came, in their order. */
  readonly statuses: readonly number[];
  /** Heads and bodies, as far as they are kept. */
  readonly text: string;
  /** Until the first byte of an answer, or until the server hung up without one. */
  readonly ms: number;
  /** The server neither answered nor hung up in time. */
  readonly hangs: boolean;
}

/** Slower than this is a hang. */
export const patienceMs = 1_000;
/** What may lack its end is waited for so long before it is told that there is none. */
const unfinishedMs = 400;
/** Behind a first answer, a second one to what was smuggled in would follow at once. */
const afterwardsMs = 30;
const keptBytes = 4_000_000;

/** Addresses of this machine: what the server takes its proxy to be, and another. */
const addresses = { proxy: "127.0.0.1", elsewhere: "127.0.0.2" } as const;

export function send(port: number, { bytes, from, isWhole }: Attack, waitMs = patienceMs): Promise<Outcome> {
  return new Promise((resolve) => {
    let started = performance.now();
    const chunks: Buffer[] = [];
    let kept = 0;
    let firstMs: number | undefined;
    let isGivenUp = false;
    const socket = connect({ port, host: "127.0.0.1", localAddress: addresses[from] });
    let timer = setTimeout(late, isWhole ? waitMs : unfinishedMs);
    socket.on("data", (chunk) => {
      firstMs ??= performance.now() - started;
      if (kept < keptBytes) chunks.push(chunk);
      kept += chunk.length;
      const text = Buffer.concat(chunks).toString("latin1");
      if (isEndless(text)) finish(false);
      else if (isComplete(text, bytes)) {
        if (isWhole) finish(false);
        else {
          clearTimeout(timer);
          timer = setTimeout(() => finish(false), afterwardsMs);
        }
      }
    });
    // A reset is an answer as well, and an end without a word.
    socket.on("error", () => finish(false));
    socket.on("close", () => finish(false));
    socket.on("end", () => finish(false));
    socket.write(bytes);

    function late(): void {
      // One that began in time is long; whether it ends is seen by who waits for more.
      if (isWhole || isGivenUp) {
        finish(firstMs === undefined);
        return;
      }
      // It may wait for more of what ends early. Once there is none, it has to say so.
      isGivenUp = true;
      started = performance.now();
      socket.end();
      timer = setTimeout(late, waitMs);
    }

    function finish(hangs: boolean): void {
      clearTimeout(timer);
      socket.destroy();
      const text = Buffer.concat(chunks).toString("latin1");
      const statuses = [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
      resolve({ statuses, text, ms: firstMs ?? performance.now() - started, hangs });
    }
  });
}

function isEndless(text: string): boolean {
  return (
    /^content-type: text\/event-stream/im.test(text.split("\r\n\r\n", 1)[0] ?? "") && /\r\n\r\n./s.test(text)
  );
}

/** Whether the first answer is here in full, as its head tells. */
function isComplete(text: string, request: Buffer): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const head = text.slice(0, end);
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
  if (status === 100) return isComplete(text.slice(end + 4), request);
  if (status === 204 || status === 304 || request.subarray(0, 5).toString("latin1") === "HEAD ") return true;
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (length !== undefined) return text.length >= end + 4 + Number(length);
  return /^transfer-encoding: chunked/im.test(head) && text.endsWith("\r\n0\r\n\r\n");
}
