"use client";

import useSWR from "swr";
import { PanelFrame } from "#components/shell/panel-frame.tsx";
import { PanelProblem, PanelSkeleton } from "#components/shell/panel-states.tsx";
import { fetchJson, ProblemError } from "#lib/client/fetch-json.ts";
import { findingsKey } from "#lib/client/keys.ts";
import { findingsAnswerSchema } from "#lib/protocol/answers.ts";
import { FindingCard } from "./finding-card.tsx";

interface Props {
  readonly cluster: string;
  readonly namespaces: readonly string[];
  readonly onShow: (id: string) => void;
  readonly onClose: () => void;
}

/** Everything found, worst first; each one leads to its object on the map. */
export function FindingsList({ cluster, namespaces, onShow, onClose }: Props) {
  const { data, error } = useSWR(findingsKey(cluster), (key: string) => fetchJson(key, findingsAnswerSchema));
  if (error instanceof ProblemError)
    return <PanelProblem problem={error.problem} onClose={onClose} onShow={onShow} />;
  if (data === undefined) return <PanelSkeleton onClose={onClose} />;
  const shown = data.findings.filter(
    (f) => namespaces.length === 0 || namespaces.some((ns) => f.subject.split("/")[1] === ns),
  );
  return (
    <PanelFrame title="Findings" kicker="What is broken, at risk, or cannot be told" onClose={onClose}>
      <div className="space-y-2 px-4 pb-5">
        {shown.length === 0 ? (
          <p className="rounded-xl bg-ok-soft p-4 text-[13px] text-ok">
            {data.cannotTell.length === 0
              ? "Nothing found. Every check ran."
              : "Nothing found by the checks that could run."}
          </p>
        ) : null}
        {shown.map((finding) => (
          <FindingCard
            key={`${finding.code} ${finding.subject} ${finding.part ?? ""} ${finding.message}`}
            finding={finding}
            onShow={onShow}
          />
        ))}
        {data.cannotTell.length === 0 ? null : (
          <section className="pt-3">
            <h3 className="mb-2 text-[11px] font-semibold uppercase tracking-[0.08em] text-ink-3">
              Cannot tell
            </h3>
            <ul className="space-y-2 text-[12px] text-ink-2">
              {data.cannotTell.map((c) => (
                <li key={c.code} className="rounded-lg border border-dashed border-line-strong p-2.5">
                  <span className="font-mono text-[11px] text-ink-3">{c.code}</span> {c.summary}:{" "}
                  {c.error ?? c.missing.map((m) => `${m.kind} not read (${m.why})`).join("; ")}
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </PanelFrame>
  );
}
