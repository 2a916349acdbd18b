import { loginByToken } from "#lib/server/auth/login-routes.ts";

export const dynamic = "force-dynamic";

export function POST(request: Request): Promise<Response> {
  return loginByToken(request);
}
