import { whoLooks } from "#lib/server/auth/login-routes.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Response {
  return whoLooks(request);
}
