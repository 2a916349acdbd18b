import { ChevronDown, ChevronUp } from "lucide-react";
import { memo } from "react";
import type { Box, Island } from "#lib/model/graph.ts";

interface Props {
  readonly island: Island;
  /** It was unfolded as far as it goes. */
  readonly unfolded: boolean;
  readonly onToggle: (island: Island) => void;
}

/** The ground of a namespace, under the edges. */
export const IslandGround = memo(function IslandGround({ box }: { readonly box: Box }) {
  return (
    <div
      className="absolute left-0 top-0 rounded-2xl border border-line bg-island"
      style={{ transform: `translate(${box.x}px, ${box.y}px)`, width: box.width, height: box.height }}
    />
  );
});

/** A namespace's name and how much is in it, over the edges. What a tile says of itself is a node of the view. */
export const IslandHead = memo(function IslandHead({ island, unfolded, onToggle }: Props) {
  const { x, y, width } = island.box;
  const canUnfold = canUnfoldIsland(island, unfolded);
  const Chevron = canUnfold ? ChevronDown : ChevronUp;
  return (
    <section
      aria-label={`namespace ${island.namespace}`}
      data-island={island.namespace}
      className="absolute left-0 top-0"
      style={{ transform: `translate(${x}px, ${y}px)`, width }}
    >
      <header className="flex items-center gap-3 px-4 pt-2.5">
        <h2 className="island-name truncate text-[13px] font-semibold text-ink">{island.namespace}</h2>
        <p className="island-line truncate text-[11px] text-ink-3">
          {count(island.workloads, "workload")} · {count(island.pods, "pod")}
        </p>
        <button
          type="button"
          onClick={() => onToggle(island)}
          className="island-line pointer-events-auto ml-auto inline-flex items-center gap-0.5 rounded px-1 text-[11px] font-medium text-accent hover:underline"
        >
          {canUnfold
            ? island.folded > 0 && island.state === "open"
              ? `${island.folded} folded`
              : "unfold"
            : "fold"}
          <span className="sr-only">
            {canUnfold && island.state === "open" ? ", unfold" : ""} namespace {island.namespace}
          </span>
          <Chevron aria-hidden className="size-3" />
        </button>
      </header>
    </section>
  );
});

/** Whether the next press unfolds it; a namespace too large to open whole is folded again once it was unfolded by hand. */
export function canUnfoldIsland(island: Island, unfolded: boolean): boolean {
  return island.state === "tile" || (island.folded > 0 && !unfolded);
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}
