/** Which browser the journeys, the pictures and the bench run in. */
import { existsSync } from "node:fs";
import { chromium, type Browser as PlaywrightBrowser } from "@playwright/test";

export interface Browser {
  /** Undefined: Playwright's own. */
  readonly executablePath: string | undefined;
  readonly args: readonly string[];
  readonly name: string;
}

const systemPaths = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Tests run as root in containers, where Chromium's sandbox cannot; they open nothing but this project's own pages. */
const plainArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
];

/**
 * The system's Chromium, else Playwright's own, else the one that an npm package carries, so that a fresh machine with
 * only Node and npm can run the journeys.
 */
export async function findBrowser(): Promise<Browser> {
  const system = systemPaths.find((path) => path !== undefined && existsSync(path));
  if (system !== undefined) return { executablePath: system, args: plainArgs, name: system };
  if (existsSync(chromium.executablePath()))
    return { executablePath: undefined, args: plainArgs, name: "Playwright's Chromium" };
  const { default: packed } = await import("@sparticuz/chromium");
  packed.setGraphicsMode = false;
  // The package's own flags suit a function that serves one page; `--single-process` dies with the first closed tab.
  const args = packed.args.filter(
    (arg) => arg !== "--single-process" && arg !== "--no-zygote" && !arg.startsWith("--headless"),
  );
  return {
    executablePath: await packed.executablePath(),
    args: [...new Set([...args, ...plainArgs])],
    name: "@sparticuz/chromium",
  };
}

/** One that runs. */
export async function launchBrowser(): Promise<PlaywrightBrowser> {
  const { executablePath, args } = await findBrowser();
  return chromium.launch({
    args: [...args],
    ...(executablePath === undefined ? {} : { executablePath }),
  });
}
