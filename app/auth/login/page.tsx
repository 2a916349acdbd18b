import type { Metadata } from "next";
import { Screen } from "#components/shell/screen.tsx";
import { buttonClass } from "#components/ui/button.tsx";
import { accessSettings } from "#lib/server/auth/access.ts";
import { safePlace } from "#lib/server/auth/login-routes.ts";

export const metadata: Metadata = { title: "Sign in" };
export const dynamic = "force-dynamic";

export default async function LoginPage({ searchParams }: PageProps<"/auth/login">) {
  const query = await searchParams;
  const text = (name: string) => {
    const value = query[name];
    return typeof value === "string" ? value.slice(0, 300) : undefined;
  };
  const to = safePlace(text("to") ?? null);
  const { mode } = accessSettings().auth;
  const problem = text("wrong") === undefined ? text("problem") : "That is not the token.";
  return (
    <Screen kicker="Throughline" title={text("out") === undefined ? "Sign in" : "You are signed out"}>
      {problem === undefined ? null : (
        <p role="alert" className="rounded-lg bg-broken-soft p-3 text-[13px] text-broken">
          {problem} {text("remedy")}
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
