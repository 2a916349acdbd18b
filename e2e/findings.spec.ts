/** Journeys over what was found, on the built-in demo. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./serve.ts";

const wrongLabel = "NET-101/service/shop/recommendations/spec.selector";

async function ready(page: Page) {
  await page.locator('[data-map][data-ready="true"]').waitFor();
}

test("from the health line to a finding, its fix, the lit map, the check's page, and back by link", async ({
  page,
  context,
}) => {
  await page.goto("/");
  await ready(page);
  await page.getByRole("link", { name: /broken/ }).click();
  await expect(page).toHaveURL(/\/findings/);
  await ready(page);

  await page.getByRole("button", { name: /labels that recommendations selects/ }).click();
  await expect(page).toHaveURL(/open=NET-101\/service\/shop\/recommendations/);
  const card = page.locator(`[data-problem="${wrongLabel}"]`);
  await expect(card.getByText("1 label differs")).toBeVisible();
  await expect(card.getByRole("region", { name: "The patch" })).toContainText("recommendations");
  // Lit: the Service and the pods that were meant; the rest of the map is dimmed.
  await expect(page.locator('[data-node="service/shop/recommendations"]')).not.toHaveClass(/opacity-35/);
  await expect(page.locator('[data-node="service/shop/search"]')).toHaveClass(/opacity-35/);

  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.locator(`[data-problem="${wrongLabel}"]`).getByText("1 label differs")).toBeVisible();

  await card.getByRole("link", { name: "What NET-101 means" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "A Service selects no pod in its namespace",
  );
  await page.getByRole("link", { name: "Where it is found in this cluster" }).click();
  await expect(page.locator("[data-problem]")).toHaveCount(1);
});

test("filters and groupings are in the link, and count what they leave", async ({ page }) => {
  await page.goto("/findings");
  await ready(page);
  const all = await page.locator("[data-problem]").count();
  await page.getByRole("button", { name: /at risk/ }).click();
  await expect(page).toHaveURL(/severity=warning/);
  await expect.poll(() => page.locator("[data-problem]").count()).toBeLessThan(all);

  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("searchbox").or(page.getByLabel("Search the findings")).fill("order-admin");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=order-admin/);
  await expect(page.locator("[data-problem]")).toHaveCount(1);

  await page.goto("/findings?by=code");
  await expect(
    page.getByRole("heading", { level: 2, name: /^NET-101 · A Service selects no pod/ }),
  ).toBeVisible();
});

test("by keyboard alone: search, open, close", async ({ page }) => {
  await page.goto("/findings");
  await ready(page);
  await page.keyboard.press("/");
  await page.keyboard.type("recommendations NET-101");
  await page.keyboard.press("Enter");
  await expect(page.locator(`[data-problem="${wrongLabel}"]`)).toBeVisible();
  const row = page.locator(`[data-problem="${wrongLabel}"] > button`);
  await row.focus();
  await page.keyboard.press("Enter");
  await expect(row).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("Escape");
  await expect(row).toHaveAttribute("aria-expanded", "false");
});

test("every check has its page, and what is none says so", async ({ page }) => {
  await page.goto("/checks");
  await page.getByRole("link", { name: /NET-102/ }).click();
  await expect(page.getByRole("heading", { name: "When to ignore it" })).toBeVisible();
  const gone = await page.goto("/checks/NET-999");
  expect(gone?.status()).toBe(404);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on the findings and the checks, ${colorScheme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme });
    for (const path of [
      `/findings?open=${wrongLabel}`,
      "/findings?by=namespace&q=nothing-is-named-so",
      "/checks",
      "/checks/NET-101",
    ]) {
      await page.goto(path);
      if (path.startsWith("/findings")) await ready(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map((v) => `${path} ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`),
      ).toEqual([]);
    }
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("the list is the page, and nothing scrolls sideways", async ({ page }) => {
    await page.goto("/findings");
    await page.locator("[data-problem]").first().getByRole("button").first().tap();
    await expect(page.getByText("Smallest fix.")).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
