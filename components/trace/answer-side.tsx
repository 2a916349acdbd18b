"use client";

import { Repeat2 } from "lucide-react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { traceMarkdown } from "#lib/client/trace-markdown.ts";
import type { HopView, TraceView } from "#lib/protocol/trace.ts";
import { type TraceLink, traceLinkTo } from "#lib/protocol/trace-link.ts";
import { HopStrip } from "./hop-strip.tsx";
import { sentence, VerdictBox } from "./verdict-box.tsx";

interface Props {
  readonly cluster: string;
  readonly link: TraceLink;
  readonly trace: TraceView;
  /** "live, read 3 s ago". */
  readonly checked: string;
  readonly open: number | undefined;
  readonly onOpen: (hop: number | undefined) => void;
  readonly onAsk: (change: { readonly port: string }) => void;
  readonly onShow: (id: string) => void;
  /** Another answer is on its way. */
  readonly busy: boolean;
}

/** The verdict, what to take away from it, and the hops. */
export function AnswerSide({ cluster, link, trace, checked, open, onOpen, onAsk, onShow, busy }: Props) {
  const address = () => `${window.location.origin}${traceLinkTo({ ...link, cluster, hop: null })}`;
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label="The answer"
      aria-busy={busy}
      className={`min-h-0 flex-1 overflow-y-auto transition-opacity ${busy ? "opacity-60" : ""}`}
    >
      <div className="space-y-3 border-b border-line px-5 pb-4">
        <VerdictBox trace={trace} checked={checked} />
        <div className="flex flex-wrap gap-2">
          <CopyButton look="primary" label="Copy link" text={address} />
          <CopyButton
            label="Copy as Markdown"
            text={() => traceMarkdown(trace, { link: address(), checked })}
          />
          <CopyButton label="Copy kubectl" text={() => kubectlOf(trace.hops)} />
        </div>
        {link.port === "" || trace.port === undefined ? null : (
          <button
            type="button"
            onClick={() => onAsk({ port: "" })}
            className="inline-flex items-center gap-1.5 text-[12.5px] font-medium text-accent hover:underline"
          >
            <Repeat2 aria-hidden className="size-3.5" />
            Try every port that {trace.to.name} serves
          </button>
        )}
        {trace.remarks.map((remark) => (
          <p key={remark} className="text-[12.5px] text-ink-2">
            {sentence(remark)}
          </p>
        ))}
      </div>
      <HopStrip hops={trace.hops} open={open} onOpen={onOpen} onShow={onShow} />
    </div>
  );
}

/** Every line once, in the packet's order. */
function kubectlOf(hops: readonly HopView[]): string {
  return [...new Set(hops.flatMap(({ kubectl }) => kubectl ?? []))].join("\n");
}
