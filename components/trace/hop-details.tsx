"use client";

import { ArrowRight } from "lucide-react";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { HopView } from "#lib/protocol/trace.ts";
import { capital } from "#lib/protocol/trace-words.ts";
import { PatchBlock } from "./patch-block.tsx";

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
      {fix === undefined ? null : (
        <div className="space-y-2">
          <p className="text-ink">
            <b className="font-semibold">Smallest fix.</b> {capital(fix.text)}
          </p>
          {fix.patch === undefined ? null : <PatchBlock lines={fix.patch.lines} />}
          {fix.manifest === undefined ? null : <CodeBlock text={fix.manifest} label="Copy manifest" />}
          {fix.command === undefined ? null : <CopyButton text={fix.command} label="Copy patch" />}
        </div>
      )}
      {evidence.length === 0 ? null : (
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
      )}
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
