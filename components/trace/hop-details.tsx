"use client";

import { ArrowRight } from "lucide-react";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { EvidenceList } from "#components/ui/evidence-list.tsx";
import { FixBlock } from "#components/ui/fix-block.tsx";
import { capital } from "#lib/model/capital.ts";
import type { HopView } from "#lib/protocol/trace.ts";

/** What one hop rests on: the packet there, evidence, what nearly matched, the smallest fix, and how to see it with kubectl. */
export function HopDetails({
  hop,
  onShow,
}: {
  readonly hop: HopView;
  readonly onShow: (id: string) => void;
}) {
  const { before, after, evidence, nearMiss, fix, kubectl, remarks, doubts, subject } = hop;
  const said = [hop.sentence, ...hop.sides.map(({ sentence }) => sentence)].join(" ");
  const unsaid = doubts.filter(({ sentence }) => !said.includes(sentence));
  return (
    <div className="mt-2.5 space-y-2.5 text-[12.5px]">
      {before === undefined ? null : (
        <p className="flex flex-wrap items-center gap-x-1.5 gap-y-0.5 font-mono text-[11.5px] text-ink-2">
          <span className="break-all">{before.destination}</span>
          {after === undefined || after.destination === before.destination ? null : (
            <>
              <ArrowRight aria-hidden className="size-3 text-ink-3" />
              <span className="break-all">{after.destination}</span>
            </>
          )}
          <span className="font-sans text-ink-3">
            {before.protocol} from {before.source}
          </span>
        </p>
      )}
      {nearMiss === undefined ? null : (
        <p className="text-ink">
          <b className="font-semibold">Nearly.</b> {capital(nearMiss)}.
        </p>
      )}
      {unsaid.map(({ sentence }) => (
        <p key={sentence} className="text-ink-2">
          <b className="font-semibold text-ink">Not known.</b> {capital(sentence)}.
        </p>
      ))}
      {fix === undefined ? null : <FixBlock fix={fix} />}
      <EvidenceList evidence={evidence} onShow={onShow} />
      {remarks.map((remark) => (
        <p key={remark} className="text-ink-3">
          {capital(remark)}.
        </p>
      ))}
      {kubectl === undefined ? null : <CodeBlock text={kubectl} label="Copy kubectl" />}
      {subject === undefined ? null : (
        <button
          type="button"
          onClick={() => onShow(subject)}
          className="font-medium text-accent hover:underline"
        >
          Open {subject}
        </button>
      )}
    </div>
  );
}
