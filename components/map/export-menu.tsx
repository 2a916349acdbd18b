"use client";

import { Menu } from "@base-ui/react/menu";
import { Download } from "lucide-react";
import { useTheme } from "next-themes";
import { buttonClass } from "#components/ui/button.tsx";
import { menuItem, menuPopup } from "#components/ui/menu-style.ts";
import { graphKey } from "#lib/client/keys.ts";
import type { LinkState } from "#lib/protocol/link.ts";
import { savePng } from "./save-png.ts";

/** The map as a file: as it is drawn (PNG, SVG) or as text for a document (Mermaid) or a program (JSON). */
export function ExportMenu({
  cluster,
  link,
  onError,
}: {
  readonly cluster: string;
  readonly link: LinkState;
  readonly onError: (why: string) => void;
}) {
  const { resolvedTheme } = useTheme();
  const theme = resolvedTheme === "dark" ? "dark" : "light";
  const file = `throughline-${cluster}`;
  const svg = graphKey(cluster, link, "svg", theme);
  return (
    <Menu.Root>
      <Menu.Trigger className={buttonClass("ghost", "small")} aria-label="Export the map">
        <Download aria-hidden className="size-3.5" />
        <span className="max-sm:hidden">Export</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="top" align="end" sideOffset={6} className="z-50">
          <Menu.Popup className={menuPopup}>
            <Menu.Item
              className={menuItem}
              onClick={() =>
                void savePng(svg, `${file}.png`).catch(() =>
                  onError("The picture could not be drawn; SVG works everywhere."),
                )
              }
            >
              PNG picture
            </Menu.Item>
            <Menu.Item className={menuItem} render={<a href={svg} download={`${file}.svg`} />}>
              SVG drawing
            </Menu.Item>
            <Menu.Item
              className={menuItem}
              render={<a href={graphKey(cluster, link, "mermaid")} download={`${file}.mmd`} />}
            >
              Mermaid diagram
            </Menu.Item>
            <Menu.Item
              className={menuItem}
              render={<a href={graphKey(cluster, link, "json")} download={`${file}.json`} />}
            >
              JSON graph
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
