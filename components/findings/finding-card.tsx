import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import { CodeBlock } from "#components/ui/code-block.tsx";
import type { FindingView } from "#lib/protocol/finding.ts";

const severities = {
  error: { icon: CircleAlert, className: "text-broken", word: "Broken now" },
  warning: { icon: TriangleAlert, className: "text-partial", word: "At risk" },
  info: { icon: Info, className: "text-unknown", word: "Worth knowing" },
} as const;

/** One finding: the sentence, what nearly matched, the evidence, the fix, the kubectl line. */
export function FindingCard({
  finding,
  onShow,
}: {
  readonly finding: FindingView;
  readonly onShow?: ((id: string) => void) | undefined;
}) {
  const { icon: Icon, className, word } = severities[finding.severity];
  return (
    <details className="group rounded-xl border border-line bg-surface open:shadow-card">
      <summary className="flex cursor-pointer list-none items-start gap-2.5 rounded-xl p-3 hover:bg-hover">
        <Icon aria-label={word} role="img" className={`mt-0.5 size-4 shrink-0 ${className}`} />
        <span className="min-w-0 flex-1">
          <span className="block text-[13px] font-medium text-ink">{finding.message}</span>
          {finding.nearMiss === undefined ? null : (
            <span className="mt-0.5 block text-[12px] text-ink-2">{finding.nearMiss}</span>
          )}
        </span>
        <span className="mt-0.5 font-mono text-[11px] text-ink-3">{finding.code}</span>
      </summary>
      <div className="space-y-3 border-t border-line p-3 text-[12px]">
        {onShow === undefined ? null : (
          <button
            type="button"
            onClick={() => onShow(finding.subject)}
            className="font-medium text-accent hover:underline"
          >
            Show {finding.subject} on the map
          </button>
        )}
        <dl className="space-y-1">
          {finding.evidence.map((e) => (
            <div key={`${e.object} ${e.path}`} className="font-mono text-[11px] leading-relaxed">
              <dt className="inline text-ink-3">
                {e.object} · {e.path}:{" "}
              </dt>
              <dd className="inline break-words text-ink-2">{e.value}</dd>
            </div>
          ))}
        </dl>
        <p className="text-[13px] text-ink">
          <b className="font-semibold">Smallest fix.</b> {finding.fix.text}
        </p>
        {finding.fix.command === undefined ? null : <CodeBlock text={finding.fix.command} label="Copy fix" />}
        {finding.fix.manifest === undefined ? null : (
          <CodeBlock text={finding.fix.manifest} label="Copy manifest" />
        )}
        <CodeBlock text={finding.kubectl} label="Copy kubectl" />
      </div>
    </details>
  );
}
