import { counted } from "#lib/engine/object-words.ts";
import type { Family, GraphView, Health, Island, PlacedEdge, PlacedNode } from "#lib/model/graph.ts";
import { pathData, pathOf } from "./edge-path.ts";
import { weightOf } from "./health.ts";
import { legendHeight, svgLegend } from "./svg-legend.ts";
import { edgeMark, edgeStroke, healthMark, kindMark, shieldMark } from "./svg-marks.ts";
import { type SvgPalette, type SvgTheme, svgPalettes } from "./svg-palette.ts";
import { escapeXml, fitText, textWidth } from "./svg-text.ts";

/** A drawing of few lanes is still as wide as its legend. */
const legendWidth = 760;

/**
 * A view as a drawing of its own: no script, no outside font or style, the same shapes as on the screen, with a legend
 * and a line on what is folded or filtered. Every text of the cluster is escaped. `caption` stands below the map: the
 * cluster's name, when it was checked.
 */
export function exportSvg(view: GraphView, theme: SvgTheme, caption?: string): string {
  const palette = svgPalettes[theme];
  const width = Math.ceil(Math.max(view.size.width, legendWidth));
  const height = Math.ceil(view.size.height) + legendHeight;
  // The worst last, so that nothing lies over it.
  const edges = [...view.edges].sort((a, b) => weightOf(b.health) - weightOf(a.health));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="Geist, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif">`,
    `<title>${escapeXml(caption ?? "How traffic flows through the cluster")}</title>`,
    arrowHeads(palette),
    `<rect width="${width}" height="${height}" fill="${palette.ground}"/>`,
    ...view.lanes.map((lane) => laneHeading(lane, palette)),
    ...view.islands.map((island) => islandGround(island, palette)),
    ...edges.map((edge) => edgeLine(edge, palette)),
    ...view.nodes.map((node) => (node.kind === "folded" ? foldLine(node, palette) : card(node, palette))),
    ...edges.map((edge) => edgeMark(edge.health, pathOf(edge.curve), palette)),
    svgLegend(view, caption, palette, 24, height - legendHeight / 2 - 4),
    "</svg>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function arrowHeads(palette: SvgPalette): string {
  const healths: readonly Health[] = ["ok", "partial", "broken", "unknown", "idle"];
  const heads = healths.map((health) => {
    const colour = health === "ok" || health === "idle" ? palette.edge : palette.line[health];
    return `<marker id="to-${health}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M2 .8 7 4 2 7.2" fill="none" stroke="${colour}" stroke-width="1.5"/></marker>`;
  });
  return `<defs>${heads.join("")}</defs>`;
}

function laneHeading({ title, x }: GraphView["lanes"][number], palette: SvgPalette): string {
  return `<text x="${x}" y="38" font-size="11" font-weight="600" letter-spacing="1" fill="${palette.ink3}">${escapeXml(title.toUpperCase())}</text>`;
}

function islandGround({ namespace, box, workloads, pods }: Island, palette: SvgPalette): string {
  const room = box.width - 36;
  const style = { size: 13, bold: true } as const;
  const name = fitText(namespace, room, style);
  const counts = `${counted(workloads, "workload")} · ${counted(pods, "pod")}`;
  const at = box.x + 18 + textWidth(name, style) + 14;
  const fits = at + textWidth(counts, { size: 11 }) <= box.x + box.width - 18;
  return [
    `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="14" fill="${palette.island}" stroke="${palette.islandLine}"/>`,
    `<text x="${box.x + 18}" y="${box.y + 25}" font-size="13" font-weight="600" fill="${palette.ink}">${escapeXml(name)}</text>`,
    fits
      ? `<text x="${at}" y="${box.y + 25}" font-size="11" fill="${palette.ink3}">${escapeXml(counts)}</text>`
      : "",
  ].join("");
}

function edgeLine(edge: PlacedEdge, palette: SvgPalette): string {
  const title = edge.note === "" ? "" : `<title>${escapeXml(edge.note)}</title>`;
  return `<path d="${pathData(pathOf(edge.curve))}" fill="none" ${edgeStroke(edge.health, palette)} marker-end="url(#to-${edge.health})">${title}</path>`;
}

const frames: Readonly<Record<Health, (palette: SvgPalette) => string>> = {
  ok: ({ cardLine }) => `stroke="${cardLine}"`,
  partial: ({ line }) => `stroke="${line.partial}" stroke-width="1.5"`,
  broken: ({ line }) => `stroke="${line.broken}" stroke-width="1.5"`,
  unknown: ({ line }) => `stroke="${line.unknown}" stroke-dasharray="4 3"`,
  idle: ({ cardLine }) => `stroke="${cardLine}" stroke-dasharray="4 3"`,
};

function card(node: PlacedNode, palette: SvgPalette): string {
  const { x, y, width, height } = node.box;
  const marked = node.lane !== "internet";
  const shielded = node.isolated.length > 0;
  const room = width - 40 - (marked ? 26 : 8) - (shielded ? 18 : 0);
  const centre = y + height / 2;
  const words = `${node.namespace === undefined ? "" : `${node.namespace}/`}${node.name}: ${node.line}`;
  return [
    `<g><title>${escapeXml(words)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="10" fill="${palette.card}" ${frames[node.health](palette)}/>`,
    kindMark(node.kind, { x: x + 20, y: centre }, palette),
    `<text x="${x + 36}" y="${centre - 3}" font-size="12.5" font-weight="600" fill="${palette.ink}">${escapeXml(fitText(node.name, room, { size: 12.5, bold: true }))}</text>`,
    `<text x="${x + 36}" y="${centre + 12}" font-size="11" fill="${palette.text[node.health]}">${escapeXml(fitText(node.line, room, { size: 11 }))}</text>`,
    shielded ? shieldMark({ x: x + width - 34, y: centre }, palette) : "",
    marked ? healthMark(node.health, { x: x + width - 16, y: centre }, palette) : "",
    "</g>",
  ].join("");
}

function familyText(name: string, line: string, { folded, pods }: Family): string {
  return [name, counted(folded, "namespace"), counted(pods, "pod"), line].join(" · ");
}

/** A fold is a line of text; the mark says how what it stands for is doing. */
function foldLine(node: PlacedNode, palette: SvgPalette): string {
  const { x, y, width, height } = node.box;
  const centre = y + height / 2;
  const colour = node.health === "ok" || node.health === "idle" ? palette.accent : palette.text[node.health];
  const words = node.family === undefined ? node.name : familyText(node.name, node.line, node.family);
  const name = fitText(words, width - 34, { size: 12 });
  return [
    `<g><rect x="${x}" y="${y}" width="${Math.min(width, textWidth(name, { size: 12 }) + 38)}" height="${height}" rx="8" fill="${palette.island}"/>`,
    healthMark(node.health, { x: x + 12, y: centre }, palette),
    `<text x="${x + 26}" y="${centre + 4}" font-size="12" fill="${colour}">${escapeXml(name)}</text></g>`,
  ].join("");
}
