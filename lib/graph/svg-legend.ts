import type { GraphView, Health } from "#lib/model/graph.ts";
import { type EdgePath, pathOf } from "./edge-path.ts";
import { hiddenWords } from "./hidden-words.ts";
import { edgeMark, edgeStroke, shieldMark } from "./svg-marks.ts";
import type { SvgPalette } from "./svg-palette.ts";
import { escapeXml, textWidth } from "./svg-text.ts";

export const legendHeight = 44;

const lines: readonly (readonly [Health, string])[] = [
  ["ok", "configured, good"],
  ["broken", "broken"],
  ["partial", "partly"],
  ["unknown", "not known"],
  ["idle", "idle"],
];

/** What lines and marks mean, what is not shown, and the caption: a picture is looked at without its page. */
export function svgLegend(
  view: GraphView,
  caption: string | undefined,
  palette: SvgPalette,
  x: number,
  y: number,
): string {
  const parts: string[] = [];
  let at = x;
  const label = (text: string, colour: string) => {
    parts.push(`<text x="${at}" y="${y + 4}" font-size="11" fill="${colour}">${escapeXml(text)}</text>`);
    at += textWidth(text, { size: 11 }) + 22;
  };
  for (const [health, words] of lines) {
    const path: EdgePath = pathOf([at, y, at + 10, y, at + 20, y, at + 30, y]);
    parts.push(
      `<path d="M${at},${y}H${at + 30}" ${edgeStroke(health, palette)}/>`,
      edgeMark(health, path, palette),
    );
    at += 38;
    label(words, palette.ink2);
  }
  parts.push(shieldMark({ x: at + 5, y }, palette));
  at += 16;
  label("isolated by policy", palette.ink2);
  for (const text of [hiddenWords(view.totals), caption]) if (text !== undefined) label(text, palette.ink3);
  return parts.join("");
}
