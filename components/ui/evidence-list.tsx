import type { FindingView } from "#lib/protocol/finding.ts";

/** What was read, and where: object, field, value. */
export function EvidenceList({
  evidence,
  onShow,
}: {
  readonly evidence: FindingView["evidence"];
  readonly onShow: (id: string) => void;
}) {
  if (evidence.length === 0) return null;
  return (
    <dl aria-label="Evidence" className="space-y-1 border-l-2 border-line pl-2.5">
      {evidence.map((e) => (
        <div key={`${e.object} ${e.path} ${e.value}`} className="leading-snug">
          <dt className="font-mono text-[11px] text-ink-3">
            <button
              type="button"
              onClick={() => onShow(e.object)}
              className="break-all text-left hover:underline"
            >
              {e.object}
            </button>{" "}
            · <span className="break-all">{e.path}</span>
          </dt>
          <dd className="break-words text-[12px] text-ink-2">{e.value}</dd>
        </div>
      ))}
    </dl>
  );
}
