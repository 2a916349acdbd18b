import type { X509 } from "#lib/model/objects.ts";
import { durationWords } from "../duration-words.ts";

export interface Validity {
  readonly state: "valid" | "expires-soon" | "expired" | "not-yet-valid";
  /** "expires in 12 days", "expired 3 h ago", "not valid for another 20 min". */
  readonly words: string;
}

const day = 24 * 60 * 60 * 1000;

/**
 * Where a moment (ms since 1970) is in a certificate's life. Soon is the last quarter of it, and never more than 30 days:
 * what renews by itself does so with a third left, so one that comes to its last quarter was not renewed, be it made for
 * a year or for a day.
 */
export function validityOf(
  { notBefore, notAfter }: Pick<X509, "notBefore" | "notAfter">,
  now: number,
): Validity {
  const from = Date.parse(notBefore);
  const until = Date.parse(notAfter);
  if (now > until) return { state: "expired", words: `expired ${durationWords(now - until)} ago` };
  if (now < from)
    return { state: "not-yet-valid", words: `not valid for another ${durationWords(from - now)}` };
  const words = `expires in ${durationWords(until - now)}`;
  const soon = Math.min(30 * day, (until - from) / 4);
  return { state: until - now < soon ? "expires-soon" : "valid", words };
}
