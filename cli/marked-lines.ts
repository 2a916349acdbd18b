/** Lines of an answer for a terminal: a sign or a label, and words that are wrapped under it. */
import type { Fix } from "#lib/model/finding.ts";
import { patchCommand } from "#lib/server/questions/patch-command.ts";
import { type Paint, signs } from "./output.ts";
import { shown, shownInLine } from "./shown.ts";
import { wrap } from "./wrap.ts";

/** How lines are to be printed; without a width nothing is wrapped. */
export interface Look {
  readonly paint: Paint;
  readonly width: number | undefined;
}

/** "✓ title: words", the sign and a title painted after the line was wrapped, so that colours count for no width. */
export function marked(
  indent: string,
  outcome: keyof typeof signs,
  words: string,
  { paint, width }: Look,
  title = "",
): string {
  const { sign, tone } = signs[outcome];
  const start = `${indent}${sign} `;
  const name = shownInLine(title);
  const line = [name, shownInLine(words)].filter((part) => part !== "").join(": ");
  const rest = wrap(`${start}${line}`, width, `${indent}  `).slice(start.length);
  // A title that is broken over two lines is left as it is.
  const strong = name !== "" && rest.startsWith(name) ? name : "";
  return `${indent}${paint(tone, sign)} ${strong === "" ? "" : paint("strong", strong)}${rest.slice(strong.length)}`;
}

/** "label: words". */
export function labelled(indent: string, label: string, text: string, { paint, width }: Look): string {
  const wrapped = wrap(`${indent}${label}: ${shownInLine(text)}`, width, `${indent}  `);
  return `${indent}${paint("strong", `${label}:`)}${wrapped.slice(indent.length + label.length + 1)}`;
}

/** The smallest change in words, and as a command to paste where there is one. */
export function fixLines({ text, patch, manifest }: Fix, indent: string, look: Look): readonly string[] {
  return [
    labelled(indent, "fix", text, look),
    ...(patch === undefined ? [] : [`${indent}  ${shownInLine(patchCommand(patch))}`]),
    ...(manifest === undefined
      ? []
      : [`${indent}  kubectl apply -f -`, ...indented(shown(manifest), `${indent}  `)]),
  ];
}

function indented(text: string, indent: string): readonly string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => indent + line);
}
