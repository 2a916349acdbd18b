import { parseObjectId } from "#lib/model/ids.ts";
import { loadLink } from "#lib/protocol/link.ts";
import { graphAnswer } from "../http/answer-graph.ts";
import { panelAnswer } from "../http/answer-object.ts";
import { openPage } from "./open-page.ts";

export function openMap(request: Request): Promise<Response> {
  const link = loadLink(request);
  const shown = link.show === null ? undefined : parseObjectId(link.show);
  return openPage<"open-map">(request, link.cluster, (asked) => ({
    first: graphAnswer(asked, link),
    panel: shown === undefined ? undefined : panelAnswer(asked, shown),
  }));
}
