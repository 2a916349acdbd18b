/** Asking whether one end reaches another: from the map to the answer to a link that others open. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./serve.ts";

const card = (page: Page, id: string) => page.locator(`[data-map] [data-node="${id}"]`);
const ready = (page: Page) => expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
const verdict = (page: Page) => page.locator("[data-verdict]");
const openHops = (page: Page) => page.locator("[data-hop]:has([aria-expanded='true'])");
const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

const forgotten = "/trace?from=shop/deployment/notifications&to=mail-relay.platform&port=25";

test("from a red edge on the map to its trace to a copied link, opened elsewhere on the failing hop", async ({
  page,
  browser,
}) => {
  await page.goto("/");
  await ready(page);
  await page
    .getByRole("button", { name: /broken path: .*recommendations/ })
    .first()
    .click();
  const panel = page.getByRole("complementary", { name: "Details" });
  await panel.getByRole("button", { name: "Trace", exact: true }).click();
  await page.getByRole("menuitem", { name: /Trace http.*api\.example\.com\/recommendations/ }).click();
  await expect(page).toHaveURL(/\/trace\?from=internet&to=http/);

  await expect(verdict(page)).toContainText("Blocked.");
  await expect(openHops(page)).toHaveCount(1);
  await expect(openHops(page)).toHaveAttribute("data-outcome", "block");
  await expect(openHops(page)).toContainText("1 label differs");
  await expect(page.getByRole("region", { name: "The patch" })).toContainText("recommendations");
  await expect(card(page, "service/shop/recommendations")).toBeInViewport();
  await expect(page.locator("[data-mark='break']")).toHaveAttribute("aria-pressed", "true");

  await page.getByRole("button", { name: "Copy link" }).click();
  const link = await copied(page);
  const other = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const second = await other.newPage();
  await second.goto(link);
  await ready(second);
  await expect(verdict(second)).toHaveText((await verdict(page).textContent()) ?? "");
  await expect(openHops(second)).toHaveAttribute("data-outcome", "block");
  await expect(card(second, "service/shop/recommendations")).toBeInViewport();
  await other.close();
});

test("the first page from the server already holds the verdict, the hops and the lit path", async ({
  request,
}) => {
  await expect.poll(async () => (await request.get("/readyz")).status()).toBe(200);
  const html = await (await request.get(forgotten)).text();
  expect(html).toContain('data-verdict="blocked"');
  expect(html).toContain("does not resolve");
  expect(html).toContain("data-segment=");
});

test("a link unfolds in a chat: title, sentence, and a picture of the hops", async ({ page, request }) => {
  await page.goto(forgotten);
  await expect(page).toHaveTitle(/^Blocked: notifications → mail-relay\.platform/);
  const meta = (name: string) => page.locator(`meta[property="og:${name}"]`).getAttribute("content");
  expect(await meta("description")).toContain("notifications should not reach");
  const picture = (await meta("image")) ?? "";
  expect(new URL(picture).origin).toBe(new URL(page.url()).origin);
  const answer = await request.get(picture);
  expect(answer.headers()["content-type"]).toBe("image/png");
  const png = await answer.body();
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
});

test("a Service's panel leads to a question that lacks only who sends, and offers who might", async ({
  page,
}) => {
  await page.goto("/?show=service/shop/recommendations");
  await page
    .getByRole("complementary", { name: "Details" })
    .getByRole("link", { name: "Trace to it" })
    .click();
  await expect(page).toHaveURL(/\/trace\?to=shop\/service\/recommendations$/);
  await page
    .getByRole("list", { name: "Likely senders" })
    .getByRole("button", { name: "storefront" })
    .click();
  await expect(verdict(page)).toContainText("Blocked. storefront should not reach recommendations on 80");
});

test("every blocker is told, with a patch to copy and a ticket to paste", async ({ page }) => {
  await page.goto("/trace?from=shop/deployment/checkout&to=payments/service/payment-api");
  await expect(verdict(page)).toHaveAttribute("data-verdict", "blocked");
  const hop = page.locator("[data-hop][data-outcome='block']");
  await expect(hop).toContainText("Ingress of payments/payment-api");
  await hop.getByRole("button", { name: "Copy patch" }).click();
  expect(await copied(page)).toContain("kubectl -n payments patch networkpolicy payment-api-from-checkout");
  await page.getByRole("button", { name: "Copy as Markdown" }).click();
  const ticket = await copied(page);
  expect(ticket).toContain("### ❌ Blocked: checkout should not reach payment-api on 80");
  expect(ticket).toContain("kubectl -n payments patch networkpolicy");
  expect(ticket).toMatch(/\[open in Throughline\]\(http:\/\/127\.0\.0\.1:\d+\/trace\?/);
  await page.getByRole("button", { name: "Copy kubectl" }).first().click();
  expect(await copied(page)).toContain("kubectl -n payments get");
});

test("a card's menu asks from it and to it", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  await card(page, "deployment/shop/pricing").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Trace from here" }).click();
  await expect(page).toHaveURL(/\/trace\?from=shop\/deployment\/pricing$/);
  await ready(page);
  // The other end is the next card pressed.
  await card(page, "service/shop/search").click();
  await expect(page).toHaveURL(/from=shop\/deployment\/pricing&to=shop\/service\/search/);
  await expect(verdict(page)).toContainText("pricing should");
});

test("an end that is not there offers the nearest, swapping and other ports ask again, and back takes it back", async ({
  page,
}) => {
  await page.goto("/trace?from=shop/deployment/storefront&to=shop/service/serch");
  const problem = page.getByRole("alert").filter({ hasText: "Service serch" });
  await problem.getByRole("button", { name: "shop/service/search" }).click();
  await expect(verdict(page)).toContainText("Reachable.");
  await page.getByRole("textbox", { name: "port" }).fill("81");
  await page.keyboard.press("Enter");
  await expect(verdict(page)).toContainText("Blocked.");
  await page.goBack();
  await expect(verdict(page)).toContainText("Reachable.");
  await page.getByRole("textbox", { name: "port" }).fill("99999");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "99999 is no port" })).toBeVisible();
  await page.goto("/trace?from=shop/deployment/storefront&to=shop/deployment/search");
  await page.getByRole("button", { name: "Swap the ends" }).click();
  await expect(page).toHaveURL(/from=shop\/deployment\/search&to=shop\/deployment\/storefront/);
  await expect(verdict(page)).toContainText("search should");
});

test("ends are completed, and questions are remembered", async ({ page }) => {
  await page.goto("/trace");
  await page.getByRole("combobox", { name: "from" }).fill("notif");
  await page
    .getByRole("option", { name: /notifications/ })
    .first()
    .click();
  await page.getByRole("combobox", { name: "to", exact: true }).fill("mail-relay");
  await page
    .getByRole("option", { name: /mail-relay.*service/ })
    .first()
    .click();
  await expect(verdict(page)).toBeVisible();
  await page.goto("/trace");
  await page.getByRole("button", { name: /notifications.*mail-relay/ }).click();
  await expect(verdict(page)).toBeVisible();
});

test("the whole question by keyboard alone", async ({ page }) => {
  await page.goto("/?show=service/shop/reviews");
  await ready(page);
  await page.keyboard.press("a");
  await expect(page).toHaveURL(/\/trace\?to=shop\/service\/reviews/);
  await ready(page);
  await page.keyboard.press("/");
  await expect(page.getByRole("combobox", { name: "from" })).toBeFocused();
  await page.keyboard.type("storefront");
  // It is among what is offered before anything is typed as well, but not the first.
  await expect(page.getByRole("option").first()).toContainText("storefront");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(verdict(page)).toHaveAttribute("data-verdict", "blocked");
  const hop = page.locator("[data-hop='1'] button[aria-expanded]");
  await hop.focus();
  await page.keyboard.press("Enter");
  await expect(hop).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/to=shop\/deployment\/storefront/);
});

test("a Service says who may reach it, by namespace and with the policy, and each leads to its trace", async ({
  page,
}) => {
  await page.goto("/?show=service/payments/payment-api");
  const reach = page.locator("[data-reach='to']");
  await expect(reach).toContainText(/\d+ of \d+ workloads may reach it/);
  await reach.getByRole("button", { name: /^shop/ }).click();
  await expect(reach).toContainText("payments/payment-api-from-checkout");
  await reach.getByRole("link", { name: "deployment/checkout" }).click();
  await expect(verdict(page)).toHaveAttribute("data-verdict", "blocked");
});

test("the matrix: a cell leads to its trace, which says the same, and all of it is a CSV file", async ({
  page,
}) => {
  await page.goto("/matrix");
  const cell = page.getByRole("link", { name: "shop/checkout to payments/payment-api: blocked" });
  await page.getByLabel("Only workloads whose name holds").fill("ch");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/match=ch/);
  await page.goto("/matrix?by=workload&fromNs=shop&toNs=payments");
  await cell.click();
  await expect(verdict(page)).toHaveAttribute("data-verdict", "blocked");
  await page.goto("/matrix?by=namespace");
  await page.getByRole("link", { name: /^edge to shop: \d+ of \d+ pairs/ }).click();
  await expect(page).toHaveURL(/by=workload&fromNs=edge&toNs=shop/);
  await expect(
    page.getByRole("link", { name: "edge/public to shop/storefront: reachable on some ports" }),
  ).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  expect((await download).suggestedFilename()).toBe("reachability.csv");
});

test("the matrix is walked with the arrows", async ({ page }) => {
  await page.goto("/matrix?by=workload&fromNs=shop&toNs=shop");
  const grid = page.getByRole("grid");
  await grid.getByRole("link").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await expect(grid.locator("[data-cell='1 1'] a")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(verdict(page)).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const [address, shown] of [
    [forgotten, "[data-verdict]"],
    ["/trace", "form"],
    ["/trace?from=shop/deployment/nobody&to=shop/service/cart", "[role=alert]"],
    ["/matrix?by=workload&fromNs=edge&toNs=payments", "[data-letter]"],
    ["/matrix?by=namespace", "[data-cell]"],
  ] as const) {
    test(`axe finds nothing on ${address}, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.goto(address);
      await expect(page.locator(shown).first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    });
  }
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("the question, the verdict and the hops, without sideways scroll", async ({ page }) => {
    await page.goto(forgotten);
    await ready(page);
    await expect(verdict(page)).toBeInViewport();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wide).toBe(false);
    await page.locator("[data-hop='1'] button[aria-expanded]").tap();
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Matrix" }).tap();
    await expect(page.getByRole("grid")).toBeVisible();
  });
});
