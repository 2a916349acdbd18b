import { z } from "zod";
import type { Env } from "../env.ts";
import { defaultLimits, type Limits, mebibyte } from "../sources/files/limits.ts";

/** How much one person may ask of this server at a time; one address, where people are not told apart. */
export interface RequestLimits {
  /** Streams that are open. A page has one, and gives it up while nobody looks. */
  readonly streams: number;
  /** Questions under way: everything that is worked out of a cluster, pages too. */
  readonly questions: number;
  /** Files that are sent here at the same time, by all together: each may fill memory. One person has half of them. */
  readonly uploads: number;
  /** Requests a minute, a quarter of them at once; a tenth for logins. */
  readonly perMinute: number;
  /** What one sent file may hold, packed and unpacked. */
  readonly uploadBytes: number;
  /** Files in a sent archive. */
  readonly uploadFiles: number;
  /** A file has to have arrived after so long. */
  readonly uploadMs: number;
}

const count = (most: number, usual: number) =>
  z.coerce
    .number(`must be a whole number from 1 to ${most}`)
    .int(`must be a whole number from 1 to ${most}`)
    .min(1, "must be at least 1")
    .max(most, `must be at most ${most}`)
    .default(usual);

const shape = z.object({
  THROUGHLINE_LIMIT_STREAMS: count(10_000, 50),
  THROUGHLINE_LIMIT_QUESTIONS: count(10_000, 16),
  THROUGHLINE_LIMIT_UPLOADS: count(100, 4),
  THROUGHLINE_LIMIT_PER_MINUTE: count(1_000_000, 1_200),
  THROUGHLINE_LIMIT_UPLOAD_MB: count(8_192, defaultLimits.totalBytes / mebibyte),
  THROUGHLINE_LIMIT_UPLOAD_FILES: count(1_000_000, defaultLimits.entries),
  THROUGHLINE_LIMIT_UPLOAD_MINUTES: count(240, 20),
});

export type RequestLimitsResult =
  | { readonly kind: "limits"; readonly limits: RequestLimits }
  /** One sentence each: the variable, what is wrong, what it may be. */
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

/** Reads the limits from the environment. An empty variable counts as not set. */
export function readRequestLimits(env: Env): RequestLimitsResult {
  const set = Object.fromEntries(Object.keys(shape.shape).map((name) => [name, env[name] || undefined]));
  const parsed = shape.safeParse(set);
  if (!parsed.success)
    return {
      kind: "invalid",
      problems: parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}.`),
    };
  const { data } = parsed;
  return {
    kind: "limits",
    limits: {
      streams: data.THROUGHLINE_LIMIT_STREAMS,
      questions: data.THROUGHLINE_LIMIT_QUESTIONS,
      uploads: data.THROUGHLINE_LIMIT_UPLOADS,
      perMinute: data.THROUGHLINE_LIMIT_PER_MINUTE,
      uploadBytes: data.THROUGHLINE_LIMIT_UPLOAD_MB * mebibyte,
      uploadFiles: data.THROUGHLINE_LIMIT_UPLOAD_FILES,
      uploadMs: data.THROUGHLINE_LIMIT_UPLOAD_MINUTES * 60_000,
    },
  };
}

const key: unique symbol = Symbol.for("throughline.request-limits");
const holder: typeof globalThis & { [key]?: RequestLimits | undefined } = globalThis;

/** The limits, read once for the process. Throws where they are invalid: whoever starts the server checks them. */
export function requestLimits(): RequestLimits {
  holder[key] ??= fromEnvironment();
  return holder[key];
}

function fromEnvironment(): RequestLimits {
  const result = readRequestLimits(process.env);
  if (result.kind === "invalid") throw new Error(result.problems.join(" "));
  return result.limits;
}

/** The limits of reading a file that somebody sent. */
export function limitsOfUploads({ uploadBytes, uploadFiles }: RequestLimits): Limits {
  return {
    ...defaultLimits,
    entries: uploadFiles,
    totalBytes: uploadBytes,
    entryBytes: Math.min(defaultLimits.entryBytes, uploadBytes),
  };
}
