import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Check } from "#lib/diagnosis/check.ts";
import { checks } from "#lib/diagnosis/registry.ts";

/** A check's page: what it means, how to see it with kubectl, how to fix it, when to ignore it. */
export interface CheckPage {
  readonly code: string;
  readonly id: string;
  readonly severity: Check["severity"];
  readonly summary: string;
  /** Markdown without the title, which says code and summary again. */
  readonly markdown: string;
}

/** Every check, by code. */
export function checkList(): readonly Omit<CheckPage, "markdown">[] {
  return checks.map(({ code, id, severity, summary }) => ({ code, id, severity, summary }));
}

/** By code (`NET-101`, in any case) or by id; undefined where there is no such check. */
export async function checkPage(wanted: string): Promise<CheckPage | undefined> {
  const check = checks.find(({ code, id }) => code === wanted.toUpperCase() || id === wanted);
  if (check === undefined) return undefined;
  const { code, id, severity, summary } = check;
  // The pages stand beside the server, which next.config.js sees to.
  const root = process.env.THROUGHLINE_ROOT ?? process.cwd();
  const text = await readFile(path.join(root, "lib/diagnosis/checks", `${id}.md`), "utf8");
  return { code, id, severity, summary, markdown: text.replace(/^# .*\n+/, "") };
}
