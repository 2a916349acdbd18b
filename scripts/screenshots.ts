/** Takes the pictures of the README from the built-in demo: `npm run screenshots`, or some: `npm run screenshots map-dark`. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { launchBrowser } from "../e2e/browser.ts";
import { serve } from "../e2e/serve.ts";

interface Picture {
  readonly name: string;
  readonly link: string;
  readonly scheme: "light" | "dark";
  readonly size: { readonly width: number; readonly height: number };
  /** Keys to press first. */
  readonly keys?: readonly string[];
}

const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

const pictures: readonly Picture[] = [
  { name: "map-light", link: "/?show=service/shop/search", scheme: "light", size: wide },
  { name: "map-dark", link: "/?show=service/shop/recommendations", scheme: "dark", size: wide },
  { name: "overview-light", link: "/", scheme: "light", size: wide, keys: ["f"] },
  {
    name: "findings-dark",
    link: "/findings?open=NET-101/service/shop/recommendations/spec.selector",
    scheme: "dark",
    size: wide,
  },
  {
    name: "trace-dark",
    link: "/trace?from=shop/deployment/notifications&to=mail-relay.platform&port=25",
    scheme: "dark",
    size: wide,
  },
  { name: "matrix-light", link: "/matrix", scheme: "light", size: wide },
  { name: "phone-light", link: "/?show=service/shop/reviews", scheme: "light", size: phone },
];

const wanted = process.argv.slice(2);
const folder = path.resolve(import.meta.dirname, "../docs/images");
mkdirSync(folder, { recursive: true });
const browser = await launchBrowser();
const served = await serve(["--demo"]);
try {
  for (const { name, link, scheme, size, keys = [] } of pictures.filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name),
  )) {
    const page = await browser.newPage({ viewport: size, colorScheme: scheme, reducedMotion: "reduce" });
    await page.goto(`${served.url}${link}`);
    await page.locator('[data-map][data-ready="true"], [data-matrix]:not(p)').first().waitFor();
    await page.evaluate(() => document.fonts.ready);
    for (const key of keys) await page.keyboard.press(key);
    // Two frames: one in which the canvas draws, one in which it is seen.
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
    await page.close();
    console.log(`${name}.png`);
  }
} finally {
  await browser.close();
  await served.stop();
}
