import { once } from "node:events";
import { styleText } from "node:util";
import type { Severity } from "#lib/model/finding.ts";
import type { HopOutcome, Verdict } from "#lib/model/trace.ts";

/** How words look; the sign says the same without it. */
export type Tone = "good" | "bad" | "partly" | "unknown" | "faint" | "strong";
export type Paint = (tone: Tone, text: string) => string;

const formats = {
  good: "green",
  bad: "red",
  partly: "yellow",
  unknown: "magenta",
  faint: "dim",
  strong: "bold",
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

/** Colours where standard output is a terminal that wants them (NO_COLOR, FORCE_COLOR); plain words elsewhere. */
export const paint: Paint = (tone, text) => styleText(formats[tone], text);

interface Sign {
  readonly sign: string;
  readonly tone: Tone;
}

export const signs: Readonly<Record<Verdict | HopOutcome | Severity, Sign>> = {
  reachable: { sign: "✓", tone: "good" },
  pass: { sign: "✓", tone: "good" },
  blocked: { sign: "✗", tone: "bad" },
  block: { sign: "✗", tone: "bad" },
  depends: { sign: "~", tone: "partly" },
  partial: { sign: "~", tone: "partly" },
  unknown: { sign: "?", tone: "unknown" },
  error: { sign: "✗", tone: "bad" },
  warning: { sign: "!", tone: "partly" },
  info: { sign: "i", tone: "faint" },
  skipped: { sign: "·", tone: "faint" },
};

/** Columns to wrap words at; undefined where nobody looks at a screen, so that lines stay whole for grep. */
export function screenWidth(): number | undefined {
  return process.stdout.isTTY ? Math.max(40, process.stdout.columns) : undefined;
}

/** Writes to standard output, waiting where it takes no more. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

/** What a pipe takes at a time; thousands of lines one by one would cost a third of the whole. */
const pieceLength = 64 * 1024;

export interface Pieces {
  print(text: string): Promise<void>;
  end(): Promise<void>;
}

/** Writes to standard output in pieces, for very much text. */
export function inPieces(): Pieces {
  let piece = "";
  const end = () => {
    const text = piece;
    piece = "";
    return print(text);
  };
  return {
    async print(text) {
      piece += text;
      if (piece.length >= pieceLength) await end();
    },
    end,
  };
}

/** `… | head` closes the output early. That is no bug, and no answer either. */
export function endWhenOutputCloses(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(2);
  });
}
