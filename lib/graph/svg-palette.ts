import type { Health } from "#lib/model/graph.ts";

export type SvgTheme = "light" | "dark";

/** The colours of a drawing. They follow the screen's (`app/globals.css`), so that a picture looks like the map. */
export interface SvgPalette {
  readonly ground: string;
  readonly island: string;
  readonly islandLine: string;
  readonly card: string;
  readonly cardLine: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly accent: string;
  readonly edge: string;
  /** Lines and marks of a health. */
  readonly line: Readonly<Record<Health, string>>;
  /** Words of a health: darker than its line, to be read on a card. */
  readonly text: Readonly<Record<Health, string>>;
  /** What is drawn upon a filled mark. */
  readonly onMark: string;
}

export const svgPalettes: Readonly<Record<SvgTheme, SvgPalette>> = {
  light: {
    ground: "#f4f6f9",
    island: "#fafbfd",
    islandLine: "#e2e6ec",
    card: "#ffffff",
    cardLine: "#e2e6ec",
    ink: "#14181f",
    ink2: "#434b58",
    ink3: "#5f6877",
    accent: "#2f56d9",
    edge: "#a9b3c1",
    line: { ok: "#2f9e68", partial: "#c77d16", broken: "#d93c54", unknown: "#7b8594", idle: "#98a2b1" },
    text: { ok: "#5f6877", partial: "#9a5200", broken: "#c8213b", unknown: "#5f6877", idle: "#5f6877" },
    onMark: "#ffffff",
  },
  dark: {
    ground: "#0b0d11",
    island: "#101318",
    islandLine: "#242a34",
    card: "#161a21",
    cardLine: "#2a313c",
    ink: "#eef1f6",
    ink2: "#c2c9d4",
    ink3: "#98a2b1",
    accent: "#8aa2ff",
    edge: "#4a5464",
    line: { ok: "#3cb37a", partial: "#d8952f", broken: "#f2596e", unknown: "#98a2b1", idle: "#6d7888" },
    text: { ok: "#98a2b1", partial: "#f3b35c", broken: "#ff8091", unknown: "#98a2b1", idle: "#98a2b1" },
    onMark: "#10141a",
  },
};
