import type { FindingsAnswer } from "#lib/protocol/answers.ts";
import type { IgnoredView } from "#lib/protocol/finding.ts";

/** What the list above does not say: checks that could not tell, and findings that someone set aside. */
export function LeftOut({ answer: { cannotTell, ignored } }: { readonly answer: FindingsAnswer }) {
  return (
    <>
      {cannotTell.length === 0 ? null : (
        <section aria-labelledby="cannot-tell" className="pt-6">
          <h2 id="cannot-tell" className="mb-2 text-[13px] font-semibold text-ink">
            {cannotTell.length === 1
              ? "1 check could not judge everything"
              : `${cannotTell.length} checks could not judge everything`}
          </h2>
          <ul className="divide-y divide-line rounded-xl border border-dashed border-line-strong text-[12.5px] text-ink-2">
            {cannotTell.map(({ code, summary, missing, error }) => (
              <li key={code} className="px-3.5 py-2">
                <a href={`/checks/${code}`} className="font-mono text-[11px] text-ink-3 hover:underline">
                  {code}
                </a>{" "}
                {summary}:{" "}
                <span className="text-ink">
                  {error ?? missing.map(({ kind, why }) => `${kind} (${why.replace(/\.$/, "")})`).join("; ")}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {ignored.length === 0 ? null : (
        <section aria-labelledby="ignored" className="pt-6">
          <h2 id="ignored" className="mb-2 text-[13px] font-semibold text-ink">
            {ignored.length === 1 ? "1 finding is set aside" : `${ignored.length} findings are set aside`}
          </h2>
          <ul className="divide-y divide-line rounded-xl border border-line bg-surface text-[12.5px] text-ink-2">
            {ignored.map(({ finding, by, reason }) => (
              <li key={finding.key} className="px-3.5 py-2">
                <span className="font-mono text-[11px] text-ink-3">{finding.code}</span> {finding.message}
                <span className="block text-[12px] text-ink-3">
                  {reason ?? "No reason given"} · {sayer(by)}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function sayer(by: IgnoredView["by"]): string {
  if (by.kind === "annotation") return `annotation on ${by.object}`;
  return `${by.file}:${by.line}${by.until === undefined ? "" : `, until ${by.until}`}`;
}
