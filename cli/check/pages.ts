import { readFileSync } from "node:fs";
import path from "node:path";
import type { Check } from "#lib/diagnosis/check.ts";
import { packageRoot } from "../package-root.ts";

/** The page of a check, in Markdown; undefined where the package was installed without them. */
export function pageOf({ id }: Check): string | undefined {
  try {
    return readFileSync(path.join(packageRoot, "lib/diagnosis/checks", `${id}.md`), "utf8");
  } catch {
    return undefined;
  }
}

/** The first paragraph below a heading: what a finding means, before how it is repaired. */
export function firstParagraph(page: string, heading: string): string | undefined {
  const [, section] = page.split(`\n## ${heading}\n`);
  return section
    ?.trim()
    .split(/\n\s*\n/)[0]
    ?.replaceAll("\n", " ");
}
