/** Whoever sends slowly keeps a place from others: what is sent here has to arrive in time, and without long pauses. */
import type { IncomingMessage } from "node:http";

export interface SendingTimes {
  /** All of it, from the first byte. */
  readonly wholeMs: number;
  /** Nothing arrived for so long. */
  readonly pauseMs: number;
}

/**
 * Calls `late` once where a request's body is not there in time. Watches until it is, or the connection is gone, or the
 * function that it gives is called: while it watches, the request and what it sent stay in memory.
 */
export function arrivesInTime(
  request: IncomingMessage,
  { wholeMs, pauseMs }: SendingTimes,
  late: (why: "whole" | "pause") => void,
): () => void {
  const { socket } = request;
  let seen = socket.bytesRead;
  const over = () => {
    clearTimeout(whole);
    clearInterval(pause);
    request.off("end", over);
    request.off("close", over);
  };
  const whole = setTimeout(() => {
    over();
    if (!request.complete) late("whole");
  }, wholeMs);
  const pause = setInterval(() => {
    if (request.complete) return over();
    const { bytesRead } = socket;
    // What has arrived and was not read yet is nobody's pause but ours.
    if (bytesRead === seen && request.readableLength === 0) {
      over();
      late("pause");
    }
    seen = bytesRead;
  }, pauseMs);
  whole.unref();
  pause.unref();
  request.once("end", over);
  request.once("close", over);
  return over;
}
