import type { AddedCluster } from "#lib/protocol/answers.ts";
import { clustersFor } from "../auth/clusters-for.ts";
import { limitsOfUploads, requestLimits } from "../gate/request-limits.ts";
import { uploadSource } from "../sources/files/upload-source.ts";
import { problemResponse } from "./problem-response.ts";
import { bugResponse } from "./with-answers.ts";

const longestName = 200;

/**
 * A dropped file becomes a cluster of its own. The body is read as it arrives, within the limits of the files source,
 * and kept in memory only. Answers 201 with the new cluster, 400 without a name or a body, 413 where it
 * is over a limit, 422 with the reason when nothing in it could be used.
 */
export async function takeUpload(request: Request): Promise<Response> {
  const { searchParams, pathname: instance } = new URL(request.url);
  try {
    // Only ever shown; what a path would mean here is nobody's business.
    const name = (searchParams.get("name") ?? "").replace(/^.*[/\\]/, "").slice(0, longestName);
    if (name === "" || request.body === null) {
      return problemResponse({
        type: "upload-malformed",
        title: request.body === null ? "Nothing was sent" : "The upload has no name",
        status: 400,
        detail:
          "An upload needs a body, and the file's name as ?name=dump.tar.gz: its ending says what it is.",
        instance,
      });
    }
    const registry = clustersFor(request.headers);
    const source = uploadSource([{ name, stream: request.body }], {
      id: registry.freeId(name),
      name,
      limits: limitsOfUploads(requestLimits()),
    });
    const result = await source.read(() => {}, request.signal);
    if (result.kind === "failed") {
      const { code, title, detail, remedy } = result.failure;
      const status = code === "too-large" ? 413 : 422;
      return problemResponse({ type: code, title, status, detail, remedy, instance });
    }
    // Asked for again: while this file was read another one of its name may have come in.
    const id = registry.freeId(name);
    registry.add({ ...source, id });
    const added: AddedCluster = { id, name };
    return Response.json(added, {
      status: 201,
      headers: { location: `/api/v1/clusters/${encodeURIComponent(id)}/graph` },
    });
  } catch (error) {
    return bugResponse(error, instance);
  }
}
