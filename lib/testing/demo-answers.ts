/** For tests only: the demo cluster as a session would answer for it. */
import { type Answers, answersOf, engine } from "#lib/server/session/answers.ts";
import { demoSource } from "#lib/server/sources/demo/demo-source.ts";
import type { SourceResult } from "#lib/server/sources/source.ts";

/** Reads the demo's files each time: call it once a test file. */
export function readDemo(): Promise<SourceResult> {
  return demoSource(process.cwd()).read(() => {}, new AbortController().signal);
}

export async function demoAnswers(): Promise<Answers> {
  const result = await readDemo();
  if (result.kind === "failed") throw new Error(`${result.failure.title} ${result.failure.detail}`);
  const answers = answersOf(result.snapshot, "2026-11-20T21:14:00Z", engine);
  return { ...answers, version: 1, etag: "demo-1" };
}
