import { loadMatrixLink } from "#lib/protocol/matrix-link.ts";
import { clusterStatus } from "../http/cluster-status.ts";
import { openPage } from "./open-page.ts";

export function openMatrix(request: Request): Promise<Response> {
  const { cluster } = loadMatrixLink(request);
  return openPage<"open-matrix">(request, cluster, (asked) => ({
    status: clusterStatus(asked.cluster, asked.answers),
  }));
}
