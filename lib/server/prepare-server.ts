import { readAccess } from "./auth/auth-settings.ts";
import { installGate } from "./gate/install.ts";
import { listeningProblem } from "./gate/listening.ts";
import { sendWholeContentTypes } from "./http/whole-content-types.ts";
import { createLog } from "./log.ts";

/** What has to stand before the server takes a request. Ends the process, with words, where it would not be safe. */
export function prepareServer(): void {
  const access = readAccess(process.env);
  const problems =
    access.kind === "invalid" ? access.problems : listeningProblem(access.access, process.env.HOSTNAME);
  if (access.kind === "invalid" || problems.length > 0) {
    process.stderr.write(`${problems.join("\n")}\n`);
    process.exit(2);
  }
  sendWholeContentTypes();
  installGate(access.access, createLog());
}
