import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./serve.ts";

/** A card on the map, by its id. */
const card = (page: Page, id: string) => page.locator(`[data-map] [data-node="${id}"]`);
const ready = (page: Page) => expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");

test("open the demo, search a Service, read its endpoints' health, copy the link, open it elsewhere: the same view", async ({
  page,
  browser,
}) => {
  await page.goto("/");
  await ready(page);
  await page.keyboard.press("/");
  await page.getByPlaceholder("Find anything: name, label, IP, host, port").fill("shop search");
  await page
    .getByRole("option", { name: /search.*service/i })
    .first()
    .click();

  const panel = page.getByRole("complementary", { name: "Details" });
  await expect(panel.getByRole("heading", { level: 2, name: "search" })).toBeVisible();
  await expect(panel.locator("[data-verdict]")).toContainText("3 of 5 endpoints");
  await expect(panel.locator("[data-endpoint]")).toHaveCount(5);
  await expect(panel.getByText(/readiness probe failing/).first()).toBeVisible();
  await expect(card(page, "service/shop/search")).toHaveAttribute("aria-pressed", "true");

  await panel.getByRole("button", { name: "Copy link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).searchParams.get("show")).toBe("service/shop/search");

  const other = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const second = await other.newPage();
  await second.goto(link);
  await ready(second);
  const secondPanel = second.getByRole("complementary", { name: "Details" });
  await expect(secondPanel.getByRole("heading", { level: 2, name: "search" })).toBeVisible();
  await expect(secondPanel.locator("[data-endpoint]")).toHaveCount(5);
  await expect(card(second, "service/shop/search")).toHaveAttribute("aria-pressed", "true");
  expect(await cards(second)).toEqual(await cards(page));
  await other.close();
});

test("the first page from the server already holds the map and the panel", async ({ request }) => {
  // A server that has only just started shows its progress; the promise is about one that has read the cluster.
  await expect.poll(async () => (await request.get("/readyz")).status()).toBe(200);
  const html = await (await request.get("/?show=service/shop/search")).text();
  expect(html).toContain('data-node="service/shop/search"');
  expect(html).toContain("3 of 5 endpoints");
});

test("a wrong selector stands out and its panel offers the near miss and a fix", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  await expect(card(page, "service/shop/recommendations")).toHaveAttribute("data-health", "broken");
  await card(page, "service/shop/recommendations").click();
  const near = page.locator("[data-near-miss]");
  await expect(near).toContainText("1 label differs");
  await expect(near.getByRole("region", { name: "Copy fix" })).toContainText(
    "kubectl -n shop patch service recommendations",
  );
});

test("back, forward and reload keep the view", async ({ page }) => {
  await page.goto("/?only=broken");
  await ready(page);
  await card(page, "service/shop/reviews").click();
  await expect(page).toHaveURL(/show=service\/shop\/reviews/);
  await page.goBack();
  await expect(page.getByRole("complementary", { name: "Details" })).toBeHidden();
  await page.goForward();
  await expect(page.getByRole("complementary", { name: "Details" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 2, name: "reviews" })).toBeVisible();
  await expect(page).toHaveURL(/only=broken/);
});

test("back brings the viewport back that the link had", async ({ page }) => {
  await page.goto("/?at=40,60,1&only=broken");
  await ready(page);
  const transform = () =>
    page.locator(".map-layer").evaluate((layer) => {
      const { a, e, f } = new DOMMatrix(getComputedStyle(layer).transform);
      return [Math.round(e), Math.round(f), Number(a.toFixed(3))].join(",");
    });
  expect(await transform()).toBe("40,60,1");
  await page.keyboard.press("b");
  await expect(page).not.toHaveURL(/only=broken/);
  await page.mouse.move(700, 450);
  await page.mouse.wheel(0, -240);
  await expect.poll(() => new URL(page.url()).searchParams.get("at")).not.toBe("40,60,1");
  expect(await transform()).not.toBe("40,60,1");
  await page.goBack();
  await expect.poll(transform).toBe("40,60,1");
});

test("the whole way by keyboard alone", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  await page.keyboard.press("Control+k");
  await expect(page.getByPlaceholder("Find anything: name, label, IP, host, port")).toBeFocused();
  await page.keyboard.type("shop reviews");
  await expect(page.getByRole("option").first()).toContainText("reviews");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: "reviews" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary", { name: "Details" })).toBeHidden();

  await card(page, "service/shop/reviews").focus();
  await page.keyboard.press("ArrowRight");
  await expect(card(page, "deployment/shop/reviews")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(card(page, "service/shop/reviews")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: "reviews" })).toBeVisible();
  await page.keyboard.press("t");
  await expect(page.getByRole("table", { name: "Everything on the map" })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
});

test("dragging pans, the wheel zooms, and the link remembers where", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  const at = () => card(page, "service/edge/maintenance-page").boundingBox();
  const before = await at();
  // On a card: dragging has to work wherever the pointer is, and must not open the panel.
  const start = { x: (before?.x ?? 0) + 60, y: (before?.y ?? 0) + 20 };
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x - 60, start.y - 90, { steps: 6 });
  await page.mouse.up();
  const after = await at();
  expect(Math.round((after?.y ?? 0) - (before?.y ?? 0))).toBe(-90);
  await expect(page.getByRole("complementary", { name: "Details" })).toBeHidden();
  // The link follows a moment later; wait until it says where the map is now.
  const shown = await page.locator(".map-layer").evaluate((layer) => {
    const { e, f, a } = new DOMMatrix(getComputedStyle(layer).transform);
    return [Math.round(e), Math.round(f), Number(a.toFixed(3))].join(",");
  });
  await expect.poll(() => new URL(page.url()).searchParams.get("at")).toBe(shown);
  await page.reload();
  await ready(page);
  const again = await at();
  expect(Math.round(again?.y ?? 0)).toBe(Math.round(after?.y ?? 0));
});

test("a namespace folds to a tile and unfolds again, and the link says so", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  await page.getByRole("button", { name: "fold namespace edge", exact: true }).click();
  await expect(page).toHaveURL(/shut=namespace\/edge/);
  await expect(card(page, "service/edge/maintenance-page")).toBeHidden();
  await expect(page.locator("[data-hidden-line]")).toContainText("folded");
  await page.getByRole("button", { name: /unfold namespace edge$/ }).click();
  await expect(card(page, "service/edge/maintenance-page")).toBeVisible();
  await expect(page).not.toHaveURL(/shut=/);
});

test("namespaces are chosen from a menu that says in which of them something is broken", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  const menu = page.getByRole("dialog", { name: "Namespaces on the map" });
  await page.getByRole("button", { name: "namespaces all 7" }).click();
  await expect(menu.getByRole("checkbox")).toHaveCount(7);
  await expect(menu.getByText("shop", { exact: true }).locator("..")).toContainText(/\d/);
  await menu.getByRole("textbox").fill("shop");
  await menu.getByRole("checkbox", { name: /^shop/ }).check();
  await expect(page).toHaveURL(/ns=shop/);
  await expect(card(page, "service/shop/search")).toBeVisible();
  await expect(page.locator('[data-map] [data-node^="service/payments/"]')).toHaveCount(0);
  await menu.getByRole("textbox").fill("nowhere");
  await expect(menu.getByRole("status")).toHaveText("No namespace is named like that.");
  await menu.getByRole("button", { name: "Show all" }).click();
  await expect(page).not.toHaveURL(/ns=/);
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();

  await page.goto("/?ns=shop,shopp");
  await expect(
    page.getByText("There is no namespace shopp in this cluster; the link names it."),
  ).toBeVisible();
});

test("a dropped dump opens on its own map", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  await page.locator("input[data-open-file]").setInputFiles({
    name: "two.yaml",
    mimeType: "application/yaml",
    buffer: Buffer.from(`apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: tiny}
spec:
  replicas: 2
  selector: {matchLabels: {app: webb}}
  template:
    metadata: {labels: {app: webb}}
    spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: tiny}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: broken
`),
  });
  await expect(card(page, "service/tiny/web")).toHaveAttribute("data-health", "broken");
  await expect(page.getByText("One piece of the input could not be taken")).toBeVisible();
  await page.getByRole("button", { name: "One piece of the input could not be taken" }).click();
  await expect(page.getByText("two.yaml:16").or(page.getByText(/two\.yaml:1[5-9]/))).toBeVisible();
});

test("a dropped file that is nothing is refused in words, and the page stays", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  await page
    .locator("input[data-open-file]")
    .setInputFiles({ name: "empty.yaml", mimeType: "application/yaml", buffer: Buffer.from("") });
  await expect(page.getByRole("alert").filter({ hasText: "empty" })).toBeVisible();
  await expect(card(page, "service/shop/search")).toBeVisible();
});

test("links to what is gone say so and offer the nearest", async ({ page }) => {
  await page.goto("/?show=service/shop/serch");
  const panel = page.getByRole("complementary", { name: "Details" });
  await expect(panel.getByText("There is no Service serch in namespace shop")).toBeVisible();
  await panel.getByRole("button", { name: "service/shop/search" }).click();
  await expect(panel.getByRole("heading", { level: 2, name: "search" })).toBeVisible();

  await page.goto("/?cluster=gone");
  await expect(page.getByRole("heading", { name: "No cluster here is called “gone”" })).toBeVisible();
  await page.getByRole("link", { name: /Open Demo/ }).click();
  await ready(page);

  await page.goto("/?ns=nowhere");
  await expect(page.getByText("Nothing is left after these filters")).toBeVisible();

  await page.goto("/?at=1,2,three");
  await expect(page.getByText("the link's at=1,2,three is not understood")).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    // Five pages with hundreds of elements each, every rule on every element.
    test.slow();
    await page.emulateMedia({ colorScheme });
    for (const path of ["/", "/?show=service/shop/search", "/?as=table", "/?cluster=gone"]) {
      await page.goto(path);
      if (path === "/" || path.includes("show")) await ready(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map((v) => `${path} ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`),
      ).toEqual([]);
    }
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("the map, a tap, the panel as a sheet, and no sideways scroll", async ({ page }) => {
    await page.goto("/?ns=shop");
    await ready(page);
    await page.getByRole("button", { name: "Find anything" }).tap();
    await page.getByPlaceholder("Find anything: name, label, IP, host, port").fill("cart");
    await page
      .getByRole("option", { name: /cart.*service/i })
      .first()
      .tap();
    const panel = page.getByRole("complementary", { name: "Details" });
    await expect(panel.getByRole("heading", { level: 2, name: "cart" })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await panel.getByRole("button", { name: "Close panel" }).tap();
    await expect(panel).toBeHidden();
    await card(page, "service/shop/cart").tap();
    await expect(panel).toBeVisible();
  });
});

/** Which cards are drawn and where they stand on the map. */
function cards(page: Page) {
  return page
    .locator("[data-map] [data-node]")
    .evaluateAll((elements) =>
      elements.map(
        (element) =>
          `${element.getAttribute("data-node")} ${element instanceof HTMLElement ? element.style.transform : ""}`,
      ),
    );
}

test("answers of the API and the stream come compressed", async ({ request, page }) => {
  const graph = await request.get("/api/v1/clusters/demo/graph");
  expect(graph.headers()["content-encoding"]).toBe("gzip");
  await page.goto("/");
  const encoding = await page.evaluate(async () => {
    const over = new AbortController();
    const { headers } = await fetch("/api/v1/clusters/demo/stream?watch=/graph", { signal: over.signal });
    over.abort();
    return headers.get("content-encoding");
  });
  expect(encoding).toBe("gzip");
});
