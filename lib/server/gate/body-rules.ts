import type { Arriving, Refusal } from "./refusal.ts";
import type { RequestLimits } from "./request-limits.ts";

/** Forms and short orders; nothing else is sent here but files. */
const mostBodyBytes = 64 * 1024;

/** Why what a request is about to send is not taken; undefined: it may be sent. */
export function refusedByBody(
  { method, headers }: Pick<Arriving, "method" | "headers">,
  isUpload: boolean,
  { uploadBytes }: Pick<RequestLimits, "uploadBytes">,
): Refusal | undefined {
  const length = headers["content-length"];
  const most = isUpload ? uploadBytes : mostBodyBytes;
  if (length !== undefined && Number(length) > most)
    return {
      kind: "refuse",
      status: 413,
      type: "body-too-large",
      title: isUpload ? "The file is too large" : "The request sends too much",
      detail: `It has ${Number(length).toLocaleString("en")} bytes; at most ${most.toLocaleString("en")} are taken.`,
      remedy: isUpload
        ? "Send less of it, for example one namespace at a time, or raise THROUGHLINE_LIMIT_UPLOAD_MB."
        : `A ${method} request has no use for that much.`,
    };
  // A length that is said beforehand is held to by Node; without one a sender could go on without an end.
  if (!isUpload && headers["transfer-encoding"] !== undefined)
    return {
      kind: "refuse",
      status: 411,
      type: "length-needed",
      title: "The request does not say how much it sends",
      detail: "Only files are taken without a length.",
      remedy: "Send a Content-Length header.",
    };
  return undefined;
}
