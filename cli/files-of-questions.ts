import { readFile, stat } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import {
  type ExpectationProblem,
  type Expectations,
  readExpectations,
} from "#lib/server/questions/read-expectations.ts";
import { bytesInWords, defaultLimits } from "#lib/server/sources/files/limits.ts";

/** Reads files of questions in the order given; `-` is standard input. What cannot be read is a problem beside the rest. */
export async function filesOfQuestions(files: readonly string[]): Promise<Expectations> {
  const read: Expectations[] = [];
  // One after the other: standard input may be named twice, and can be read once.
  for (const file of files) read.push(await fileOfQuestions(file));
  return {
    expectations: read.flatMap(({ expectations }) => expectations),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** Problems as an editor would list them: by file in the order given, then by line. */
export function inOrderOf(
  files: readonly string[],
  problems: readonly ExpectationProblem[],
): readonly ExpectationProblem[] {
  const names = files.map(nameOf);
  return [...problems].sort(
    (a, b) => names.indexOf(a.file) - names.indexOf(b.file) || (a.line ?? 0) - (b.line ?? 0),
  );
}

function nameOf(file: string): string {
  return file === "-" ? "stdin" : file;
}

async function fileOfQuestions(file: string): Promise<Expectations> {
  const cannot = (why: string) => ({ expectations: [], problems: [{ file: nameOf(file), why }] });
  if (file === "-") return readExpectations(await buffer(process.stdin), nameOf(file));
  try {
    const about = await stat(file);
    if (about.isDirectory()) return cannot("it is a folder; name the files of questions in it");
    if (about.size > defaultLimits.documentBytes)
      return cannot(`it is larger than ${bytesInWords(defaultLimits.documentBytes)}`);
    return readExpectations(await readFile(file), nameOf(file));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return cannot("there is no such file");
    return cannot(`it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
