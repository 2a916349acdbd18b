import { readAccess } from "./auth/auth-settings.ts";
import { compactMemory } from "./compact-memory.ts";
import { consoleToLog } from "./console-to-log.ts";
import { endOnSignals, readDrain } from "./ending/end-on-signals.ts";
import { installGate } from "./gate/install.ts";
import { listeningProblem } from "./gate/listening.ts";
import { readRequestLimits } from "./gate/request-limits.ts";
import { sendWholeContentTypes } from "./http/whole-content-types.ts";
import { createLog } from "./log.ts";
import { measureRequests } from "./metrics/measure-requests.ts";
import { readSettings } from "./settings.ts";
import { startClustersThread } from "./thread/start-thread.ts";

/** What has to stand before the server takes a request. Ends the process, with words, where it would not be safe. */
export function prepareServer(): void {
  const access = readAccess(process.env);
  const drain = readDrain(process.env);
  const limits = readRequestLimits(process.env);
  const problems = [
    ...(access.kind === "invalid" ? access.problems : listeningProblem(access.access, process.env.HOSTNAME)),
    ...(drain.kind === "invalid" ? [drain.problem] : []),
    ...(limits.kind === "invalid" ? limits.problems : []),
  ];
  if (
    access.kind === "invalid" ||
    drain.kind === "invalid" ||
    limits.kind === "invalid" ||
    problems.length > 0
  ) {
    process.stderr.write(`${problems.join("\n")}\n`);
    process.exit(2);
  }
  const settings = readSettings(process.env, process.cwd());
  const log = createLog(settings.kind === "settings" ? settings.settings.logLevel : undefined);
  const compaction = compactMemory();
  sendWholeContentTypes();
  measureRequests();
  installGate(access.access, limits.limits, log);
  // While developing, the process is `next dev`'s own.
  if (process.env.NODE_ENV === "production") {
    consoleToLog(log);
    endOnSignals(drain.drainMs, log);
    startClustersThread(log, () => compaction.collected());
  }
}
