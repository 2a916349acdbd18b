import type { ClusterStatus } from "#lib/protocol/cluster.ts";
import { PanelFrame } from "./panel-frame.tsx";

const titles = {
  invalid: "Malformed",
  unreadable: "Could not be read",
  limit: "A limit was hit",
  skipped: "Left out",
} as const;

/** Everything in the input that could not be taken: where, and why. */
export function InputProblems({
  cluster,
  onClose,
}: {
  readonly cluster: ClusterStatus;
  readonly onClose: () => void;
}) {
  return (
    <PanelFrame kicker={cluster.name} title="Input that was not taken" onClose={onClose}>
      <div className="space-y-2 px-5 pb-5">
        <p className="text-[13px] text-ink-2">Everything else was read and is on the map.</p>
        {cluster.problems.map((problem, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
          <div key={i} className="rounded-lg border border-line p-3 text-[12px]">
            <p className="font-semibold text-partial">{titles[problem.kind]}</p>
            <p className="mt-0.5 break-all font-mono text-[11px] text-ink-2">
              {problem.where}
              {problem.line === undefined ? "" : `:${problem.line}`}
              {problem.subject === undefined ? "" : ` · ${problem.subject}`}
            </p>
            <p className="mt-1 break-words text-ink">{problem.why}</p>
          </div>
        ))}
        {cluster.problemCount > cluster.problems.length ? (
          <p className="text-[12px] text-ink-3">and {cluster.problemCount - cluster.problems.length} more</p>
        ) : null}
      </div>
    </PanelFrame>
  );
}
