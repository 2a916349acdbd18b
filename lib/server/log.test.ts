import { expect, it } from "vitest";
import { createLog } from "./log.ts";

it("writes one line of JSON an entry, from the lowest level on", () => {
  const lines: string[] = [];
  const log = createLog(
    "warn",
    (line) => lines.push(line),
    () => "2026-01-01T00:00:00Z",
  );
  log("info", "left out");
  log("warn", "cluster not read", { cluster: "prod", ms: 12, code: undefined });
  expect(lines).toEqual([
    '{"time":"2026-01-01T00:00:00Z","level":"warn","msg":"cluster not read","cluster":"prod","ms":12}\n',
  ]);
});
