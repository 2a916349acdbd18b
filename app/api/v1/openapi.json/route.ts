import { openApiDocument } from "#lib/server/http/openapi.ts";
import manifest from "../../../../package.json" with { type: "json" };

export const dynamic = "force-static";

export function GET(): Response {
  return Response.json(openApiDocument(manifest.version));
}
