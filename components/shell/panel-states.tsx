import type { Problem } from "#lib/protocol/problem.ts";
import { PanelFrame } from "./panel-frame.tsx";

/** A panel that could not be filled: what happened, what to do, the nearest names. */
export function PanelProblem({
  problem,
  onClose,
  onShow,
}: {
  readonly problem: Problem;
  readonly onClose: () => void;
  readonly onShow: (id: string) => void;
}) {
  return (
    <PanelFrame
      kicker={problem.status === 0 ? "No answer" : `Problem ${problem.status}`}
      title={problem.title}
      onClose={onClose}
    >
      <div className="space-y-3 px-5 text-[13px] text-ink-2">
        <p>{problem.detail}</p>
        <Ids title="Referred to by" ids={problem.referredBy ?? []} onShow={onShow} />
        <Ids title="Nearest names" ids={problem.nearest ?? []} onShow={onShow} />
        {problem.remedy === undefined ? null : <p>{problem.remedy}</p>}
      </div>
    </PanelFrame>
  );
}

function Ids({
  title,
  ids,
  onShow,
}: {
  readonly title: string;
  readonly ids: readonly string[];
  readonly onShow: (id: string) => void;
}) {
  if (ids.length === 0) return null;
  return (
    <div>
      <p className="mb-1.5">{title}:</p>
      <ul className="space-y-1">
        {ids.map((id) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => onShow(id)}
              className="break-all text-left font-mono text-[12px] text-accent hover:underline"
            >
              {id}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function PanelSkeleton({ onClose }: { readonly onClose: () => void }) {
  return (
    <PanelFrame
      kicker="Loading"
      title={<span className="inline-block h-5 w-40 animate-pulse rounded bg-hover" />}
      onClose={onClose}
    >
      <div role="status" className="space-y-3 px-5">
        <span className="sr-only">Loading</span>
        {["w-full", "w-5/6", "w-2/3", "w-3/4"].map((width) => (
          <div key={width} className={`h-4 animate-pulse rounded bg-hover ${width}`} />
        ))}
      </div>
    </PanelFrame>
  );
}
