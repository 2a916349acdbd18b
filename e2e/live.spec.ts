/** What changes shows by itself: the demo's incident, step by step, on open pages. */
import type { Page } from "@playwright/test";
import { expect, test } from "./serve.ts";

const checkout = (page: Page) => page.locator('[data-node="service/shop/checkout"]');
const ready = (page: Page) => expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
const verdict = (page: Page) => page.locator("[data-verdict]");
const question = "/trace?from=shop/deployment/checkout&to=inventory&port=80";

async function show(page: Page, step: number) {
  const answer = await page.request.post("/api/v1/demo", { data: { do: "show", step } });
  expect(answer.ok()).toBe(true);
}

// The incident is one for all pages of a server.
test.beforeEach(({ page }) => show(page, 0));
test.afterEach(({ page }) => show(page, 0));

test("a rollout that fails its probes shows on the map and the panel of two tabs, without a reload", async ({
  page,
  context,
}) => {
  await page.goto("/?show=service/shop/checkout");
  const other = await context.newPage();
  await other.goto("/?show=service/shop/checkout");
  for (const tab of [page, other]) {
    await ready(tab);
    await expect(checkout(tab)).toHaveAttribute("data-health", "ok");
    await expect(tab.getByRole("button", { name: "Hold the view" })).toBeVisible();
  }
  await show(page, 1);
  for (const tab of [page, other]) {
    await expect(checkout(tab)).toHaveAttribute("data-health", "partial");
    await expect(tab.getByRole("complementary", { name: "Details" })).toContainText("3 of 5");
  }
  await expect(checkout(page)).toHaveAttribute("data-changed", "true");
  await expect(checkout(page)).toHaveAttribute("data-changed", "false");
  await show(page, 2);
  for (const tab of [page, other]) await expect(checkout(tab)).toHaveAttribute("data-health", "broken");
});

test("an open trace turns red when a policy cuts DNS, and green when the fix lands", async ({ page }) => {
  await page.goto(question);
  await expect(verdict(page)).toContainText("Reachable.");
  await expect(page.getByRole("button", { name: "Hold the view" })).toBeVisible();
  await show(page, 4);
  await expect(verdict(page)).toContainText("Blocked.");
  await show(page, 5);
  await expect(verdict(page)).toContainText("Reachable.");
});

test("the incident is played, paused and stepped from the page", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  const health = page.getByRole("link", { name: /broken/ });
  const broken = Number.parseInt((await health.textContent()) ?? "", 10);
  const strip = page.getByRole("region", { name: "The demo's incident" });
  await strip.getByRole("button", { name: "Play an incident" }).click();
  await expect(strip).toContainText("two pods fail their readiness probe");
  await strip.getByRole("button", { name: "Pause" }).click();
  await strip.getByRole("button", { name: "Step on" }).click();
  await expect(strip).toContainText("2 of 5");
  await expect(health).toContainText(`${broken + 1} broken`);
  await strip.getByRole("link", { name: "Show me" }).click();
  await expect(page.getByRole("complementary", { name: "Details" })).toContainText("checkout");
});

test("a held view stays as it is and counts, and follows again", async ({ page }) => {
  await page.goto("/?show=service/shop/checkout");
  await ready(page);
  await expect(page.getByRole("button", { name: "Hold the view" })).toBeVisible();
  await page.keyboard.press("p");
  await expect(page.getByText("Paused")).toBeVisible();
  await show(page, 1);
  await expect(page.getByText("Paused · 1 change")).toBeVisible();
  await expect(checkout(page)).toHaveAttribute("data-health", "ok");
  await page.keyboard.press("p");
  await expect(checkout(page)).toHaveAttribute("data-health", "partial");
});

test("a lost connection is said, and what happened meanwhile is shown once it is back", async ({
  page,
  context,
}) => {
  await page.goto("/?show=service/shop/checkout");
  await ready(page);
  await expect(page.getByRole("button", { name: "Hold the view" })).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("Connection lost")).toBeVisible({ timeout: 30_000 });
  await context.setOffline(false);
  await show(page, 1);
  await expect(checkout(page)).toHaveAttribute("data-health", "partial", { timeout: 30_000 });
});
