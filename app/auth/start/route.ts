import { startLogin } from "#lib/server/auth/login-routes.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return startLogin(request);
}
