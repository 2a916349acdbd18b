/** Who asks for too much is told so in words, and the page goes on by itself once there is room. */
import type { Page } from "@playwright/test";
import { expect, serve, test } from "./serve.ts";

const live = (page: Page) => page.getByRole("button", { name: "Hold the view" });

test("a page too many says that it follows nothing, and follows once another is closed", async ({
  browser,
}) => {
  const served = await serve(["--demo"], { THROUGHLINE_LIMIT_STREAMS: "1" });
  const [first, second] = await Promise.all([1, 2].map(async () => (await browser.newContext()).newPage()));
  if (first === undefined || second === undefined) throw new Error("no pages");
  await first.goto(served.url);
  await expect(live(first)).toBeVisible();
  await second.goto(served.url);
  await expect(second.getByText("Too many pages follow at once")).toBeVisible();
  await first.close();
  await expect(live(second)).toBeVisible();
  await second.context().close();
  await served.stop();
});

/** The first answer says that the server is busy; the ones after it are the server's own. */
async function busyOnce(page: Page, address: RegExp, method: string, title: string) {
  let asked = 0;
  await page.route(address, async (route) => {
    if (route.request().method() !== method || asked++ > 0) return route.continue();
    const problem = {
      type: "/problems/too-many-requests",
      title,
      status: 429,
      detail: "At most 16 questions at the same time are taken from one person or address, and there are 16.",
      remedy: "Ask again in a second; pages do so by themselves.",
    };
    await route.fulfill({
      status: 429,
      headers: { "retry-after": "2" },
      contentType: "application/problem+json",
      body: JSON.stringify(problem),
    });
  });
}

test("a search that comes at a busy moment says so, and is answered after it", async ({ page }) => {
  await busyOnce(page, /\/search\?q=checkout/, "GET", "Too many questions at once");
  await page.goto("/");
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  await page.keyboard.press("/");
  await page.getByPlaceholder(/Find anything/).fill("checkout");
  await expect(page.getByText("Too many questions at once")).toBeVisible();
  await expect(page.getByRole("option").first()).toContainText("checkout");
  await expect(page.getByText("Too many questions at once")).toBeHidden();
});

test("a file that is dropped at a busy moment waits, and opens by itself", async ({ page }) => {
  await busyOnce(page, /\/api\/v1\/clusters\?name=/, "POST", "Others are sending files at the moment");
  await page.goto("/");
  await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
  await page.locator("[data-open-file]").setInputFiles({
    name: "busy.yaml",
    mimeType: "application/yaml",
    buffer: Buffer.from(
      "apiVersion: v1\nkind: Service\nmetadata: { name: lonely, namespace: shop }\nspec: { ports: [{ port: 80 }] }\n",
    ),
  });
  await expect(
    page.getByText("Others are sending files at the moment; busy.yaml is sent again by itself"),
  ).toBeVisible();
  await expect(page).toHaveURL(/cluster=busy\.yaml/);
});
