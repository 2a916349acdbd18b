/** Coming in and leaving, with a real identity provider on this machine, and with a token. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import Provider from "oidc-provider";
import { expect, serve, test } from "./serve.ts";

const secret = "a session secret of more than 32 letters";

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** An issuer that asks for a name and believes it; whoever signs in is in the group `platform`. */
async function provider(own: string) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: "throughline",
        client_secret: "the client's secret",
        redirect_uris: [`${own}/auth/callback`],
        post_logout_redirect_uris: [`${own}/auth/login?out=1`],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], groups: ["groups"] },
    scopes: ["openid", "email", "groups"],
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, groups: ["platform"] }),
    }),
    cookies: { keys: ["for the test alone"] },
    ttl: { AccessToken: 60, IdToken: 60, AuthorizationCode: 60, Grant: 600, Interaction: 600, Session: 600 },
  });
  const server = oidc.listen(port, "127.0.0.1");
  return { issuer, stop: () => new Promise((resolve) => server.close(resolve)) };
}

async function start(sessionSecret = secret) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const issuer = await provider(url);
  const env = {
    THROUGHLINE_AUTH: "oidc",
    THROUGHLINE_URL: url,
    THROUGHLINE_OIDC_ISSUER: issuer.issuer,
    THROUGHLINE_OIDC_CLIENT_ID: "throughline",
    THROUGHLINE_OIDC_CLIENT_SECRET: "the client's secret",
    THROUGHLINE_OIDC_SCOPES: "openid email groups",
    THROUGHLINE_SESSION_SECRET: sessionSecret,
  };
  const served = await serve(["--demo"], env, port);
  return {
    url,
    env,
    port,
    served,
    stop: async () => {
      await served.stop();
      await issuer.stop();
    },
  };
}

async function signIn(page: Page, name = "ada") {
  await page.getByRole("link", { name: "Sign in with your identity provider" }).click();
  await page.locator('input[name="login"]').fill(name);
  await page.locator('input[name="password"]').fill("anything");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("a login with OpenID Connect, from the link that was opened to signing out", async ({ browser }) => {
  test.slow();
  const { url, stop, served, env, port } = await start();
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    const nobody = await page.request.get(`${url}/api/v1/clusters`);
    expect(nobody.status()).toBe(401);
    expect(await nobody.json()).toMatchObject({ type: "/problems/not-signed-in" });

    await page.goto(`${url}/findings?q=search`);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await signIn(page);
    await expect(page).toHaveURL(`${url}/findings?q=search`);
    expect((await page.request.get(`${url}/api/v1/clusters`)).status()).toBe(200);
    const cookie = (await context.cookies()).find(({ name }) => name === "throughline-session");
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });

    // The callback's address, opened again: the login is used up.
    await page.goto(`${url}/auth/callback?code=again&state=again`);
    await expect(page.getByText("begun in another browser")).toBeVisible();

    // A session with a letter changed is none.
    const thief = await browser.newContext();
    const stolen = cookie?.value ?? "";
    const tampered = stolen.slice(0, -3) + (stolen.endsWith("AAA") ? "BBB" : "AAA");
    const answer = await thief.request.get(`${url}/api/v1/clusters`, {
      headers: { cookie: `throughline-session=${tampered}` },
    });
    expect(answer.status()).toBe(401);
    await thief.close();

    await page.goto(url);
    await page.getByRole("button", { name: "Account" }).click();
    await expect(page.getByText("ada@example.com")).toBeVisible();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: /yes, sign me out/i }).click();
    await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
    await page.goto(url);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();

    // Another secret, and the session that somebody kept is worth nothing.
    await served.stop();
    const again = await serve(["--demo"], { ...env, THROUGHLINE_SESSION_SECRET: `${secret}, changed` }, port);
    const kept = await page.request.get(`${url}/api/v1/clusters`, {
      headers: { cookie: `throughline-session=${stolen}` },
    });
    expect(kept.status()).toBe(401);
    await again.stop();
  } finally {
    await context.close();
    await stop();
  }
});

test("a team's token: wrong, right, and as a bearer", async ({ browser }) => {
  const token = "a token of a small team";
  const served = await serve(["--demo"], { THROUGHLINE_AUTH: "token", THROUGHLINE_TOKEN: token });
  const page = await browser.newPage();
  try {
    await page.goto(`${served.url}/matrix`);
    await page.getByLabel("The token of your team").fill("a guess");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("That is not the token.")).toBeVisible();
    await page.getByLabel("The token of your team").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(`${served.url}/matrix`);
    const bearer = await page.request.get(`${served.url}/metrics`, {
      headers: { authorization: `Bearer ${token}`, cookie: "" },
    });
    expect(bearer.status()).toBe(200);
  } finally {
    await page.close();
    await served.stop();
  }
});

test("a page elsewhere whose name leads here gets nothing", async ({ page }) => {
  const answer = await page.request.get("/api/v1/clusters", { headers: { host: "attacker.example.com" } });
  expect(answer.status()).toBe(421);
});
