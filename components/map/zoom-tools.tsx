"use client";

import { Maximize, Minus, Plus } from "lucide-react";
import type { RefObject } from "react";
import { Button } from "#components/ui/button.tsx";
import type { MapHandle } from "./map-canvas.tsx";

/** Zoom out, zoom in, all of it. */
export function ZoomTools({ map }: { readonly map: RefObject<MapHandle | null> }) {
  return (
    <>
      <Button look="ghost" size="icon" aria-label="Zoom out" onClick={() => map.current?.zoomBy(0.8)}>
        <Minus aria-hidden className="size-4" />
      </Button>
      <Button look="ghost" size="icon" aria-label="Zoom in" onClick={() => map.current?.zoomBy(1.25)}>
        <Plus aria-hidden className="size-4" />
      </Button>
      <Button look="ghost" size="icon" aria-label="Fit the whole map" onClick={() => map.current?.fit()}>
        <Maximize aria-hidden className="size-4" />
      </Button>
    </>
  );
}
