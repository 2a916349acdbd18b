import { existsSync } from "node:fs";
import path from "node:path";
import { ending } from "../ending/ending.ts";
import { gateMark } from "../gate/passed.ts";
import type { Log } from "../log.ts";
import { askOn } from "./ask-clusters.ts";
import { ClustersThread } from "./clusters-thread.ts";

/** Where the build puts the thread's modules, beside the server. */
export const threadFile = "clusters-thread.mjs";

/**
 * From now on clusters live on a thread of their own. Should it end by itself, as it does when memory is used up, the
 * process ends: whoever started it starts it again. `collected` is called whenever it has collected all its garbage.
 */
export function startClustersThread(log: Log, collected: () => void): void {
  const file = path.join(process.env.THROUGHLINE_ROOT ?? process.cwd(), threadFile);
  if (!existsSync(file)) {
    log("warn", "clusters are answered on the web server's thread: the build has no other", {});
    return;
  }
  const thread = new ClustersThread(file, { mark: gateMark() }, log, {
    died: () => process.exit(1),
    collected,
  });
  ending().signal.addEventListener("abort", () => thread.end(), { once: true });
  askOn(thread);
}
