import { CircleAlert } from "lucide-react";
import type { Problem } from "#lib/protocol/problem.ts";
import { protocols, type TraceLink } from "#lib/protocol/trace-link.ts";

type Change = Partial<Pick<TraceLink, "from" | "to" | "port" | "protocol">>;

/** Why a question cannot be asked, with the nearest that can. */
export function QuestionProblem({
  problem,
  onAsk,
}: {
  readonly problem: Problem;
  readonly onAsk: (change: Change) => void;
}) {
  const { field } = problem;
  return (
    <div role="alert" className="rounded-xl border border-broken-line bg-broken-soft px-3.5 py-3 text-[13px]">
      <p className="flex items-start gap-2.5">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-broken" />
        <span className="min-w-0 break-words text-ink">
          <b className="font-semibold">{problem.title}.</b> {field === undefined ? problem.detail : ""}
          {problem.remedy === undefined ? "" : ` ${problem.remedy}`}
        </span>
      </p>
      {problem.nearest !== undefined && problem.nearest.length > 0 ? (
        <p className="mt-2 flex flex-wrap items-center gap-1.5 pl-[1.65rem] text-[12.5px] text-ink-2">
          Did you mean
          {problem.nearest.map((text) => (
            <button
              key={text}
              type="button"
              onClick={() => onAsk(changeOf(field, text))}
              className="rounded-md border border-line bg-surface px-1.5 py-0.5 font-mono text-[12px] text-accent hover:bg-hover"
            >
              {text}
            </button>
          ))}
        </p>
      ) : null}
    </div>
  );
}

function changeOf(field: string | undefined, text: string): Change {
  switch (field) {
    case "from":
    case "to":
    case "port":
      return { [field]: text };
    case "protocol": {
      const protocol = protocols.find((known) => known === text);
      return protocol === undefined ? {} : { protocol };
    }
    default:
      return {};
  }
}
