import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readRequestLimits } from "./request-limits.ts";

const usual = {
  streams: 50,
  questions: 16,
  uploads: 4,
  perMinute: 1200,
  uploadBytes: 2048 * 1024 * 1024,
  uploadFiles: 100_000,
  uploadMs: 20 * 60_000,
};

it.each([
  [{}, usual],
  [{ THROUGHLINE_LIMIT_STREAMS: "" }, usual],
  [
    { THROUGHLINE_LIMIT_QUESTIONS: "3", THROUGHLINE_LIMIT_UPLOAD_MB: "1" },
    { ...usual, questions: 3, uploadBytes: 1024 * 1024 },
  ],
])("of %j the limits are known", (env, limits) => {
  expect(readRequestLimits(env)).toEqual({ kind: "limits", limits });
});

it.each([
  [{ THROUGHLINE_LIMIT_STREAMS: "0" }, "THROUGHLINE_LIMIT_STREAMS must be at least 1."],
  [{ THROUGHLINE_LIMIT_UPLOAD_MB: "99999" }, "THROUGHLINE_LIMIT_UPLOAD_MB must be at most 8192."],
  [
    { THROUGHLINE_LIMIT_PER_MINUTE: "many" },
    "THROUGHLINE_LIMIT_PER_MINUTE must be a whole number from 1 to 1000000.",
  ],
])("%j is refused, by name", (env, problem) => {
  expect(readRequestLimits(env)).toEqual({ kind: "invalid", problems: [problem] });
});

it("docs/limits.md names every setting with its default", () => {
  const text = readFileSync("docs/limits.md", "utf8");
  const row = (name: string) =>
    new RegExp(`^\\| \`THROUGHLINE_LIMIT_${name}\` +\\| ([\\d,]+) `, "m").exec(text)?.[1];
  expect({
    streams: row("STREAMS"),
    questions: row("QUESTIONS"),
    uploads: row("UPLOADS"),
    perMinute: row("PER_MINUTE"),
    uploadMb: row("UPLOAD_MB"),
    uploadFiles: row("UPLOAD_FILES"),
    uploadMinutes: row("UPLOAD_MINUTES"),
  }).toEqual({
    streams: "50",
    questions: "16",
    uploads: "4",
    perMinute: "1,200",
    uploadMb: "2,048",
    uploadFiles: "100,000",
    uploadMinutes: "20",
  });
});
