import type { ReadProgress } from "#lib/server/sources/source.ts";

/** Below this nobody wonders. */
const quietMs = 1_000;
const everyMs = 200;

export interface ReadingProgress {
  told(progress: ReadProgress): void;
  /** Takes the line away again. */
  end(): void;
}

/** Says in one line on a terminal how far a read has come, once it takes long; says nothing to a file or a log. */
export function readingProgress(name: string, to: NodeJS.WriteStream): ReadingProgress {
  if (!to.isTTY) return { told: () => {}, end: () => {} };
  let progress: ReadProgress | undefined;
  let shown = false;
  const show = () => {
    const line = `reading ${name}${progress === undefined ? "" : `: ${inWords(progress)}`}`;
    to.write(`\r\x1b[K${line.slice(0, Math.max(20, to.columns - 1))}`);
    shown = true;
  };
  let every: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    show();
    every = setInterval(show, everyMs);
  }, quietMs);
  return {
    told(now) {
      progress = now;
    },
    end() {
      clearTimeout(first);
      clearInterval(every);
      if (shown) to.write("\r\x1b[K");
    },
  };
}

function inWords({ done, of, objects, reading }: ReadProgress): string {
  const what = reading === undefined ? "" : `, now ${reading}`;
  // Files are counted as they come, so that there always are as many as have been read.
  const steps = done === of ? "" : `${done} of ${of} kinds, `;
  return `${steps}${objects.toLocaleString("en")} objects${what}`;
}
