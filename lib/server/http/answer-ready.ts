import { clusters } from "../clusters.ts";
import { bugResponse, withAnswers } from "./with-answers.ts";

/** Ready once the default cluster has answers; until then its problem document. */
export async function answerReady(request: Request): Promise<Response> {
  try {
    return await withAnswers(request, clusters().defaultId, () =>
      Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } }),
    );
  } catch (error) {
    return bugResponse(error, "/readyz");
  }
}
