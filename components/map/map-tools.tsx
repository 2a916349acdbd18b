"use client";

import { Map as MapIcon, Table2 } from "lucide-react";
import type { RefObject } from "react";
import { Button } from "#components/ui/button.tsx";
import type { GraphView } from "#lib/model/graph.ts";
import type { LinkState } from "#lib/protocol/link.ts";
import { ExportMenu } from "./export-menu.tsx";
import { hiddenSentence } from "./hidden-line.tsx";
import { Legend } from "./legend.tsx";
import type { MapHandle } from "./map-canvas.tsx";
import { Minimap, type MinimapHandle } from "./minimap.tsx";
import { ZoomTools } from "./zoom-tools.tsx";

interface Props {
  readonly cluster: string;
  readonly link: LinkState;
  readonly view: GraphView;
  readonly filtered: boolean;
  readonly map: RefObject<MapHandle | null>;
  readonly minimap: RefObject<MinimapHandle | null>;
  readonly onChange: (change: Partial<Pick<LinkState, "as" | "list" | "show">>) => void;
  readonly onClearFilters: () => void;
  readonly onOpenKeys: () => void;
  readonly onError: (why: string) => void;
}

/** What lies over the map's lower edge: the legend, what is hidden, the minimap, zoom, table, export. */
export function MapTools({
  cluster,
  link,
  view,
  filtered,
  map,
  minimap,
  onChange,
  onClearFilters,
  onOpenKeys,
  onError,
}: Props) {
  const hidden = hiddenSentence(view.totals);
  return (
    <div className="pointer-events-none absolute inset-x-3 bottom-3 z-20 flex items-end justify-between gap-3">
      <div className="pointer-events-auto flex max-w-[calc(100%-11rem)] flex-col gap-1.5 rounded-xl border border-line bg-surface/95 px-3 py-2 shadow-card max-md:hidden">
        {link.as === "map" ? <Legend /> : null}
        {hidden === undefined ? null : (
          <p className="text-[11px] text-ink-3" data-hidden-line>
            {hidden}.{" "}
            {filtered ? (
              <button
                type="button"
                className="font-medium text-accent hover:underline"
                onClick={onClearFilters}
              >
                Clear filters
              </button>
            ) : null}
          </p>
        )}
      </div>
      <div className="pointer-events-auto ml-auto flex flex-col items-end gap-2">
        {link.as === "map" ? (
          <div className="rounded-xl border border-line bg-surface/95 p-1 shadow-card max-md:hidden">
            <Minimap ref={minimap} view={view} onGo={(point) => map.current?.centreOn(point)} />
          </div>
        ) : null}
        <div
          role="toolbar"
          aria-label="Map"
          className="flex items-center rounded-xl border border-line bg-surface/95 p-0.5 shadow-card"
        >
          {link.as === "map" ? <ZoomTools map={map} /> : null}
          <Button
            look="ghost"
            size="icon"
            aria-label={link.as === "table" ? "Show as a map" : "Show as a table"}
            onClick={() => onChange({ as: link.as === "table" ? "map" : "table" })}
          >
            {link.as === "table" ? (
              <MapIcon aria-hidden className="size-4" />
            ) : (
              <Table2 aria-hidden className="size-4" />
            )}
          </Button>
          <ExportMenu cluster={cluster} link={link} onError={onError} />
          <Button look="ghost" size="icon" aria-label="Keys" className="max-md:hidden" onClick={onOpenKeys}>
            <span aria-hidden className="text-[14px]">
              ?
            </span>
          </Button>
        </div>
      </div>
    </div>
  );
}
