import type { FindingView } from "#lib/protocol/finding.ts";
import { FindingDetails } from "./finding-details.tsx";
import { severities } from "./severity.ts";

interface Props {
  readonly finding: FindingView;
  /** Opens an object beside the map. */
  readonly onShow: (id: string) => void;
  /** The object whose panel this stands in: a finding about another one says so. */
  readonly of?: string | undefined;
}

/** One finding in an object's panel: the sentence, and all that is known of it once it is opened. */
export function FindingCard({ finding, onShow, of }: Props) {
  const { icon: Icon, text, words } = severities[finding.severity];
  return (
    <details className="group rounded-xl border border-line bg-surface open:shadow-card">
      <summary className="flex cursor-pointer list-none items-start gap-2.5 rounded-xl p-3 hover:bg-hover">
        <Icon aria-label={words} role="img" className={`mt-0.5 size-4 shrink-0 ${text}`} />
        <span className="min-w-0 flex-1 text-[13px] font-medium text-ink">{finding.message}</span>
        <span className="mt-0.5 font-mono text-[11px] text-ink-3">{finding.code}</span>
      </summary>
      <div className="space-y-3 border-t border-line p-3">
        {finding.subject === of ? null : (
          <button
            type="button"
            onClick={() => onShow(finding.subject)}
            className="text-[12.5px] font-medium text-accent hover:underline"
          >
            Open {finding.subject}
          </button>
        )}
        <FindingDetails finding={finding} onShow={onShow} />
      </div>
    </details>
  );
}
