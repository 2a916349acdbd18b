import { accessSettings } from "../auth/access.ts";
import { clustersFor } from "../auth/clusters-for.ts";
import { clusters } from "../clusters.ts";
import { ending } from "../ending/ending.ts";
import { problemResponse } from "./problem-response.ts";
import { bugResponse, withAnswers } from "./with-answers.ts";

/** Ready once the default cluster has answers, until the process is told to end; else a problem document. */
export async function answerReady(request: Request): Promise<Response> {
  if (ending().signal.aborted)
    return problemResponse({
      type: "ending",
      title: "This server is ending",
      status: 503,
      detail: "It answers what is under way, and takes nothing new.",
      instance: "/readyz",
    });
  try {
    const ok = () => Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
    // Whoever probes is nobody: they learn that it is not ready, and not why.
    if (accessSettings().auth.mode !== "loopback") {
      const registry = clusters();
      const current = await registry.get(registry.defaultId)?.answers();
      return current?.answers === undefined ? Response.json({ status: "starting" }, { status: 503 }) : ok();
    }
    return await withAnswers(request, clustersFor(request.headers).defaultId, ok);
  } catch (error) {
    return bugResponse(error, "/readyz");
  }
}
