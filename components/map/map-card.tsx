import { Shield, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { HealthMark, healthWords } from "#components/ui/health-mark.tsx";
import { KindIcon } from "#components/ui/kind-icon.tsx";
import type { Health, PlacedNode } from "#lib/model/graph.ts";

interface Props {
  readonly node: PlacedNode;
  readonly selected: boolean;
  /** A path is lit, and it is not on it. */
  readonly dim: boolean;
  /** It said another thing a moment ago. */
  readonly changed: boolean;
  readonly onOpen: (node: PlacedNode) => void;
}

const frames: Readonly<Record<Health, string>> = {
  ok: "border-line bg-surface",
  partial: "border-partial-line bg-surface",
  broken: "border-broken-line bg-surface",
  unknown: "border-dashed border-line-strong bg-surface",
  idle: "border-dashed border-line bg-island",
};

const lines: Readonly<Record<Health, string>> = {
  ok: "text-ink-3",
  partial: "text-partial",
  broken: "text-broken",
  unknown: "text-ink-3",
  idle: "text-ink-3",
};

/** One node: an icon, a name, one line of fact, a mark. A folded node is a line of text that unfolds. */
export const MapCard = memo(function MapCard({ node, selected, dim, changed, onOpen }: Props) {
  const { x, y, width, height } = node.box;
  const faded = dim ? "opacity-35 hover:opacity-100 focus-visible:opacity-100" : "";
  const place = { transform: `translate(${x}px, ${y}px)`, width, height };
  if (node.kind === "folded") {
    // What a whole namespace's tile says is no link among cards: it is the tile's text.
    const isTile = node.id.endsWith("/tile");
    return (
      <button
        type="button"
        data-node={node.id}
        style={place}
        onClick={() => onOpen(node)}
        className={`pointer-events-auto absolute left-0 top-0 flex items-center gap-1.5 rounded-lg px-3 text-left text-[12px] font-medium hover:underline ${faded} ${node.health === "broken" ? "text-broken" : isTile ? "text-ink-2" : "text-accent"}`}
      >
        {isTile || node.health === "broken" || node.health === "partial" ? (
          <HealthMark health={node.health} />
        ) : null}
        <span className="card-name truncate">{node.name}</span>
      </button>
    );
  }
  const ring = selected ? "outline-2 outline-offset-2 outline-accent" : "";
  return (
    <button
      type="button"
      data-node={node.id}
      data-health={node.health}
      data-changed={changed}
      aria-pressed={selected}
      style={place}
      onClick={() => onOpen(node)}
      className={`pointer-events-auto absolute left-0 top-0 flex items-center gap-2.5 rounded-[10px] border px-3 text-left shadow-card transition-shadow hover:shadow-raised ${frames[node.health]} ${ring} ${faded}`}
    >
      <span className="card-icon text-ink-3">
        <KindIcon kind={node.kind} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="card-name block truncate text-[13px] font-semibold leading-[1.25] text-ink">
          {node.name}
        </span>
        <span className={`card-line block truncate text-[11px] leading-[1.35] ${lines[node.health]}`}>
          {node.line}
        </span>
      </span>
      {node.isolated.length > 0 ? (
        <span className="card-shield text-ink-3" title={`isolated by policy: ${node.isolated.join(" and ")}`}>
          <Shield aria-hidden className="size-3.5" strokeWidth={1.75} />
          <span className="sr-only">isolated by policy: {node.isolated.join(" and ")}</span>
        </span>
      ) : null}
      <FindingsBadge node={node} />
      <span className="sr-only">
        {healthWords[node.health]}, {node.kind.replaceAll("-", " ")}
        {node.namespace === undefined ? "" : ` in ${node.namespace}`}
      </span>
      <HealthMark health={node.health} label={false} />
    </button>
  );
});

/** Findings on a card that is not drawn as troubled itself: a policy's slip shows on the workload that it was meant for. */
function FindingsBadge({ node }: { readonly node: PlacedNode }) {
  const { error, warning } = node.findings;
  const count = error + warning;
  if (count === 0 || node.health === "broken" || node.health === "partial") return null;
  const words = count === 1 ? "1 finding" : `${count} findings`;
  return (
    <span
      title={words}
      className={`card-shield inline-flex items-center gap-0.5 rounded-full px-1.5 text-[11px] font-semibold ${error > 0 ? "bg-broken-soft text-broken" : "bg-partial-soft text-partial"}`}
    >
      <TriangleAlert aria-hidden className="size-3" />
      {count}
      <span className="sr-only">{count === 1 ? "finding" : "findings"}</span>
    </span>
  );
}
