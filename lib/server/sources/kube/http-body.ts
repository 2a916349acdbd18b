import type http from "node:http";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

/** The whole body of an answer, unzipped. `tooLarge` is to end the request. */
export async function readBody(
  res: http.IncomingMessage,
  maxBytes: number,
  tooLarge: () => void,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const unzipped = res.headers["content-encoding"] === "gzip" ? pipeline(res, createGunzip(), () => {}) : res;
  for await (const chunk of unzipped) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) {
      tooLarge();
      break;
    }
  }
  // A body cut short ends without an error where it is neither chunked nor of a declared length.
  if (bytes > maxBytes || !res.complete)
    throw Object.assign(new Error("the answer broke off"), { code: "ECONNRESET" });
  return Buffer.concat(chunks).toString("utf8");
}
