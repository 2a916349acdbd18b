/** The small drawings on a map: what an object is, how it is, and what is the matter with an edge. */
import { assertNever } from "#lib/model/assert-never.ts";
import type { Health, NodeKind } from "#lib/model/graph.ts";
import type { EdgePath, Point } from "./edge-path.ts";
import type { SvgPalette } from "./svg-palette.ts";

/** A health as a shape of its own, so that it reads without colour: dot, ring and bang, cross, question, dash. */
export function healthMark(health: Health, { x, y }: Point, palette: SvgPalette): string {
  const colour = palette.line[health];
  const stroke = `fill="none" stroke-linecap="round" stroke-linejoin="round" stroke-width="1.6"`;
  const at = `transform="translate(${x},${y})"`;
  switch (health) {
    case "ok":
      return `<circle cx="${x}" cy="${y}" r="4" fill="${colour}"/>`;
    case "broken":
      return `<g ${at}><circle r="7.5" fill="${colour}"/><path d="M-2.8-2.8 2.8 2.8M2.8-2.8-2.8 2.8" ${stroke} stroke="${palette.onMark}"/></g>`;
    case "partial":
      return `<g ${at}><path d="M0-7.2 8 6.6H-8Z" fill="${colour}" stroke="${colour}" stroke-width="1.6" stroke-linejoin="round"/><path d="M0-2.6V1.4M0 4.1V4.2" ${stroke} stroke="${palette.onMark}"/></g>`;
    case "unknown":
      return `<g ${at}><circle r="7" ${stroke} stroke="${colour}"/><path d="M-2.1-1.8a2.1 2.1 0 1 1 2.9 2Q0 .7 0 1.5M0 3.9V4" ${stroke} stroke="${colour}"/></g>`;
    case "idle":
      return `<g ${at}><circle r="6.4" ${stroke} stroke="${colour}"/><path d="M-2.4 0H2.4" ${stroke} stroke="${colour}"/></g>`;
    default:
      return assertNever(health);
  }
}

/** A shield: policies isolate what it stands on. */
export function shieldMark({ x, y }: Point, palette: SvgPalette): string {
  return `<path transform="translate(${x},${y})" d="M0-6.2 5-4.3V-.4C5 2.9 2.7 5.2 0 6.3-2.7 5.2-5 2.9-5-.4V-4.3Z" fill="none" stroke="${palette.ink3}" stroke-width="1.3" stroke-linejoin="round"/>`;
}

/**
 * What stands in the middle of an edge that is not well: a gap with two strokes across where it is broken, a disc half
 * filled where only part gets through.
 */
export function edgeMark(health: Health, { middle, angle }: EdgePath, palette: SvgPalette): string {
  const turn = Math.round((angle * 180) / Math.PI);
  const place = `transform="translate(${middle.x},${middle.y}) rotate(${turn})"`;
  switch (health) {
    case "broken":
      return `<g ${place}><path d="M-6 0H6" stroke="${palette.island}" stroke-width="6"/><path d="M-6.5 5-2.5-5M2.5 5 6.5-5" fill="none" stroke="${palette.line.broken}" stroke-width="2" stroke-linecap="round"/></g>`;
    case "partial":
      return `<g ${place}><circle r="5" fill="${palette.island}" stroke="${palette.line.partial}" stroke-width="1.6"/><path d="M0-5A5 5 0 0 0 0 5Z" fill="${palette.line.partial}"/></g>`;
    case "ok":
    case "unknown":
    case "idle":
      return "";
    default:
      return assertNever(health);
  }
}

/** Line style of an edge: its colour, and dashes where nothing is known or nothing flows. */
export function edgeStroke(health: Health, palette: SvgPalette): string {
  switch (health) {
    case "ok":
      return `stroke="${palette.edge}" stroke-width="1.5"`;
    case "partial":
    case "broken":
      return `stroke="${palette.line[health]}" stroke-width="2"`;
    case "unknown":
      return `stroke="${palette.line.unknown}" stroke-width="1.5" stroke-dasharray="5 4"`;
    case "idle":
      return `stroke="${palette.edge}" stroke-width="1.5" stroke-dasharray="1.5 4" stroke-linecap="round"`;
    default:
      return assertNever(health);
  }
}

/** What kind of object a card stands for: 16 units square around its place. */
export function kindMark(kind: NodeKind, { x, y }: Point, palette: SvgPalette): string {
  return `<g transform="translate(${x},${y})" fill="none" stroke="${palette.ink3}" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round">${kindShape(kind)}</g>`;
}

function kindShape(kind: NodeKind): string {
  switch (kind) {
    case "internet":
      return `<circle r="6.5"/><path d="M-6.5 0H6.5M0-6.5C4-3 4 3 0 6.5-4 3-4-3 0-6.5"/>`;
    case "gateway":
      return `<path d="M-6.5 0H-2M2 0H6.5M-4.5-4.5 0-6.5 4.5-4.5M-4.5 4.5 0 6.5 4.5 4.5"/><circle r="2"/>`;
    case "ingress":
      return `<path d="M-6.5 0H3M-.5-3.5 3 0-.5 3.5M6-6V6"/>`;
    case "http-route":
    case "grpc-route":
    case "tls-route":
    case "tcp-route":
    case "udp-route":
      return `<circle cx="-4.5" cy="4.5" r="2"/><circle cx="4.5" cy="-4.5" r="2"/><path d="M-2.5 4.5H2a2.3 2.3 0 0 0 0-4.5H-2a2.3 2.3 0 0 1 0-4.5H2.5"/>`;
    case "service":
      return `<circle r="6.2"/><circle r="1.2"/>`;
    case "deployment":
    case "replica-set":
      return `<rect x="-6" y="-6" width="12" height="12" rx="2.5"/><path d="M-6-1.5H6"/>`;
    case "stateful-set":
      return `<ellipse cy="-4" rx="6" ry="2.4"/><path d="M-6-4V4C-6 5.4-3.3 6.4 0 6.4S6 5.4 6 4V-4M-6 0C-6 1.4-3.3 2.4 0 2.4S6 1.4 6 0"/>`;
    case "daemon-set":
      return `<path d="M0-6.5 6.5-3 0 .5-6.5-3ZM-6.5 1 0 4.5 6.5 1"/>`;
    case "job":
      return `<path d="M-4-5.5 5.5 0-4 5.5Z"/>`;
    case "cron-job":
      return `<circle r="6.2"/><path d="M0-3.5V0L2.5 1.5"/>`;
    case "pod":
      return `<path d="M0-6.5 6-3.2V3.2L0 6.5-6 3.2V-3.2ZM-6-3.2 0 0 6-3.2M0 0V6.5"/>`;
    case "external-address":
      return `<path d="M-1-5H-4.5A1.5 1.5 0 0 0-6-3.5V4.5A1.5 1.5 0 0 0-4.5 6H3.5A1.5 1.5 0 0 0 5 4.5V1M2-6.5H6.5V-2M6.5-6.5-.5.5"/>`;
    case "folded":
      return `<path d="M0-6 6-2.8 0 .4-6-2.8ZM-6 .8 0 4 6 .8"/>`;
    default:
      return assertNever(kind);
  }
}
