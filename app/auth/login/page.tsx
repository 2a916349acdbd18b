import type { Metadata } from "next";
import { Screen } from "#components/shell/screen.tsx";
import { buttonClass } from "#components/ui/button.tsx";
import { accessSettings } from "#lib/server/auth/access.ts";
import { safePlace } from "#lib/server/auth/login-routes.ts";
import { openSaid } from "#lib/server/auth/session-cookie.ts";

export const metadata: Metadata = { title: "Sign in" };
export const dynamic = "force-dynamic";

export default async function LoginPage({ searchParams }: PageProps<"/auth/login">) {
  const query = await searchParams;
  const text = (name: string) => {
    const value = query[name];
    return typeof value === "string" ? value.slice(0, 4_000) : undefined;
  };
  const to = safePlace(text("to") ?? null);
  const { auth } = accessSettings();
  const { mode } = auth;
  const said = "sessions" in auth ? await openSaid(text("said"), auth.sessions, Date.now()) : undefined;
  const words = text("wrong") === undefined ? said : { problem: "That is not the token.", remedy: "" };
  return (
    <Screen kicker="Throughline" title={text("out") === undefined ? "Sign in" : "You are signed out"}>
      {words === undefined ? null : (
        <p role="alert" className="rounded-lg bg-broken-soft p-3 text-[13px] text-broken">
          {words.problem} {words.remedy}
        </p>
      )}
      {mode === "token" ? (
        <form method="post" action="/auth/token" className="space-y-3">
          <input type="hidden" name="to" value={to} />
          <label className="block text-[13px] text-ink-2">
            The token of your team
            <input
              name="token"
              type="password"
              required
              autoComplete="current-password"
              className="mt-1.5 block h-9 w-full rounded-lg border border-line bg-ground px-3 text-[14px] text-ink"
            />
          </label>
          <button type="submit" className={buttonClass("primary")}>
            Sign in
          </button>
        </form>
      ) : mode === "oidc" ? (
        <a href={`/auth/start?to=${encodeURIComponent(to)}`} className={buttonClass("primary")}>
          Sign in with your identity provider
        </a>
      ) : (
        <a href="/" className={buttonClass("primary")}>
          Open the map
        </a>
      )}
    </Screen>
  );
}
