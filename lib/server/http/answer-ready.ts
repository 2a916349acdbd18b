import { accessSettings } from "../auth/access.ts";
import { clustersFor, tellsPeopleApart } from "../auth/clusters-for.ts";
import { clusters } from "../clusters.ts";
import { bugResponse, withAnswers } from "./with-answers.ts";

/** Ready once the default cluster has answers; until then its problem document. */
export async function answerReady(request: Request): Promise<Response> {
  try {
    const ok = () => Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
    // Whoever probes is nobody: they learn that it is not ready, and not why.
    if (tellsPeopleApart(accessSettings())) {
      const registry = clusters();
      const current = await registry.get(registry.defaultId)?.answers();
      return current?.answers === undefined ? Response.json({ status: "starting" }, { status: 503 }) : ok();
    }
    return await withAnswers(request, clustersFor(request.headers).defaultId, ok);
  } catch (error) {
    return bugResponse(error, "/readyz");
  }
}
