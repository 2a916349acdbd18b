import { ChevronDown, ChevronUp } from "lucide-react";
import { memo, type PointerEvent, useMemo, useRef } from "react";
import { HealthMark, healthText, healthWords } from "#components/ui/health-mark.tsx";
import type { Family, Health, PlacedNode } from "#lib/model/graph.ts";
import { cellAt, cellGrid, cellsPath } from "./family-cells.ts";

interface Props {
  readonly node: PlacedNode;
  readonly family: Family;
  readonly dim: boolean;
  readonly changed: boolean;
  readonly onOpen: (node: PlacedNode) => void;
  readonly onOpenNamespace: ((namespace: string) => void) | undefined;
}

/** What the cells of a row may take up, in map units. */
const cells = { width: 510, height: 28 } as const;

/** Drawn in this order: what is broken lies over nothing and under nothing. */
const fills: readonly (readonly [Health, string])[] = [
  ["ok", "fill-ok-line/55"],
  ["idle", "fill-line-strong"],
  ["unknown", "fill-unknown"],
  ["partial", "fill-partial-line"],
  ["broken", "fill-broken-line"],
];

/** Many namespaces in one row: what they share in their names, how many, what is broken in them, and a cell for each. */
export const FamilyRow = memo(function FamilyRow({
  node,
  family,
  dim,
  changed,
  onOpen,
  onOpenNamespace,
}: Props) {
  const { x, y, width, height } = node.box;
  const isOne = family.namespaces.length === 1;
  const isOpen = family.folded === 0;
  const Chevron = isOpen ? ChevronUp : ChevronDown;
  // A row whose namespaces are all drawn below stands for nothing, and still says how they are.
  const health = isOpen ? worstOf(family) : node.health;
  const troubled = !isOpen && node.health !== "ok" && node.health !== "idle";
  return (
    <div
      data-family={node.name}
      data-changed={changed}
      style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
      className={`pointer-events-auto absolute left-0 top-0 rounded-[10px] border bg-surface shadow-card ${node.health === "broken" ? "border-broken-line/50" : "border-line"} ${dim ? "opacity-35" : ""}`}
    >
      <button
        type="button"
        data-node={node.id}
        data-health={node.health}
        aria-expanded={isOpen}
        onClick={() => onOpen(node)}
        className="group absolute inset-0 flex items-center gap-2.5 rounded-[10px] px-3 text-left hover:shadow-raised"
      >
        <HealthMark health={health} label={false} />
        <span className="w-44 min-w-0 shrink-0">
          <span className="card-name block truncate text-[13px] font-semibold leading-[1.25] text-ink">
            {node.name}
          </span>
          <span className="card-line block truncate text-[11px] leading-[1.35] text-ink-3">
            {isOpen
              ? count(family.namespaces.length, "namespace")
              : `${isOne ? count(family.workloads, "workload") : count(family.folded, "namespace")} · ${count(family.pods, "pod")}`}
          </span>
        </span>
        <span
          className={`card-line line-clamp-2 w-72 shrink-0 text-[12px] leading-tight ${troubled ? `font-medium ${healthText[node.health]}` : "text-ink-3"}`}
        >
          {node.line}
        </span>
        <span className="sr-only">
          , {healthWords[health]}, {isOpen ? "fold" : "unfold"}
        </span>
        <Chevron aria-hidden className="card-line ml-auto size-3.5 text-ink-3 group-hover:text-accent" />
      </button>
      <Cells family={family} onOpenNamespace={onOpenNamespace} />
    </div>
  );
});

/** A pointer's way to one namespace of many; keys unfold the row, and search finds each. */
function Cells({ family, onOpenNamespace }: Pick<Props, "family" | "onOpenNamespace">) {
  const { namespaces } = family;
  const frame = useRef<HTMLDivElement>(null);
  const { grid, paths } = useMemo(() => {
    const healths = namespaces.map(({ health }) => health);
    const made = cellGrid(healths.length, cells.width, cells.height);
    return {
      grid: made,
      paths: fills.map(([health, fill]) => ({ health, fill, d: cellsPath(healths, health, made) })),
    };
  }, [namespaces]);
  const under = (event: PointerEvent | React.MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const scale = cells.width / box.width;
    const at = cellAt(
      grid,
      namespaces.length,
      (event.clientX - box.left) * scale,
      (event.clientY - box.top) * scale,
    );
    return at === undefined ? undefined : namespaces[at];
  };
  const lines = Math.ceil(namespaces.length / grid.columns);
  return (
    <div
      ref={frame}
      aria-hidden
      data-cells
      className="absolute right-9 cursor-pointer"
      style={{ width: cells.width, height: lines * grid.pitch, top: 19 - (lines * grid.pitch) / 2 }}
      onPointerMove={(event) => {
        const cell = under(event);
        if (frame.current === null) return;
        frame.current.title = cell === undefined ? "" : `${cell.name}: ${healthWords[cell.health]}`;
      }}
      onClick={(event) => {
        const cell = under(event);
        if (cell !== undefined) onOpenNamespace?.(cell.name);
      }}
    >
      <svg
        aria-hidden="true"
        className="size-full overflow-visible"
        viewBox={`0 0 ${cells.width} ${lines * grid.pitch}`}
      >
        {paths.map(({ health, fill, d }) => (d === "" ? null : <path key={health} d={d} className={fill} />))}
      </svg>
    </div>
  );
}

function worstOf({ namespaces }: Family): Health {
  const all = new Set(namespaces.map(({ health }) => health));
  return (["broken", "partial", "unknown", "ok"] as const).find((health) => all.has(health)) ?? "idle";
}

function count(n: number, word: string): string {
  return `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;
}
