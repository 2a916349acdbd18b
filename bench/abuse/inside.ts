/** Loaded into the server's process before it starts (`--import`): tells its parent what work it did, and what memory it keeps. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");

process.on("message", (asked) => {
  if (asked === "work") {
    const { user, system } = process.cpuUsage();
    process.send?.({ ms: (user + system) / 1_000 });
    return;
  }
  // Twice: what finalizers let go of in the first is freed in the second.
  if (typeof collectGarbage === "function") for (let i = 0; i < 2; i++) collectGarbage();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  process.send?.({ rss, heapUsed, external, arrayBuffers });
});
// To be asked is no reason to stay.
process.channel?.unref();
