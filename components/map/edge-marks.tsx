import { Unlink } from "lucide-react";
import { memo } from "react";
import type { PlacedEdge } from "#lib/model/graph.ts";
import { midpointOf } from "./curve.ts";

/** The break in the middle of a broken edge: a mark that says why and opens what is to blame. */
export const EdgeMarks = memo(function EdgeMarks({
  edges,
  onOpen,
}: {
  readonly edges: readonly PlacedEdge[];
  readonly onOpen: (edge: PlacedEdge) => void;
}) {
  return edges
    .filter((edge) => edge.health === "broken")
    .map((edge) => {
      const { x, y } = midpointOf(edge.curve);
      return (
        <button
          key={edge.id}
          type="button"
          data-edge={edge.id}
          title={edge.note}
          aria-label={`broken path: ${edge.note}`}
          onClick={() => onOpen(edge)}
          style={{ transform: `translate(${x - 10}px, ${y - 10}px)` }}
          className="pointer-events-auto absolute left-0 top-0 flex size-5 items-center justify-center rounded-full border border-broken-line bg-surface text-broken hover:bg-broken-soft"
        >
          <Unlink aria-hidden className="size-3" strokeWidth={2.25} />
        </button>
      );
    });
});
